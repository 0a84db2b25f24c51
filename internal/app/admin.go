package app

import (
	"context"
	"time"

	"limen/internal/store"
	"limen/internal/store/sqlite"
)

// Admin does what an office does of a data folder, beside a running server or
// without one.
type Admin struct{ office }

// OpenAdmin opens the data folder dir.
func OpenAdmin(ctx context.Context, dir string) (*Admin, error) {
	st, err := sqlite.OpenBeside(ctx, dir, nil)
	if err != nil {
		return nil, err
	}
	return &Admin{office{store: st, now: time.Now}}, nil
}

// Close closes the data folder.
func (a *Admin) Close() error { return a.store.Close() }

// office is what is done of a record without an engine, by the server and
// beside it: API keys, holds, the retention plan.
type office struct {
	store *store.Store
	now   func() time.Time
}
