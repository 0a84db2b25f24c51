package seal

import (
	"bytes"
	"crypto/rand"
	"slices"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"limen/errs"
)

// keyring is an unlocked keyset: it wraps under its primary key, and unwraps
// what any of its keys wrapped.
type keyring struct {
	handle  *keyset.Handle
	aead    tink.AEAD
	ids     []uint32
	primary uint32
	locked  string // how its file is locked
}

func newKeyring(h *keyset.Handle) (*keyring, error) {
	p, err := h.Primary()
	if err != nil {
		return nil, err
	}
	a, err := aead.New(h)
	if err != nil {
		return nil, err
	}
	r := &keyring{handle: h, aead: a, primary: p.KeyID()}
	for i := range h.Len() {
		e, err := h.Entry(i)
		if err != nil {
			return nil, err
		}
		r.ids = append(r.ids, e.KeyID())
	}
	return r, nil
}

// rotated returns the keyset with a new primary key beside those it has. A nil
// keyring gives a keyset of one key.
func (r *keyring) rotated() (*keyring, error) {
	m := keyset.NewManager()
	if r != nil {
		m = keyset.NewManagerFromHandle(r.handle)
	}
	id, err := m.Add(aead.AES256GCMKeyTemplate())
	if err == nil {
		err = m.SetPrimary(id)
	}
	if err != nil {
		return nil, err
	}
	h, err := m.Handle()
	if err != nil {
		return nil, err
	}
	return newKeyring(h)
}

// alone returns the keyset with its primary key only.
func (r *keyring) alone() (*keyring, error) {
	m := keyset.NewManagerFromHandle(r.handle)
	for _, id := range r.ids {
		if id != r.primary {
			if err := m.Delete(id); err != nil {
				return nil, err
			}
		}
	}
	h, err := m.Handle()
	if err != nil {
		return nil, err
	}
	return newKeyring(h)
}

func (r *keyring) has(id uint32) bool { return slices.Contains(r.ids, id) }

// wrap encrypts key under the primary key, bound to what it is.
func (r *keyring) wrap(key []byte, what ...string) ([]byte, error) {
	w, err := r.aead.Encrypt(key, frame(what...))
	if err != nil {
		return nil, errs.New(errs.Broken, "keys-wrap", "a key cannot be wrapped: %w", err)
	}
	return w, nil
}

// unwrap undoes wrap. Error: Invalid (code "sealed") if wrapped was altered or
// is something else.
func (r *keyring) unwrap(wrapped []byte, what ...string) ([]byte, error) {
	key, err := r.aead.Decrypt(wrapped, frame(what...))
	if err != nil || len(key) != KeySize {
		return nil, errs.New(errs.Invalid, "sealed", "a wrapped key was altered, or belongs to something else")
	}
	return key, nil
}

// unlock decrypts the keyset of f. Broken errors: those of opener,
// "kek-passphrase" (a wrong one), "kek-kms", "kek-damaged".
func (l *locker) unlock(f keysetFile) (*keyring, error) {
	a, err := l.opener(f)
	if err != nil {
		return nil, err
	}
	var h *keyset.Handle
	r := keyset.NewBinaryReader(bytes.NewReader(f.Keyset))
	if a == nil {
		h, err = insecurecleartextkeyset.Read(r)
	} else {
		h, err = keyset.ReadWithAssociatedData(r, a, f.associated())
	}
	switch {
	case err != nil && f.Locked == LockedPassphrase:
		l.derived = ""
		return nil, errs.New(errs.Broken, "kek-passphrase", "the passphrase does not open the keyset")
	case err != nil && f.Locked == LockedKMS:
		return nil, errs.New(errs.Broken, "kek-kms", "the key service did not open the keyset: %w", err)
	}
	var ring *keyring
	if err == nil {
		ring, err = newKeyring(h)
	}
	if err != nil {
		return nil, errs.New(errs.Broken, "kek-damaged", "the keyset is damaged: %w", err)
	}
	ring.locked = f.Locked
	return ring, nil
}

// seal puts ring into f, encrypted by a unless that is nil.
func (f *keysetFile) seal(ring *keyring, a tink.AEAD) error {
	var out bytes.Buffer
	var err error
	if w := keyset.NewBinaryWriter(&out); a == nil {
		err = insecurecleartextkeyset.Write(ring.handle, w)
	} else {
		err = ring.handle.WriteWithAssociatedData(w, a, f.associated())
	}
	if err != nil && f.Locked == LockedKMS {
		return errs.New(errs.Broken, "kek-kms", "the key service did not encrypt the keyset: %w", err)
	}
	if err != nil {
		return errs.New(errs.Broken, "kek", "the keyset cannot be encrypted: %w", err)
	}
	f.Keyset = out.Bytes()
	return nil
}

func (f keysetFile) associated() []byte { return frame(keysetFormat, f.Installation) }

// randomKey returns a new data key or index key.
func randomKey() ([]byte, error) {
	key := make([]byte, KeySize)
	if _, err := rand.Read(key); err != nil {
		return nil, errs.New(errs.Broken, "random", "no randomness: %w", err)
	}
	return key, nil
}
