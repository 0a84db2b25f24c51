package audit

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"math/bits"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// MaxSize bounds the number of leaves of a log.
const MaxSize = 1 << 48

// Tree is the growing edge of a log: the roots of its complete subtrees,
// largest first, one for each bit that is set in its size. It takes O(log n)
// memory. Its zero value is the empty log.
type Tree struct {
	size  int64
	roots []tlog.Hash
}

// OpenTree returns the tree of the first size leaves, reading at most log₂
// size hashes from r. It takes them as they are: compare Root with a
// checkpoint. It fails if size is out of range or r fails.
func OpenTree(size int64, r tlog.HashReader) (*Tree, error) {
	if size < 0 || size > MaxSize {
		return nil, fmt.Errorf("a log of %d leaves is out of range", size)
	}
	var indexes []int64
	for level, done := bits.Len64(uint64(size))-1, int64(0); level >= 0; level-- {
		if size>>level&1 == 1 {
			indexes = append(indexes, tlog.StoredHashIndex(level, done>>level))
			done += 1 << level
		}
	}
	if len(indexes) == 0 {
		return &Tree{}, nil
	}
	roots, err := r.ReadHashes(indexes)
	if err != nil {
		return nil, err
	}
	if len(roots) != len(indexes) {
		return nil, fmt.Errorf("%d stored hashes were asked for, %d came", len(indexes), len(roots))
	}
	return &Tree{size: size, roots: slices.Clone(roots)}, nil
}

// Size returns the number of leaves.
func (t *Tree) Size() int64 { return t.size }

// Append adds a leaf and returns its index and the hashes to store with it:
// its own, then that of each subtree which it completes, level 0 first, 32
// bytes each; 1 plus the trailing ones of the index.
func (t *Tree) Append(leaf []byte) (index int64, hashes []byte) {
	h := tlog.RecordHash(leaf)
	hashes = append(make([]byte, 0, HashesLen(t.size)), h[:]...)
	for range bits.TrailingZeros64(^uint64(t.size)) {
		last := len(t.roots) - 1
		h = tlog.NodeHash(t.roots[last], h)
		t.roots = t.roots[:last]
		hashes = append(hashes, h[:]...)
	}
	t.roots = append(t.roots, h)
	t.size++
	return t.size - 1, hashes
}

// HashesLen returns how many bytes of hashes are stored with the leaf at index.
func HashesLen(index int64) int {
	return tlog.HashSize * (1 + bits.TrailingZeros64(^uint64(index)))
}

// Root returns the hash of the whole tree. Source: RFC 6962, section 2.1.
func (t *Tree) Root() tlog.Hash {
	if t.size == 0 {
		return sha256.Sum256(nil)
	}
	last := len(t.roots) - 1
	h := t.roots[last]
	for i := last - 1; i >= 0; i-- {
		h = tlog.NodeHash(t.roots[i], h)
	}
	return h
}

// Clone returns a copy that grows on its own.
func (t *Tree) Clone() *Tree {
	return &Tree{size: t.size, roots: slices.Clone(t.roots)}
}

// Stored reads the hashes of a log that keeps them in the rows of its leaves,
// as Append returns them. read is given leaf indexes, rising and each once,
// and returns the hashes of each in the same order. A row that is missing or
// has not the length of its index is an error.
func Stored(read func(leaves []int64) ([][]byte, error)) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		rows := make([]int64, len(indexes))
		levels := make([]int, len(indexes))
		for i, index := range indexes {
			if index < 0 || index >= 2*MaxSize {
				return nil, fmt.Errorf("stored hash %d is out of range", index)
			}
			level, n := tlog.SplitStoredHashIndex(index)
			levels[i], rows[i] = level, (n+1)<<level-1
		}
		leaves := slices.Compact(slices.Sorted(slices.Values(rows)))
		got, err := read(leaves)
		if err != nil {
			return nil, err
		}
		if len(got) != len(leaves) {
			return nil, errors.New("the stored hashes of a leaf are missing")
		}
		out := make([]tlog.Hash, len(indexes))
		for i, row := range rows {
			at, _ := slices.BinarySearch(leaves, row)
			if len(got[at]) != HashesLen(row) {
				return nil, fmt.Errorf("leaf %d has %d bytes of hashes, not %d", row, len(got[at]), HashesLen(row))
			}
			copy(out[i][:], got[at][levels[i]*tlog.HashSize:])
		}
		return out, nil
	})
}
