package seal

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"limen/errs"
)

// mintBatch is how many data keys are made durable at once, so that a capture
// does not pay for a commit of its own. A crash leaves some unused: harmless.
const mintBatch = 64

// tidyAfter is after how many batches the write-ahead log is moved into keys.db.
const tidyAfter = 64

// Config says where the keys are and what opens them.
type Config struct {
	// Dir is the folder of keys.db.
	Dir string
	// KEK is the path of the keyset file, "" for kek in Dir; or the URI of a
	// key in a key service, such as hcvault://vault:8200/transit/keys/limen,
	// which then encrypts the keyset in the file kek in Dir.
	KEK string
	// Passphrase returns what the keyset file is encrypted under, nil for no
	// passphrase. It is asked again when the file is locked in another way.
	Passphrase func() ([]byte, error)
	// Existing refuses (NotFound, code "keys-none") to make new files.
	Existing bool
	// Now is the clock of Status, time.Now if nil.
	Now func() time.Time

	step func(string) // tests kill themselves in it
}

// FileKeys keeps data keys in keys.db, each wrapped by the keyset in a file.
// Both files are readable by their owner alone. Several processes may have the
// same keys open, and all but the destroying of keys is seen by each: a key
// that another process destroys may stay in this one's memory.
//
// An I/O error at a commit or a checkpoint leaves the state unknown: from then
// on every write is refused (Broken, code "keys-stopped"), see Stopped.
// When another process holds keys.db for longer than ten seconds, calls fail
// with Unavailable (code "keys-busy").
type FileKeys struct {
	db    *sql.DB
	path  string // of the keyset file
	conf  Config
	index []byte

	ring   atomic.Pointer[keyring]
	locker locker // used within write transactions only
	cache  cache

	mu      sync.Mutex
	minted  []mintedKey
	batches int

	stopOnce sync.Once
	stopped  chan struct{}
}

type mintedKey struct {
	id  string
	key []byte
}

// OpenFileKeys opens the data keys of dir with the keyset in kekFile ("" means
// kek in dir), which has no passphrase.
func OpenFileKeys(ctx context.Context, dir, kekFile string) (*FileKeys, error) {
	return OpenKeys(ctx, Config{Dir: dir, KEK: kekFile})
}

// OpenKeys opens the data keys, and makes files that are not there. Keep
// keyset and keys.db on two disks where one may be stolen, or set a
// passphrase: with both, everything not yet erased can be read.
//
// A keyset is made only where there are no data keys yet. Broken errors:
// "kek-missing" where there are (a disk that is not mounted must not become a
// new key under which nothing opens), "kek-wrong" (another installation's),
// "kek-passphrase" (missing or wrong), "kek-unlocked" (a passphrase for a
// keyset that has none), "kek-kms", "kek-readable", "kek-damaged", "kek-old",
// "keys-old". A crash within the first opening leaves nothing that the next
// one does not finish.
func OpenKeys(ctx context.Context, c Config) (*FileKeys, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.step == nil {
		c.step = func(string) {}
	}
	k := &FileKeys{conf: c, path: c.KEK, stopped: make(chan struct{})}
	k.locker.passphrase = c.Passphrase
	if isKMS(c.KEK) {
		k.locker.kms, k.path = c.KEK, ""
	}
	if k.path == "" {
		k.path = filepath.Join(c.Dir, "kek")
	}
	var err error
	if k.db, err = openDB(ctx, filepath.Join(c.Dir, "keys.db"), c.Existing); err != nil {
		return nil, err
	}
	if err := k.write(k.makeTables); err != nil {
		return nil, errors.Join(err, k.Close())
	}
	if err := k.write(k.unlock); err != nil {
		return nil, errors.Join(err, k.Close())
	}
	return k, nil
}

func openDB(ctx context.Context, path string, existing bool) (*sql.DB, error) {
	if _, err := os.Stat(path); existing && errors.Is(err, fs.ErrNotExist) {
		return nil, errs.New(errs.NotFound, "keys-none", "there are no data keys in this folder")
	}
	db, err := openSQLite(ctx, path)
	if err != nil {
		return nil, errs.New(errs.Broken, "keys-open", "the data keys cannot be opened: %w", err)
	}
	return db, nil
}

// Mint implements Keys.
func (k *FileKeys) Mint(ctx context.Context) (string, []byte, error) {
	if err := ctx.Err(); err != nil {
		return "", nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.minted) == 0 {
		if k.batches++; k.batches%tidyAfter == 0 {
			if err := k.tidy(); err != nil {
				return "", nil, err
			}
		}
		if err := k.write(k.mintMore); err != nil {
			k.minted = nil
			return "", nil, err
		}
	}
	m := k.minted[len(k.minted)-1]
	k.minted = k.minted[:len(k.minted)-1]
	_, epoch := k.cache.get(m.id)
	k.cache.put(m.id, m.key, epoch)
	return m.id, m.key, nil
}

// mintMore makes a batch. The keyset it wraps under cannot change meanwhile:
// whoever changes it holds the write lock too.
func (k *FileKeys) mintMore(tx *sql.Tx) error {
	ring, err := k.current(tx)
	if err != nil {
		return err
	}
	k.minted = nil
	for range mintBatch {
		m := mintedKey{id: uuid.Must(uuid.NewV7()).String()}
		if m.key, err = randomKey(); err != nil {
			return err
		}
		wrapped, err := ring.wrap(m.key, "data-key", m.id)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO data_keys (id, kek, wrapped) VALUES ($1, $2, $3)`, m.id, ring.primary, wrapped); err != nil {
			return errs.New(errs.Broken, "keys-mint", "data keys cannot be made: %w", err)
		}
		k.minted = append(k.minted, m)
	}
	return nil
}

// Key implements Keys.
func (k *FileKeys) Key(_ context.Context, id string) ([]byte, error) {
	key, epoch := k.cache.get(id)
	if key != nil {
		return key, nil
	}
	kek, wrapped, err := readWrapped(k.db, id)
	if err != nil {
		return nil, err
	}
	ring := k.ring.Load()
	if !ring.has(kek) {
		// The key-encryption key was rotated. Under the write lock, row and
		// keyset belong together.
		err := k.write(func(tx *sql.Tx) error {
			if kek, wrapped, err = readWrapped(tx, id); err != nil {
				return err
			}
			ring, err = k.reload(tx)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	if key, err = ring.unwrap(wrapped, "data-key", id); err != nil {
		return nil, err
	}
	k.cache.put(id, key, epoch)
	return key, nil
}

func readWrapped(db interface {
	QueryRow(string, ...any) *sql.Row
}, id string) (kek uint32, wrapped []byte, err error) {
	err = db.QueryRow(`SELECT kek, wrapped FROM data_keys WHERE id = $1`, id).Scan(&kek, &wrapped)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil, errs.New(errs.NotFound, "data-key", "the data key was destroyed")
	}
	if err != nil {
		return 0, nil, errs.New(errs.Broken, "keys-read", "a data key cannot be read: %w", err)
	}
	return kek, wrapped, nil
}

// Destroy implements Keys. When it returns, the wrapped keys are gone from the
// file and from its write-ahead log. Their bytes may remain where the file
// system or the disk keeps what was overwritten; there they are wrapped still.
func (k *FileKeys) Destroy(_ context.Context, ids ...string) error {
	if len(ids) == 0 {
		return nil
	}
	k.dropMinted(ids)
	err := k.write(func(tx *sql.Tx) error {
		for _, id := range ids {
			if _, err := tx.Exec(`DELETE FROM data_keys WHERE id = $1`, id); err != nil {
				return errs.New(errs.Broken, "keys-destroy", "data keys cannot be destroyed: %w", err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	k.cache.forget(ids...)
	k.conf.step("destroyed")
	return k.checkpoint()
}

// dropMinted keeps keys that are about to be destroyed from being handed out.
func (k *FileKeys) dropMinted(ids []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	gone := map[string]bool{}
	for _, id := range ids {
		gone[id] = true
	}
	var kept []mintedKey
	for _, m := range k.minted {
		if !gone[m.id] {
			kept = append(kept, m)
		}
	}
	k.minted = kept
}

// Index implements Indexer: HMAC-SHA256 under a key of this installation that
// never changes, lest what was stored is no longer found.
func (k *FileKeys) Index(fields ...string) []byte {
	h := hmac.New(sha256.New, k.index)
	h.Write(frame("limen-index-v1"))
	h.Write(frame(fields...))
	return h.Sum(nil)
}

// Close closes keys.db; after a stop it closes nothing, for what failed must
// not be tried again.
func (k *FileKeys) Close() error {
	select {
	case <-k.stopped:
		return nil
	default:
	}
	if err := k.tidy(); err != nil {
		return err
	}
	return k.db.Close()
}
