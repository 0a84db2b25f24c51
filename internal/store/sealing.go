package store

import (
	"limen/errs"
	"limen/internal/seal"
)

// record is the class in which records of people are sealed. How long each is
// kept stands beside it in its row, and may change; whose it is may not.
const record = "record"

func (t *Tx) mint() (string, error) {
	if t.store.vault == nil {
		return "", errNoVault()
	}
	return t.store.vault.Mint(t.ctx)
}

func (t *Tx) seal(keyID string, c seal.Context, plain []byte) ([]byte, error) {
	if t.store.vault == nil {
		return nil, errNoVault()
	}
	return t.store.vault.Seal(t.ctx, keyID, c, plain)
}

func (t *Tx) open(keyID string, c seal.Context, sealed []byte) ([]byte, error) {
	if t.store.vault == nil {
		return nil, errNoVault()
	}
	return t.store.vault.Open(t.ctx, keyID, c, sealed)
}

func errNoVault() error {
	return errs.New(errs.Broken, "store-no-vault", "the store was opened without its data keys")
}

// openJSON opens a sealed value into v, or reports that its key is destroyed.
func (t *Tx) openJSON(keyID string, c seal.Context, sealed []byte, v any) (erased bool, err error) {
	plain, err := t.open(keyID, c, sealed)
	if errs.KindOf(err) == errs.NotFound {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return false, jsonColumn{v}.Scan(plain)
}
