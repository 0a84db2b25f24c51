package seal_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"

	"limen/errs"
	"limen/internal/seal"
)

// passphrase returns p, nil for "".
func passphrase(p string) func() ([]byte, error) {
	return func() ([]byte, error) {
		if p == "" {
			return nil, nil
		}
		return []byte(p), nil
	}
}

func refusedOpening(t *testing.T, what string, c seal.Config, kind errs.Kind, code string) {
	t.Helper()
	k, err := seal.OpenKeys(t.Context(), c)
	if err == nil {
		k.Close()
	}
	if errs.KindOf(err) != kind || errs.CodeOf(err) != code {
		t.Errorf("%s: %v, not %s", what, err, code)
	}
}

func TestPassphrase(t *testing.T) {
	c := seal.Config{Dir: t.TempDir(), Passphrase: passphrase("correct horse")}
	k := open(t, c)
	want := mintMany(t, k, 3)
	if k.Locked() != seal.LockedPassphrase || status(t, k).Locked != seal.LockedPassphrase {
		t.Errorf("locked: %q", k.Locked())
	}
	k.Close()
	k = open(t, c)
	same(t, k, want)
	bad := c
	for p, what := range map[string]string{"": "without", "correct horsf": "with a wrong one", "correct horse\n": "with a line end"} {
		bad.Passphrase = passphrase(p)
		refusedOpening(t, what, bad, errs.Broken, "kek-passphrase")
	}
	bad.Passphrase = func() ([]byte, error) { return nil, errors.New("its disk is away") }
	refusedOpening(t, "with none to be had", bad, errs.Broken, "kek-passphrase")

	if err := k.SetPassphrase([]byte("battery staple")); err != nil {
		t.Fatal(err)
	}
	rotate(t, k) // under the new one
	k.Close()
	refusedOpening(t, "with the one from before", c, errs.Broken, "kek-passphrase")
	c.Passphrase = passphrase("battery staple")
	same(t, open(t, c), want)
}

func TestFirstPassphrase(t *testing.T) {
	c := seal.Config{Dir: t.TempDir()}
	k := open(t, c)
	want := mintMany(t, k, 3)
	if k.Locked() != seal.LockedNot {
		t.Errorf("locked: %q", k.Locked())
	}
	// Who gives a passphrase must not believe that it protects anything.
	c.Passphrase = passphrase("correct horse")
	refusedOpening(t, "a passphrase for what has none", c, errs.Broken, "kek-unlocked")
	if err := k.SetPassphrase([]byte("short")); errs.CodeOf(err) != "kek-passphrase-short" {
		t.Errorf("a short one: %v", err)
	}
	if err := k.SetPassphrase([]byte("correct horse")); err != nil || k.Locked() != seal.LockedPassphrase {
		t.Fatalf("%q, %v", k.Locked(), err)
	}
	same(t, open(t, c), want)
	// Another process, which has the keyset already, is not disturbed.
	mintMany(t, k, 100)
}

func TestShortPassphrase(t *testing.T) {
	c := seal.Config{Dir: t.TempDir(), Passphrase: passphrase("seven77")}
	refusedOpening(t, "short", c, errs.Invalid, "kek-passphrase-short")
	c.Passphrase = passphrase("eight888")
	open(t, c)
}

func TestPassphraseFrom(t *testing.T) {
	t.Setenv(seal.PassphraseEnv, "")
	if p, err := seal.PassphraseFrom("")(); p != nil || err != nil {
		t.Errorf("none: %q, %v", p, err)
	}
	t.Setenv(seal.PassphraseEnv, "from outside")
	if p, err := seal.PassphraseFrom("")(); string(p) != "from outside" || err != nil {
		t.Errorf("the environment: %q, %v", p, err)
	}
	file := filepath.Join(t.TempDir(), "p")
	for text, want := range map[string]string{"a b": "a b", "a b\n": "a b", "a b\r\n": "a b", "a b\n\n": "a b\n", " a": " a"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if p, err := seal.PassphraseFrom(file)(); string(p) != want || err != nil {
			t.Errorf("%q: %q, %v", text, p, err)
		}
	}
	for _, text := range []string{"", "\n"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if p, err := seal.PassphraseFrom(file)(); err == nil {
			t.Errorf("an empty file: %q", p)
		}
	}
	if _, err := seal.PassphraseFrom(file + "x")(); err == nil {
		t.Error("a missing file is no error")
	}
}

// The parameters are those RFC 9106 recommends where memory is scarce.
func TestPassphraseCost(t *testing.T) {
	if c := seal.PassphraseCost; c.Time != 3 || c.Memory != 65536 || c.Threads != 4 {
		t.Errorf("%+v", c)
	}
}

// kekBytes returns the key-encryption key of an unencrypted keyset file, as a
// thief would take it out, and the keyset's bytes.
func kekBytes(t *testing.T, dir string) (key, keysetBytes []byte) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "kek"))
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Locked string
		Keyset []byte
	}
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatal(err)
	}
	if f.Locked == seal.LockedNot {
		h, err := insecurecleartextkeyset.Read(keyset.NewBinaryReader(bytes.NewReader(f.Keyset)))
		if err != nil {
			t.Fatal(err)
		}
		v := insecurecleartextkeyset.KeysetMaterial(h).Key[0].KeyData.Value
		key = v[len(v)-seal.KeySize:]
	}
	return key, f.Keyset
}

// A passphrase takes the key-encryption key out of the clear, and no data key
// and no passphrase is in any file.
func TestEncryptedKeysetIsNotInTheClear(t *testing.T) {
	c := seal.Config{Dir: t.TempDir()}
	k := open(t, c)
	_, data := mint(t, k)
	kek, in := kekBytes(t, c.Dir)
	if !bytes.Contains(in, kek) {
		t.Fatal("the search would find nothing anyway")
	}
	if err := k.SetPassphrase([]byte("correct horse")); err != nil {
		t.Fatal(err)
	}
	if _, in = kekBytes(t, c.Dir); bytes.Contains(in, kek) {
		t.Error("the keyset is in the clear")
	}
	for _, secret := range [][]byte{kek, data, []byte("correct horse")} {
		if in := onDisk(t, c.Dir, secret); len(in) != 0 {
			t.Errorf("a secret is in %v", in)
		}
	}
}

func TestReadableByOthers(t *testing.T) {
	c := seal.Config{Dir: t.TempDir()}
	open(t, c).Close()
	path := filepath.Join(c.Dir, "kek")
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	refusedOpening(t, "readable by a group", c, errs.Broken, "kek-readable")
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	k := open(t, c)
	if err := k.SetPassphrase([]byte("correct horse")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	c.Passphrase = passphrase("correct horse")
	open(t, c) // encrypted, it may be
}
