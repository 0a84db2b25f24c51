package seal

import (
	"database/sql"
	"errors"
	"os"

	"github.com/google/uuid"

	"limen/errs"
)

// head is the one row that says whose data keys these are, under which key of
// the keyset new ones are wrapped and since when, and has the index key.
//
// The keyset file is written only within a write transaction of keys.db that
// also brings head in line with it. As the file changes before the commit, a
// crash between the two leaves head behind: the next opening, and the next
// rotation, catch up.
type head struct {
	installation string
	kek          uint32
	since        int64
	index        []byte // wrapped; nil until the keyset is there
}

// makeTables makes keys.db, with a name for the installation: it is durable
// before the keyset that bears it.
func (k *FileKeys) makeTables(tx *sql.Tx) error {
	var heads, keys int
	err := tx.QueryRow(`SELECT count(*) FILTER (WHERE name = 'head'), count(*) FILTER (WHERE name = 'data_keys') FROM sqlite_master`).Scan(&heads, &keys)
	switch {
	case err != nil:
		return errs.New(errs.Broken, "keys-open", "the data keys cannot be opened: %w", err)
	case heads > 0:
		return nil
	case keys > 0:
		return errs.New(errs.Broken, "keys-old", "the data keys are those of an early build: start with a new data folder")
	}
	for _, s := range []string{
		`CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), installation TEXT NOT NULL, kek INTEGER NOT NULL DEFAULT 0, since INTEGER NOT NULL DEFAULT 0, index_key BLOB)`,
		`CREATE TABLE data_keys (id TEXT PRIMARY KEY, kek INTEGER NOT NULL, wrapped BLOB NOT NULL) WITHOUT ROWID`,
		`CREATE INDEX data_keys_kek ON data_keys (kek)`,
	} {
		if _, err := tx.Exec(s); err != nil {
			return errs.New(errs.Broken, "keys-open", "the data keys cannot be made: %w", err)
		}
	}
	if _, err := tx.Exec(`INSERT INTO head (one, installation) VALUES (1, $1)`, uuid.NewString()); err != nil {
		return errs.New(errs.Broken, "keys-open", "the data keys cannot be made: %w", err)
	}
	return nil
}

func readHead(tx *sql.Tx) (h head, err error) {
	err = tx.QueryRow(`SELECT installation, kek, since, index_key FROM head`).Scan(&h.installation, &h.kek, &h.since, &h.index)
	if err != nil {
		return h, errs.New(errs.Broken, "keys-read", "the data keys cannot be read: %w", err)
	}
	return h, nil
}

// unlock opens the keyset, made if this is the first opening, and with it the
// index key.
func (k *FileKeys) unlock(tx *sql.Tx) error {
	h, err := readHead(tx)
	if err != nil {
		return err
	}
	ring, err := k.reloadFor(h)
	if errs.CodeOf(err) == "kek-missing" && h.index == nil {
		ring, err = k.makeKeyset(h)
	}
	if err != nil {
		return err
	}
	if err := os.Remove(temporary(k.path)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return errs.New(errs.Broken, "kek", "what a crash left of a new keyset cannot be removed: %w", err)
	}
	if h.index == nil {
		if k.index, err = randomKey(); err != nil {
			return err
		}
	} else if k.index, err = ring.unwrap(h.index, "index-key", h.installation); err != nil {
		return errs.New(errs.Broken, "kek-wrong", "the keyset does not open the data keys: it is an older or newer one than theirs")
	}
	if h.index == nil || h.kek != ring.primary {
		return k.setCurrent(tx, h, ring)
	}
	return nil
}

// setCurrent brings head in line with the keyset.
func (k *FileKeys) setCurrent(tx *sql.Tx, h head, ring *keyring) error {
	wrapped, err := ring.wrap(k.index, "index-key", h.installation)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE head SET kek = $1, since = $2, index_key = $3`, ring.primary, k.conf.Now().Unix(), wrapped); err != nil {
		return errs.New(errs.Broken, "keys-write", "the data keys cannot be written: %w", err)
	}
	return nil
}

// current returns the keyset to wrap under, within a write transaction.
func (k *FileKeys) current(tx *sql.Tx) (*keyring, error) {
	h, err := readHead(tx)
	if err != nil {
		return nil, err
	}
	if ring := k.ring.Load(); ring.primary == h.kek {
		return ring, nil // the primary key in head is never one removed from the file
	}
	return k.reloadFor(h)
}

// makeKeyset makes the first keyset of an installation.
func (k *FileKeys) makeKeyset(h head) (*keyring, error) {
	f := keysetFile{Format: keysetFormat, Installation: h.installation}
	a, err := k.locker.lock(&f)
	if err != nil {
		return nil, err
	}
	var none *keyring
	ring, err := none.rotated()
	if err != nil {
		return nil, errs.New(errs.Broken, "kek", "a key-encryption key cannot be made: %w", err)
	}
	if err := f.seal(ring, a); err != nil {
		return nil, err
	}
	return ring, k.replace(f, ring)
}

// reload reads the keyset file again, within a write transaction.
func (k *FileKeys) reload(tx *sql.Tx) (*keyring, error) {
	h, err := readHead(tx)
	if err != nil {
		return nil, err
	}
	return k.reloadFor(h)
}

func (k *FileKeys) reloadFor(h head) (*keyring, error) {
	f, err := readKeysetFile(k.path)
	if err != nil {
		return nil, err
	}
	if f.Installation != h.installation {
		return nil, errs.New(errs.Broken, "kek-wrong", "the keyset is another installation's: it does not open these data keys")
	}
	ring, err := k.locker.unlock(f)
	if err != nil {
		return nil, err
	}
	k.ring.Store(ring)
	return ring, nil
}

// replace writes f, whose keyset is ring, within a write transaction.
func (k *FileKeys) replace(f keysetFile, ring *keyring) error {
	if err := writeDurably(k.path, f.encode(), k.conf.step); err != nil {
		k.stop() // which keyset a power cut would leave is unknown
		return errs.New(errs.Broken, "kek", "the keyset file cannot be written: %w", err)
	}
	r := *ring // the one in use is not changed
	r.locked = f.Locked
	k.ring.Store(&r)
	return nil
}
