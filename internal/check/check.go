// Package check verifies every invariant of the record: that what is there
// belongs together, is as the audit log says, can be opened, and is not kept
// longer than it may be.
//
// It reads one unchanging state of the store, beside a running server, in
// memory that does not grow with it, with SQL of its own: what the store's
// methods get wrong it may find. It changes nothing, so a crash leaves nothing.
package check

import (
	"context"
	"time"

	"golang.org/x/mod/sumdb/note"

	"limen/audit"
	"limen/internal/store"
)

// Keys are the data keys, if they are at hand.
type Keys interface {
	// Key returns a data key; NotFound (code "data-key") if it was destroyed.
	Key(ctx context.Context, id string) ([]byte, error)
}

// Options says what is checked beside the record itself.
type Options struct {
	// Now is the instant at which nothing may be late.
	Now time.Time
	// Keys are the data keys that the store was opened with. Nil leaves out
	// whether they are there and what is sealed under them.
	Keys Keys
	// Deep opens every sealed value.
	Deep bool
	// Signers verify the checkpoints' signatures; nil leaves them out.
	Signers note.Verifiers
	// Held are checkpoints of this log that somebody else holds.
	Held []audit.Checkpoint
	// Progress is told how far each step is; nil if nobody wants to know.
	Progress func(step string, done, total int64)
}

// Grace is how long after its time something may still be there: the worker
// that erases comes every minute.
const Grace = 5 * time.Minute

// Violation is one thing that is not as it must be. It has ids and no personal
// data.
type Violation struct {
	Rule string // what is violated, such as "crossing-altered"
	ID   string // of what violates it
	Says string
}

// Count is how many of something were looked at.
type Count struct {
	What string
	N    int64
}

// MaxListed is how many violations of one rule a Report lists; it counts all.
const MaxListed = 1000

// Report is what was found.
type Report struct {
	Counts     []Count
	Violations []Violation
	Total      int      // violations, listed or not
	Skipped    []string // what could not be checked, and why
	Size       int64    // leaves of the audit log

	listed map[string]int
}

func (r *Report) violate(rule, id, says string) {
	r.Total++
	if r.listed[rule]++; r.listed[rule] <= MaxListed {
		r.Violations = append(r.Violations, Violation{rule, id, says})
	}
}

func (r *Report) count(what string, n int64) { r.Counts = append(r.Counts, Count{what, n}) }

// Run checks the record. The error says that it could not be read to its end;
// what is wrong with it is in the report.
func Run(ctx context.Context, st *store.Store, o Options) (*Report, error) {
	c := &checker{ctx: ctx, o: o, Report: &Report{listed: map[string]int{}}, missing: map[string]needed{}}
	if c.o.Progress == nil {
		c.o.Progress = func(string, int64, int64) {}
	}
	err := st.Read(ctx, func(tx *store.Tx) error {
		c.Tx = tx
		for _, step := range []func() error{c.file, c.log, c.checkpoints, c.crossings, c.stays, c.files, c.scopes, c.erasures, c.decisions, c.captures, c.rules, c.holds, c.due, c.late, c.keys, c.sealed} {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	// A key that went while this was reading is no violation: it was noted.
	if err := st.Read(ctx, func(tx *store.Tx) error { c.Tx = tx; return c.confirm() }); err != nil {
		return nil, err
	}
	return c.Report, nil
}

// checker is one run.
type checker struct {
	ctx context.Context
	*store.Tx
	o Options
	*Report
	size, outbox int64 // as the head says
	proved       int64 // erasures of crossings that the log proves
	last         int64 // the latest instant in the log, in microseconds
	missing      map[string]needed
}

// ids reports a violation for each row of a query, whose one column is an id.
func (c *checker) ids(rule, says, query string, args ...any) error {
	return c.Rows(func(scan func(...any) error) error {
		var id string
		if err := scan(&id); err != nil {
			return err
		}
		c.violate(rule, id, says)
		return nil
	}, query, args...)
}

// number returns the only value of a query.
func (c *checker) number(query string, args ...any) (n int64, err error) {
	err = c.Rows(func(scan func(...any) error) error { return scan(&n) }, query, args...)
	return n, err
}

// file has SQLite check its own file: structure, indexes, references.
//
// Source: SQLite, PRAGMA integrity_check, PRAGMA foreign_key_check.
func (c *checker) file() error {
	if !c.Embedded() {
		c.Skipped = append(c.Skipped, "the database's own files: PostgreSQL verifies them with pg_amcheck and data checksums")
		return nil
	}
	c.o.Progress("file", 0, 1)
	err := c.Rows(func(scan func(...any) error) error {
		var says string
		if err := scan(&says); err != nil || says == "ok" {
			return err
		}
		c.violate("file-integrity", "limen.db", "the database file is damaged: "+says)
		return nil
	}, `PRAGMA integrity_check`)
	if err != nil {
		return err
	}
	return c.ids("reference", "a row refers to one that is not there", `SELECT "table" || ' ' || coalesce(rowid, 0) || ' to ' || parent FROM pragma_foreign_key_check`)
}
