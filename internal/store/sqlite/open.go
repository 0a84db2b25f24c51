// Package sqlite opens the store that lives inside the process: one file, one
// writer, many readers, every commit synced before it is acknowledged.
package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"

	"limen/errs"
	"limen/internal/latched"
	"limen/internal/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// File is the name of the database in the data folder.
const File = "limen.db"

const common = "?_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=synchronous(FULL)&_pragma=secure_delete(1)&_pragma=wal_autocheckpoint(0)"

// Open opens or creates limen.db in dir, brings its schema up to date, and
// holds a lock on dir until the store is closed: a second process gets an
// Unavailable error (code "data-locked") instead of a shared writer.
//
// What a crash of the last process left in the write-ahead log is moved into
// the database and synced before anything else, so that no later commit stands
// on pages of which nobody knows whether they reached the disk.
func Open(ctx context.Context, dir string, v store.Vault) (*store.Store, error) {
	e, err := OpenEngine(ctx, dir)
	if err != nil {
		return nil, err
	}
	return store.New(e, v), nil
}

// OpenEngine is Open without the store over it: for tests that put something
// in between.
func OpenEngine(ctx context.Context, dir string) (store.Engine, error) {
	lock, err := lockDir(dir)
	if err != nil {
		return nil, err
	}
	e, err := open(ctx, dir, lock.Close, prepare)
	if err != nil {
		lock.Close()
		return nil, err
	}
	return e, nil
}

// OpenBeside opens limen.db in dir even while a server is using it: for small
// administrative changes, which the database's own locks keep apart from the
// server's. Where no server runs it is the same as Open.
func OpenBeside(ctx context.Context, dir string, v store.Vault) (*store.Store, error) {
	s, err := Open(ctx, dir, v)
	if errs.CodeOf(err) != "data-locked" {
		return s, err
	}
	keep := func(context.Context, *sql.DB) error { return nil } // the server did it
	e, err := open(ctx, dir, func() error { return nil }, keep)
	if err != nil {
		return nil, err
	}
	return store.New(e, v), nil
}

func open(ctx context.Context, dir string, closed func() error, prepare func(context.Context, *sql.DB) error) (*engine, error) {
	path := filepath.Join(dir, File)
	uri := URI(path) + common
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, errs.New(errs.Broken, "store-open", "the store cannot be opened: %w", err)
	}
	f.Close()
	if err := latched.Make(ctx, uri, path); err != nil {
		return nil, errs.New(errs.Broken, "store-open", "the store cannot be made: %w", err)
	}
	latch := &latched.Latch{}
	writer := latch.Open(uri)
	writer.SetMaxOpenConns(1)
	if err := prepare(ctx, writer); err != nil {
		writer.Close()
		return nil, err
	}
	// SQLite does not look whether the name of a new log was synced.
	if err := syncDir(dir); err != nil {
		return nil, errs.New(errs.Broken, "store-open", "the data folder cannot be synced: %w", err)
	}
	reader := latch.Open(uri + "&_pragma=query_only(1)")
	reader.SetMaxOpenConns(2 * runtime.NumCPU())
	return &engine{writer: writer, reader: reader, closed: closed}, nil
}

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// URI is the name of a database file for the driver, without parameters.
func URI(path string) string { return "file:" + (&url.URL{Path: path}).EscapedPath() }

// prepare moves what is in the write-ahead log into the database, and brings
// the schema up to date.
func prepare(ctx context.Context, db *sql.DB) error {
	if err := latched.WAL(ctx, db); err != nil {
		return errs.New(errs.Broken, "store-open", "the store cannot keep a write-ahead log: %w", err)
	}
	var busy, logged, moved int
	err := db.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &logged, &moved)
	if err != nil || busy != 0 {
		return errs.New(errs.Broken, "store-open", "the write-ahead log cannot be moved into the store: %w", errors.Join(err))
	}
	var old int
	if err := db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'travelers' AND sql LIKE '%surname%'`).Scan(&old); err != nil {
		return errs.New(errs.Broken, "store-open", "the store cannot be read: %w", err)
	}
	if old > 0 {
		return errs.New(errs.Broken, "store-old", "this data folder was made by a trial version before the record was sealed; start with an empty one")
	}
	if err := migrate(ctx, db); err != nil {
		return errs.New(errs.Broken, "store-migrate", "the store's schema cannot be brought up to date: %w", err)
	}
	return nil
}

func migrate(ctx context.Context, db *sql.DB) error {
	if err := makeVersions(ctx, db); err != nil {
		return err
	}
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

// makeVersions makes the table that goose counts migrations in, if it is not
// there: goose itself would try again, second after second, when the commit of
// it failed.
func makeVersions(ctx context.Context, db *sql.DB) error {
	var there bool
	err := db.QueryRowContext(ctx, `SELECT count(*) > 0 FROM sqlite_master WHERE type = 'table' AND name = $1`, goose.DefaultTablename).Scan(&there)
	if err != nil || there {
		return err
	}
	versions, err := database.NewStore(database.DialectSQLite3, goose.DefaultTablename)
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	err = versions.CreateVersionTable(ctx, tx)
	if err == nil {
		err = versions.Insert(ctx, tx, database.InsertRequest{Version: 0})
	}
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
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
