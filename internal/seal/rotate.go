package seal

import (
	"context"
	"database/sql"
	"time"

	"limen/errs"
)

// rewrapBatch is how many data keys one transaction of a rotation wraps anew:
// some tens of milliseconds, in which minting waits. Tests make it smaller.
var rewrapBatch = 500

// Rotate replaces the key-encryption key, beside running processes that mint,
// read and destroy data keys, and returns how many data keys it wrapped anew.
//
//  1. A new primary key is put into the keyset file, beside the old one.
//  2. head names it, so everything new is wrapped under it.
//  3. Data keys are wrapped anew, a batch in a transaction.
//  4. The write-ahead log is emptied, so that nothing of what the old key
//     wrapped is left in the files.
//  5. Where no row is wrapped by it, the old key is taken out of the file.
//
// Each step is in a write transaction, so none runs beside a mint. A crash
// before 1 is complete leaves all as it was; after it, a keyset of two keys
// with which everything opens. Calling Rotate again then finishes the rotation
// that was begun, instead of beginning another.
//
// progress, if not nil, is told how many are done. Errors: ctx's, between two
// batches; those of OpenKeys; Unavailable (code "keys-busy").
func (k *FileKeys) Rotate(ctx context.Context, progress func(done int)) (int, error) {
	if err := k.step(k.newPrimary); err != nil {
		return 0, err
	}
	k.conf.step("primary-current")
	done, err := k.rewrapAll(ctx, progress)
	if err != nil {
		return done, err
	}
	if err := k.checkpoint(); err != nil {
		return done, err
	}
	k.conf.step("checkpointed")
	return done, k.step(k.dropOthers)
}

// step is a write that leaves others at least as much time as it takes, and
// not less than SQLite's waiting processes need to notice.
func (k *FileKeys) step(fn func(*sql.Tx) error) error {
	began := time.Now()
	err := k.write(fn)
	time.Sleep(max(pause, time.Since(began)))
	return err
}

const pause = 20 * time.Millisecond

// rewrapAll is step 3.
func (k *FileKeys) rewrapAll(ctx context.Context, progress func(done int)) (done int, err error) {
	for {
		if err := ctx.Err(); err != nil {
			return done, err
		}
		n := 0
		err := k.step(func(tx *sql.Tx) (err error) { n, err = k.rewrapSome(tx); return err })
		if err != nil || n == 0 {
			return done, err
		}
		k.conf.step("batch-committed")
		if done += n; progress != nil {
			progress(done)
		}
	}
}

// newPrimary is steps 1 and 2.
func (k *FileKeys) newPrimary(tx *sql.Tx) error {
	h, err := readHead(tx)
	if err != nil {
		return err
	}
	ring, err := k.reloadFor(h)
	if err != nil {
		return err
	}
	if len(ring.ids) == 1 {
		if ring, err = ring.rotated(); err != nil {
			return errs.New(errs.Broken, "kek", "a key-encryption key cannot be made: %w", err)
		}
		if err := k.rewrite(ring); err != nil {
			return err
		}
	}
	if h.kek == ring.primary {
		return nil
	}
	return k.setCurrent(tx, h, ring)
}

// rewrapSome wraps a batch anew and returns how many; 0 means all are done.
func (k *FileKeys) rewrapSome(tx *sql.Tx) (int, error) {
	ring, err := k.current(tx)
	if err != nil {
		return 0, err
	}
	old, err := k.wrappedByOthers(tx, ring.primary, rewrapBatch)
	if err != nil {
		return 0, err
	}
	for id, wrapped := range old {
		key, err := ring.unwrap(wrapped, "data-key", id)
		if err != nil {
			return 0, err
		}
		if wrapped, err = ring.wrap(key, "data-key", id); err != nil {
			return 0, err
		}
		if _, err := tx.Exec(`UPDATE data_keys SET kek = $1, wrapped = $2 WHERE id = $3`, ring.primary, wrapped, id); err != nil {
			return 0, errs.New(errs.Broken, "keys-write", "the data keys cannot be written: %w", err)
		}
	}
	k.conf.step("batch-written")
	return len(old), nil
}

// wrappedByOthers returns at most limit data keys that are not wrapped by kek.
func (k *FileKeys) wrappedByOthers(tx *sql.Tx, kek uint32, limit int) (map[string][]byte, error) {
	rows, err := tx.Query(`SELECT id, wrapped FROM data_keys WHERE kek < $1 OR kek > $1 LIMIT $2`, kek, limit)
	if err != nil {
		return nil, errs.New(errs.Broken, "keys-read", "the data keys cannot be read: %w", err)
	}
	defer rows.Close()
	out := map[string][]byte{}
	for rows.Next() {
		var id string
		var wrapped []byte
		if err := rows.Scan(&id, &wrapped); err != nil {
			return nil, errs.New(errs.Broken, "keys-read", "the data keys cannot be read: %w", err)
		}
		out[id] = wrapped
	}
	if err := rows.Err(); err != nil {
		return nil, errs.New(errs.Broken, "keys-read", "the data keys cannot be read: %w", err)
	}
	return out, nil
}

// dropOthers is step 5.
func (k *FileKeys) dropOthers(tx *sql.Tx) error {
	h, err := readHead(tx)
	if err != nil {
		return err
	}
	ring, err := k.reloadFor(h)
	if err != nil {
		return err
	}
	left, err := k.wrappedByOthers(tx, ring.primary, 1)
	if err != nil {
		return err
	}
	if len(left) > 0 || h.kek != ring.primary {
		return errs.New(errs.Conflict, "kek-rotating", "another rotation began meanwhile: it takes the old key out")
	}
	if len(ring.ids) == 1 {
		return nil
	}
	if ring, err = ring.alone(); err != nil {
		return errs.New(errs.Broken, "kek", "the old key-encryption key cannot be taken out: %w", err)
	}
	return k.rewrite(ring)
}

// rewrite puts another keyset into the file, locked as it is.
func (k *FileKeys) rewrite(ring *keyring) error {
	f, err := readKeysetFile(k.path)
	if err != nil {
		return err
	}
	a, err := k.locker.opener(f)
	if err != nil {
		return err
	}
	if err := f.seal(ring, a); err != nil {
		return err
	}
	return k.replace(f, ring)
}

// SetPassphrase encrypts the keyset file under another passphrase, or its
// first one, of MinPassphrase bytes at least. Other processes go on with the
// keyset they have and need the new passphrase when it is next rotated. Where
// the file was not encrypted, its old bytes may remain on the disk: rotate
// then. A crash leaves the file as it was or as it should be. Errors: Invalid
// (codes "kek-passphrase-short", "kek-kms" for a keyset that a key service
// encrypts).
func (k *FileKeys) SetPassphrase(passphrase []byte) error {
	if len(passphrase) < MinPassphrase {
		return errs.New(errs.Invalid, "kek-passphrase-short", "a passphrase has at least %d bytes", MinPassphrase)
	}
	return k.write(func(tx *sql.Tx) error {
		ring, err := k.reload(tx)
		if err != nil {
			return err
		}
		if k.locker.kms != "" {
			return errs.New(errs.Invalid, "kek-kms", "the keyset is encrypted by a key service and takes no passphrase")
		}
		f, err := readKeysetFile(k.path)
		if err != nil {
			return err
		}
		k.locker.passphrase = func() ([]byte, error) { return passphrase, nil }
		a, err := k.locker.lock(&f)
		if err != nil {
			return err
		}
		if err := f.seal(ring, a); err != nil {
			return err
		}
		return k.replace(f, ring)
	})
}

// Status describes the key-encryption key.
type Status struct {
	Locked string    // LockedNot, LockedPassphrase or LockedKMS
	Since  time.Time // the primary key wraps what is new
	Keys   []KEK     // of the keyset; more than one while a rotation is unfinished
}

// KEK is one key of the keyset.
type KEK struct {
	ID       uint32
	Primary  bool
	DataKeys int // wrapped by it, those minted in advance included
}

// Status reads the keyset file and counts.
func (k *FileKeys) Status() (Status, error) {
	var s Status
	err := k.write(func(tx *sql.Tx) error {
		h, err := readHead(tx)
		if err != nil {
			return err
		}
		ring, err := k.reloadFor(h)
		if err != nil {
			return err
		}
		s = Status{Locked: ring.locked, Since: time.Unix(h.since, 0).UTC()}
		for _, id := range ring.ids {
			key := KEK{ID: id, Primary: id == ring.primary}
			if err := tx.QueryRow(`SELECT count(*) FROM data_keys WHERE kek = $1`, id).Scan(&key.DataKeys); err != nil {
				return errs.New(errs.Broken, "keys-read", "the data keys cannot be read: %w", err)
			}
			s.Keys = append(s.Keys, key)
		}
		return nil
	})
	return s, err
}

// Locked says how the keyset file is locked; LockedNot deserves a warning.
func (k *FileKeys) Locked() string { return k.ring.Load().locked }
