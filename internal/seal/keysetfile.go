package seal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"limen/errs"
)

// How a keyset file is locked.
const (
	LockedNot        = "no" // whoever reads the file has the key
	LockedPassphrase = "passphrase"
	LockedKMS        = "kms"
)

const keysetFormat = "limen-kek-v1"

// keysetFile is the file of the key-encryption key, as JSON. The checksum is
// for diagnosis, so that damage is not taken for a wrong passphrase; what
// authenticates the keyset is its encryption.
type keysetFile struct {
	Format       string    `json:"format"`
	Installation string    `json:"installation"` // whose data keys it wraps
	Locked       string    `json:"locked"`
	Argon2id     *argon2id `json:"argon2id,omitempty"` // with a passphrase
	KMS          string    `json:"kms,omitempty"`      // for messages; it is never dialled
	Keyset       []byte    `json:"keyset"`             // Tink's binary form, encrypted if locked
	SHA256       string    `json:"sha256"`             // of the file as it is with ""
}

func (f keysetFile) encode() []byte {
	f.SHA256 = ""
	sum := sha256.Sum256(f.lines())
	f.SHA256 = hex.EncodeToString(sum[:])
	return f.lines()
}

func (f keysetFile) lines() []byte {
	b, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		panic(err) // strings, numbers and bytes only
	}
	return append(b, '\n')
}

// oldKEK is the size of the key file of builds before keysets.
const oldKEK = 32

// parseKeysetFile reads a keyset file. It accepts exactly what encode writes.
// Broken errors: "kek-old", "kek-damaged".
func parseKeysetFile(raw []byte) (keysetFile, error) {
	var f keysetFile
	if len(raw) == oldKEK && raw[0] != '{' {
		return f, errs.New(errs.Broken, "kek-old", "the key-encryption key is a bare %d-byte key of an early build; this one keeps a Tink keyset and cannot take it over: start with a new data folder", oldKEK)
	}
	err := json.Unmarshal(raw, &f)
	if err == nil && !bytes.Equal(f.encode(), raw) {
		err = errors.New("its checksum is wrong")
	}
	if err == nil {
		err = f.check()
	}
	if err != nil {
		return keysetFile{}, errs.New(errs.Broken, "kek-damaged", "the keyset file is damaged, or not one: %w", err)
	}
	return f, nil
}

func (f keysetFile) check() error {
	switch {
	case f.Format != keysetFormat:
		return errors.New("its format is not " + keysetFormat)
	case f.Locked != LockedNot && f.Locked != LockedPassphrase && f.Locked != LockedKMS:
		return errors.New("it does not say how it is locked")
	case (f.Locked == LockedPassphrase) != (f.Argon2id != nil):
		return errors.New("it has no parameters for its passphrase")
	case f.Argon2id != nil:
		return f.Argon2id.check()
	}
	return nil
}

// readKeysetFile returns the file and its bytes. Broken errors: "kek-missing",
// "kek-readable" (an unlocked keyset that others may read), "kek", and those
// of parseKeysetFile.
func readKeysetFile(path string) (keysetFile, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return keysetFile{}, errs.New(errs.Broken, "kek-missing", "there are data keys, but the keyset file of their key-encryption key is missing: is its disk mounted?")
	}
	if err != nil {
		return keysetFile{}, errs.New(errs.Broken, "kek", "the keyset file cannot be read: %w", err)
	}
	f, err := parseKeysetFile(raw)
	if err != nil {
		return f, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return f, errs.New(errs.Broken, "kek", "the keyset file cannot be read: %w", err)
	}
	if f.Locked == LockedNot && info.Mode().Perm()&0o077 != 0 {
		return f, errs.New(errs.Broken, "kek-readable", "the keyset file is not encrypted and others may read it (mode %04o): chmod 600, or set a passphrase", info.Mode().Perm())
	}
	return f, nil
}

// writeDurably replaces path by b, whole or not at all. The caller holds the
// write lock of keys.db, so that one process at a time does. A crash leaves
// the old file or the new one, and possibly the new one under its temporary
// name, which the next opening removes. step is called after each step.
func writeDurably(path string, b []byte, step func(string)) error {
	f, err := os.OpenFile(temporary(path), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // of no effect once it is renamed
	step("keyset-created")
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	step("keyset-written")
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	step("keyset-renamed")
	// The name must be as durable as the key: what is wrapped by a key that a
	// power cut took is lost.
	return syncDir(filepath.Dir(path))
}

// temporary is the name under which path is written; one, so that crashes
// cannot leave many.
func temporary(path string) string {
	return filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".new")
}

func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
