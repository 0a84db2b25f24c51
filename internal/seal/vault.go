package seal

import "context"

// Keys keeps data keys.
type Keys interface {
	// Mint returns a new durable data key and its id: it survives a crash that
	// comes after Mint returned, so whatever is sealed under it can be opened.
	Mint(ctx context.Context) (id string, key []byte, err error)
	// Key returns a data key; NotFound (code "data-key") if it was destroyed.
	Key(ctx context.Context, id string) ([]byte, error)
	// Destroy makes the data keys unreadable for good. Destroying one that is
	// gone already is no error. After a crash inside it, some may be left;
	// calling it again finishes the work.
	Destroy(ctx context.Context, ids ...string) error
}

// Indexer makes blind indexes.
type Indexer interface {
	// Index returns the keyed digest of fields, 32 bytes: equal for equal
	// fields, and without the key nothing can be told from it.
	Index(fields ...string) []byte
}

// Vault seals, opens and looks up what names a person. It is safe for
// concurrent use if its parts are; FileKeys is both.
type Vault struct {
	Keys    Keys
	Indexer Indexer
}

// Mint returns the id of a new durable data key.
func (v Vault) Mint(ctx context.Context) (keyID string, err error) {
	keyID, _, err = v.Keys.Mint(ctx)
	return keyID, err
}

// Seal encrypts plain under the data key, bound to c. Errors: NotFound (code
// "data-key") if the data key was destroyed.
func (v Vault) Seal(ctx context.Context, keyID string, c Context, plain []byte) ([]byte, error) {
	key, err := v.Keys.Key(ctx, keyID)
	if err != nil {
		return nil, err
	}
	return Seal(key, c, plain)
}

// Open decrypts what Seal made under the same data key and context. Errors:
// NotFound (code "data-key") if the data key was destroyed, Invalid (code
// "sealed") for anything that was not sealed so.
func (v Vault) Open(ctx context.Context, keyID string, c Context, sealed []byte) ([]byte, error) {
	key, err := v.Keys.Key(ctx, keyID)
	if err != nil {
		return nil, err
	}
	return Open(key, c, sealed)
}

// Index returns the blind index of fields, 32 bytes.
func (v Vault) Index(fields ...string) []byte { return v.Indexer.Index(fields...) }
