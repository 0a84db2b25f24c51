package postgres

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"io/fs"
	"runtime"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"limen/errs"
	"limen/internal/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Open opens the store in the database that address names (a postgres:// URL;
// what it leaves out comes from the environment, as for psql: PGPASSWORD,
// PGPASSFILE, PGSSLROOTCERT …), brings its schema up to date, and holds the
// database until the store is closed: a second server gets an Unavailable
// error (code "data-locked").
//
// Broken errors: "store-address" for an address that is none, "store-open"
// where the server cannot be reached, what settings.refuse says of it, and
// "store-migrate".
func Open(ctx context.Context, address string, v store.Vault) (*store.Store, error) {
	e, err := OpenEngine(ctx, address)
	if err != nil {
		return nil, err
	}
	return store.New(e, v), nil
}

// OpenEngine is Open without the store over it: for tests that put something
// in between.
func OpenEngine(ctx context.Context, address string) (store.Engine, error) {
	e, err := newEngine(address, true, lockPatience)
	if err != nil {
		return nil, err
	}
	if err := e.prepare(ctx); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	e.upkeep.Go(e.keepPartitions)
	return e, nil
}

// OpenBeside opens the store even while a server is using it: for small
// administrative changes, which the writer's lock on the log's head keeps apart
// from the server's. Where no server runs it is the same as Open.
func OpenBeside(ctx context.Context, address string, v store.Vault) (*store.Store, error) {
	e, err := newEngine(address, true, 0)
	if err == nil {
		err = e.prepare(ctx)
	}
	if errs.CodeOf(err) == "data-locked" { // the server has seen to the schema
		_ = e.Close()
		e, err = newEngine(address, false, 0)
		if err == nil {
			err = reached(e.writers.PingContext(ctx))
		}
	}
	if err != nil {
		return nil, err
	}
	return store.New(e, v), nil
}

// newEngine connects to nothing yet. locks says that the writer is a server's.
func newEngine(address string, locks bool, patience time.Duration) (*engine, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil { // its text leaves the password out
		return nil, errs.New(errs.Broken, "store-address", "not the address of a PostgreSQL database: %w", err)
	}
	limitWaits(config)
	e := &engine{config: config}
	e.open, e.end = context.WithCancel(context.Background())
	e.writers = stdlib.OpenDB(*config, stdlib.OptionAfterConnect(writerSession(locks, patience)))
	e.writers.SetMaxOpenConns(1)
	e.readers = stdlib.OpenDB(*config)
	e.readers.SetMaxOpenConns(readers())
	e.readers.SetMaxIdleConns(readers())
	return e, nil
}

// readers is how many read at a time: enough that a round trip to another
// machine keeps no processor idle, few beside a server's usual 100.
func readers() int { return max(8, 2*runtime.NumCPU()) }

// prepare connects the writer, and so checks and locks, brings the schema up to
// date, and makes the coming months' partitions.
func (e *engine) prepare(ctx context.Context) error {
	if err := reached(e.writers.PingContext(ctx)); err != nil {
		return err
	}
	if err := migrate(ctx, e.writers); err != nil {
		return errs.New(errs.Broken, "store-migrate", "the store's schema cannot be brought up to date: %w", err)
	}
	err := makePartitions(ctx, e.writers, time.Now())
	if errs.KindOf(err) == errs.Unavailable {
		return nil // a reader is in the way; keepPartitions tries again
	}
	return reached(err)
}

// reached classifies an error of opening, unless it is of a kind already.
func reached(err error) error {
	var known *errs.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	return errs.New(errs.Broken, "store-open", "the store cannot be opened: %w", err)
}

func migrate(ctx context.Context, db *sql.DB) error {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db, dir)
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// keepPartitions makes the partitions of the coming months while the store is
// open. Where that fails, rows go to the default partition meanwhile.
func (e *engine) keepPartitions() {
	for {
		next := 6 * time.Hour
		if e.partitions() != nil {
			next = time.Minute
		}
		select {
		case <-time.After(next):
		case <-e.open.Done():
			return
		}
	}
}

func (e *engine) partitions() error {
	ctx, cancel := context.WithTimeout(e.open, time.Minute)
	defer cancel()
	db := stdlib.OpenDB(*e.config)
	return errors.Join(makePartitions(ctx, db, time.Now()), db.Close())
}

// engine implements store.Engine.
type engine struct {
	config           *pgx.ConnConfig
	writers, readers *sql.DB // of writers there is one
	upkeep           sync.WaitGroup
	open             context.Context // until Close
	end              context.CancelFunc
}

// Close implements store.Engine.
func (e *engine) Close() error {
	e.end()
	e.upkeep.Wait()
	return errors.Join(e.readers.Close(), e.writers.Close())
}

func (e *engine) Reader() *sql.DB { return e.readers }

func (e *engine) ReadOptions() *sql.TxOptions {
	return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
}

func (e *engine) Arrays() bool { return true }
