// Package sqlite opens the store that lives inside the process: one file, one
// writer, many readers, every commit synced before it is acknowledged.
package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver

	"limen/errs"
	"limen/internal/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

const common = "?_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=synchronous(FULL)&_pragma=secure_delete(1)"

// Open opens or creates limen.db in dir, brings its schema up to date, and
// holds a lock on dir until the store is closed: a second process gets an
// Unavailable error (code "data-locked") instead of a shared writer.
func Open(ctx context.Context, dir string) (*store.Store, error) {
	lock, err := lockDir(dir)
	if err != nil {
		return nil, err
	}
	s, err := open(ctx, dir, lock.Close, migrate)
	if err != nil {
		lock.Close()
	}
	return s, err
}

// OpenBeside opens limen.db in dir even while a server is using it: for small
// administrative changes, which the database's own locks keep apart from the
// server's. Where no server runs it is the same as Open.
func OpenBeside(ctx context.Context, dir string) (*store.Store, error) {
	s, err := Open(ctx, dir)
	if errs.CodeOf(err) != "data-locked" {
		return s, err
	}
	keep := func(context.Context, *sql.DB) error { return nil } // the server did it
	return open(ctx, dir, func() error { return nil }, keep)
}

func open(ctx context.Context, dir string, closed func() error, migrate func(context.Context, *sql.DB) error) (*store.Store, error) {
	path := filepath.Join(dir, "limen.db")
	uri := "file:" + (&url.URL{Path: path}).EscapedPath() + common
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, errs.New(errs.Broken, "store-open", "the store cannot be opened: %w", err)
	}
	f.Close()
	writer, err := sql.Open("sqlite", uri+"&_pragma=journal_mode(WAL)&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	writer.SetMaxOpenConns(1)
	if err := migrate(ctx, writer); err != nil {
		writer.Close()
		return nil, errs.New(errs.Broken, "store-migrate", "the store's schema cannot be brought up to date: %w", err)
	}
	reader, err := sql.Open("sqlite", uri+"&_pragma=query_only(1)")
	if err != nil {
		writer.Close()
		return nil, err
	}
	reader.SetMaxOpenConns(2 * runtime.NumCPU())
	return store.New(writer, reader, closed), nil
}

func migrate(ctx context.Context, db *sql.DB) error {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, dir)
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// lockDir takes the lock that goose and the one writer rely on; the kernel
// drops it when the process ends, however it ends.
func lockDir(dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, errs.New(errs.Broken, "data-dir", "the data folder cannot be made: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, errs.New(errs.Broken, "data-dir", "the data folder cannot be locked: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, errs.New(errs.Unavailable, "data-locked", "another limen is using this data folder")
	}
	return f, nil
}
