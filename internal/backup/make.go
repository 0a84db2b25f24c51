package backup

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"limen/errs"
	"limen/internal/store/sqlite"
)

// Options say what is copied where.
type Options struct {
	Data string // data folder
	To   string // folder of the backups; it is made if absent
	Keep int    // how many backups are kept; 0 keeps all
	Now  time.Time
	// Progress is told how many bytes of about how many are written; nil if
	// nobody wants to know.
	Progress func(step string, done, total int64)
}

// Made is what Make did.
type Made struct {
	Dir      string // the backup
	Manifest Manifest
	Removed  []string // names of older backups that were removed
}

// The names of what a crash may leave in a folder of backups.
const (
	prefix   = "limen-"
	unfinish = ".limen-backup.new" // a backup on its way
	removing = ".limen-backup.old" // a backup that is being removed
	lockName = ".limen-backup.lock"
	stampOf  = "20060102T150405Z"
)

// Make copies the store in o.Data, which may be serving, to a new folder in
// o.To. When it returns, the backup survives a power cut.
//
// What a crash leaves: a folder under a temporary name, which the next Make
// removes; under its final name a backup is whole. An error leaves the same.
// Nothing is synced twice: after an error of the disk what is on it is unknown,
// and the next Make begins anew.
//
// Broken errors: "backup-source" (no store there), "backup-write",
// "backup-damaged" (the copy is not a sound database), "backup-exists";
// Unavailable: "backup-busy" (another backup is on its way).
func Make(ctx context.Context, o Options) (m Made, err error) {
	if o.Progress == nil {
		o.Progress = func(string, int64, int64) {}
	}
	source := filepath.Join(o.Data, sqlite.File)
	if _, err := os.Stat(source); err != nil {
		return m, errs.New(errs.Broken, "backup-source", "there is no limen.db in the data folder: %w", err)
	}
	if err := os.MkdirAll(o.To, 0o700); err != nil {
		return m, unwritten(err)
	}
	unlock, err := lock(filepath.Join(o.To, lockName), "backup-busy", "another backup to this folder is on its way")
	if err != nil {
		return m, err
	}
	defer unlock()
	// 1. What a crash left goes.
	if err := errors.Join(os.RemoveAll(filepath.Join(o.To, unfinish)), os.RemoveAll(filepath.Join(o.To, removing))); err != nil {
		return m, unwritten(err)
	}
	m.Dir = filepath.Join(o.To, prefix+o.Now.UTC().Format(stampOf))
	if _, err := os.Lstat(m.Dir); !errors.Is(err, fs.ErrNotExist) {
		return m, errs.New(errs.Broken, "backup-exists", "there is a backup of this second already")
	}
	// 2. Everything is written, and synced, under a temporary name.
	if m.Manifest, err = o.write(ctx, source, filepath.Join(o.To, unfinish)); err != nil {
		return m, err
	}
	// 3. One rename makes it a backup, and the folder's sync makes it stay one.
	if err := os.Rename(filepath.Join(o.To, unfinish), m.Dir); err != nil {
		return m, unwritten(err)
	}
	if err := syncDir(o.To); err != nil {
		return m, unwritten(err)
	}
	// 4. Only then do older ones go.
	m.Removed, err = prune(o.To, o.Keep)
	return m, err
}

// write makes the temporary folder whole: database, manifest, and the syncs of
// both and of the folder.
func (o Options) write(ctx context.Context, source, dir string) (m Manifest, err error) {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return m, unwritten(err)
	}
	file := filepath.Join(dir, sqlite.File)
	// A crash within leaves the temporary folder.
	if err := o.copyInto(ctx, source, file); err != nil {
		return m, err
	}
	if m, err = describe(ctx, file); err != nil {
		return m, err
	}
	m.Made = o.Now.UTC().Truncate(time.Second)
	if m.Bytes, m.SHA256, err = o.digest(ctx, file); err != nil {
		return m, err
	}
	if err := writeSynced(filepath.Join(dir, ManifestFile), m.Encode()); err != nil {
		return m, unwritten(err)
	}
	return m, unwrittenOrNil(syncDir(dir))
}

// copyInto has SQLite write the copy, and syncs it once: SQLite, left to it,
// would try again what failed.
func (o Options) copyInto(ctx context.Context, source, file string) error {
	db, err := sql.Open("sqlite", sqlite.URI(source)+"?mode=ro&_pragma=busy_timeout(10000)&_pragma=synchronous(OFF)")
	if err != nil {
		return unwritten(err)
	}
	defer db.Close()
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600) // so that its mode is ours
	if err != nil {
		return unwritten(err)
	}
	stop := o.watch(ctx, db, file)
	_, err = db.ExecContext(ctx, `VACUUM INTO $1`, file)
	stop()
	if err == nil {
		err = f.Sync()
	}
	return unwrittenOrNil(errors.Join(err, f.Close()))
}

// watch reports how far the copy has grown, until the returned function is
// called.
func (o Options) watch(ctx context.Context, db *sql.DB, file string) (stop func()) {
	var total int64
	if db.QueryRowContext(ctx, `SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size`).Scan(&total) != nil {
		return func() {} // the copy will say what is wrong
	}
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				if info, err := os.Stat(file); err == nil {
					o.Progress("copy", info.Size(), max(total, info.Size()))
				}
			}
		}
	}()
	return func() { close(done); <-ended }
}

// describe looks into the copy: it must be sound, and says how long the log is
// that it holds.
func describe(ctx context.Context, file string) (m Manifest, err error) {
	db, err := sql.Open("sqlite", sqlite.URI(file)+"?mode=ro&immutable=1")
	if err != nil {
		return m, damaged(err)
	}
	defer db.Close()
	m = Manifest{Format: Format, File: sqlite.File}
	var sound string
	err = errors.Join(
		db.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&sound),
		db.QueryRowContext(ctx, `SELECT max(version_id) FROM goose_db_version`).Scan(&m.Schema),
		db.QueryRowContext(ctx, `SELECT size FROM log_head`).Scan(&m.Leaves))
	if err == nil && sound != "ok" {
		err = errors.New(sound)
	}
	if err != nil {
		return m, damaged(err)
	}
	err = db.QueryRowContext(ctx, `SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1`).Scan(&m.Checkpoint)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return m, damaged(err)
	}
	return m, nil
}

// digest reads the copy once more, as it came to the disk.
func (o Options) digest(ctx context.Context, file string) (size int64, sum string, err error) {
	f, err := os.Open(file)
	if err != nil {
		return 0, "", unwritten(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, "", unwritten(err)
	}
	h := sha256.New()
	size, err = copyCounted(ctx, h, f, func(n int64) { o.Progress("digest", n, info.Size()) })
	return size, hex.EncodeToString(h.Sum(nil)), unwrittenOrNil(err)
}

// prune removes the oldest backups beyond keep. One that is being removed has
// no final name any more: a crash leaves no half of one under it.
func prune(dir string, keep int) (gone []string, err error) {
	if keep <= 0 {
		return nil, nil
	}
	names, err := Generations(dir)
	if err != nil || len(names) <= keep {
		return nil, err
	}
	for _, name := range names[:len(names)-keep] {
		if err := os.Rename(filepath.Join(dir, name), filepath.Join(dir, removing)); err != nil {
			return gone, unwritten(err)
		}
		if err := os.RemoveAll(filepath.Join(dir, removing)); err != nil {
			return gone, unwritten(err)
		}
		gone = append(gone, name)
	}
	return gone, unwrittenOrNil(syncDir(dir))
}

// Generations returns the names of the backups in a folder, oldest first.
func Generations(dir string) (names []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, errs.New(errs.Broken, "backup-read", "the folder of backups cannot be read: %w", err)
	}
	for _, e := range entries {
		stamp, is := strings.CutPrefix(e.Name(), prefix)
		if _, err := time.Parse(stampOf, stamp); is && err == nil && e.IsDir() {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names, nil
}

func damaged(err error) error {
	return errs.New(errs.Broken, "backup-damaged", "the copy is not a sound record: run limen store check on the data folder: %w", err)
}
