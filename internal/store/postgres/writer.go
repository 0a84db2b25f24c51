package postgres

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"limen/internal/store"
)

// writer implements store.Writer on one session.
type writer struct{ *sql.Conn }

// Writer implements store.Engine.
func (e *engine) Writer(ctx context.Context) (store.Writer, error) {
	c, err := e.writers.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return writer{c}, nil
}

// turnLock is the advisory lock that a transaction holds while it writes. It
// costs less than the lock of a row, which is a write to the log of its own.
const turnLock = serverLock + 1

var begin = []store.Stmt{
	{SQL: "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"},
	{SQL: "SELECT pg_advisory_xact_lock($1)", Args: []any{int64(turnLock)}},
}

// Begin implements store.Writer. A server and the commands of an administrator
// take turns by turnLock; the statements after it, of the same round trip, see
// what the last one committed.
func (w writer) Begin(ctx context.Context, then ...store.Stmt) error {
	return w.Run(ctx, slices.Concat(begin, then)...)
}

// Run implements store.Writer: all statements in one round trip, after the
// first time of each, when it is prepared. The server skips what follows one
// that it refuses, the COMMIT too.
func (w writer) Run(ctx context.Context, stmts ...store.Stmt) error {
	var unread error // what our own side made of a row
	err := w.Raw(func(c any) error {
		batch := &pgx.Batch{}
		for _, s := range stmts {
			batch.Queue(s.SQL, s.Args...)
		}
		results := c.(*stdlib.Conn).Conn().SendBatch(ctx, batch)
		for _, s := range stmts {
			refused, err := receive(results, s)
			unread = errors.Join(unread, err)
			if refused != nil {
				_ = results.Close() // says the same again
				return answer(refused)
			}
		}
		return answer(results.Close())
	})
	if err != nil {
		return err
	}
	return unread
}

// receive reads the answer to one statement. unread is an error of its Row.
func receive(results pgx.BatchResults, s store.Stmt) (refused, unread error) {
	rows, err := results.Query()
	if err != nil {
		return err, nil
	}
	for rows.Next() {
		if s.Row != nil && unread == nil {
			unread = s.Row(rows.Scan)
		}
	}
	if err := rows.Err(); err != nil {
		return err, nil
	}
	// A transaction that failed earlier answers a COMMIT with a ROLLBACK.
	if tag := rows.CommandTag().String(); s.SQL == "COMMIT" && tag != s.SQL {
		return fmt.Errorf("the commit was answered by %s", tag), nil
	}
	return nil, unread
}

// answer marks an error that the server did not send: the connection failed,
// or cannot be trusted any more.
func answer(err error) error {
	var pg *pgconn.PgError
	if err == nil || errors.As(err, &pg) {
		return err
	}
	return &severed{err}
}

// Bulk implements store.Writer. One statement writes to many tables: each of
// its own would cost the server as much as the row. A table comes but once in a
// statement, for its parts see nothing of each other.
func (w writer) Bulk(batches []store.Batch, last *store.Stmt) (stmts []store.Stmt) {
	var m *merged
	for _, b := range batches {
		if len(b.Rows) == 0 {
			continue
		}
		if m != nil && m.has(b.Table) {
			stmts, m = append(stmts, m.stmt(nil)), nil
		}
		if m == nil {
			m = &merged{}
		}
		m.add(b)
	}
	switch {
	case m != nil:
		stmts = append(stmts, m.stmt(last))
	case last != nil:
		stmts = append(stmts, *last)
	}
	return stmts
}

// Close ends the session, and what it had open is undone: nothing of a
// connection that failed is used again.
func (w writer) Close() error {
	err := w.Raw(func(any) error { return driver.ErrBadConn }) // the pool's way to close it
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) {
		err = nil
	}
	if cerr := w.Conn.Close(); cerr != nil && !errors.Is(cerr, sql.ErrConnDone) {
		err = errors.Join(err, cerr)
	}
	return err
}
