package seal_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"limen/errs"
	"limen/internal/seal"
)

func allIDs(t *testing.T, k *seal.FileKeys) (ids []string) {
	t.Helper()
	for id, err := range k.IDs(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}

func TestIDs(t *testing.T) {
	k := openKeys(t, t.TempDir(), "")
	if ids := allIDs(t, k); len(ids) != 0 {
		t.Errorf("at first: %v", ids)
	}
	want := mintMany(t, k, 2048) // three pages; 32 batches exactly
	ids := allIDs(t, k)
	if len(ids) != 2048 || !slices.IsSorted(ids) {
		t.Fatalf("%d ids, or out of order", len(ids))
	}
	for _, id := range ids {
		if want[id] == nil {
			t.Fatalf("%s was never minted", id)
		}
		delete(want, id)
	}
	for range k.IDs(t.Context()) {
		break
	}
	mint(t, k)
	if n := len(allIDs(t, k)); n != 2048+64 {
		t.Errorf("%d ids with those minted in advance, not 2112", n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for id, err := range k.IDs(ctx) {
		if id != "" || errs.CodeOf(err) != "keys-read" {
			t.Errorf("%q, %v", id, err)
		}
	}
}

// Keys minted in advance may be destroyed as strays are: they are then not
// handed out.
func TestDestroyedBeforeHandedOut(t *testing.T) {
	k := openKeys(t, t.TempDir(), "")
	used, _ := mint(t, k)
	for _, id := range allIDs(t, k) {
		if id != used {
			if err := k.Destroy(t.Context(), id); err != nil {
				t.Fatal(err)
			}
		}
	}
	id, key := mint(t, k)
	if got, err := k.Key(t.Context(), id); err != nil || !bytes.Equal(got, key) {
		t.Errorf("a destroyed key was handed out: %v", err)
	}
	if !slices.Contains(allIDs(t, k), id) {
		t.Error("what was handed out is not in the file")
	}
}

// The copy opens with the keyset, has nothing of what was destroyed before it,
// and replaces the one before it. What is destroyed after it is in it: who
// restores it has to destroy again.
func TestCopyTo(t *testing.T) {
	dir, at := t.TempDir(), t.TempDir()
	k := openKeys(t, dir, "")
	want := mintMany(t, k, 500)
	wrapped := wrappedOf(t, dir)
	ids := allIDs(t, k)[:3]
	if err := k.Destroy(t.Context(), ids[0]); err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(at, "keys.db")
	if err := k.CopyTo(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	first, err := os.ReadFile(copied)
	if err != nil || bytes.Contains(first, wrapped[ids[0]]) || !bytes.Contains(first, wrapped[ids[1]]) {
		t.Errorf("in the first copy: %v", err)
	}
	if err := k.Destroy(t.Context(), ids[1]); err != nil {
		t.Fatal(err)
	}
	if err := k.CopyTo(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(copied)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if left, _ := os.ReadDir(at); len(left) != 1 {
		t.Errorf("beside the copy: %v", left)
	}
	if err := k.Destroy(t.Context(), ids[2]); err != nil {
		t.Fatal(err)
	}
	index := k.Index("a")
	k.Close()

	restored := openKeys(t, at, filepath.Join(dir, "kek"))
	delete(want, ids[0])
	delete(want, ids[1])
	same(t, restored, want) // ids[2] is back
	if !bytes.Equal(restored.Index("a"), index) {
		t.Error("another index key")
	}
	if in := append(onDisk(t, at, wrapped[ids[1]]), onDisk(t, at, wrapped[ids[0]])...); len(in) != 0 {
		t.Errorf("destroyed keys are in %v", in)
	}
	if err := restored.Destroy(t.Context(), ids...); err != nil {
		t.Fatal(err)
	}
	if in := onDisk(t, at, wrapped[ids[2]]); len(in) != 0 {
		t.Errorf("destroyed again, but in %v", in)
	}
}

func TestCopyToNowhere(t *testing.T) {
	k := openKeys(t, t.TempDir(), "")
	if err := k.CopyTo(t.Context(), filepath.Join(t.TempDir(), "missing", "keys.db")); errs.CodeOf(err) != "keys-copy" {
		t.Errorf("%v", err)
	}
	mint(t, k)
}
