package seal

import (
	"crypto/rand"
	"errors"
	"fmt"

	aeadsubtle "github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"
	"golang.org/x/crypto/argon2"

	"limen/errs"
)

// MinPassphrase is the shortest passphrase a keyset is locked with, in bytes.
const MinPassphrase = 8

// argon2id are the parameters that make a key of a passphrase.
type argon2id struct {
	Salt    []byte `json:"salt"`
	Time    uint32 `json:"time"`
	Memory  uint32 `json:"memoryKiB"`
	Threads uint8  `json:"threads"`
}

// passphraseCost is the second recommended option of RFC 9106 section 4: 64
// MiB, 3 passes, 4 lanes. It is paid at opening and by whoever guesses.
var passphraseCost = argon2id{Time: 3, Memory: 64 << 10, Threads: 4}

// check refuses what a damaged file must not make this process do.
func (a argon2id) check() error {
	if len(a.Salt) != 16 || a.Time < 1 || a.Time > 64 || a.Threads < 1 || a.Memory < 8*uint32(a.Threads) || a.Memory > 1<<20 {
		return errors.New("the parameters of its passphrase are out of range")
	}
	return nil
}

// locker locks and unlocks keyset files. It remembers the last key it derived,
// so that a changed keyset under the same passphrase costs nothing.
type locker struct {
	kms        string // URI; "" for none
	passphrase func() ([]byte, error)

	derived string // salt and parameters of key
	key     []byte
}

// ask returns the passphrase, nil if there is none.
func (l *locker) ask() ([]byte, error) {
	if l.passphrase == nil {
		return nil, nil
	}
	p, err := l.passphrase()
	if err != nil {
		return nil, errs.New(errs.Broken, "kek-passphrase", "the passphrase of the keyset cannot be read: %w", err)
	}
	return p, nil
}

// opener returns what decrypts f's keyset; nil if it is not encrypted. Broken
// errors: "kek-unlocked" (a passphrase or a KMS is asked for, but the file is
// not encrypted), "kek-passphrase" (none given), "kek-kms".
func (l *locker) opener(f keysetFile) (tink.AEAD, error) {
	if f.Locked == LockedKMS {
		if l.kms == "" {
			return nil, errs.New(errs.Broken, "kek-kms", "the keyset is encrypted by a key service: give the URI of its key (it was %s)", f.KMS)
		}
		return remote(l.kms)
	}
	if l.kms != "" {
		return nil, errs.New(errs.Broken, "kek-unlocked", "a key service is asked for, but the keyset is not encrypted by one")
	}
	if f.Locked == LockedPassphrase {
		if key := l.cached(*f.Argon2id); key != nil {
			return aeadsubtle.NewAESGCM(key)
		}
	}
	p, err := l.ask()
	switch {
	case err != nil:
		return nil, err
	case f.Locked == LockedPassphrase && len(p) == 0:
		return nil, errs.New(errs.Broken, "kek-passphrase", "the keyset is encrypted: give its passphrase")
	case f.Locked == LockedPassphrase:
		return l.derive(p, *f.Argon2id)
	case len(p) != 0:
		return nil, errs.New(errs.Broken, "kek-unlocked", "a passphrase is given, but the keyset is not encrypted: set it with limen kek passphrase")
	}
	return nil, nil
}

// lock fills in how a new keyset file is locked and returns what encrypts it,
// nil if nothing does.
func (l *locker) lock(f *keysetFile) (tink.AEAD, error) {
	if l.kms != "" {
		f.Locked, f.KMS = LockedKMS, l.kms
		return remote(l.kms)
	}
	p, err := l.ask()
	if err != nil {
		return nil, err
	}
	if p == nil {
		f.Locked, f.Argon2id = LockedNot, nil
		return nil, nil
	}
	if len(p) < MinPassphrase {
		return nil, errs.New(errs.Invalid, "kek-passphrase-short", "a passphrase has at least %d bytes", MinPassphrase)
	}
	cost := passphraseCost
	cost.Salt = make([]byte, 16)
	if _, err := rand.Read(cost.Salt); err != nil {
		return nil, err
	}
	f.Locked, f.Argon2id = LockedPassphrase, &cost
	return l.derive(p, cost)
}

func (a argon2id) String() string {
	return fmt.Sprintf("%x/%d/%d/%d", a.Salt, a.Time, a.Memory, a.Threads)
}

func (l *locker) cached(a argon2id) []byte {
	if l.derived == a.String() {
		return l.key
	}
	return nil
}

func (l *locker) derive(passphrase []byte, a argon2id) (tink.AEAD, error) {
	l.derived, l.key = a.String(), argon2.IDKey(passphrase, a.Salt, a.Time, a.Memory, a.Threads, KeySize)
	return aeadsubtle.NewAESGCM(l.key)
}
