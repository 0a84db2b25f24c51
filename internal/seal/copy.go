package seal

import (
	"context"
	"errors"
	"iter"
	"os"
	"path/filepath"

	"limen/errs"
)

// CopyTo makes a consistent copy of keys.db at path, which replaces what was
// there, whole or not at all. Minting and reading wait for it. The copy does
// not open without the keyset, which is copied apart.
//
// Keep ONE generation, on another disk: a copy made before a key was destroyed
// brings it back, and with it what was erased. Whoever restores a copy must
// destroy again what was destroyed since (the store's table of erasures), and
// replaces the copy after that.
//
// Source: SQLite, VACUUM INTO: what is deleted is not in the copy.
func (k *FileKeys) CopyTo(_ context.Context, path string) error {
	if err := k.copyTo(path); err != nil {
		return errs.New(errs.Broken, "keys-copy", "the data keys cannot be copied: %w", err)
	}
	return nil
}

func (k *FileKeys) copyTo(path string) error {
	tmp := temporary(path)
	if err := os.Remove(tmp); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer os.Remove(tmp) // of no effect once it is renamed
	if _, err = k.db.Exec(`VACUUM INTO $1`, tmp); err == nil {
		k.conf.step("copied")
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		return err
	}
	k.conf.step("copy-renamed")
	return syncDir(filepath.Dir(path))
}

// idPage is how many ids are read at once, so that nobody waits long.
const idPage = 1000

// IDs yields the ids of all data keys in order, those minted in advance and
// not yet in use included, and ends with the first error. What is minted or
// destroyed meanwhile may be missed.
func (k *FileKeys) IDs(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		last := ""
		for {
			page, err := k.idsAfter(ctx, last)
			if err != nil {
				yield("", err)
				return
			}
			for _, last = range page {
				if !yield(last, nil) {
					return
				}
			}
			if len(page) < idPage {
				return
			}
		}
	}
}

func (k *FileKeys) idsAfter(ctx context.Context, last string) (page []string, err error) {
	rows, err := k.db.QueryContext(ctx, `SELECT id FROM data_keys WHERE id > $1 ORDER BY id LIMIT $2`, last, idPage)
	if err != nil {
		return nil, errs.New(errs.Broken, "keys-read", "the data keys cannot be read: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, errs.New(errs.Broken, "keys-read", "the data keys cannot be read: %w", err)
		}
		page = append(page, id)
	}
	if err := rows.Err(); err != nil {
		return nil, errs.New(errs.Broken, "keys-read", "the data keys cannot be read: %w", err)
	}
	return page, nil
}
