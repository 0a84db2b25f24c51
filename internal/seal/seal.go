// Package seal encrypts images, templates and what names a person, and erases
// them by destroying their keys.
//
// There are three levels of key. A data key seals the items of one subject and
// one retention class. Data keys lie in keys.db, apart from the sealed bytes
// and from their backups, each wrapped by a key-encryption key (KEK). The KEK
// is a Tink keyset in a file of its own, encrypted under a passphrase or by a
// key service (KMS). An item whose data key is destroyed is unreadable in the
// store, in its free pages and in every copy of it. No image, template or name
// reaches a disk unsealed.
//
// Source: AES-256-GCM after NIST SP 800-38D with random 96-bit nonces (a data
// key seals a handful of messages, far below the 2^32 of section 8.3).
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"

	"limen/errs"
)

// KeySize is the size of data keys, in bytes.
const KeySize = 32

// Context is what a sealed item is bound to: it opens only for the same
// subject, retention class, kind and model, so sealed bytes cannot be swapped
// between persons, kept under a longer-lived class, or passed off as something
// else.
type Context struct {
	Subject string // traveler, passenger or encounter id
	Class   string // retention class
	Kind    string // "image", "template", or what names a person
	Model   string // of a template; "" otherwise
}

// bytes is the associated data: injective, because each field has its length.
func (c Context) bytes() []byte {
	return frame("limen-seal-v2", c.Subject, c.Class, c.Kind, c.Model)
}

// frame joins fields so that no two lists of fields give the same bytes.
func frame(fields ...string) []byte {
	var b []byte
	for _, s := range fields {
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	return b
}

// Seal encrypts plaintext under key, bound to c.
func Seal(key []byte, c Context, plaintext []byte) ([]byte, error) {
	aead, err := newAEAD(key)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(plaintext)+aead.Overhead())
	if _, err := rand.Read(nonce); err != nil {
		return nil, errs.New(errs.Broken, "random", "no randomness: %w", err)
	}
	return aead.Seal(nonce, nonce, plaintext, c.bytes()), nil
}

// Open decrypts what Seal made under the same key and context. Anything else
// is an Invalid error (code "sealed").
func Open(key []byte, c Context, sealed []byte) ([]byte, error) {
	aead, err := newAEAD(key)
	if err != nil {
		return nil, err
	}
	n := aead.NonceSize()
	if len(sealed) < n {
		return nil, errs.New(errs.Invalid, "sealed", "a sealed item of %d bytes is cut short", len(sealed))
	}
	plain, err := aead.Open(nil, sealed[:n], sealed[n:], c.bytes())
	if err != nil {
		return nil, errs.New(errs.Invalid, "sealed", "a sealed item was altered, or belongs to something else")
	}
	return plain, nil
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	if len(key) != KeySize {
		return nil, errs.New(errs.Invalid, "seal-key", "a key has %d bytes, not %d", KeySize, len(key))
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
