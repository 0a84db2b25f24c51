// Package store is the record: the portable SQL layer over database/sql that
// both engines share. It has no clock, makes no ids and decides nothing; every
// write happens inside one transaction that the caller composes.
package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"limen/errs"
	"limen/travel"
)

// Store is an open store. It is safe for concurrent use: reads run beside each
// other and beside the one writer.
type Store struct {
	writer, reader *sql.DB
	closed         func() error
}

// New returns a store over a writer with one connection and a reader with
// many. closed is called last by Close.
func New(writer, reader *sql.DB, closed func() error) *Store {
	return &Store{writer: writer, reader: reader, closed: closed}
}

// Close waits for running transactions and closes the store.
func (s *Store) Close() error {
	return errors.Join(s.reader.Close(), s.writer.Close(), s.closed())
}

// Tx is one transaction: all its writes take effect together or not at all,
// and its reads see one state.
type Tx struct {
	ctx context.Context
	tx  *sql.Tx
}

// Write runs fn in a transaction that alone may write, and commits if fn
// returns nil. When Write returns nil the change survives a power cut. An
// error of fn comes back as it is; the store is then as it was before.
func (s *Store) Write(ctx context.Context, fn func(*Tx) error) error { return run(ctx, s.writer, fn) }

// Read runs fn on one unchanging state of the store.
func (s *Store) Read(ctx context.Context, fn func(*Tx) error) error { return run(ctx, s.reader, fn) }

func run(ctx context.Context, db *sql.DB, fn func(*Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return storeError(err)
	}
	defer tx.Rollback() // does nothing after a commit
	if err := fn(&Tx{ctx, tx}); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return storeError(err)
	}
	return nil
}

// storeError classifies an error of the database: a cancelled caller is told
// to come back, all else is Broken. The cause is kept for logs; SQL errors
// quote no values.
func storeError(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return errs.Retry(time.Second, "store-canceled", "the store did not answer in time: %w", err)
	}
	return errs.New(errs.Broken, "store", "the store failed: %w", err)
}

func (t *Tx) exec(query string, args ...any) error {
	_, err := t.tx.ExecContext(t.ctx, query, args...)
	if err != nil {
		return storeError(err)
	}
	return nil
}

// one scans the only row of a query into dst and reports whether there was one.
func (t *Tx) one(dst []any, query string, args ...any) (bool, error) {
	err := t.tx.QueryRowContext(t.ctx, query, args...).Scan(dst...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, storeError(err)
	}
	return true, nil
}

// list collects the rows of a query.
func list[T any](t *Tx, scan func(row func(...any) error) (T, error), query string, args ...any) ([]T, error) {
	rows, err := t.tx.QueryContext(t.ctx, query, args...)
	if err != nil {
		return nil, storeError(err)
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows.Scan)
		if err != nil {
			return nil, storeError(err)
		}
		out = append(out, v)
	}
	if err := rows.Err(); err != nil {
		return nil, storeError(err)
	}
	return out, nil
}

// first returns a pointer to the first of list's rows, or nil.
func first[T any](t *Tx, scan func(row func(...any) error) (T, error), query string, args ...any) (*T, error) {
	vs, err := list(t, scan, query, args...)
	if err != nil || len(vs) == 0 {
		return nil, err
	}
	return &vs[0], nil
}

// micros is the form of an instant in the store; 0 is no instant.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func instant(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// dayColumn scans a day from its text.
type dayColumn struct{ day *travel.Day }

func (d dayColumn) Scan(v any) error {
	s, ok := v.(string)
	if !ok {
		return errors.New("a day is stored as text")
	}
	return d.day.UnmarshalText([]byte(s))
}

// timeColumn scans an instant from microseconds.
type timeColumn struct{ at *time.Time }

func (c timeColumn) Scan(v any) error {
	us, ok := v.(int64)
	if !ok {
		return errors.New("an instant is stored as an integer")
	}
	*c.at = instant(us)
	return nil
}

// jsonColumn scans and writes a value kept as JSON text.
type jsonColumn struct{ v any }

func (c jsonColumn) Scan(v any) error {
	switch s := v.(type) {
	case string:
		return json.Unmarshal([]byte(s), c.v)
	case []byte:
		return json.Unmarshal(s, c.v)
	}
	return errors.New("JSON is stored as text")
}

func toJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("store: a record cannot be written as JSON: " + err.Error()) // a programming error: our own types
	}
	return string(b)
}
