package check_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"limen/internal/check"
	"limen/internal/check/checktest"
	"limen/internal/notary"
	"limen/internal/seal"
	"limen/internal/store"
	"limen/internal/store/sqlite"
)

// look checks the record of an installation that does not run.
func look(t *testing.T, s *checktest.Site, change ...func(*check.Options)) (r *check.Report) {
	t.Helper()
	s.Open(func(st *store.Store, keys *seal.FileKeys) {
		o := check.Options{Now: s.Clock, Keys: keys, Deep: true, Signers: s.Verifiers()}
		for _, f := range change {
			f(&o)
		}
		var err error
		if r, err = check.Run(t.Context(), st, o); err != nil {
			t.Fatal(err)
		}
	})
	return r
}

func TestARichHistoryIsClean(t *testing.T) {
	s := checktest.New(t, "")
	checktest.History(s)
	r := look(t, s)
	for _, v := range r.Violations {
		t.Errorf("%+v", v)
	}
	if len(r.Skipped) != 0 {
		t.Errorf("not everything was looked at: %v", r.Skipped)
	}
	for _, c := range r.Counts {
		if c.N == 0 && !slices.Contains([]string{"rows of erasures", "entries whose opening is erased", "kept past their time by a hold"}, c.What) {
			t.Errorf("the history has none: %s", c.What)
		}
		t.Logf("%6d %s", c.N, c.What)
	}
}

// broken is one thing done to the database behind limen's back.
type broken struct {
	name  string
	sql   string
	rules []string // of which each is violated, and none beside
	id    string   // SQL for the id that is named, asked before; "" for any
}

const (
	someExit   = `(SELECT x.id FROM crossings x JOIN decisions d ON d.id = x.decision WHERE d.rule <> '' AND x.class = 'crossing-nonimmigrant' ORDER BY x.id DESC LIMIT 1)`
	someManual = `(SELECT id FROM crossings WHERE confirmation = 'manual' AND corrects = '' ORDER BY id LIMIT 1)`
	fixing     = `(SELECT id FROM crossings WHERE corrects <> '' AND NOT void)`
	voiding    = `(SELECT id FROM crossings WHERE void)`
	someErased = `(SELECT subject FROM audit WHERE action = 'erasure' AND CAST(detail AS TEXT) LIKE '%"kind":"traveler"%' LIMIT 1)`
	someLead   = `(SELECT id FROM leads WHERE kind = 'unmatched-departure' AND cleared = 0 ORDER BY id LIMIT 1)`
	someStay   = `(SELECT id FROM admissions WHERE closed_by <> '' ORDER BY id LIMIT 1)`
)

// TestEachInvariantBrokenIsFound breaks each invariant by statements in the
// file, and wants it named.
func TestEachInvariantBrokenIsFound(t *testing.T) {
	s := checktest.New(t, "")
	checktest.History(s)
	for _, b := range breakages {
		t.Run(b.name, func(t *testing.T) {
			c := *s
			c.TB, c.Dir = t, copyDir(t, s.Dir)
			id := alter(t, filepath.Join(c.Dir, sqlite.File), b)
			found(t, look(t, &c), b, id)
		})
	}
}

func found(t *testing.T, r *check.Report, b broken, id string) {
	t.Helper()
	named := map[string]bool{}
	for _, v := range r.Violations {
		named[v.Rule] = true
		if !slices.Contains(b.rules, v.Rule) {
			t.Errorf("beside: %+v", v)
		}
		if strings.Contains(v.Says+v.ID, checktest.Surname) || strings.Contains(v.Says+v.ID, checktest.Officer) {
			t.Errorf("personal data: %+v", v)
		}
	}
	for _, rule := range b.rules {
		if !named[rule] {
			t.Errorf("%s was not found: %+v", rule, r.Violations)
		}
	}
	if id != "" && !slices.ContainsFunc(r.Violations, func(v check.Violation) bool { return v.ID == id }) {
		t.Errorf("%s is not named: %+v", id, r.Violations)
	}
}

// alter runs the statements on a database file and returns the id of what they
// break.
func alter(t *testing.T, file string, b broken) (id string) {
	t.Helper()
	db, err := sql.Open("sqlite", sqlite.URI(file)+"?_pragma=foreign_keys(0)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if b.id != "" {
		if err := db.QueryRow(`SELECT ` + b.id).Scan(&id); err != nil || id == "" {
			t.Fatalf("nothing to break: %q %v", id, err)
		}
	}
	for _, statement := range strings.Split(b.sql, ";") {
		res, err := db.Exec(statement)
		if err != nil {
			t.Fatal(statement, err)
		}
		if n, _ := res.RowsAffected(); n == 0 && !strings.Contains(statement, "DROP") {
			t.Fatalf("nothing was broken by %s", statement)
		}
	}
	return id
}

func copyDir(t *testing.T, from string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"kek", notary.KeyFile} {
		if err := os.Chmod(filepath.Join(to, secret), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

func TestWithoutKeysWhatCanBeCheckedIs(t *testing.T) {
	s := checktest.New(t, "")
	checktest.History(s)
	st, err := sqlite.Open(t.Context(), s.Dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	r, err := check.Run(context.Background(), st, check.Options{Now: s.Clock})
	if err != nil || r.Total != 0 || len(r.Skipped) < 4 {
		t.Errorf("%v, %d violations, skipped %v", err, r.Total, r.Skipped)
	}
}

// What only somebody who remembers can see: a log cut off, or another one,
// each with checkpoints of its own.
func TestWitness(t *testing.T) {
	s := checktest.New(t, "")
	checktest.History(s)
	held := s.Checkpoints()
	last := held[len(held)-1]
	withHeld := func(o *check.Options) { o.Held = append(o.Held, last) }
	if r := look(t, s, withHeld); r.Total != 0 {
		t.Fatalf("%+v", r.Violations)
	}
	last.Size += 3
	r := look(t, s, withHeld)
	if r.Total != 1 || r.Violations[0].Rule != "witness" || !strings.Contains(r.Violations[0].Says, "3 are lost") {
		t.Errorf("%+v", r.Violations)
	}
	last = held[1]
	last.Root[0]++
	if r := look(t, s, withHeld); r.Total != 1 || r.Violations[0].ID != fmt.Sprint(last.Size) {
		t.Errorf("%+v", r.Violations)
	}
}

// A list of violations has an end; their number is exact.
func TestManyViolations(t *testing.T) {
	s := checktest.New(t, "")
	checktest.History(s)
	var many strings.Builder
	many.WriteString(`INSERT INTO outbox (seq, topic, key, at) VALUES (0, 'crossing', 'none', 0)`)
	for i := range check.MaxListed {
		fmt.Fprintf(&many, ", (%d, 'crossing', 'none', 0)", -1-i)
	}
	alter(t, filepath.Join(s.Dir, sqlite.File), broken{sql: many.String()})
	if r := look(t, s); r.Total != check.MaxListed+1 || len(r.Violations) != check.MaxListed {
		t.Errorf("%d violations, %d listed", r.Total, len(r.Violations))
	}
}
