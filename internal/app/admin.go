package app

import (
	"context"
	"time"

	"limen/audit"
	"limen/internal/store"
)

// Admin does what an office does of a data folder, beside a running server or
// without one.
type Admin struct{ office }

// OpenAdmin opens the record: the PostgreSQL database at address, or, if that
// is "", the data folder dir. What is sealed stays sealed.
func OpenAdmin(ctx context.Context, dir, address string) (*Admin, error) {
	st, err := OpenBeside(ctx, dir, address, nil)
	if err != nil {
		return nil, err
	}
	return &Admin{office{store: st, now: time.Now}}, nil
}

// Close closes the record.
func (a *Admin) Close() error { return a.store.Close() }

// Note writes an administrative act that needs no other row to the audit log.
func (a *Admin) Note(ctx context.Context, action, subject string) error {
	return a.store.Write(ctx, func(tx *store.Tx) error {
		return tx.Audit(audit.Entry{At: a.now(), Actor: "operator", Action: action, Subject: subject, Purpose: "administration"})
	})
}

// office is what is done of a record without an engine, by the server and
// beside it: API keys, holds, the retention plan.
type office struct {
	store *store.Store
	now   func() time.Time
}
