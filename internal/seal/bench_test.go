package seal_test

import (
	"testing"

	"limen/internal/seal"
)

func benchKeys(b *testing.B) *seal.FileKeys {
	k, err := seal.OpenKeys(b.Context(), seal.Config{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { k.Close() })
	return k
}

func BenchmarkMint(b *testing.B) {
	k := benchKeys(b)
	for b.Loop() {
		if _, _, err := k.Mint(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkKeyFromDisk reads keys that are not in memory.
func BenchmarkKeyFromDisk(b *testing.B) {
	k := benchKeys(b)
	var ids []string
	for range 2 * seal.CacheSize {
		id, _, err := k.Mint(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		ids = append(ids, id)
	}
	b.ResetTimer()
	for i := range b.N {
		if _, err := k.Key(b.Context(), ids[i%len(ids)]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkKeyFromMemory(b *testing.B) {
	k := benchKeys(b)
	id, _, err := k.Mint(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := k.Key(b.Context(), id); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDestroy(b *testing.B) {
	k := benchKeys(b)
	for b.Loop() {
		id, _, err := k.Mint(b.Context())
		if err == nil {
			err = k.Destroy(b.Context(), id)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRotate(b *testing.B) {
	k := benchKeys(b)
	for range 10_000 {
		if _, _, err := k.Mint(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	for b.Loop() {
		if _, err := k.Rotate(b.Context(), nil); err != nil {
			b.Fatal(err)
		}
	}
}
