package sqlite_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"limen/errs"
	"limen/internal/store"
	"limen/internal/store/sqlite"
	"limen/travel"
)

func open(t *testing.T, dir string) *store.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func put(t *testing.T, s *store.Store, id travel.VoyageID) {
	t.Helper()
	if err := s.Write(t.Context(), func(tx *store.Tx) error {
		return tx.PutVoyage(store.Voyage{Voyage: travel.Voyage{ID: id}, Ends: time.Unix(1, 0)})
	}); err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, s *store.Store) (n int) {
	t.Helper()
	if err := s.Read(t.Context(), func(tx *store.Tx) error { vs, err := tx.Board(time.Time{}); n = len(vs); return err }); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestOneServerADataFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "when", "absent")
	s := open(t, dir)
	put(t, s, "v1")
	if _, err := sqlite.Open(t.Context(), dir, nil); errs.KindOf(err) != errs.Unavailable || errs.CodeOf(err) != "data-locked" {
		t.Errorf("a second server: %v", err)
	}
	put(t, s, "v2") // the first is not disturbed
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if n := count(t, open(t, dir)); n != 2 {
		t.Errorf("%d voyages after reopening", n)
	}
	info, err := os.Stat(filepath.Join(dir, "limen.db"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the store is readable by others: %v, %v", info.Mode(), err)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder is open to others: %v, %v", info.Mode(), err)
	}
}

// An administrator works beside a running server, and both see both.
func TestOpenBeside(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	put(t, s, "v1")
	beside, err := sqlite.OpenBeside(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	put(t, beside, "v2")
	put(t, s, "v3")
	if a, b := count(t, s), count(t, beside); a != 3 || b != 3 {
		t.Errorf("the server sees %d voyages, the administrator %d", a, b)
	}
	if err := beside.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Open(t.Context(), dir, nil); errs.CodeOf(err) != "data-locked" {
		t.Errorf("the administrator's leaving freed the server's lock: %v", err)
	}
	put(t, s, "v4")
}

// Alone it is a server's open: it makes the folder, and holds the lock.
func TestOpenBesideNobody(t *testing.T) {
	dir := t.TempDir()
	s, err := sqlite.OpenBeside(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, "v1")
	if _, err := sqlite.Open(t.Context(), dir, nil); errs.CodeOf(err) != "data-locked" {
		t.Errorf("a server beside it: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if n := count(t, open(t, dir)); n != 1 {
		t.Errorf("%d voyages", n)
	}
}

// A failed opening leaves no lock behind.
func TestFailedOpenFreesTheFolder(t *testing.T) {
	dir := t.TempDir()
	bad := filepath.Join(dir, "limen.db")
	if err := os.WriteFile(bad, []byte("this is no database, whatever its name says"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Open(t.Context(), dir, nil); errs.KindOf(err) != errs.Broken {
		t.Errorf("a file that is no database: %v", err)
	}
	if err := os.Remove(bad); err != nil {
		t.Fatal(err)
	}
	open(t, dir)
}
