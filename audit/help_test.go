package audit_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"limen/audit"
)

const origin = "limen.example/test"

var dawn = time.Date(2026, 3, 29, 0, 59, 59, 123456000, time.UTC)

// keys is a log's key, made for the test.
type keys struct {
	signer note.Signer
	list   note.Verifiers
	vkey   string
}

func newKeys(t testing.TB, name string) keys {
	t.Helper()
	skey, vkey, err := audit.NewKey(name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	return keys{s, note.VerifierList(v), vkey}
}

// entry returns the i-th entry and its salt.
func entry(i int) (audit.Entry, audit.Salt) {
	var s audit.Salt
	binary.BigEndian.PutUint64(s[:], uint64(i)*0x9e3779b97f4a7c15)
	actions := []string{"crossing", "decision", "access", "erasure"}
	return audit.Entry{At: dawn.Add(time.Duration(i) * time.Millisecond), Actor: "gate-1", Action: actions[i%4],
		Subject: fmt.Sprintf("enc-%d", i), Purpose: "boarding", Detail: fmt.Appendf(nil, `{"n":%d}`, i)}, s
}

// log is a log in memory, as a store would keep it.
type log struct {
	origin       string
	leaf, hashes [][]byte
	checkpoints  map[int64][][]byte // by size
}

func newLog() *log { return &log{origin: origin, checkpoints: map[int64][][]byte{}} }

// grow appends n leaves.
func (l *log) grow(n int) *log {
	for range n {
		e, s := entry(len(l.leaf))
		l.leaf = append(l.leaf, e.Leaf(s).Bytes())
	}
	return l.rehash()
}

// rehash computes all stored hashes anew from the leaves.
func (l *log) rehash() *log { return l.rehashFrom(0) }

// rehashFrom does so from a leaf on, where all before are right.
func (l *log) rehashFrom(first int) *log {
	tree, err := audit.OpenTree(int64(first), l.reader())
	if err != nil {
		panic(err)
	}
	hashes := slices.Clone(l.hashes[:first])
	for _, b := range l.leaf[first:] {
		_, h := tree.Append(b)
		hashes = append(hashes, h)
	}
	l.hashes = hashes
	return l
}

// sign signs checkpoints of these sizes.
func (l *log) sign(t testing.TB, k keys, sizes ...int64) *log {
	t.Helper()
	slices.Sort(sizes)
	var tree audit.Tree
	for _, size := range slices.Compact(sizes) {
		for tree.Size() < size {
			tree.Append(l.leaf[tree.Size()])
		}
		b, err := audit.Checkpoint{Origin: l.origin, Size: size, Root: tree.Root(), At: dawn.Add(time.Duration(size) * time.Millisecond)}.Sign(k.signer)
		if err != nil {
			t.Fatal(err)
		}
		l.checkpoints[size] = append(l.checkpoints[size], b)
	}
	return l
}

func (l *log) reader() tlog.HashReader {
	return audit.Stored(func(leaves []int64) ([][]byte, error) {
		var out [][]byte
		for _, i := range leaves {
			out = append(out, l.hashes[i])
		}
		return out, nil
	})
}

// clone copies the log; the leaves and hashes themselves are shared.
func (l *log) clone() *log {
	c := &log{l.origin, slices.Clone(l.leaf), slices.Clone(l.hashes), map[int64][][]byte{}}
	for size, list := range l.checkpoints {
		c.checkpoints[size] = slices.Clone(list)
	}
	return c
}

// export writes the log out. Checkpoints beyond the end come last.
func (l *log) export(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	b.Grow(1024 + 180*len(l.leaf))
	l.write(t, &b)
	return b.Bytes()
}

func (l *log) write(t testing.TB, b *bytes.Buffer) {
	w := audit.NewWriter(b, l.origin)
	for i := range len(l.leaf) + 1 {
		for _, c := range l.checkpoints[int64(i)] {
			w.Checkpoint(c)
		}
		if i < len(l.leaf) {
			w.Leaf(l.leaf[i], l.hashes[i])
		}
	}
	var beyond []int64
	for size := range l.checkpoints {
		if size > int64(len(l.leaf)) {
			beyond = append(beyond, size)
		}
	}
	slices.Sort(beyond)
	for _, size := range beyond {
		for _, c := range l.checkpoints[size] {
			w.Checkpoint(c)
		}
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}
