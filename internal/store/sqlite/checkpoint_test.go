package sqlite_test

import (
	"database/sql"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"limen/errs"
	"limen/internal/store"
	"limen/internal/store/sqlite"
)

// limitFiles keeps files of this process from growing past a size, as a full
// disk does.
func limitFiles(t *testing.T, size uint64) {
	t.Helper()
	signal.Ignore(syscall.SIGXFSZ)
	var was syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: size, Max: was.Max}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
			t.Error(err)
		}
	})
}

// A checkpoint that fails is no small matter of SQLite's own: the store stops.
// The log has room enough for all that is written here, the database has not.
func TestFailedCheckpointStops(t *testing.T) {
	s := open(t, t.TempDir())
	fill := func(name string) error {
		return s.Write(t.Context(), func(tx *store.Tx) error { return tx.PutSetting(name, strings.Repeat("x", 1<<20)) })
	}
	for i := range 16 {
		if err := fill(string(rune('a' + i))); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	limitFiles(t, 17<<20)
	for i := range 12 {
		if err := fill(string(rune('A' + i))); err != nil {
			if errs.CodeOf(err) != "store-stopped" || s.Err() == nil {
				t.Error(err)
			}
			return
		}
	}
	t.Error("12 MiB more are in the log, and nobody noticed that they cannot be moved into the database")
}

// So it is in the end, where the process would else report success.
func TestFailedCheckpointAtTheEnd(t *testing.T) {
	s := open(t, t.TempDir())
	for _, name := range []string{"a", "b", "c"} {
		if err := s.Write(t.Context(), func(tx *store.Tx) error { return tx.PutSetting(name, strings.Repeat("x", 1<<20)) }); err != nil {
			t.Fatal(err)
		}
	}
	limitFiles(t, 1<<20)
	if err := s.Close(); err == nil {
		t.Error("closed, and nobody noticed that the log cannot be moved into the database")
	}
}

// A first start on a disk that takes nothing fails at once: what failed is not
// tried again.
func TestFailedFirstStart(t *testing.T) {
	dir := t.TempDir()
	db, err := sql.Open("sqlite", sqlite.URI(filepath.Join(dir, sqlite.File)))
	if err != nil {
		t.Fatal(err)
	}
	// Of so large pages the log takes one, not two.
	if _, err := db.Exec(`PRAGMA page_size = 16384; CREATE TABLE x (a); DROP TABLE x`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	limitFiles(t, 32768)
	began := time.Now()
	if _, err := sqlite.Open(t.Context(), dir, nil); errs.CodeOf(err) != "store-migrate" {
		t.Error(err)
	}
	if took := time.Since(began); took > 900*time.Millisecond {
		t.Errorf("it took %v", took)
	}
}
