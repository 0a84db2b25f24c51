// Package seal encrypts images and templates, and erases them by destroying
// their keys.
//
// Every sealed item has a data key of its own, kept wrapped by a
// key-encryption key in a place apart from the sealed bytes (Keys). An item
// whose data key is destroyed is unreadable, in the store, in its free pages
// and in every copy of it. No image or template reaches a disk unsealed.
//
// Source: AES-256-GCM after NIST SP 800-38D, random 96-bit nonces; a data key
// seals two messages at most, an image and a template.
package seal

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"

	"limen/errs"
)

// KeySize is the size of data keys and of key-encryption keys, in bytes.
const KeySize = 32

// Keys keeps data keys.
type Keys interface {
	// Mint returns a new durable data key and its id.
	Mint(ctx context.Context) (id string, key []byte, err error)
	// Key returns a data key; NotFound (code "data-key") if it was destroyed.
	Key(ctx context.Context, id string) ([]byte, error)
	// Destroy makes the data keys unreadable for good. Destroying one that is
	// gone already is no error. After a crash inside it, some may be left;
	// calling it again finishes the work.
	Destroy(ctx context.Context, ids ...string) error
}

// Context is what a sealed item is bound to: it opens only for the same
// subject, kind and model, so sealed bytes cannot be swapped between
// persons or passed off as something else.
type Context struct {
	Subject string // passenger or encounter id
	Kind    string // "image" or "template"
	Model   string // of a template; "" for an image
}

func (c Context) bytes() []byte {
	var b []byte
	for _, s := range []string{"limen-seal-v1", c.Subject, c.Kind, c.Model} {
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
