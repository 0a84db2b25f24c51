package seal_test

import (
	"os"
	"path/filepath"
	"testing"

	"limen/errs"
	"limen/internal/seal"
)

// FuzzKeysetFile: whatever is in the file, it opens or is a clear Broken error.
func FuzzKeysetFile(f *testing.F) {
	f.Fuzz(func(t *testing.T, b []byte) {
		n, err := seal.OpenKeysetFile(b)
		if code := errs.CodeOf(err); err != nil && (errs.KindOf(err) != errs.Broken || code != "kek-damaged" && code != "kek-old") {
			t.Errorf("%v", err)
		}
		if n > 0 && err != nil {
			t.Error("keys and an error")
		}
	})
}

// FuzzKeyset is about the bytes behind the checksum, which FuzzKeysetFile does
// not reach.
func FuzzKeyset(f *testing.F) {
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := seal.UnlockBytes(b); err != nil && errs.CodeOf(err) != "kek-damaged" {
			t.Errorf("%v", err)
		}
	})
}

// The corpus has a keyset that opens: without one the fuzzing starts nowhere.
func TestCorpusOpens(t *testing.T) {
	c := seal.Config{Dir: t.TempDir()}
	open(t, c).Close()
	b, err := os.ReadFile(filepath.Join(c.Dir, "kek"))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := seal.OpenKeysetFile(b); n != 1 || err != nil {
		t.Errorf("%d keys, %v", n, err)
	}
}
