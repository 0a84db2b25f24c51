package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"limen/internal/store"
)

// tables are all of a store's, what refers before what is referred to, each
// with an order that does not depend on what is random.
var tables = []struct{ name, order string }{
	{"leads", "id"}, {"stay_changes", "id"}, {"link_keys", "digest, traveler"}, {"file_records", "id"}, {"lead_candidates", "lead, traveler"}, {"admissions", "id"}, {"crossing_once", "key"}, {"crossings", "id, at"},
	{"decisions", "id"}, {"captures", "id, received"}, {"encounters", "id"}, {"reference_items", "id"}, {"holds", "id"},
	{"erasures", "kind, subject, class, at, cause"}, {"sealed", "id"}, {"passengers", "id"}, {"manifests", "sender, reference, voyage"},
	{"documents", "digest"}, {"voyages", "id"}, {"travelers", "id"}, {"settings", "name"}, {"api_keys", "id"},
	{"audit", "seq"}, {"checkpoints", "size"}, {"outbox", "seq"}, {"log_head", "size"},
}

// random names the columns that no two stores have alike: ids and salts that
// are drawn, and what is computed from them.
var random = []string{"audit.salt", "audit.leaf", "audit.hashes"}

// dump returns every row of every table as a line. Data keys are numbered in
// the order they appear.
func dump(t *testing.T, e store.Engine) (lines []string) {
	t.Helper()
	for _, table := range tables {
		lines = append(lines, dumpTable(t, e.Reader(), table.name, table.order)...)
	}
	numbers := map[string]string{}
	for i, l := range lines {
		lines[i] = keyID.ReplaceAllStringFunc(l, func(id string) string {
			if numbers[id] == "" {
				numbers[id] = fmt.Sprint("key ", len(numbers)+1)
			}
			return numbers[id]
		})
	}
	return lines
}

var keyID = regexp.MustCompile(keyPattern)

func dumpTable(t *testing.T, db *sql.DB, table, order string) (lines []string) {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), "SELECT * FROM "+table+" ORDER BY "+order)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values := make([]any, len(names))
		into := make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line(table, names, values))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}

func line(table string, names []string, values []any) string {
	var b strings.Builder
	b.WriteString(table)
	for i, v := range values {
		if slices.Contains(random, table+"."+names[i]) {
			v = "random"
		}
		fmt.Fprintf(&b, " %s=%#v", names[i], readable(v))
	}
	return b.String()
}

// readable shows bytes as the text they mostly are, and a boolean as the number
// that it is on SQLite.
func readable(v any) any {
	switch v := v.(type) {
	case []byte:
		return "bytes " + string(v)
	case bool:
		if v {
			return int64(1)
		}
		return int64(0)
	}
	return v
}

// differ reports the first lines in which two dumps differ.
func differ(t *testing.T, what string, got, want []string) {
	t.Helper()
	if slices.Equal(got, want) {
		return
	}
	for i := range max(len(got), len(want)) {
		g, w := "nothing", "nothing"
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if g != w {
			t.Errorf("%s:\n got %s\nwant %s", what, g, w)
			return
		}
	}
}

// wipe empties every table: a new database, but sooner made.
func wipe(t *testing.T, e store.Engine) {
	t.Helper()
	ctx := context.Background()
	w, err := e.Writer(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var stmts []store.Stmt
	for _, table := range tables {
		stmts = append(stmts, store.Stmt{SQL: "DELETE FROM " + table.name})
	}
	stmts = append(stmts, store.Stmt{SQL: "INSERT INTO log_head (size, outbox) VALUES (0, 0)"}, store.Stmt{SQL: "COMMIT"})
	if err := w.Begin(ctx, stmts...); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// checkTables holds the list of tables against what the database has.
func checkTables(t *testing.T, e store.Engine) {
	t.Helper()
	query := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'goose%' AND name NOT LIKE 'sqlite%' ORDER BY name`
	if e.Arrays() {
		query = `SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
			AND NOT c.relispartition AND c.relname NOT LIKE 'goose%' ORDER BY c.relname COLLATE "C"`
	}
	rows, err := e.Reader().QueryContext(context.Background(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var has, listed []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		has = append(has, name)
	}
	for _, table := range tables {
		listed = append(listed, table.name)
	}
	slices.Sort(listed)
	if !slices.Equal(has, listed) {
		t.Errorf("the database has %v,\nlooked at are %v", has, listed)
	}
}
