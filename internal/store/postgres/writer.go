package postgres

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"

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

// Begin implements store.Writer. The first statement locks the head of the log
// (SELECT … FOR UPDATE), which makes this the only writer; the others, of the
// same round trip, see what the last one committed.
func (w writer) Begin(ctx context.Context, then ...store.Stmt) error {
	return w.Run(ctx, append([]store.Stmt{{SQL: "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"}}, then...)...)
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

// Bulk implements store.Writer: one statement with an array a column.
func (w writer) Bulk(t store.Table, rows [][]any) []store.Stmt {
	if len(rows) <= fewRows { // a gate alone should not pay for arrays
		query := insertOne(t)
		stmts := make([]store.Stmt, len(rows))
		for i, r := range rows {
			stmts[i] = store.Stmt{SQL: query, Args: r}
		}
		return stmts
	}
	args := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		args[i] = column(c.Type, rows, i)
	}
	return []store.Stmt{{SQL: insert(t), Args: args}}
}

func column(kind string, rows [][]any, i int) any {
	switch kind {
	case "text":
		return values[string](rows, i)
	case "bigint":
		return values[int64](rows, i)
	case "boolean":
		return values[bool](rows, i)
	case "bytea":
		return values[[]byte](rows, i)
	}
	panic("postgres: no such column type: " + kind) // a programming error: our own tables
}

func values[T any](rows [][]any, i int) []T {
	vs := make([]T, len(rows))
	for n, r := range rows {
		vs[n] = r[i].(T)
	}
	return vs
}

// fewRows is up to how many rows go in one by one: reading arrays costs the
// server as much as inserting three rows.
const fewRows = 3

// insert returns INSERT INTO t (…) SELECT * FROM unnest($1::text[], …) ….
func insert(t store.Table) string {
	names, arrays := columns(t, func(i int, c store.Column) string { return fmt.Sprintf("$%d::%s[]", i, c.Type) })
	return "INSERT INTO " + t.Name + " (" + names + ") SELECT * FROM unnest(" + arrays + ") " + t.Conflict
}

// insertOne returns INSERT INTO t (…) VALUES ($1, …) ….
func insertOne(t store.Table) string {
	names, marks := columns(t, func(i int, _ store.Column) string { return fmt.Sprintf("$%d", i) })
	return "INSERT INTO " + t.Name + " (" + names + ") VALUES (" + marks + ") " + t.Conflict
}

func columns(t store.Table, mark func(i int, c store.Column) string) (names, marks string) {
	var ns, ms []string
	for i, c := range t.Columns {
		ns, ms = append(ns, c.Name), append(ms, mark(i+1, c))
	}
	return strings.Join(ns, ", "), strings.Join(ms, ", ")
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
