package seal_test

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"limen/errs"
	"limen/internal/seal"
)

func open(t *testing.T, c seal.Config) *seal.FileKeys {
	t.Helper()
	k, err := seal.OpenKeys(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { k.Close() })
	return k
}

func status(t *testing.T, k *seal.FileKeys) seal.Status {
	t.Helper()
	s, err := k.Status()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func rotate(t *testing.T, k *seal.FileKeys) int {
	t.Helper()
	n, err := k.Rotate(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// mintMany returns keys by id.
func mintMany(t *testing.T, k *seal.FileKeys, n int) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for range n {
		id, key := mint(t, k)
		out[id] = key
	}
	return out
}

func same(t *testing.T, k *seal.FileKeys, want map[string][]byte) {
	t.Helper()
	for id, key := range want {
		if got, err := k.Key(t.Context(), id); err != nil || !bytes.Equal(got, key) {
			t.Fatalf("key %s is another now: %v", id, err)
		}
	}
}

func TestRotation(t *testing.T) {
	dir := t.TempDir()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	c := seal.Config{Dir: dir, Now: func() time.Time { return now }}
	k := open(t, c)
	want := mintMany(t, k, 128) // two batches: 128 rows exactly
	index := k.Index("a", "b")
	before, wrapped := status(t, k), wrappedOf(t, dir)
	if len(before.Keys) != 1 || before.Keys[0].DataKeys != 128 || !before.Keys[0].Primary || !before.Since.Equal(now) {
		t.Fatalf("before: %+v", before)
	}
	oldKeyset, err := os.ReadFile(filepath.Join(dir, "kek"))
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Hour)
	if n := rotate(t, k); n != 128 {
		t.Errorf("%d data keys were wrapped anew, not 128", n)
	}
	after := status(t, k)
	if len(after.Keys) != 1 || after.Keys[0].DataKeys != 128 || after.Keys[0].ID == before.Keys[0].ID || !after.Since.Equal(now) {
		t.Errorf("after: %+v", after)
	}
	for id, w := range wrapped {
		if in := onDisk(t, dir, w); len(in) != 0 {
			t.Fatalf("what the old key wrapped of %s is in %v", id, in)
		}
	}
	k.Close()
	k = open(t, c)
	same(t, k, want)
	if !bytes.Equal(k.Index("a", "b"), index) {
		t.Error("what is found by its index is found no more")
	}
	k.Close()
	if err := os.WriteFile(filepath.Join(dir, "kek"), oldKeyset, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.OpenKeys(t.Context(), c); errs.CodeOf(err) != "kek-wrong" {
		t.Errorf("with the keyset from before the rotation: %v", err)
	}
}

// A rotation that is cut between two batches leaves everything open, and the
// next one finishes it rather than begin another.
func TestRotationIsResumed(t *testing.T) {
	c := seal.Config{Dir: t.TempDir()}
	k := open(t, c)
	want := mintMany(t, k, 128)
	ctx, cut := context.WithCancel(t.Context())
	if n, err := k.Rotate(ctx, func(int) { cut() }); !errors.Is(err, context.Canceled) || n != 50 {
		t.Fatalf("%d, %v", n, err)
	}
	s := status(t, k)
	if len(s.Keys) != 2 || s.Keys[0].Primary || s.Keys[0].DataKeys != 78 || !s.Keys[1].Primary || s.Keys[1].DataKeys != 50 {
		t.Fatalf("in the middle: %+v", s)
	}
	k.Close()
	k = open(t, c)
	same(t, k, want)
	if n := rotate(t, k); n != 78 {
		t.Errorf("%d wrapped anew, not the 78 that were left", n)
	}
	if s := status(t, k).Keys; len(s) != 1 || s[0].DataKeys != 128 {
		t.Errorf("at the end: %+v", s)
	}
}

// Two FileKeys on one folder stand for two processes: SQLite locks them apart
// as it does processes. One mints, seals, reads and destroys; the other rotates
// all the while.
func TestRotationWhileServing(t *testing.T) {
	c := seal.Config{Dir: t.TempDir(), Passphrase: passphrase("correct horse")}
	server := open(t, c)
	earlier := mintMany(t, server, 250)
	server.Close()
	server = open(t, c) // with nothing in its memory
	ids := slices.Sorted(maps.Keys(earlier))
	gone, kept := ids[:20], ids[20:]
	var wg sync.WaitGroup
	wg.Go(func() {
		for range 256 {
			mintSealOpen(t, server)
			time.Sleep(3 * time.Millisecond)
		}
	})
	wg.Go(func() {
		for _, id := range kept {
			if key, err := server.Key(t.Context(), id); err != nil || !bytes.Equal(key, earlier[id]) {
				t.Errorf("reading: %v", err)
			}
			time.Sleep(2 * time.Millisecond)
		}
	})
	wg.Go(func() {
		for _, id := range gone {
			if err := server.Destroy(t.Context(), id); err != nil {
				t.Errorf("destroying: %v", err)
			}
			if _, err := server.Key(t.Context(), id); errs.CodeOf(err) != "data-key" {
				t.Errorf("destroyed, but: %v", err)
			}
			time.Sleep(10 * time.Millisecond)
		}
	})
	operator := open(t, c)
	for range 3 {
		if _, err := operator.Rotate(t.Context(), nil); err != nil {
			t.Errorf("rotating: %v", err)
		}
	}
	wg.Wait()
	t.Logf("3 rotations beside 256 minted, %d read, %d destroyed", len(kept), len(gone))
	k := open(t, c)
	if s := status(t, k).Keys; len(s) != 1 {
		t.Errorf("at the end: %+v", s)
	}
	for _, id := range kept {
		if key, err := k.Key(t.Context(), id); err != nil || !bytes.Equal(key, earlier[id]) {
			t.Fatalf("at the end: %v", err)
		}
	}
}

func mintSealOpen(t *testing.T, k *seal.FileKeys) {
	v := seal.Vault{Keys: k, Indexer: k}
	id, err := v.Mint(t.Context())
	if err != nil {
		t.Errorf("minting: %v", err)
		return
	}
	s, err := v.Seal(t.Context(), id, context1, []byte("x"))
	if err != nil {
		t.Errorf("sealing: %v", err)
		return
	}
	if p, err := v.Open(t.Context(), id, context1, s); err != nil || string(p) != "x" {
		t.Errorf("opening: %q, %v", p, err)
	}
}
