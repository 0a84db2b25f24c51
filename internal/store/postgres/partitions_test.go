package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"limen/errs"
	"limen/internal/store/pgtest"
)

// Worked by hand: seconds since 1970 of the first of the months around a new
// year, by 365 days a year and 14 leap days from 1970 to 2026.
func TestMonthsAroundANewYear(t *testing.T) {
	const day = 86_400_000_000
	const newYear2027 = (57*365 + 14) * day
	want := []month{
		{"2026_11", newYear2027 - 61*day, newYear2027 - 31*day},
		{"2026_12", newYear2027 - 31*day, newYear2027},
		{"2027_01", newYear2027, newYear2027 + 31*day},
		{"2027_02", newYear2027 + 31*day, newYear2027 + 59*day},
	}
	if got := months(time.UnixMicro(newYear2027 - 1)); !slices.Equal(got, want) {
		t.Errorf("at the last microsecond of December:\n got %v\nwant %v", got, want)
	}
	if got := months(time.UnixMicro(newYear2027)); !slices.Equal(got[:3], want[1:]) || got[3] != (month{"2027_03", newYear2027 + 59*day, newYear2027 + 90*day}) {
		t.Errorf("at the first of January: %v", got)
	}
	kiritimati := time.FixedZone("", 14*3600)
	if got := months(time.UnixMicro(newYear2027 - 1).In(kiritimati)); !slices.Equal(got, want) {
		t.Errorf("the months are UTC's: %v", got)
	}
}

// record makes a database with the schema, and no months yet.
func record(t *testing.T) (url string, db *sql.DB) {
	t.Helper()
	url = pgtest.Start(t).Database(t)
	db = pool(t, url)
	if err := migrate(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	return url, db
}

func pool(t *testing.T, url string) *sql.DB {
	t.Helper()
	config, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	db := stdlib.OpenDB(*config)
	t.Cleanup(func() { db.Close() })
	return db
}

func do(t *testing.T, db *sql.DB, statement string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatal(err)
	}
}

// where returns how many rows of crossings each partition has.
func where(t *testing.T, db *sql.DB) map[string]int {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "SELECT tableoid::regclass::text, count(*) FROM crossings GROUP BY 1")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	got := map[string]int{}
	for rows.Next() {
		var name string
		var n int
		if err := rows.Scan(&name, &n); err != nil {
			t.Fatal(err)
		}
		got[name] = n
	}
	return got
}

var newYear = time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)

const insertCrossings = `INSERT INTO crossings (id, traveler, voyage, passenger, direction, port, point, day, at, confirmation, capture, decision,
	corrects, recorded_late, void, class, due) SELECT $1::text || n, 't1', 'v1', 'p1', '', '', '', '', $2, '', '', '', '', false, false, '', 0 FROM generate_series(1, $3) n`

func put(t *testing.T, db *sql.DB, id string, at time.Time) {
	t.Helper()
	do(t, db, insertCrossings, id, at.UnixMicro(), 1)
}

// A row goes to its month, and one that nobody expected to the default, out of
// which its month takes it when it is made.
func TestRowsFindTheirMonth(t *testing.T) {
	_, db := record(t)
	december := newYear.Add(-time.Microsecond)
	put(t, db, "early", december)
	if got := where(t, db); got["crossings_default"] != 1 {
		t.Errorf("before any month: %v", got)
	}
	for range 2 { // the second finds all made
		if err := makePartitions(t.Context(), db, december); err != nil {
			t.Fatal(err)
		}
	}
	put(t, db, "last", december)
	put(t, db, "first", newYear)
	put(t, db, "march", newYear.AddDate(0, 2, 0))
	put(t, db, "never", time.UnixMicro(0))
	want := map[string]int{"crossings_2026_12": 2, "crossings_2027_01": 1, "crossings_default": 2}
	if got := where(t, db); !equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if err := makePartitions(t.Context(), db, newYear); err != nil {
		t.Fatal(err)
	}
	want = map[string]int{"crossings_2026_12": 2, "crossings_2027_01": 1, "crossings_2027_03": 1, "crossings_default": 1}
	if got := where(t, db); !equal(got, want) {
		t.Errorf("a month later: got %v, want %v", got, want)
	}
	if _, err := db.ExecContext(t.Context(), insertCrossings, "march", newYear.AddDate(0, 2, 0).UnixMicro(), 1); err == nil {
		t.Error("a month without the table's primary key")
	}
	for _, p := range partitioned {
		var n int
		if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM pg_inherits WHERE inhparent = $1::regclass", p.table).Scan(&n); err != nil || n != 6 {
			t.Errorf("%s has %d partitions (%v), want 5 months and the default", p.table, n, err)
		}
	}
}

func equal(a, b map[string]int) bool {
	for k, v := range a {
		if b[k] != v {
			return false
		}
	}
	return len(a) == len(b)
}

// Several make the months at once while a writer writes: all end well, or say
// that they could not now; nothing of the writer's fails.
func TestPartitionsBesideAWriter(t *testing.T) {
	url, db := record(t)
	stop := make(chan struct{})
	var writer, makers sync.WaitGroup
	writer.Go(func() {
		w := pool(t, url)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			if err := writeAsTheStoreDoes(w, i); err != nil {
				t.Error(err)
				return
			}
		}
	})
	for range 3 {
		makers.Go(func() {
			for {
				err := makePartitions(t.Context(), db, newYear)
				if errs.CodeOf(err) == "store-busy" {
					continue
				}
				if err != nil {
					t.Error(err)
				}
				return
			}
		})
	}
	makers.Wait()
	close(stop)
	writer.Wait()
	if got := where(t, db); got["crossings_default"] != 0 {
		t.Errorf("left in the default partition: %v", got)
	}
}

func writeAsTheStoreDoes(w *sql.DB, i int) error {
	ctx := context.Background()
	tx, err := w.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after a commit
	if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", int64(turnLock)); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, insertCrossings, fmt.Sprint(i, "-"), newYear.AddDate(0, i%4-1, 0).UnixMicro(), 5); err != nil {
		return err
	}
	return tx.Commit()
}

// A reader that does not end cannot be waited for: the call gives way, and
// works when it is gone.
func TestPartitionsGiveWayToAReader(t *testing.T) {
	url, db := record(t)
	reader := mustOpen1(t, url, false)
	ctx := context.Background()
	if _, err := reader.Exec(ctx, "BEGIN; SELECT * FROM crossings"); err != nil {
		t.Fatal(err)
	}
	if err := makePartitions(ctx, db, newYear); errs.KindOf(err) != errs.Unavailable || errs.CodeOf(err) != "store-busy" {
		t.Errorf("beside a reader: %v", err)
	}
	if _, err := reader.Exec(ctx, "COMMIT"); err != nil {
		t.Fatal(err)
	}
	if err := makePartitions(ctx, db, newYear); err != nil {
		t.Error(err)
	}
}
