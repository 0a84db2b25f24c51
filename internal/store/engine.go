package store

import (
	"context"
	"database/sql"
)

// Engine is what the two databases do differently. Everything else is the same
// SQL.
type Engine interface {
	// Reader is a pool whose connections only read.
	Reader() *sql.DB
	// ReadOptions make a transaction of Reader see one unchanging state.
	ReadOptions() *sql.TxOptions
	// Writer opens the connection that writes. After an error on it the store
	// closes it and asks for another.
	Writer(ctx context.Context) (Writer, error)
	// Arrays says that a statement takes a []string where one value may stand
	// in "column = ANY($1)".
	Arrays() bool
	// Fault says what an error of the database means for the store.
	Fault(err error) Fault
	// Close closes everything. It is not called after a Stop fault.
	Close() error
}

// Writer is one connection that writes, used by one goroutine.
type Writer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	// Begin starts the transaction that alone may write and holds off every
	// other writer until it ends, then runs the statements.
	Begin(ctx context.Context, then ...Stmt) error
	// Run runs statements in order, in as few round trips as it can.
	Run(ctx context.Context, stmts ...Stmt) error
	// Bulk returns statements that insert the rows of batches and then run
	// last, if it is not nil, in as few statements as the database can. Batches
	// of one table go in order; those of different tables may not depend on
	// each other's order.
	Bulk(batches []Batch, last *Stmt) []Stmt
	Close() error
}

// Stmt is a statement to run. Row is called for each row that it returns; nil
// if it returns none.
type Stmt struct {
	SQL  string
	Args []any
	Row  func(scan func(...any) error) error
}

// Table is where rows go in bulk. Conflict is what follows the values, such as
// "ON CONFLICT …", or "".
type Table struct {
	Name     string
	Columns  []Column
	Conflict string
}

// Batch is rows of a table; each value is a string, an int64, a bool or a
// []byte.
type Batch struct {
	Table Table
	Rows  [][]any
}

// Column is a column with the type of its values: text, bigint, boolean or
// bytea.
type Column struct{ Name, Type string }

// Fault says what an error means for the store.
type Fault int

// The faults.
const (
	// Refused is an error of one statement: the transaction can be rolled back
	// and the store goes on.
	Refused Fault = iota
	// Away means that the database cannot be reached, or is busy, and nothing
	// was committed: the caller comes back.
	Away
	// Stop means that the state is unknown, or that a disk fails: the process
	// ends, and start-up repairs.
	Stop
)
