package seal

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	"github.com/google/uuid"
	_ "modernc.org/sqlite" // the driver of keys.db

	"limen/errs"
)

// mintBatch is how many data keys are made durable at once, so that a capture
// does not pay for a commit of its own. A crash leaves some unused: harmless.
const mintBatch = 64

// FileKeys keeps data keys in keys.db, each wrapped by the key-encryption key
// of the file kek. Both files are created readable by their owner alone.
type FileKeys struct {
	db  *sql.DB
	kek []byte

	mu     sync.Mutex
	minted []mintedKey
}

type mintedKey struct {
	id  string
	key []byte
}

// OpenFileKeys opens the data keys of dir with the key-encryption key in
// kekFile ("" means kek in dir). Keep the two apart where the disk may be
// stolen: with both, everything not yet erased can be read.
//
// A key-encryption key is made only where there are no data keys yet. Broken
// errors: "kek-missing" where there are (a disk that is not mounted must not
// become a new key under which nothing opens), "kek-wrong" where the key does
// not open them.
func OpenFileKeys(ctx context.Context, dir, kekFile string) (*FileKeys, error) {
	if kekFile == "" {
		kekFile = filepath.Join(dir, "kek")
	}
	db, err := openKeys(ctx, filepath.Join(dir, "keys.db"))
	if err != nil {
		return nil, errs.New(errs.Broken, "keys-open", "the data keys cannot be opened: %w", err)
	}
	k := &FileKeys{db: db}
	if err := k.unlock(ctx, kekFile); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return k, nil
}

func openKeys(ctx context.Context, path string) (*sql.DB, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	f.Close()
	// secure_delete overwrites deleted keys; the one connection makes sure
	// that a checkpoint never waits for a reader and leaves no old page.
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=secure_delete(1)&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS data_keys (id TEXT PRIMARY KEY, wrapped BLOB NOT NULL) WITHOUT ROWID`); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// unlock reads or makes the key-encryption key and tries it on one data key.
func (k *FileKeys) unlock(ctx context.Context, path string) error {
	var id string
	err := k.db.QueryRowContext(ctx, `SELECT id FROM data_keys LIMIT 1`).Scan(&id)
	empty := errors.Is(err, sql.ErrNoRows)
	if err != nil && !empty {
		return errs.New(errs.Broken, "keys-read", "the data keys cannot be read: %w", err)
	}
	if k.kek, err = os.ReadFile(path); errors.Is(err, fs.ErrNotExist) && empty {
		k.kek = make([]byte, KeySize)
		if _, err := rand.Read(k.kek); err != nil {
			return err
		}
		return writeDurably(path, k.kek)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errs.New(errs.Broken, "kek-missing", "there are data keys, but the file of their key-encryption key is missing: is its disk mounted?")
	case err != nil:
		return errs.New(errs.Broken, "kek", "the key-encryption key cannot be read: %w", err)
	case len(k.kek) != KeySize:
		return errs.New(errs.Broken, "kek", "the key-encryption key file has %d bytes, not %d", len(k.kek), KeySize)
	case empty:
		return nil
	}
	if _, err := k.Key(ctx, id); err != nil {
		return errs.New(errs.Broken, "kek-wrong", "the key-encryption key does not open the data keys: it is another installation's")
	}
	return nil
}

// writeDurably creates path with b in it, whole or not at all.
func writeDurably(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".kek-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	// The name must be as durable as the key: what is sealed under a key that a
	// power cut took is lost.
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}

func wrapContext(id string) Context { return Context{Subject: id, Kind: "data-key"} }

// Mint implements Keys.
func (k *FileKeys) Mint(ctx context.Context) (string, []byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.minted) == 0 {
		if err := k.mintMore(ctx); err != nil {
			return "", nil, err
		}
	}
	m := k.minted[len(k.minted)-1]
	k.minted = k.minted[:len(k.minted)-1]
	return m.id, m.key, nil
}

func (k *FileKeys) mintMore(ctx context.Context) error {
	tx, err := k.db.BeginTx(ctx, nil)
	if err != nil {
		return errs.New(errs.Broken, "keys-mint", "data keys cannot be made: %w", err)
	}
	defer tx.Rollback()
	var batch []mintedKey
	for range mintBatch {
		m := mintedKey{uuid.Must(uuid.NewV7()).String(), make([]byte, KeySize)}
		if _, err := rand.Read(m.key); err != nil {
			return err
		}
		wrapped, err := Seal(k.kek, wrapContext(m.id), m.key)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO data_keys (id, wrapped) VALUES ($1, $2)`, m.id, wrapped); err != nil {
			return errs.New(errs.Broken, "keys-mint", "data keys cannot be made: %w", err)
		}
		batch = append(batch, m)
	}
	if err := tx.Commit(); err != nil {
		return errs.New(errs.Broken, "keys-mint", "data keys cannot be made: %w", err)
	}
	k.minted = batch
	return nil
}

// Key implements Keys.
func (k *FileKeys) Key(ctx context.Context, id string) ([]byte, error) {
	var wrapped []byte
	err := k.db.QueryRowContext(ctx, `SELECT wrapped FROM data_keys WHERE id = $1`, id).Scan(&wrapped)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errs.New(errs.NotFound, "data-key", "the data key was destroyed")
	}
	if err != nil {
		return nil, errs.New(errs.Broken, "keys-read", "a data key cannot be read: %w", err)
	}
	return Open(k.kek, wrapContext(id), wrapped)
}

// Destroy implements Keys. When it returns, the wrapped keys are gone from the
// file and from its write-ahead log.
func (k *FileKeys) Destroy(ctx context.Context, ids ...string) error {
	if len(ids) == 0 {
		return nil
	}
	tx, err := k.db.BeginTx(ctx, nil)
	if err != nil {
		return errs.New(errs.Broken, "keys-destroy", "data keys cannot be destroyed: %w", err)
	}
	defer tx.Rollback()
	for _, id := range ids {
		if _, err := tx.ExecContext(ctx, `DELETE FROM data_keys WHERE id = $1`, id); err != nil {
			return errs.New(errs.Broken, "keys-destroy", "data keys cannot be destroyed: %w", err)
		}
	}
	if err := tx.Commit(); err != nil {
		return errs.New(errs.Broken, "keys-destroy", "data keys cannot be destroyed: %w", err)
	}
	var busy, logged, moved int
	err = k.db.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &logged, &moved)
	if err == nil && busy != 0 {
		err = errors.New("it is being read")
	}
	if err != nil {
		return errs.New(errs.Broken, "keys-destroy", "destroyed keys are still in the write-ahead log: %w", err)
	}
	return nil
}

// Close closes keys.db.
func (k *FileKeys) Close() error { return k.db.Close() }
