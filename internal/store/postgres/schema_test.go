package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"limen/internal/store/sqlite"
)

// The two schemas are one: the same tables, with the same columns in the same
// order, keys and indexes; only the types have other names, and three tables
// have partitions.
func TestSchemaIsTheOneOfSQLite(t *testing.T) {
	ctx := t.Context()
	e, err := sqlite.OpenEngine(ctx, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	_, db := record(t)
	theirs := lines(t, e.Reader(), `SELECT t.name || ' ' || c.name || ' ' || c.type || ' ' || (c."notnull" OR c.pk > 0) || ' ' || c.pk
		FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'goose%' AND t.name NOT LIKE 'sqlite%' ORDER BY t.name, c.cid`)
	ours := lines(t, db, `SELECT c.relname || ' ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull::int || ' ' ||
		coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0)
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname NOT LIKE 'goose%' ORDER BY c.relname COLLATE "C", a.attnum`)
	names := strings.NewReplacer(" BLOB ", " bytea ", " INTEGER ", " bigint ", " TEXT ", " text ", " BIGINT ", " bigint ", " BOOLEAN ", " boolean ", " DOUBLE PRECISION ", " double precision ")
	for i := range theirs {
		theirs[i] = names.Replace(theirs[i])
	}
	compare(t, "columns", ours, theirs, 120)

	theirs = lines(t, e.Reader(), `SELECT m.name || ' on ' || m.tbl_name || ' ' || (SELECT group_concat(name, ',') FROM pragma_index_info(m.name)) ||
		CASE WHEN m.sql LIKE '%UNIQUE%' THEN ' unique' ELSE '' END || CASE WHEN m.sql LIKE '% WHERE %' THEN ' partial' ELSE '' END
		FROM sqlite_master m WHERE m.type = 'index' AND m.sql IS NOT NULL AND m.tbl_name NOT LIKE 'goose%' ORDER BY m.name`)
	ours = lines(t, db, `SELECT c.relname || ' on ' || t.relname || ' ' || (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(num, n)
			JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.num) ||
		CASE WHEN i.indisunique THEN ' unique' ELSE '' END || CASE WHEN i.indpred IS NOT NULL THEN ' partial' ELSE '' END
		FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
		WHERE t.relnamespace = 'public'::regnamespace AND NOT i.indisprimary AND NOT t.relispartition AND t.relname NOT LIKE 'goose%' ORDER BY c.relname COLLATE "C"`)
	compare(t, "indexes", ours, theirs, 20)
}

// Order and comparison of text are those of its bytes, whatever locale the
// database was made with.
func TestTextIsComparedByItsBytes(t *testing.T) {
	_, db := record(t)
	if other := lines(t, db, `SELECT c.relname || '.' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname NOT LIKE 'goose%'
		AND a.atttypid = 'text'::regtype AND a.attcollation <> (SELECT oid FROM pg_collation WHERE collname = 'C')`); len(other) != 0 {
		t.Errorf("text columns of another collation than C: %v", other)
	}
}

func lines(t *testing.T, db *sql.DB, query string) (out []string) {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		out = append(out, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func compare(t *testing.T, what string, ours, theirs []string, atLeast int) {
	t.Helper()
	if len(ours) < atLeast {
		t.Errorf("only %d %s were looked at", len(ours), what)
	}
	for _, l := range ours {
		if !slices.Contains(theirs, l) {
			t.Errorf("%s: only PostgreSQL has %s", what, l)
		}
	}
	for _, l := range theirs {
		if !slices.Contains(ours, l) {
			t.Errorf("%s: only SQLite has %s", what, l)
		}
	}
	if !t.Failed() && !slices.Equal(ours, theirs) {
		t.Errorf("%s are in another order:\n%s", what, fmt.Sprint(ours, "\n", theirs))
	}
}
