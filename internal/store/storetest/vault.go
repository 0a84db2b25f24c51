package storetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"sync"

	"limen/errs"
	"limen/internal/seal"
)

// vault stands in for the data keys: what it seals can be read by anyone, is
// the same every time, and opens only under its key and in its context, until
// the key is destroyed. Two engines that are told the same then hold the same.
type vault struct {
	mu     sync.Mutex
	minted int
	gone   map[string]bool
}

func newVault() *vault { return &vault{gone: map[string]bool{}} }

// keyPattern matches a key's id, wherever it stands.
const keyPattern = `key-[0-9]{6}`

func (v *vault) Mint(context.Context) (string, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.minted++
	return fmt.Sprintf("key-%06d", v.minted), nil
}

func (v *vault) destroy(id string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.gone[id] = true
}

func (v *vault) Seal(_ context.Context, keyID string, c seal.Context, plain []byte) ([]byte, error) {
	if err := v.there(keyID); err != nil {
		return nil, err
	}
	return append(frame(keyID, c), plain...), nil
}

func (v *vault) Open(_ context.Context, keyID string, c seal.Context, sealed []byte) ([]byte, error) {
	if err := v.there(keyID); err != nil {
		return nil, err
	}
	plain, ok := bytes.CutPrefix(sealed, frame(keyID, c))
	if !ok {
		return nil, errs.New(errs.Invalid, "sealed", "sealed otherwise")
	}
	return bytes.Clone(plain), nil
}

func (v *vault) Index(fields ...string) []byte {
	digest := sha256.Sum256([]byte(strings.Join(fields, "\x00")))
	return digest[:]
}

func (v *vault) there(keyID string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if keyID == "" || v.gone[keyID] {
		return errs.New(errs.NotFound, "data-key", "the data key is gone")
	}
	return nil
}

func frame(keyID string, c seal.Context) []byte {
	return fmt.Appendf(nil, "%s|%s|%s|%s|%s|", keyID, c.Subject, c.Class, c.Kind, c.Model)
}
