package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"limen/errs"
)

// partitioned are the tables that grow without end, each kept in one partition
// a month by an instant in microseconds UTC. What falls in no partition goes
// to the default one: nothing is refused because nobody made a month in time.
var partitioned = []struct{ table, column string }{{"crossings", "at"}, {"captures", "received"}, {"audit", "at"}}

// month is a calendar month UTC: from is in it, to no longer.
type month struct {
	name     string // 2026_11
	from, to int64  // microseconds
}

// months returns the month of at with the one before and the two after it.
func months(at time.Time) (ms []month) {
	y, m, _ := at.UTC().Date()
	for i := -1; i <= 2; i++ {
		from := time.Date(y, m+time.Month(i), 1, 0, 0, 0, 0, time.UTC)
		to := time.Date(y, m+time.Month(i+1), 1, 0, 0, 0, 0, time.UTC)
		ms = append(ms, month{name: from.Format("2006_01"), from: from.UnixMicro(), to: to.UnixMicro()})
	}
	return ms
}

// makePartitions makes the partitions of the months around at that are not
// there yet. It may be called as often as one likes, also by several at once
// and beside a running server: where all are there it takes no lock, and else
// it waits at most lockWait for each, so that a reader who does not end holds
// nobody up for long. Then it returns an Unavailable error (code "store-busy");
// with two months made ahead there is time to try again.
//
// A crash leaves some months made and others not; the next call makes them.
func makePartitions(ctx context.Context, db *sql.DB, at time.Time) error {
	for _, p := range partitioned {
		for _, m := range months(at) {
			there, err := exists(ctx, db, p.table+"_"+m.name)
			if err != nil {
				return err
			}
			if there {
				continue
			}
			if err := makePartition(ctx, db, p.table, p.column, m); err != nil {
				return err
			}
		}
	}
	return nil
}

const lockWait = "500ms"

type queryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func exists(ctx context.Context, q queryer, table string) (there bool, err error) {
	err = q.QueryRowContext(ctx, "SELECT to_regclass($1) IS NOT NULL", table).Scan(&there)
	return there, err
}

// makePartition makes one, and moves into it what the default partition has of
// its month. It takes the writers' turn first: a writer
// that had already chosen the default partition for its row would find that
// the row may no longer go there. Readers of other partitions go on meanwhile.
//
// Source: PostgreSQL 15 documentation, 5.11.2.2 (partition maintenance).
func makePartition(ctx context.Context, db *sql.DB, table, column string, m month) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after a commit
	for _, q := range []string{
		"SET LOCAL lock_timeout = '" + lockWait + "'",
		fmt.Sprintf("SELECT pg_advisory_xact_lock(%d)", turnLock),
		"LOCK TABLE " + table + "_default IN ACCESS EXCLUSIVE MODE",
	} {
		if _, err := tx.ExecContext(ctx, q); err != nil {
			return busy(err)
		}
	}
	name := table + "_" + m.name
	if there, err := exists(ctx, tx, name); err != nil || there { // another made it meanwhile
		return err
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf(`CREATE TABLE %[1]s (LIKE %[2]s INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
		WITH moved AS (DELETE FROM %[2]s_default WHERE %[3]s >= %[4]d AND %[3]s < %[5]d RETURNING *) INSERT INTO %[1]s SELECT * FROM moved;
		ALTER TABLE %[2]s ATTACH PARTITION %[1]s FOR VALUES FROM (%[4]d) TO (%[5]d)`, name, table, column, m.from, m.to)); err != nil {
		return busy(err)
	}
	return tx.Commit()
}

// busy classifies a lock that was not to be had in time (55P03).
func busy(err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "55P03" {
		return errs.Retry(time.Minute, "store-busy", "a partition of the coming months could not be made now: %w", err)
	}
	return err
}
