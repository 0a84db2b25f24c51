package seal_test

import (
	"bytes"
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"limen/errs"
	"limen/internal/seal"
)

func openKeys(t *testing.T, dir, kek string) *seal.FileKeys {
	t.Helper()
	k, err := seal.OpenFileKeys(t.Context(), dir, kek)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { k.Close() })
	return k
}

func mint(t *testing.T, k *seal.FileKeys) (string, []byte) {
	t.Helper()
	id, key, err := k.Mint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return id, key
}

func TestKeysSurviveReopening(t *testing.T) {
	dir := t.TempDir()
	k := openKeys(t, dir, "")
	minted := map[string][]byte{}
	for range 200 { // more than are minted at once
		id, key := mint(t, k)
		if minted[id] != nil || len(key) != seal.KeySize {
			t.Fatalf("key %s twice, or of %d bytes", id, len(key))
		}
		minted[id] = key
	}
	if err := k.Close(); err != nil {
		t.Fatal(err)
	}
	k = openKeys(t, dir, "")
	for id, want := range minted {
		if got, err := k.Key(t.Context(), id); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("key %s is another after reopening: %v", id, err)
		}
	}
	if id, _ := mint(t, k); minted[id] != nil {
		t.Error("a key was minted again after reopening")
	}
	for _, name := range []string{"kek", "keys.db"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v: readable by others", name, info.Mode(), err)
		}
	}
}

// wrappedOf reads the wrapped form of every key, as a thief of the disk would.
func wrappedOf(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "keys.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`SELECT id, wrapped FROM data_keys`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[string][]byte{}
	for rows.Next() {
		var id string
		var w []byte
		if err := rows.Scan(&id, &w); err != nil {
			t.Fatal(err)
		}
		out[id] = w
	}
	return out
}

// onDisk returns the names of the files in dir that hold needle.
func onDisk(t *testing.T, dir string, needle []byte) (in []string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, needle) {
			in = append(in, f.Name())
		}
	}
	return in
}

// TestDestroyedKeysLeaveTheDisk destroys keys among many that stay, a few at a
// time, so that pages are split, merged and freed, and looks for what is left
// of them in every raw byte, write-ahead log included.
func TestDestroyedKeysLeaveTheDisk(t *testing.T) {
	dir := t.TempDir()
	k := openKeys(t, dir, "")
	var ids []string
	for range 1000 {
		id, _ := mint(t, k)
		ids = append(ids, id)
	}
	wrapped := wrappedOf(t, dir)
	if len(onDisk(t, dir, wrapped[ids[0]])) == 0 || len(onDisk(t, dir, []byte(ids[0]))) == 0 {
		t.Fatal("the search would find nothing anyway")
	}
	var gone, kept []string
	for i, id := range ids {
		if i%3 == 0 || i > 300 && i < 700 {
			gone = append(gone, id)
		} else {
			kept = append(kept, id)
		}
	}
	for batch := range slices.Chunk(gone, 37) {
		if err := k.Destroy(t.Context(), batch...); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{batch[0], batch[len(batch)-1]} {
			if in := append(onDisk(t, dir, wrapped[id]), onDisk(t, dir, []byte(id))...); len(in) != 0 {
				t.Fatalf("just after Destroy returned, key %s is in %v", id, in)
			}
		}
	}
	var all []byte
	for _, name := range []string{"keys.db", "keys.db-wal", "keys.db-shm"} {
		b, _ := os.ReadFile(filepath.Join(dir, name))
		all = append(all, b...)
	}
	for _, id := range gone {
		if bytes.Contains(all, wrapped[id]) || bytes.Contains(all, wrapped[id][:24]) || bytes.Contains(all, []byte(id)) {
			t.Errorf("something of the destroyed key %s is on the disk", id)
		}
		if _, err := k.Key(t.Context(), id); errs.KindOf(err) != errs.NotFound || errs.CodeOf(err) != "data-key" {
			t.Errorf("a destroyed key: %v", err)
		}
	}
	for _, id := range kept {
		if _, err := k.Key(t.Context(), id); err != nil {
			t.Fatalf("a key that was not destroyed: %v", err)
		}
	}
	if err := k.Destroy(t.Context(), append(gone, "never-was")...); err != nil {
		t.Errorf("destroying once more: %v", err)
	}
	if err := k.Destroy(t.Context()); err != nil {
		t.Errorf("destroying nothing: %v", err)
	}
}

// A key moved to another row, or altered, does not open: it is bound to its id.
func TestWrappedKeysAreBoundToTheirIDs(t *testing.T) {
	dir := t.TempDir()
	k := openKeys(t, dir, "")
	a, _ := mint(t, k)
	b, _ := mint(t, k)
	k.Close()
	change(t, dir, `UPDATE data_keys SET wrapped = (SELECT wrapped FROM data_keys WHERE id = $1) WHERE id = $2`, a, b)
	k = openKeys(t, dir, "")
	if _, err := k.Key(t.Context(), b); errs.CodeOf(err) != "sealed" {
		t.Errorf("another's key: %v", err)
	}
	if _, err := k.Key(t.Context(), a); err != nil {
		t.Errorf("its own: %v", err)
	}
}

// change writes into keys.db past the program.
func change(t *testing.T, dir, sentence string, args ...any) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "keys.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(sentence, args...); err != nil {
		t.Fatal(err)
	}
}

func TestKeysConcurrently(t *testing.T) {
	k := openKeys(t, t.TempDir(), "")
	var mu sync.Mutex
	seen := map[string]bool{}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 40 {
				id, key, err := k.Mint(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				got, err := k.Key(t.Context(), id)
				if err != nil || !bytes.Equal(got, key) {
					t.Errorf("%v", err)
				}
				if err := k.Destroy(t.Context(), id); err != nil {
					t.Error(err)
				}
				mu.Lock()
				if seen[id] {
					t.Errorf("key %s was minted twice", id)
				}
				seen[id] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
}
