package audit_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"limen/audit"
)

// A key for these tests and no other use, so that the corpus is signed by it.
const (
	fuzzSigner   = "PRIVATE+KEY+limen.example/test+95f3b69c+AbG58F3ERI9v/7Cym5C24syBgZ9+XrZbcKaDayLPhWkN"
	fuzzVerifier = "limen.example/test+95f3b69c+AejCvjb4z+h2xVxW2U9O3wgFl2dAmdbjqZy2gdkDj5gX"
)

// fuzzLog is the only log that the fuzz key ever signed, at 0, 3 and 7 leaves.
func fuzzLog(t testing.TB) (*log, keys) {
	t.Helper()
	s, err := note.NewSigner(fuzzSigner)
	if err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(fuzzVerifier)
	if err != nil {
		t.Fatal(err)
	}
	k := keys{s, note.VerifierList(v), fuzzVerifier}
	return newLog().grow(7).sign(t, k, 0, 3, 7), k
}

func fuzzReceipt(t testing.TB) []byte {
	t.Helper()
	l, _ := fuzzLog(t)
	proof, err := audit.Inclusion(l.reader(), 4, 7)
	if err != nil {
		t.Fatal(err)
	}
	e, s := entry(4)
	b, err := json.Marshal(audit.Receipt{Leaf: string(l.leaf[4]), Index: 4, Proof: proof, Checkpoint: string(l.checkpoints[7][0]), Opening: &audit.Opening{Salt: s, Entry: e}})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestCorpusIsThere fails if the committed corpus of a fuzz target is gone, or
// if it no longer fits the formats.
func TestCorpusIsThere(t *testing.T) {
	for _, name := range []string{"FuzzParseLeaf", "FuzzOpenCheckpoint", "FuzzVerifyLog", "FuzzReceipt"} {
		files, err := filepath.Glob(filepath.Join("testdata", "fuzz", name, "*"))
		if err != nil || len(files) < 3 {
			t.Errorf("%s: %d files, %v", name, len(files), err)
		}
		for _, f := range files {
			if b, err := os.ReadFile(f); err != nil || len(b) < 30 {
				t.Errorf("%s: %d bytes, %v", f, len(b), err)
			}
		}
	}
}

func FuzzParseLeaf(f *testing.F) {
	f.Add([]byte(vectorLeaf))
	f.Fuzz(func(t *testing.T, b []byte) {
		if l, err := audit.ParseLeaf(b); err == nil && !bytes.Equal(l.Bytes(), b) {
			t.Errorf("%q is read as %+v", b, l)
		}
	})
}

func FuzzOpenCheckpoint(f *testing.F) {
	l, k := fuzzLog(f)
	signed := map[string]bool{}
	for _, list := range l.checkpoints {
		f.Add(list[0])
		signed[string(list[0])] = true
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, err := audit.OpenCheckpoint(b, k.list); err == nil && !signed[string(b)] {
			t.Errorf("%q was never signed: %+v", b, c)
		}
		parts, err := audit.SplitCheckpoints(b)
		if n := len(bytes.Join(parts, nil)); err == nil && n > len(b) {
			t.Errorf("%d bytes of %d", n, len(b))
		}
	})
}

func FuzzVerifyLog(f *testing.F) {
	l, k := fuzzLog(f)
	good := l.export(f)
	f.Add(good)
	f.Fuzz(func(t *testing.T, b []byte) {
		report, err := audit.VerifyLog(bytes.NewReader(b), k.list)
		if err == nil && report.Newest.Size == 7 && report.Checkpoints == 3 && report.Unsigned == 0 && !bytes.Equal(b, good) {
			t.Errorf("another log of 7 leaves was taken: %q", b)
		}
		if report.Newest.Size > 0 && report.Newest.Size != 3 && report.Newest.Size != 7 {
			t.Errorf("a checkpoint that was never signed: %+v", report)
		}
	})
}

func FuzzReceipt(f *testing.F) {
	l, k := fuzzLog(f)
	f.Add(fuzzReceipt(f))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := audit.ParseReceipt(b)
		if err != nil {
			return
		}
		if again, err := json.Marshal(r); err != nil {
			t.Errorf("%s: %v", again, err)
		}
		if _, err := r.Verify(k.list); err == nil && r.Leaf != string(l.leaf[r.Index]) {
			t.Errorf("taken for leaf %d: %s", r.Index, b)
		}
	})
}
