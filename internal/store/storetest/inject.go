package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"limen/internal/store"
)

// mode is how an operation of the database fails.
type mode struct {
	name  string
	fault store.Fault // what the engine makes of it
	done  bool        // it was carried out all the same
	cut   bool        // the connection is gone with it
	leave bool        // it does not fail: the caller leaves meanwhile
}

var modes = []mode{
	{name: "refused", fault: store.Refused},
	{name: "I/O error", fault: store.Stop},
	{name: "I/O error after the fact", fault: store.Stop, done: true},
	{name: "connection lost", fault: store.Away, cut: true},
	{name: "connection lost after the fact", fault: store.Away, done: true, cut: true},
	{name: "caller leaves", leave: true},
}

// injector is an engine of which one operation fails.
type injector struct {
	store.Engine
	mode  mode
	at    int // the operation that fails, from 1
	leave func()

	count  int
	hit    string // what failed
	commit bool   // and it was to commit
	last   *injectedWriter
}

// die ends the connection of a store that stopped, as the end of its process
// does.
func (i *injector) die() error {
	if i.last == nil {
		return nil
	}
	return i.last.close()
}

// injected is the error of the operation that failed, or of one on a
// connection that is gone.
type injected struct {
	what  string
	fault store.Fault
}

func (i *injected) Error() string { return "injected: " + i.what }

// Fault implements store.Engine.
func (i *injector) Fault(err error) store.Fault {
	var own *injected
	if errors.As(err, &own) {
		return own.fault
	}
	return i.Engine.Fault(err)
}

// Writer implements store.Engine.
func (i *injector) Writer(ctx context.Context) (w store.Writer, err error) {
	err = i.op("connect", false, nil, func() (err error) { w, err = i.Engine.Writer(ctx); return err })
	if err != nil {
		if w != nil {
			err = errors.Join(err, w.Close())
		}
		return nil, err
	}
	i.last = &injectedWriter{Writer: w, i: i}
	return i.last, nil
}

// op carries out an operation, or fails it.
func (i *injector) op(what string, commit bool, cut func() error, do func() error) error {
	i.count++
	if i.count != i.at {
		return do()
	}
	i.hit, i.commit = what, commit
	if i.mode.leave {
		i.leave()
		return do()
	}
	if i.mode.done {
		if err := do(); err != nil {
			return err
		}
	}
	err := error(&injected{what, i.mode.fault})
	if i.mode.cut && cut != nil {
		err = errors.Join(err, cut())
	}
	return err
}

// injectedWriter passes every operation by the injector.
type injectedWriter struct {
	store.Writer
	i   *injector
	cut bool
}

func (w *injectedWriter) close() error {
	if w.cut {
		return nil
	}
	w.cut = true
	return w.Writer.Close()
}

func (w *injectedWriter) op(what string, commit bool, do func() error) error {
	return w.opCut(what, commit, w.close, do)
}

func (w *injectedWriter) opCut(what string, commit bool, cut, do func() error) error {
	if w.cut {
		return &injected{"the connection is gone", store.Away}
	}
	return w.i.op(what, commit, cut, do)
}

func (w *injectedWriter) Close() error { return w.close() }

func (w *injectedWriter) Begin(ctx context.Context, then ...store.Stmt) error {
	return w.op("begin", false, func() error { return w.Writer.Begin(ctx, then...) })
}

func (w *injectedWriter) Run(ctx context.Context, stmts ...store.Stmt) error {
	last := stmts[len(stmts)-1].SQL
	what := "run"
	switch {
	case last == "COMMIT" && len(stmts) > 1:
		what = "run rows and commit"
	case last == "COMMIT":
		what = "commit"
	case last == "SAVEPOINT w" || last == "RELEASE SAVEPOINT w":
		what = last
	}
	return w.op(what, last == "COMMIT", func() error { return w.Writer.Run(ctx, stmts...) })
}

func (w *injectedWriter) ExecContext(ctx context.Context, query string, args ...any) (r sql.Result, err error) {
	err = w.op(fmt.Sprintf("exec %.12s", query), false, func() (err error) { r, err = w.Writer.ExecContext(ctx, query, args...); return err })
	return r, err
}

func (w *injectedWriter) QueryContext(ctx context.Context, query string, args ...any) (r *sql.Rows, err error) {
	unread := func() {
		if r != nil {
			_ = r.Close() // else the connection is still in use
			r = nil
		}
	}
	cut := func() error { unread(); return w.close() }
	err = w.opCut("query", false, cut, func() (err error) { r, err = w.Writer.QueryContext(ctx, query, args...); return err })
	if err != nil {
		unread()
	}
	return r, err
}
