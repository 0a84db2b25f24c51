package sqlite

import (
	"context"
	"database/sql"
)

// SQLite's own checkpoint after a commit (wal_autocheckpoint, which is off)
// tells nobody that it failed, and is tried again at the next commit: a sync
// that failed would be believed the second time. The writer makes it before a
// transaction instead, where an error stops the store.

// checkpointAfter is how many bytes may be written between checkpoints, about:
// as much as 1000 pages, after which SQLite would make one.
const checkpointAfter = 4 << 20

type queryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// checkpoint moves what it can of the write-ahead log into the database. It
// waits for nobody: what others still read stays for the next time.
func checkpoint(ctx context.Context, q queryer) error {
	var busy, logged, moved int
	err := q.QueryRowContext(ctx, `PRAGMA wal_checkpoint(PASSIVE)`).Scan(&busy, &logged, &moved)
	if isBusy(err) {
		return nil
	}
	return err
}

// checkpoint is called between transactions.
func (w *writer) checkpoint(ctx context.Context) error {
	if w.written < checkpointAfter {
		return nil
	}
	w.written = 0
	return checkpoint(ctx, w.conn)
}

// wrote counts what a statement writes: its values, and about a page around
// them.
func (w *writer) wrote(args []any) {
	w.written += 4096
	for _, a := range args {
		switch a := a.(type) {
		case []byte:
			w.written += len(a)
		case string:
			w.written += len(a)
		}
	}
}
