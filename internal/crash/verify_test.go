package crash

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"limen/internal/app"
	"limen/internal/check"
	"limen/internal/notary"
	"limen/internal/seal"
)

// verify runs the program's own check, `limen store check`, beside the server
// or without one: every invariant of the record, and every sealed value opened.
// It returns the first violations in words.
func verify(ctx context.Context, p place) (violations []string, err error) {
	keys, err := seal.OpenKeys(ctx, seal.Config{Dir: p.data(), Existing: true})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, keys.Close()) }()
	st, err := app.OpenBeside(ctx, p.data(), p.store, seal.Vault{Keys: keys, Indexer: keys})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	signer, err := notary.ReadKey(filepath.Join(p.data(), notary.KeyFile))
	if err != nil {
		return nil, err
	}
	r, err := check.Run(ctx, st, check.Options{Now: time.Now(), Keys: keys, Deep: true, Signers: signer.Verifiers()})
	if err != nil {
		return nil, err
	}
	for _, v := range r.Violations[:min(len(r.Violations), 5)] {
		violations = append(violations, fmt.Sprint(v))
	}
	return violations, nil
}
