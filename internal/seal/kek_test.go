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

// Two installations do not share a keyset: rotating one would lock the other.
func TestKeysetOfAnotherInstallation(t *testing.T) {
	c := seal.Config{Dir: t.TempDir(), Passphrase: passphrase("correct horse")}
	open(t, c).Close()
	for _, p := range []string{"correct horse", "another one", ""} {
		fresh := seal.Config{Dir: t.TempDir(), KEK: filepath.Join(c.Dir, "kek"), Passphrase: passphrase(p)}
		refusedOpening(t, "a new folder with another's keyset, passphrase "+p, fresh, errs.Broken, "kek-wrong")
	}
	open(t, c)
}

func TestOnlyExistingKeys(t *testing.T) {
	dir := t.TempDir()
	refusedOpening(t, "an empty folder", seal.Config{Dir: dir, Existing: true}, errs.NotFound, "keys-none")
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("made: %v", left)
	}
	openKeys(t, dir, "").Close()
	open(t, seal.Config{Dir: dir, Existing: true})
	refusedOpening(t, "no folder", seal.Config{Dir: filepath.Join(dir, "none")}, errs.Broken, "keys-open")
}

func TestKeysOfAnEarlyBuild(t *testing.T) {
	dir := t.TempDir()
	change(t, dir, `CREATE TABLE data_keys (id TEXT PRIMARY KEY, wrapped BLOB NOT NULL) WITHOUT ROWID`)
	refusedOpening(t, "tables of an early build", seal.Config{Dir: dir}, errs.Broken, "keys-old")
}

func TestDamagedKeysDB(t *testing.T) {
	dir := t.TempDir()
	openKeys(t, dir, "").Close()
	change(t, dir, `UPDATE head SET index_key = zeroblob(60)`)
	refusedOpening(t, "an altered index key", seal.Config{Dir: dir}, errs.Broken, "kek-wrong")
	if err := os.WriteFile(filepath.Join(dir, "keys.db"), bytes.Repeat([]byte("not a database"), 100), 0o600); err != nil {
		t.Fatal(err)
	}
	refusedOpening(t, "no database", seal.Config{Dir: dir}, errs.Broken, "keys-open")
}

// A keyset that appears once the server runs, of another installation, is not
// taken, and nothing is wrapped under it.
func TestKeysetTakenAwayWhileServing(t *testing.T) {
	c := seal.Config{Dir: t.TempDir()}
	server := open(t, c)
	want := mintMany(t, server, 64)
	path := filepath.Join(c.Dir, "kek")
	if err := os.Rename(path, path+".away"); err != nil {
		t.Fatal(err)
	}
	mintMany(t, server, 64) // it has the keyset
	if _, err := server.Rotate(t.Context(), nil); errs.CodeOf(err) != "kek-missing" {
		t.Errorf("rotating without the file: %v", err)
	}
	if err := os.Rename(path+".away", path); err != nil {
		t.Fatal(err)
	}
	rotate(t, open(t, c)) // another process
	if err := os.Rename(path, path+".away"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := server.Mint(t.Context()); errs.CodeOf(err) != "kek-missing" {
		t.Errorf("minting under a key that was taken out: %v", err)
	}
	if err := os.Rename(path+".away", path); err != nil {
		t.Fatal(err)
	}
	mintMany(t, server, 64)
	same(t, server, want)
}
