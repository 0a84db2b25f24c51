// Package latched opens SQLite so that a failing disk is touched no more.
//
// After an error of which the disk or the file is to blame, every further call
// on any connection of the pool fails with that first error and does not reach
// SQLite, and closing a connection closes nothing: a sync that failed must not
// be tried again, neither by a caller that retries, nor by a rollback, nor by
// the checkpoint that SQLite makes when the last connection closes. What the
// disk holds is read at the next start.
package latched

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"sync/atomic"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// Latch remembers the first error of the disk, for every pool that it opened.
// The zero value is ready.
type Latch struct{ first atomic.Pointer[error] }

// Open returns a pool of connections to the database that dsn names, as the
// driver understands it. Nothing is opened yet. What dsn has the driver do at
// once (_pragma) may write nothing: if that fails, the driver closes the
// connection before anybody sees the error.
func (l *Latch) Open(dsn string) *sql.DB {
	return sql.OpenDB(&connector{dsn: dsn, driver: &sqlite.Driver{}, latch: l})
}

// Err returns the first error of the disk, or nil.
func (l *Latch) Err() error {
	if p := l.first.Load(); p != nil {
		return *p
	}
	return nil
}

// see notes err if the disk or the file is to blame for it, and returns it.
func (l *Latch) see(err error) error {
	if Disk(err) {
		l.first.CompareAndSwap(nil, &err)
	}
	return err
}

// Disk reports whether the disk or the file is to blame for an error: a full
// disk, too, for what is not written now may be half written.
func Disk(err error) bool {
	var failed *sqlite.Error
	if !errors.As(err, &failed) {
		return false
	}
	switch failed.Code() & 0xff {
	case lib.SQLITE_IOERR, lib.SQLITE_FULL, lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB, lib.SQLITE_CANTOPEN, lib.SQLITE_READONLY, lib.SQLITE_PROTOCOL, lib.SQLITE_NOMEM:
		return true
	}
	return false
}

type connector struct {
	dsn    string
	driver *sqlite.Driver
	latch  *Latch
}

func (c *connector) Driver() driver.Driver { return c.driver }

func (c *connector) Connect(context.Context) (driver.Conn, error) {
	if err := c.latch.Err(); err != nil {
		return nil, err
	}
	inner, err := c.driver.Open(c.dsn)
	if err != nil {
		return nil, c.latch.see(err)
	}
	full, ok := inner.(fullConn)
	if !ok {
		return nil, errors.Join(errors.New("the driver lacks what database/sql uses of it"), inner.Close())
	}
	return &conn{full, c.latch}, nil
}

// fullConn is what database/sql uses of the driver's connections.
type fullConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
}

type conn struct {
	fullConn
	latch *Latch
}

// guard runs f unless the latch is set, and notes its error.
func guard[T any](l *Latch, f func() (T, error)) (out T, err error) {
	if err := l.Err(); err != nil {
		return out, err
	}
	out, err = f()
	return out, l.see(err)
}

func (c *conn) Close() error {
	if c.latch.Err() != nil {
		return nil
	}
	return c.latch.see(c.fullConn.Close())
}

func (c *conn) Ping(ctx context.Context) error {
	_, err := guard(c.latch, func() (none struct{}, err error) { return none, c.fullConn.Ping(ctx) })
	return err
}

func (c *conn) Begin() (driver.Tx, error) { return c.BeginTx(context.Background(), driver.TxOptions{}) }

func (c *conn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	inner, err := guard(c.latch, func() (driver.Tx, error) { return c.fullConn.BeginTx(ctx, o) })
	if err != nil {
		return nil, err
	}
	return &tx{inner, c.latch}, nil
}

func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	return guard(c.latch, func() (driver.Result, error) { return c.fullConn.ExecContext(ctx, query, args) })
}

func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	return c.rows(func() (driver.Rows, error) { return c.fullConn.QueryContext(ctx, query, args) })
}

func (c *conn) Prepare(query string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), query)
}

func (c *conn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	inner, err := guard(c.latch, func() (driver.Stmt, error) { return c.fullConn.PrepareContext(ctx, query) })
	if err != nil {
		return nil, err
	}
	full, ok := inner.(fullStmt)
	if !ok {
		return nil, errors.Join(errors.New("the driver lacks what database/sql uses of it"), inner.Close())
	}
	return &stmt{full, c}, nil
}

func (c *conn) rows(f func() (driver.Rows, error)) (driver.Rows, error) {
	inner, err := guard(c.latch, f)
	if err != nil {
		return nil, err
	}
	r := &rows{inner, c.latch}
	if typed, ok := inner.(driver.RowsColumnTypeDatabaseTypeName); ok {
		return &typedRows{r, typed}, nil
	}
	return r, nil
}

type tx struct {
	driver.Tx
	latch *Latch
}

func (t *tx) Commit() error {
	_, err := guard(t.latch, func() (none struct{}, err error) { return none, t.Tx.Commit() })
	return err
}

func (t *tx) Rollback() error {
	_, err := guard(t.latch, func() (none struct{}, err error) { return none, t.Tx.Rollback() })
	return err
}

type fullStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

type stmt struct {
	fullStmt
	conn *conn
}

func (s *stmt) Close() error {
	if s.conn.latch.Err() != nil {
		return nil
	}
	return s.fullStmt.Close()
}

func (s *stmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	return guard(s.conn.latch, func() (driver.Result, error) { return s.fullStmt.ExecContext(ctx, args) })
}

func (s *stmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	return s.conn.rows(func() (driver.Rows, error) { return s.fullStmt.QueryContext(ctx, args) })
}

type rows struct {
	driver.Rows
	latch *Latch
}

func (r *rows) Next(dest []driver.Value) error {
	err := r.Rows.Next(dest)
	if err == io.EOF {
		return err
	}
	return r.latch.see(err)
}

// typedRows are rows that know the declared types of their columns.
type typedRows struct {
	*rows
	driver.RowsColumnTypeDatabaseTypeName
}

func (r *typedRows) Columns() []string              { return r.rows.Columns() }
func (r *typedRows) Close() error                   { return r.rows.Close() }
func (r *typedRows) Next(dest []driver.Value) error { return r.rows.Next(dest) }
