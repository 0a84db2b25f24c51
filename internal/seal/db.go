package seal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"modernc.org/sqlite"

	"limen/errs"
	"limen/internal/latched"
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
	options := fmt.Sprintf("?_pragma=busy_timeout(%d)&_pragma=synchronous(FULL)&_pragma=secure_delete(1)&_pragma=wal_autocheckpoint(0)&_txlock=immediate", patience.Milliseconds())
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + options
	if err := latched.Make(ctx, dsn, path); err != nil {
		return nil, err
	}
	db := (&latched.Latch{}).Open(dsn)
	db.SetMaxOpenConns(1)
	if err := latched.WAL(ctx, db); err != nil {
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
		if isBusy(err) {
			return errs.Retry(time.Second, "keys-busy", "another process has the data keys: %w", err)
		}
		return errs.New(errs.Broken, "keys-write", "the data keys cannot be written: %w", err)
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

// checkpoint moves the write-ahead log into keys.db and empties it. SQLite does
// not wait for another process's checkpoint, so that is done here.
func (k *FileKeys) checkpoint() error {
	for began := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		var inUse, logged, moved int
		err := k.db.QueryRow(`PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&inUse, &logged, &moved)
		switch {
		case err == nil && inUse == 0:
			return nil
		case err != nil && !isBusy(err):
			k.stop()
			return errs.New(errs.Broken, "keys-checkpoint", "destroyed keys may still be in the write-ahead log: %w", err)
		case time.Since(began) > patience:
			return errs.Retry(time.Second, "keys-busy", "destroyed keys are still in the write-ahead log, which another process reads")
		}
	}
}

// tidy is a checkpoint that waits for nobody, so that the write-ahead log stays
// short where keys are only made. SQLite's own is off: that it failed is told to
// nobody, and it is tried again as if nothing had been.
func (k *FileKeys) tidy() error {
	var inUse, logged, moved int
	err := k.db.QueryRow(`PRAGMA wal_checkpoint(PASSIVE)`).Scan(&inUse, &logged, &moved)
	if err == nil || isBusy(err) {
		return nil
	}
	k.stop()
	return errs.New(errs.Broken, "keys-checkpoint", "the write-ahead log cannot be moved into the data keys: %w", err)
}

// patience is how long another process may hold keys.db.
const patience = 10 * time.Second

func isBusy(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == 5 // SQLITE_BUSY
}

func (k *FileKeys) stop() { k.stopOnce.Do(func() { close(k.stopped) }) }

// Stopped is closed when an I/O error left the state of the data keys unknown:
// the process should exit, and the next opening recovers.
func (k *FileKeys) Stopped() <-chan struct{} { return k.stopped }
