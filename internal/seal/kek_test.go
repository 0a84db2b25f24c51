package seal_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"limen/errs"
	"limen/internal/seal"
)

func TestKEK(t *testing.T) {
	dir, apart := t.TempDir(), filepath.Join(t.TempDir(), "elsewhere")
	k := openKeys(t, dir, apart)
	id, want := mint(t, k)
	k.Close()
	if _, err := os.Stat(filepath.Join(dir, "kek")); err == nil {
		t.Error("the key-encryption key is beside what it protects")
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(apart), ".kek-*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	if got, err := openKeys(t, dir, apart).Key(t.Context(), id); err != nil || !bytes.Equal(got, want) {
		t.Errorf("with its key-encryption key: %v", err)
	}
	// A disk that is not mounted must not become a new key.
	other := filepath.Join(t.TempDir(), "other")
	if _, err := seal.OpenFileKeys(t.Context(), dir, other); errs.KindOf(err) != errs.Broken || errs.CodeOf(err) != "kek-missing" {
		t.Errorf("without its key-encryption key: %v", err)
	}
	if _, err := os.Stat(other); err == nil {
		t.Error("a new key-encryption key was made beside keys of another")
	}
	openKeys(t, t.TempDir(), other).Close()
	if _, err := seal.OpenFileKeys(t.Context(), dir, other); errs.KindOf(err) != errs.Broken || errs.CodeOf(err) != "kek-wrong" {
		t.Errorf("with another key-encryption key: %v", err)
	}
	for n, code := range map[int]string{0: "kek-damaged", 16: "kek-damaged", 31: "kek-damaged", 32: "kek-old", 33: "kek-damaged", 64: "kek-damaged"} {
		bad := filepath.Join(t.TempDir(), fmt.Sprint("kek", n))
		if err := os.WriteFile(bad, make([]byte, n), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := seal.OpenFileKeys(t.Context(), dir, bad); errs.KindOf(err) != errs.Broken || errs.CodeOf(err) != code {
			t.Errorf("a keyset file of %d bytes: %v", n, err)
		}
		if b, err := os.ReadFile(bad); err != nil || len(b) != n {
			t.Errorf("the bad keyset file was changed: %d bytes, %v", len(b), err)
		}
	}
}
