package seal_test

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"

	"limen/errs"
	"limen/internal/seal"
)

func key(b byte) []byte { return bytes.Repeat([]byte{b}, seal.KeySize) }

func sealed(t rapid.TB, c seal.Context, plain []byte) []byte {
	t.Helper()
	s, err := seal.Seal(key(1), c, plain)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var context1 = seal.Context{Subject: "p1", Class: "reference", Kind: "template", Model: "a@1"}

func refused(t rapid.TB, what string, k []byte, c seal.Context, s []byte) {
	t.Helper()
	if plain, err := seal.Open(k, c, s); errs.KindOf(err) != errs.Invalid || errs.CodeOf(err) != "sealed" || plain != nil {
		t.Errorf("%s: opened as %x, %v", what, plain, err)
	}
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(r, "plain")
		c := seal.Context{Subject: rapid.String().Draw(r, "subject"), Class: rapid.String().Draw(r, "class"), Kind: rapid.String().Draw(r, "kind"), Model: rapid.String().Draw(r, "model")}
		s := sealed(r, c, plain)
		got, err := seal.Open(key(1), c, s)
		if err != nil || !bytes.Equal(got, plain) {
			r.Fatalf("%x came back as %x, %v", plain, got, err)
		}
		if len(plain) >= 8 && bytes.Contains(s, plain) {
			r.Fatal("the plain bytes are in the sealed ones")
		}
		refused(r, "another key", key(2), c, s)
	})
}

// Every bit counts: nonce, bytes, tag.
func TestAnyFlippedBitFails(t *testing.T) {
	s := sealed(t, context1, []byte("the template of a face"))
	for i := range len(s) * 8 {
		s[i/8] ^= 1 << (i % 8)
		refused(t, "a flipped bit", key(1), context1, s)
		s[i/8] ^= 1 << (i % 8)
	}
	for n := range s {
		refused(t, "cut short", key(1), context1, s[:n])
	}
	refused(t, "with a byte more", key(1), context1, append(bytes.Clone(s), 0))
	if _, err := seal.Open(key(1), context1, s); err != nil {
		t.Errorf("as it was: %v", err)
	}
}

// An item opens for its own subject, class, kind and model only, and the borders
// between them cannot be moved.
func TestBoundToItsContext(t *testing.T) {
	s := sealed(t, context1, []byte("x"))
	for name, c := range map[string]seal.Context{
		"another person":       {Subject: "p2", Class: "reference", Kind: "template", Model: "a@1"},
		"kept for longer":      {Subject: "p1", Class: "entry-exit", Kind: "template", Model: "a@1"},
		"of no class":          {Subject: "p1", Kind: "template", Model: "a@1"},
		"passed off as image":  {Subject: "p1", Class: "reference", Kind: "image", Model: "a@1"},
		"another model":        {Subject: "p1", Class: "reference", Kind: "template", Model: "a@2"},
		"no model":             {Subject: "p1", Class: "reference", Kind: "template"},
		"nothing":              {},
		"a border moved right": {Subject: "p1", Class: "referencet", Kind: "emplate", Model: "a@1"},
		"a border moved left":  {Subject: "p", Class: "1reference", Kind: "template", Model: "a@1"},
		"fields changed about": {Subject: "reference", Class: "p1", Kind: "template", Model: "a@1"},
		"fields run together":  {Subject: "p1referencetemplatea@1"},
	} {
		refused(t, name, key(1), c, s)
	}
}

// The same item sealed twice looks like two.
func TestNonceIsFresh(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		s := sealed(t, context1, nil)
		if seen[string(s[:12])] {
			t.Fatal("a nonce came twice")
		}
		seen[string(s[:12])] = true
	}
}

func TestKeySize(t *testing.T) {
	for _, n := range []int{0, 16, 24, 31, 33} { // 16 and 24 would be AES keys, but not ours
		if _, err := seal.Seal(make([]byte, n), context1, nil); errs.CodeOf(err) != "seal-key" {
			t.Errorf("sealed under %d bytes: %v", n, err)
		}
		if _, err := seal.Open(make([]byte, n), context1, make([]byte, 40)); errs.CodeOf(err) != "seal-key" {
			t.Errorf("opened under %d bytes: %v", n, err)
		}
	}
}
