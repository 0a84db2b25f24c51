package bench

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver of bare inserts

	"limen/internal/seal"
	"limen/internal/store"
	"limen/internal/store/pgtest"
	"limen/internal/store/postgres"
	"limen/internal/store/sqlite"
)

// OnSQLite measures the record on SQLite in an empty folder.
func OnSQLite(ctx context.Context, dir string) (*Record, error) {
	r, v, err := withKeys(ctx, "SQLite", dir)
	if err != nil {
		return nil, err
	}
	if r.Store, err = sqlite.Open(ctx, dir, v); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	r.Bare, err = sql.Open("sqlite", sqlite.URI(filepath.Join(dir, sqlite.File))+
		"?_pragma=busy_timeout(10000)&_pragma=synchronous(FULL)&_pragma=journal_mode(WAL)&_txlock=immediate")
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	r.Bare.SetMaxOpenConns(1) // SQLite has one writer; more wait better here than there
	return r, nil
}

// OnPostgres measures the record on PostgreSQL: in the empty database at url,
// or in a throw-away server of its own if url is "". Its error is
// pgtest.ErrMissing where there is no PostgreSQL.
func OnPostgres(ctx context.Context, dir, url string, clients int) (*Record, error) {
	r, v, err := withKeys(ctx, "PostgreSQL", dir)
	if err != nil {
		return nil, err
	}
	if url == "" {
		server, err := pgtest.New(ctx, pgtest.Options{})
		if err != nil {
			return nil, errors.Join(err, r.Close())
		}
		r.closers = append(r.closers, server.Stop)
		name, err := server.NewDatabase(ctx)
		if err != nil {
			return nil, errors.Join(err, r.Close())
		}
		url = server.URL(name)
	}
	if r.Store, err = postgres.Open(ctx, url, v); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	if r.Bare, err = sql.Open("pgx", url); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	r.Bare.SetMaxOpenConns(clients)
	r.Bare.SetMaxIdleConns(clients)
	return r, nil
}

func withKeys(ctx context.Context, name, dir string) (*Record, store.Vault, error) {
	keys, err := seal.OpenKeys(ctx, seal.Config{Dir: dir})
	if err != nil {
		return nil, nil, err
	}
	r := &Record{Name: name, Round: time.Second, Rounds: 8, closers: []func() error{keys.Close}}
	return r, seal.Vault{Keys: keys, Indexer: keys}, nil
}

// Close closes what was opened, and stops what was started.
func (r *Record) Close() error {
	var err error
	if r.Bare != nil {
		err = r.Bare.Close()
	}
	if r.Store != nil {
		err = errors.Join(err, r.Store.Close())
	}
	for i := len(r.closers) - 1; i >= 0; i-- {
		err = errors.Join(err, r.closers[i]())
	}
	return err
}
