package seal

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"io/fs"
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
// kekFile ("" means kek in dir, made at the first use). Keep the two apart
// where the disk may be stolen: with both, everything not yet erased can be
// read.
func OpenFileKeys(ctx context.Context, dir, kekFile string) (*FileKeys, error) {
	if kekFile == "" {
		kekFile = filepath.Join(dir, "kek")
	}
	kek, err := loadKEK(kekFile)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "keys.db")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, errs.New(errs.Broken, "keys-open", "the data keys cannot be opened: %w", err)
	}
	f.Close()
	// secure_delete overwrites deleted keys; the one connection makes sure
	// that a checkpoint never waits for a reader and leaves no old page.
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=secure_delete(1)&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS data_keys (id TEXT PRIMARY KEY, wrapped BLOB NOT NULL) WITHOUT ROWID`); err != nil {
		db.Close()
		return nil, errs.New(errs.Broken, "keys-open", "the data keys cannot be opened: %w", err)
	}
	return &FileKeys{db: db, kek: kek}, nil
}

func loadKEK(path string) ([]byte, error) {
	kek, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		kek = make([]byte, KeySize)
		if _, err := rand.Read(kek); err != nil {
			return nil, err
		}
		return kek, writeDurably(path, kek)
	case err != nil:
		return nil, errs.New(errs.Broken, "kek", "the key-encryption key cannot be read: %w", err)
	case len(kek) != KeySize:
		return nil, errs.New(errs.Broken, "kek", "the key-encryption key file has %d bytes, not %d", len(kek), KeySize)
	}
	return kek, nil
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

// Orphans returns the ids of data keys that used does not know and that are
// not waiting to be handed out: left by a crash between the erasure of an item
// and that of its key, or minted and never used. Destroy them at start-up.
func (k *FileKeys) Orphans(ctx context.Context, used func(id string) bool) ([]string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	waiting := map[string]bool{}
	for _, m := range k.minted {
		waiting[m.id] = true
	}
	rows, err := k.db.QueryContext(ctx, `SELECT id FROM data_keys`)
	if err != nil {
		return nil, errs.New(errs.Broken, "keys-read", "the data keys cannot be listed: %w", err)
	}
	defer rows.Close()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		if !used(id) && !waiting[id] {
			ids = append(ids, id)
		}
	}
	return ids, rows.Err()
}

// Close closes keys.db.
func (k *FileKeys) Close() error { return k.db.Close() }
