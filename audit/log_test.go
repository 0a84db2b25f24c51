package audit_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"limen/audit"
)

// TestPath walks the whole way: entries, leaves, checkpoint, log, receipt.
func TestPath(t *testing.T) {
	k := newKeys(t, origin)
	l := newLog().grow(7).sign(t, k, 0, 3, 7)
	report, err := audit.VerifyLog(bytes.NewReader(l.export(t)), k.list, l.checkpoints[3][0])
	if err != nil {
		t.Fatal(err)
	}
	if report.Size != 7 || report.Checkpoints != 3 || report.Held != 1 || report.Unsigned != 0 || report.Origin != origin {
		t.Errorf("%+v", report)
	}
	proof, err := audit.Inclusion(l.reader(), 4, 7)
	if err != nil {
		t.Fatal(err)
	}
	e, s := entry(4)
	r := audit.Receipt{Leaf: string(l.leaf[4]), Index: 4, Proof: proof, Checkpoint: string(l.checkpoints[7][0]), Opening: &audit.Opening{Salt: s, Entry: e}}
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	back, err := audit.ParseReceipt(b)
	if err != nil {
		t.Fatalf("%v\n%s", err, b)
	}
	if c, err := back.Verify(k.list); err != nil || c.Size != 7 {
		t.Errorf("%+v, %v", c, err)
	}
}

// TestTreeIsTlogs compares tree, proofs and stored hashes with package tlog for
// every size up to 70.
func TestTreeIsTlogs(t *testing.T) {
	l := newLog().grow(70)
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) (out []tlog.Hash, err error) {
		for _, i := range indexes {
			out = append(out, stored[i])
		}
		return out, nil
	})
	var tree audit.Tree
	roots := []tlog.Hash{tree.Root()}
	for i, leaf := range l.leaf {
		want, err := tlog.StoredHashes(int64(i), leaf, reader)
		if err != nil {
			t.Fatal(err)
		}
		stored = append(stored, want...)
		index, hashes := tree.Append(leaf)
		var flat []byte
		for _, h := range want {
			flat = append(flat, h[:]...)
		}
		root, err := tlog.TreeHash(int64(i+1), reader)
		if err != nil || index != int64(i) || !bytes.Equal(hashes, flat) || tree.Root() != root {
			t.Fatalf("leaf %d: index %d, %v", i, index, err)
		}
		roots = append(roots, root)
		opened, err := audit.OpenTree(int64(i+1), l.reader())
		if err != nil || opened.Root() != root || opened.Size() != int64(i+1) {
			t.Fatalf("opened at %d: %v", i+1, err)
		}
	}
	checkProofs(t, l, roots)
}

func checkProofs(t *testing.T, l *log, roots []tlog.Hash) {
	for to := int64(1); to < int64(len(roots)); to++ {
		for from := range to {
			in, err := audit.Inclusion(l.reader(), from, to)
			if err != nil || tlog.CheckRecord(in, to, roots[to], from, tlog.RecordHash(l.leaf[from])) != nil {
				t.Fatalf("inclusion %d in %d: %v", from, to, err)
			}
			grown, err := audit.Consistency(l.reader(), from, to)
			if err != nil {
				t.Fatal(err)
			}
			old, now := audit.Checkpoint{Size: from, Root: roots[from]}, audit.Checkpoint{Size: to, Root: roots[to]}
			if err := audit.CheckConsistency(grown, old, now); err != nil {
				t.Fatalf("consistency %d to %d: %v", from, to, err)
			}
			if from > 0 && tlog.CheckTree(grown, to, roots[to], from, roots[from]) != nil {
				t.Fatalf("consistency %d to %d is not tlog's", from, to)
			}
			now.Root[5] ^= 1
			if from > 0 && audit.CheckConsistency(grown, old, now) == nil {
				t.Fatalf("consistency %d to %d with another root passed", from, to)
			}
		}
	}
}
