package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"limen/errs"
	"limen/internal/seal"
	"limen/internal/store"
	"limen/internal/store/sqlite"
)

// RestoreOptions say what is restored where.
type RestoreOptions struct {
	Backup string // folder of one backup
	Settle SettleOptions
	// KeysFrom is a copy of keys.db to put into the data folder; "" if it is
	// there.
	KeysFrom string
}

// The names of what a restore makes in a data folder before it is done.
const (
	staging  = "restoring"
	keysName = "keys.db"
	keysTemp = ".keys.db.restoring"
)

// Restore makes a data folder of a backup: into a folder with no store, which
// has keys.db or gets it from a copy. The store comes under its name only when
// all is verified; a store that is there is never overwritten.
//
// What a crash, or an error, leaves: the folder "restoring" in the data folder,
// which no server looks at and the next restore removes; keys.db whole or not
// at all. Keys that were destroyed stay so. Nothing is synced twice.
//
// Errors, beside those of Settle: Broken "backup-manifest", "backup-format",
// "backup-read", "backup-altered" (the digest is not the manifest's),
// "backup-write", "restore-there" (the folder has a store), "restore-no-keys".
func Restore(ctx context.Context, o RestoreOptions) (r Restored, err error) {
	o.Settle = o.Settle.defaults()
	r.Manifest, err = ReadManifest(o.Backup)
	if err != nil {
		return r, err
	}
	data := o.Settle.Keys.Dir
	if err := os.MkdirAll(data, 0o700); err != nil {
		return r, unwritten(err)
	}
	unlock, err := lock(filepath.Join(data, "lock"), "data-locked", "another limen is using this data folder")
	if err != nil {
		return r, err
	}
	defer unlock()
	if err := o.ready(data); err != nil {
		return r, err
	}
	// 1. The bytes of the backup, held against its manifest as they are copied,
	// under a temporary name.
	if err := o.fetch(ctx, r.Manifest, filepath.Join(data, staging)); err != nil {
		return r, err
	}
	// 2. There it becomes what it is to be: erased again, swept, verified.
	if err := o.settle(ctx, filepath.Join(data, staging), &r); err != nil {
		return r, err
	}
	// 3. One rename makes it the store of this folder.
	return r, place(filepath.Join(data, staging), data)
}

// ReadManifest reads the manifest of a backup.
func ReadManifest(dir string) (Manifest, error) {
	f, err := os.Open(filepath.Join(dir, ManifestFile))
	if err != nil {
		return Manifest{}, errs.New(errs.Broken, "backup-read", "this is no backup, or it cannot be read: %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxManifest+1))
	if err != nil {
		return Manifest{}, errs.New(errs.Broken, "backup-read", "the backup's manifest cannot be read: %w", err)
	}
	return ParseManifest(b)
}

// ready checks that there is no store to overwrite, removes what a crash left,
// and sees to keys.db.
func (o RestoreOptions) ready(data string) error {
	for _, name := range []string{sqlite.File, sqlite.File + "-wal"} {
		if _, err := os.Lstat(filepath.Join(data, name)); !errors.Is(err, fs.ErrNotExist) {
			return errs.New(errs.Broken, "restore-there", "the data folder has a store: it is never overwritten; restore into an empty folder, or move %s away", name)
		}
	}
	if err := errors.Join(os.RemoveAll(filepath.Join(data, staging)), os.RemoveAll(filepath.Join(data, keysTemp))); err != nil {
		return unwritten(err)
	}
	_, err := os.Lstat(filepath.Join(data, keysName))
	there := !errors.Is(err, fs.ErrNotExist)
	switch {
	case there && o.KeysFrom != "":
		return errs.New(errs.Broken, "restore-there", "the data folder has a keys.db, perhaps of a restore that did not end: leave out --keys to use it, or move it away; it is never overwritten")
	case there:
		return nil
	case o.KeysFrom == "":
		return errs.New(errs.Broken, "restore-no-keys", "the data folder has no keys.db, without which nobody can read the record: put it there, or name its copy with --keys")
	}
	return o.fetchKeys(data)
}

// fetchKeys copies keys.db, whole or not at all.
func (o RestoreOptions) fetchKeys(data string) error {
	b, err := os.ReadFile(o.KeysFrom)
	if err != nil {
		return errs.New(errs.Broken, "restore-no-keys", "the copy of keys.db cannot be read: %w", err)
	}
	if err := writeSynced(filepath.Join(data, keysTemp), b); err != nil {
		return unwritten(err)
	}
	if err := os.Rename(filepath.Join(data, keysTemp), filepath.Join(data, keysName)); err != nil {
		return unwritten(err)
	}
	return unwrittenOrNil(syncDir(data))
}

// fetch copies the database into dir and syncs it.
func (o RestoreOptions) fetch(ctx context.Context, m Manifest, dir string) error {
	from, err := os.Open(filepath.Join(o.Backup, m.File))
	if err != nil {
		return errs.New(errs.Broken, "backup-read", "the backup cannot be read: %w", err)
	}
	defer from.Close()
	if err := os.Mkdir(dir, 0o700); err != nil {
		return unwritten(err)
	}
	to, err := os.OpenFile(filepath.Join(dir, sqlite.File), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return unwritten(err)
	}
	h := sha256.New()
	size, err := copyCounted(ctx, io.MultiWriter(to, h), io.LimitReader(from, m.Bytes+1), func(n int64) { o.Settle.Progress("copy", n, m.Bytes) })
	if err == nil {
		err = to.Sync()
	}
	if err = errors.Join(err, to.Close()); err != nil {
		return unwritten(err)
	}
	if size != m.Bytes || hex.EncodeToString(h.Sum(nil)) != m.SHA256 {
		return errs.New(errs.Broken, "backup-altered", "the backup is not what its manifest says: it was altered, or damaged; use another one")
	}
	return unwrittenOrNil(syncDir(dir))
}

// settle opens what was fetched with the keys, settles it, and closes it.
func (o RestoreOptions) settle(ctx context.Context, dir string, r *Restored) error {
	o.Settle.Keys.Existing = true
	keys, err := seal.OpenKeys(ctx, o.Settle.Keys)
	if err != nil {
		return err
	}
	st, err := sqlite.Open(ctx, dir, seal.Vault{Keys: keys, Indexer: keys})
	if err != nil {
		return errors.Join(err, keys.Close())
	}
	err = o.Settle.run(ctx, st, keys, r)
	return errors.Join(err, closeBoth(st, keys))
}

// closeBoth closes in good order, unless one has stopped: closing syncs, and a
// sync that failed is not tried again.
func closeBoth(st *store.Store, keys *seal.FileKeys) error {
	select {
	case <-keys.Stopped():
		return nil // said by what stopped it
	case <-st.Stopped():
		return nil
	default:
		return errors.Join(st.Close(), keys.Close())
	}
}

// place gives the store its name. The write-ahead log was moved into it when
// the store was closed; the lock of the folder keeps others away.
func place(dir, data string) error {
	if _, err := os.Lstat(filepath.Join(dir, sqlite.File+"-wal")); !errors.Is(err, fs.ErrNotExist) {
		return errs.New(errs.Broken, "restore-open", "the restored store was not closed in good order; restore again")
	}
	// Its last bytes were written by SQLite: they are synced before the name is.
	f, err := os.OpenFile(filepath.Join(dir, sqlite.File), os.O_RDWR, 0)
	if err != nil {
		return unwritten(err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return unwritten(err)
	}
	if err := os.Rename(filepath.Join(dir, sqlite.File), filepath.Join(data, sqlite.File)); err != nil {
		return unwritten(err)
	}
	// A crash before this leaves either name; the next restore, or the next
	// start, finds one of them.
	if err := syncDir(data); err != nil {
		return unwritten(err)
	}
	return unwrittenOrNil(os.RemoveAll(dir))
}

// Restored is what a restore did.
type Restored struct {
	Manifest Manifest
	SettleReport
}

// SettleOptions say with what a restored record is settled and verified.
type SettleOptions struct {
	Keys seal.Config // Dir is the data folder
	// AuditKey is the file of the log's signing key, which verifies checkpoints.
	AuditKey string
	// Witness is where checkpoints are held elsewhere; "" for nowhere.
	Witness string
	// Reason and By accept that entries are lost which the witness knows of.
	Reason, By string
	// NewestKeys says that keys.db is known to be the newest there is, though it
	// lacks a key that is newer than all it has.
	NewestKeys bool
	// Despite puts the store in place though violations were found.
	Despite  bool
	Now      func() time.Time
	Progress func(step string, done, total int64)
}

func (o SettleOptions) defaults() SettleOptions {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Progress == nil {
		o.Progress = func(string, int64, int64) {}
	}
	return o
}
