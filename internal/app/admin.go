package app

import (
	"context"
	"time"

	"limen/internal/store"
	"limen/internal/store/sqlite"
)

// Admin issues and revokes API keys of a data folder, beside a running server or without one.
type Admin struct{ keyring }

// OpenAdmin opens the data folder dir.
func OpenAdmin(ctx context.Context, dir string) (*Admin, error) {
	st, err := sqlite.OpenBeside(ctx, dir, nil)
	if err != nil {
		return nil, err
	}
	return &Admin{keyring{store: st, now: time.Now}}, nil
}

// Close closes the data folder.
func (a *Admin) Close() error { return a.store.Close() }

// keyring issues and revokes API keys.
type keyring struct {
	store *store.Store
	now   func() time.Time
}
