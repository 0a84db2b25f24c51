package audit_test

import (
	"bytes"
	"errors"
	"math"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"limen/audit"
)

// TestTreeReopens stops at a random size, opens the tree again from what is
// stored, and grows both: they stay the same, and a clone stays behind.
func TestTreeReopens(t *testing.T) {
	l := newLog().grow(3000)
	rapid.Check(t, func(t *rapid.T) {
		stop := rapid.IntRange(0, len(l.leaf)).Draw(t, "stop")
		end := rapid.IntRange(stop, len(l.leaf)).Draw(t, "end")
		tree, err := audit.OpenTree(int64(stop), l.reader())
		if err != nil {
			t.Fatal(err)
		}
		clone, behind := tree.Clone(), tree.Root()
		for i := stop; i < end; i++ {
			if index, hashes := tree.Append(l.leaf[i]); index != int64(i) || !bytes.Equal(hashes, l.hashes[i]) {
				t.Fatalf("leaf %d differs", i)
			}
		}
		root, err := tlog.TreeHash(int64(end), l.reader())
		if err != nil || tree.Root() != root || tree.Size() != int64(end) {
			t.Fatalf("root at %d: %v", end, err)
		}
		if clone.Root() != behind || clone.Size() != int64(stop) {
			t.Fatal("the clone grew too")
		}
	})
}

// TestStoredRefuses rows that are missing or of another length, and indexes
// that no log has.
func TestStoredRefuses(t *testing.T) {
	l := newLog().grow(8)
	rows := func(change func(rows [][]byte) ([][]byte, error)) tlog.HashReader {
		return audit.Stored(func(leaves []int64) ([][]byte, error) {
			var out [][]byte
			for i, row := range leaves {
				if i > 0 && leaves[i-1] >= row {
					t.Errorf("asked for %v", leaves)
				}
				out = append(out, l.hashes[row])
			}
			return change(out)
		})
	}
	gone := errors.New("gone")
	for name, change := range map[string]func([][]byte) ([][]byte, error){
		"a row missing": func(r [][]byte) ([][]byte, error) { return r[1:], nil },
		"a row cut":     func(r [][]byte) ([][]byte, error) { r[0] = r[0][1:]; return r, nil },
		"a row longer":  func(r [][]byte) ([][]byte, error) { r[0] = append(bytes.Clone(r[0]), 0); return r, nil },
		"a row empty":   func(r [][]byte) ([][]byte, error) { r[0] = nil; return r, nil },
		"an error":      func(r [][]byte) ([][]byte, error) { return r, gone },
	} {
		r := rows(change)
		if _, err := audit.OpenTree(7, r); err == nil {
			t.Errorf("%s: a tree was opened", name)
		}
		if _, err := audit.Inclusion(r, 2, 8); err == nil {
			t.Errorf("%s: a proof of inclusion", name)
		}
		if _, err := audit.Consistency(r, 3, 8); err == nil {
			t.Errorf("%s: a proof of consistency", name)
		}
	}
	for _, index := range []int64{-1, math.MinInt64, 2 * audit.MaxSize, math.MaxInt64} {
		if _, err := l.reader().ReadHashes([]int64{index}); err == nil {
			t.Errorf("stored hash %d was read", index)
		}
	}
	short := tlog.HashReaderFunc(func([]int64) ([]tlog.Hash, error) { return nil, nil })
	if _, err := audit.OpenTree(7, short); err == nil {
		t.Error("a tree was opened from no hashes")
	}
}

// TestOutOfRange asks for what no log has; nothing panics or hangs.
func TestOutOfRange(t *testing.T) {
	l := newLog().grow(8)
	for _, c := range [][2]int64{{-1, 8}, {8, 8}, {9, 8}, {0, 0}, {0, -1}, {0, math.MaxInt64}, {math.MaxInt64 - 1, math.MaxInt64}} {
		if p, err := audit.Inclusion(l.reader(), c[0], c[1]); err == nil {
			t.Errorf("leaf %d of %d: %v", c[0], c[1], p)
		}
	}
	for _, c := range [][2]int64{{-1, 8}, {9, 8}, {1, math.MaxInt64}, {math.MaxInt64, math.MaxInt64}} {
		if p, err := audit.Consistency(l.reader(), c[0], c[1]); err == nil {
			t.Errorf("%d to %d: %v", c[0], c[1], p)
		}
		proof := audit.ConsistencyProof{From: c[0], To: c[1]}
		if proof.Verify(audit.Checkpoint{Size: c[0]}, audit.Checkpoint{Size: c[1]}) == nil {
			t.Errorf("%d to %d was taken", c[0], c[1])
		}
	}
	for _, size := range []int64{-1, audit.MaxSize + 1, math.MaxInt64} {
		if _, err := audit.OpenTree(size, l.reader()); err == nil {
			t.Errorf("a tree of %d leaves", size)
		}
	}
}

// TestCheckConsistency says of each wrong pair what is wrong.
func TestCheckConsistency(t *testing.T) {
	l := newLog().grow(8)
	at := func(size int64) audit.Checkpoint {
		root, err := tlog.TreeHash(size, l.reader())
		if err != nil {
			t.Fatal(err)
		}
		return audit.Checkpoint{Origin: origin, Size: size, Root: root}
	}
	proof, err := audit.Consistency(l.reader(), 3, 8)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere, forked, wrongEmpty := at(3), at(8), at(0)
	elsewhere.Origin = "limen.example/other"
	forked.Root[0] ^= 1
	wrongEmpty.Root[0] ^= 1
	for name, c := range map[string]struct {
		proof          []tlog.Hash
		earlier, later audit.Checkpoint
	}{
		"different logs":   {proof, elsewhere, at(8)},
		"backward":         {proof, at(8), at(3)},
		"a fork":           {nil, at(8), forked},
		"another size":     {proof, at(4), at(8)},
		"no proof":         {nil, at(3), at(8)},
		"too long":         {append(proof[:len(proof):len(proof)], tlog.Hash{}), at(3), at(8)},
		"empty, but root":  {nil, wrongEmpty, at(8)},
		"empty, but proof": {proof, at(0), at(8)},
	} {
		if audit.CheckConsistency(c.proof, c.earlier, c.later) == nil {
			t.Errorf("%s passed", name)
		}
	}
	if err := audit.CheckConsistency(nil, at(8), at(8)); err != nil {
		t.Error(err)
	}
	p := audit.ConsistencyProof{From: 3, To: 8, Proof: proof}
	if err := p.Verify(at(3), at(8)); err != nil {
		t.Error(err)
	}
	if p.Verify(at(4), at(8)) == nil {
		t.Error("a proof for other sizes passed")
	}
}

// TestWriterFails: what cannot be written is an error at Close at the latest.
func TestWriterFails(t *testing.T) {
	long := make([]byte, math.MaxUint16+1)
	for name, do := range map[string]func(w *audit.Writer) error{
		"a long leaf":       func(w *audit.Writer) error { return w.Leaf(long, nil) },
		"long hashes":       func(w *audit.Writer) error { return w.Leaf(nil, long) },
		"a long checkpoint": func(w *audit.Writer) error { return w.Checkpoint(long) },
	} {
		w := audit.NewWriter(new(bytes.Buffer), origin)
		if do(w) == nil || w.Close() == nil || w.Leaf(nil, nil) == nil {
			t.Errorf("%s was written", name)
		}
	}
	if audit.NewWriter(new(bytes.Buffer), "two words").Close() == nil {
		t.Error("a log without a name was written")
	}
	w := audit.NewWriter(full{}, origin)
	for range 2000 {
		w.Leaf([]byte(vectorLeaf), nil)
	}
	if w.Close() == nil {
		t.Error("a full disk was not noticed")
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space") }
