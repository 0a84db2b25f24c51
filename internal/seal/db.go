package seal

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"modernc.org/sqlite"

	"limen/errs"
)

// openSQLite opens keys.db. secure_delete overwrites what is deleted; the one
// connection makes sure that a checkpoint never waits for a reader of this
// process and leaves no old page.
func openSQLite(ctx context.Context, path string) (*sql.DB, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(f.Close(), syncDir(filepath.Dir(path))); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=secure_delete(1)&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// write runs fn in a write transaction, which excludes every other writer, in
// other processes too. Writes are short and not cut by a caller who goes away.
func (k *FileKeys) write(fn func(*sql.Tx) error) error {
	select {
	case <-k.stopped:
		return errs.New(errs.Broken, "keys-stopped", "an earlier error left the data keys in an unknown state")
	default:
	}
	tx, err := k.db.Begin()
	if err != nil {
		return busy(err, "keys-write", "the data keys cannot be written")
	}
	if err := fn(tx); err != nil {
		if rerr := tx.Rollback(); rerr != nil {
			k.stop()
		}
		return err
	}
	if err := tx.Commit(); err != nil {
		k.stop()
		return errs.New(errs.Broken, "keys-commit", "whether the data keys were written is unknown: %w", err)
	}
	return nil
}

// checkpoint moves the write-ahead log into keys.db and empties it.
func (k *FileKeys) checkpoint() error {
	var inUse, logged, moved int
	err := k.db.QueryRow(`PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&inUse, &logged, &moved)
	if err == nil && inUse != 0 {
		return errs.Retry(time.Second, "keys-busy", "destroyed keys are still in the write-ahead log, which another process reads")
	}
	if err != nil {
		if e := busy(err, "keys-checkpoint", "destroyed keys may still be in the write-ahead log"); e.Kind == errs.Unavailable {
			return e
		}
		k.stop()
		return errs.New(errs.Broken, "keys-checkpoint", "destroyed keys may still be in the write-ahead log: %w", err)
	}
	return nil
}

// sqliteBusy is SQLITE_BUSY.
const sqliteBusy = 5

func busy(err error, code, what string) *errs.Error {
	var e *sqlite.Error
	if errors.As(err, &e) && e.Code()&0xff == sqliteBusy {
		return errs.Retry(time.Second, "keys-busy", "another process has the data keys: %w", err)
	}
	return errs.New(errs.Broken, code, "%s: %w", what, err)
}

func (k *FileKeys) stop() { k.stopOnce.Do(func() { close(k.stopped) }) }

// Stopped is closed when an I/O error left the state of the data keys unknown:
// the process should exit, and the next opening recovers.
func (k *FileKeys) Stopped() <-chan struct{} { return k.stopped }
