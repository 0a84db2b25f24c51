package seal_test

import (
	"bytes"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"limen/errs"
	"limen/internal/seal"
)

func TestVault(t *testing.T) {
	k := openKeys(t, t.TempDir(), "")
	v := seal.Vault{Keys: k, Indexer: k}
	id, err := v.Mint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	other, _ := mint(t, k)
	s, err := v.Seal(t.Context(), id, context1, []byte("a name"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := v.Open(t.Context(), id, context1, s); err != nil || string(got) != "a name" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := v.Open(t.Context(), other, context1, s); errs.CodeOf(err) != "sealed" {
		t.Errorf("under another data key: %v", err)
	}
	if err := k.Destroy(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Open(t.Context(), id, context1, s); errs.KindOf(err) != errs.NotFound || errs.CodeOf(err) != "data-key" {
		t.Errorf("opened after its data key was destroyed: %v", err)
	}
	if _, err := v.Seal(t.Context(), id, context1, nil); errs.KindOf(err) != errs.NotFound || errs.CodeOf(err) != "data-key" {
		t.Errorf("sealed after its data key was destroyed: %v", err)
	}
}

// Equal fields have one index, others another, wherever the borders are; and
// nothing of it can be computed without the installation's key.
func TestIndex(t *testing.T) {
	k, other := openKeys(t, t.TempDir(), ""), openKeys(t, t.TempDir(), "")
	seen := map[string]string{}
	for _, fields := range [][]string{nil, {""}, {"", ""}, {"ab"}, {"a", "b"}, {"", "ab"}, {"ab", ""}, {"a", "b", ""}, {"\x00\x00\x00\x01a"}} {
		x := k.Index(fields...)
		if len(x) != 32 || !bytes.Equal(x, k.Index(fields...)) || bytes.Equal(x, other.Index(fields...)) {
			t.Errorf("%q: %x", fields, x)
		}
		if before, ok := seen[string(x)]; ok {
			t.Errorf("%q has the index of %s", fields, before)
		}
		seen[string(x)] = fmt.Sprintf("%q", fields)
	}
	rapid.Check(t, func(r *rapid.T) {
		a, b := rapid.SliceOf(rapid.String()).Draw(r, "a"), rapid.SliceOf(rapid.String()).Draw(r, "b")
		if bytes.Equal(k.Index(a...), k.Index(b...)) != (fmt.Sprintf("%q", a) == fmt.Sprintf("%q", b)) {
			r.Fatalf("%q and %q", a, b)
		}
	})
}

// Keys in memory are few, and those that are destroyed are not among them.
func TestCacheIsBounded(t *testing.T) {
	k := openKeys(t, t.TempDir(), "")
	first, want := mint(t, k)
	for range seal.CacheSize + 100 {
		mint(t, k)
	}
	if n := k.CacheLen(); n > seal.CacheSize || n < seal.CacheSize/2 {
		t.Errorf("%d keys in memory", n)
	}
	got, err := k.Key(t.Context(), first)
	if err != nil || !bytes.Equal(got, want) {
		t.Fatalf("one that was forgotten: %v", err)
	}
	clear(got) // a caller's own
	if got, _ = k.Key(t.Context(), first); !bytes.Equal(got, want) {
		t.Error("a caller can change what is in memory")
	}
}

// A key that is destroyed while it is read is not in memory afterwards.
func TestDestroyedWhileRead(t *testing.T) {
	dir := t.TempDir()
	k := openKeys(t, dir, "")
	var ids []string
	for range 128 {
		id, _ := mint(t, k)
		ids = append(ids, id)
	}
	k.Close()
	k = openKeys(t, dir, "")
	for _, id := range ids {
		done := make(chan struct{})
		go func() {
			defer close(done)
			for {
				if _, err := k.Key(t.Context(), id); err != nil {
					return
				}
			}
		}()
		if err := k.Destroy(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if _, err := k.Key(t.Context(), id); errs.CodeOf(err) != "data-key" {
			t.Fatalf("it can be read: %v", err)
		}
		<-done
	}
}
