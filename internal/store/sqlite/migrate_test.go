package sqlite

import (
	"database/sql"
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/pressly/goose/v3"
)

// A record of the version before leads had a state keeps its stays and leads:
// the last authorized day is the admit-until date, every lead is open.
func TestStaysAndLeadsOfAnEarlierVersion(t *testing.T) {
	db, err := sql.Open("sqlite", URI(filepath.Join(t.TempDir(), File))+"?_pragma=foreign_keys(1)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{`INSERT INTO travelers VALUES ('t1', 'k1', x'', 1, 'listing', 1)`,
		`INSERT INTO admissions VALUES ('a1', 't1', '2026-01-01', 'B-2', '2026-03-31', FALSE, 'x1', '', '')`,
		`INSERT INTO admissions VALUES ('a2', 't1', '2025-01-01', 'F-1', '', TRUE, 'x2', '2025-02-01', 'x3')`,
		`INSERT INTO leads VALUES ('l1', 'missing-exit', 't1', 'a2', 'x1', 0, '2026-01-01')`} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(q, err)
		}
	}
	if _, err := p.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	var got string
	err = db.QueryRow(`SELECT group_concat(id || ' ' || day || ' ' || until || ' ' || closed_by || ' ' || parole, ', ') ||
		(SELECT '; ' || id || ' ' || kind || ' ' || traveler || ' ' || admission || ' ' || cleared || ' ' || raised FROM leads) FROM admissions`).Scan(&got)
	if want := "a1 2026-01-01 2026-03-31  0, a2 2025-01-01  x3 0; l1 missing-exit t1 a2 0 0"; err != nil || got != want {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
}
