package latched_test

import (
	"os"
	"path/filepath"
	"testing"

	"limen/internal/latched"
)

// TestFirstErrorStays: a file that is no database latches both pools; that it
// becomes one afterwards changes nothing, and closing reports nothing new.
func TestFirstErrorStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	if err := os.WriteFile(path, make([]byte, 8192), 0o600); err != nil {
		t.Fatal(err)
	}
	l := &latched.Latch{}
	one, two := l.Open("file:"+path), l.Open("file:"+path)
	if _, err := two.Exec(`PRAGMA busy_timeout(10)`); err != nil || l.Err() != nil {
		t.Fatalf("latched by nothing: %v, %v", err, l.Err())
	}
	if _, err := one.Exec(`SELEC`); err == nil || l.Err() != nil {
		t.Fatalf("a mistake in SQL latches: %v, %v", err, l.Err())
	}
	if err := os.WriteFile(path, []byte("this is no database, whatever its name may say, and long enough to be one: "+string(make([]byte, 8192))), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := one.Exec(`CREATE TABLE t (x)`)
	if !latched.Disk(err) || l.Err() == nil {
		t.Fatalf("not latched: %v", err)
	}
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	if _, again := two.Exec(`CREATE TABLE t (x)`); again == nil || again.Error() != l.Err().Error() {
		t.Errorf("another connection got %v", again)
	}
	if err := one.Close(); err != nil {
		t.Error(err)
	}
	if err := two.Close(); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(path); err != nil || info.Size() != 0 {
		t.Errorf("something was written after the latch: %v, %v", info, err)
	}
}

// TestWorks runs what database/sql does with a driver through the latch.
func TestWorks(t *testing.T) {
	l := &latched.Latch{}
	db := l.Open("file:" + filepath.Join(t.TempDir(), "x.db"))
	defer db.Close()
	if err := db.Ping(); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`CREATE TABLE t (x INTEGER, b BOOLEAN)`); err != nil {
		t.Fatal(err)
	}
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	stmt, err := tx.Prepare(`INSERT INTO t VALUES ($1, $2)`)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		if _, err := stmt.Exec(i, i == 1); err != nil {
			t.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	var n int
	var b bool
	if err := db.QueryRow(`SELECT x, b FROM t WHERE b`).Scan(&n, &b); err != nil || n != 1 || !b {
		t.Errorf("%d %v %v", n, b, err)
	}
	if l.Err() != nil {
		t.Error(l.Err())
	}
}
