package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"limen/internal/store"
)

// engine implements store.Engine.
type engine struct {
	writer, reader *sql.DB
	closed         func() error
}

func (e *engine) Reader() *sql.DB             { return e.reader }
func (e *engine) ReadOptions() *sql.TxOptions { return nil } // a transaction reads one state
func (e *engine) Arrays() bool                { return false }

// Close implements store.Engine. SQLite tells nobody, either, that the last
// checkpoint failed which it makes when a database is closed.
func (e *engine) Close() error {
	if err := checkpoint(context.Background(), e.writer); err != nil && e.Fault(err) == store.Stop {
		return err
	}
	return errors.Join(e.reader.Close(), e.writer.Close(), e.closed())
}

// Fault implements store.Engine. What the file or the disk is to blame for
// stops the store: a full disk, too, for what is not written now may be half
// written.
func (e *engine) Fault(err error) store.Fault {
	if isBusy(err) {
		return store.Away
	}
	var failed *sqlite.Error
	if !errors.As(err, &failed) {
		return store.Refused
	}
	switch failed.Code() & 0xff {
	case lib.SQLITE_IOERR, lib.SQLITE_FULL, lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB, lib.SQLITE_CANTOPEN, lib.SQLITE_READONLY, lib.SQLITE_PROTOCOL, lib.SQLITE_NOMEM:
		return store.Stop
	}
	return store.Refused
}

// Writer implements store.Engine.
func (e *engine) Writer(ctx context.Context) (store.Writer, error) {
	c, err := e.writer.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &writer{conn: c, prepared: map[string]*sql.Stmt{}}, nil
}

// writer keeps every statement prepared: parsing takes longer than inserting.
type writer struct {
	conn     *sql.Conn
	prepared map[string]*sql.Stmt
	written  int // bytes since the last checkpoint, about
}

// maxPrepared bounds how many statements are kept; the store's own are fewer.
const maxPrepared = 512

func (w *writer) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if s := w.prepared[query]; s != nil {
		return s, nil
	}
	if len(w.prepared) >= maxPrepared {
		for q, s := range w.prepared {
			s.Close()
			delete(w.prepared, q)
		}
	}
	s, err := w.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	w.prepared[query] = s
	return s, nil
}

func (w *writer) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := w.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

func (w *writer) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	s, err := w.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	w.wrote(args)
	return s.ExecContext(ctx, args...)
}

// Begin takes SQLite's one write lock at once: it is never upgraded to.
func (w *writer) Begin(ctx context.Context, then ...store.Stmt) error {
	if err := w.checkpoint(ctx); err != nil {
		return err
	}
	return w.Run(ctx, append([]store.Stmt{{SQL: "BEGIN IMMEDIATE"}}, then...)...)
}

func (w *writer) Run(ctx context.Context, stmts ...store.Stmt) error {
	for _, s := range stmts {
		if err := w.run(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) run(ctx context.Context, s store.Stmt) error {
	if s.Row == nil {
		_, err := w.ExecContext(ctx, s.SQL, s.Args...)
		return err
	}
	rows, err := w.QueryContext(ctx, s.SQL, s.Args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := s.Row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Bulk implements store.Writer: one prepared statement a row. The database is
// in the process, there is no round trip to save.
func (w *writer) Bulk(batches []store.Batch, last *store.Stmt) (stmts []store.Stmt) {
	for _, b := range batches {
		query := insert(b.Table)
		for _, r := range b.Rows {
			stmts = append(stmts, store.Stmt{SQL: query, Args: r})
		}
	}
	if last != nil {
		stmts = append(stmts, *last)
	}
	return stmts
}

func insert(t store.Table) string {
	var names, marks []string
	for i, c := range t.Columns {
		names, marks = append(names, c.Name), append(marks, "$"+strconv.Itoa(i+1))
	}
	return "INSERT INTO " + t.Name + " (" + strings.Join(names, ", ") + ") VALUES (" + strings.Join(marks, ", ") + ") " + t.Conflict
}

// Close gives the connection back; a transaction that is open is rolled back.
func (w *writer) Close() error {
	_, _ = w.ExecContext(context.Background(), "ROLLBACK")
	for _, s := range w.prepared {
		s.Close()
	}
	return w.conn.Close()
}
