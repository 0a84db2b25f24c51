package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"limen/errs"
	"limen/internal/seal"
	"limen/internal/store"
	"limen/internal/store/postgres"
	"limen/internal/store/sqlite"
)

// vault is the store's access to the data keys. The store is opened first, to
// see whether there must be keys.
type vault struct{ seal.Vault }

// openRecord opens the store and the data keys. Where something is sealed
// there must be keys: a new keys.db beside it would make it unreadable without
// a word; and keys without a store are a disk that is not mounted.
func openRecord(ctx context.Context, c Config) (*store.Store, *seal.FileKeys, error) {
	v := &vault{}
	st, err := openStore(ctx, c.Dir, c.Store, v)
	if err != nil {
		return nil, nil, err
	}
	var sealed bool
	err = st.Read(ctx, func(tx *store.Tx) (err error) { sealed, err = tx.HasItems(); return err })
	if err != nil {
		return nil, nil, errors.Join(err, st.Close())
	}
	keys, err := seal.OpenKeys(ctx, seal.Config{Dir: filepath.Clean(c.Dir), KEK: c.KEK, Passphrase: c.Passphrase, Existing: sealed, Now: c.Now})
	if errs.CodeOf(err) == "keys-none" {
		err = errs.New(errs.Broken, "data-folder", "the store has sealed records but there is no keys.db: restore it before you start")
	}
	if err != nil {
		return nil, nil, errors.Join(err, st.Close())
	}
	v.Vault = seal.Vault{Keys: keys, Indexer: keys}
	return st, keys, nil
}

// openStore opens the store for the one server: the database at url, or SQLite
// in dir if that is "".
func openStore(ctx context.Context, dir, url string, v store.Vault) (*store.Store, error) {
	if url != "" {
		if err := os.MkdirAll(dir, 0o700); err != nil { // of keys.db, kek and audit.key
			return nil, errs.New(errs.Broken, "data-dir", "the data folder cannot be made: %w", err)
		}
		return postgres.Open(ctx, url, v)
	}
	if exists(filepath.Join(dir, "keys.db")) && !exists(filepath.Join(dir, sqlite.File)) {
		return nil, errs.New(errs.Broken, "data-folder", "the data folder has keys.db but no limen.db: is it the right folder, and its disk mounted?")
	}
	return sqlite.Open(ctx, dir, v)
}

// OpenBeside opens the store that a server may be using, for an office or a
// check: the database at url, or SQLite in dir if that is "". A nil vault reads
// and writes nothing that is sealed.
func OpenBeside(ctx context.Context, dir, url string, v store.Vault) (*store.Store, error) {
	if url != "" {
		return postgres.OpenBeside(ctx, url, v)
	}
	return sqlite.OpenBeside(ctx, dir, v)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// Stopped is closed when the state of the record is unknown, after an error of
// a disk or of a commit. The process must end then, at once: nothing is closed,
// nothing is tried again, and start-up repairs. Err says why.
func (a *App) Stopped() <-chan struct{} { return a.store.Stopped() }

// Err returns why the record stopped, or nil.
func (a *App) Err() error { return a.store.Err() }

// stopTogether stops the store when the keys stop.
func (a *App) stopTogether() {
	select {
	case <-a.keys.Stopped():
		a.store.Stop(errs.New(errs.Broken, "keys-stopped", "the data keys cannot be written"))
	case <-a.store.Stopped():
	case <-a.closed:
	}
}

// Close closes store and keys, not the engine. No call may be running. After a
// stop it closes nothing.
func (a *App) Close() error {
	close(a.closed)
	a.mu.Lock()
	for _, g := range a.galleries {
		g.Clear()
	}
	a.mu.Unlock()
	select {
	case <-a.keys.Stopped(): // the store may not have heard of it yet
		return nil
	case <-a.store.Stopped():
		return nil
	default:
		return errors.Join(a.keys.Close(), a.store.Close())
	}
}
