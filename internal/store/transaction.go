package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"slices"
	"time"

	"limen/audit"
	"limen/crossing"
	"limen/errs"
)

// group is a transaction that several writes share.
type group struct {
	*writer
	ctx    context.Context
	tree   *audit.Tree
	outbox int64 // as committed before this group
	lost   error // the transaction can only be rolled back

	pending pending
	fetched fetched
}

// pending is what is buffered, to be written in bulk.
type pending struct {
	crossings []dueCrossing
	stays     []Stay
	entries   []entry
	outbox    []announcement
}

type entry struct {
	audit.Entry
	sealed []byte // its detail, as stored, if that is sealed
	keyID  string
	owner  string
}

type dueCrossing struct {
	crossing.Crossing
	due time.Time
}

type announcement struct {
	topic, key string
	at         int64
}

// fetched is what the group asked for ahead.
type fetched struct {
	once  map[string]string // key of a crossing: its id, or "" if there is none
	stays map[string]*Stay  // open stay of a traveler, or nil
	files map[string]bool   // whether a traveler has file records
}

// begin starts the transaction, takes the head of the log and fetches ahead.
func (w *writer) begin(ctx context.Context, rs []*request) (*group, error) {
	g := &group{writer: w, ctx: ctx, fetched: fetched{map[string]string{}, map[string]*Stay{}, map[string]bool{}}}
	var size int64
	head := Stmt{SQL: `SELECT size, outbox FROM log_head`, Row: func(scan func(...any) error) error { return scan(&size, &g.outbox) }}
	if err := w.conn.Begin(ctx, append([]Stmt{head}, g.fetch(rs)...)...); err != nil {
		return nil, err
	}
	if w.tree == nil || w.tree.Size() != size { // the first time, or another process wrote
		t, err := audit.OpenTree(size, audit.Stored((&Tx{ctx: ctx, q: w.conn, store: w.Store}).logHashes))
		if err != nil {
			return nil, errs.New(errs.Broken, "audit-head", "the audit log cannot be continued; run limen store check: %w", err)
		}
		w.tree = t
	}
	g.tree = w.tree.Clone()
	return g, nil
}

// fetch asks in one statement for what the requests named.
func (g *group) fetch(rs []*request) []Stmt {
	if !g.engine.Arrays() {
		return nil
	}
	var once, stays []string
	for _, r := range rs {
		once, stays = append(once, r.ahead.Once...), append(stays, r.ahead.Stays...)
	}
	for _, k := range once {
		g.fetched.once[k] = ""
	}
	for _, k := range stays {
		g.fetched.stays[k], g.fetched.files[k] = nil, false
	}
	if len(once)+len(stays) == 0 {
		return nil
	}
	return []Stmt{{fetchQuery, []any{once, stays}, func(scan func(...any) error) error {
		var what, key, id string
		s, err := scanStay(func(to ...any) error { return scan(append([]any{&what, &key, &id}, to...)...) })
		switch what {
		case "once":
			g.fetched.once[key] = id
		case "stay":
			g.fetched.stays[string(s.Traveler)] = &s
		case "file":
			g.fetched.files[key] = true
		}
		return err
	}}}
}

// fetchQuery has a row for each key that is taken, for each open stay, and for
// each traveler whose file was ever merged or split.
const fetchQuery = `SELECT 'once', key, crossing, ` + noAdmission + ` FROM crossing_once WHERE key = ANY($1)
	UNION ALL SELECT 'stay', '', '', ` + admissionColumns + ` FROM admissions WHERE traveler = ANY($2) AND closed = ''
	UNION ALL SELECT 'file', kept, '', ` + noAdmission + ` FROM file_records WHERE kept = ANY($2)
	UNION ALL SELECT 'file', other, '', ` + noAdmission + ` FROM file_records WHERE other = ANY($2)`

// apply runs one request, and undoes it alone if it fails.
func (g *group) apply(r *request) {
	r.err, r.panic = nil, nil
	if g.lost != nil {
		return
	}
	if err := r.ctx.Err(); err != nil {
		r.err = canceled(err)
		return
	}
	t := &Tx{ctx: g.ctx, caller: r.ctx, q: g.conn, store: g.Store, group: g, before: g.pending}
	func() {
		defer func() { r.panic = recover() }()
		r.err = r.fn(t)
	}()
	switch { // what fn made of it does not matter: part of its work was not done
	case r.panic != nil:
	case t.failed != nil:
		r.err = t.failed
	case t.left != nil:
		r.err = t.left
	}
	switch {
	case r.err == nil && r.panic == nil:
		g.lost = t.release()
	default:
		g.lost = t.rollback()
	}
}

// finish writes what is buffered and commits.
func (g *group) finish() error {
	n := int64(len(g.pending.outbox))
	entries, err := g.log()
	if err != nil {
		return err
	}
	var head *Stmt
	if len(g.pending.entries) > 0 || n > 0 {
		head = &Stmt{SQL: `UPDATE log_head SET size = $1, outbox = $2`, Args: []any{g.tree.Size(), g.outbox + n}}
	}
	stmts := g.conn.Bulk(append(g.rows(), Batch{auditTable, entries}, Batch{outboxTable, g.announcements()}), head)
	// The commit goes with the last rows. Once it is sent nobody can say whether
	// it happened, except by its answer.
	if err := g.conn.Run(g.ctx, append(stmts, Stmt{SQL: "COMMIT"})...); err != nil {
		if g.engine.Fault(err) == Refused { // a row was refused, so that COMMIT did nothing
			return err
		}
		return &commitError{err}
	}
	return nil
}

// log appends the group's entries to the tree and returns their rows.
func (g *group) log() (rows [][]any, err error) {
	for _, e := range g.pending.entries {
		var salt audit.Salt
		if _, err := rand.Read(salt[:]); err != nil {
			return nil, errs.New(errs.Broken, "random", "no randomness: %w", err)
		}
		leaf := e.Leaf(salt).Bytes()
		seq, hashes := g.tree.Append(leaf)
		detail := e.Detail
		if e.keyID != "" {
			detail = e.sealed
		}
		rows = append(rows, []any{seq, leaf, hashes, micros(e.At), e.Actor, e.Action, e.Subject, string(e.Purpose), nonNil(detail), e.keyID, e.owner, salt[:], int64(0)})
	}
	return rows, nil
}

func (g *group) announcements() (rows [][]any) {
	for i, a := range g.pending.outbox {
		rows = append(rows, []any{g.outbox + 1 + int64(i), a.topic, a.key, a.at})
	}
	return rows
}

// rows are the buffered crossings and stays.
func (g *group) rows() []Batch {
	var crossings, once, closed, opened [][]any
	for _, c := range g.pending.crossings {
		crossings = append(crossings, crossingRow(c.Crossing, c.due))
		for _, k := range c.Once() {
			once = append(once, []any{k, string(c.ID), micros(c.At)})
		}
	}
	last := map[string]int{} // one statement may touch a stay but once
	for i, s := range g.pending.stays {
		last[s.ID] = i
	}
	for i, s := range g.pending.stays {
		switch {
		case last[s.ID] != i:
		case s.Open():
			opened = append(opened, stayRow(s))
		default:
			closed = append(closed, stayRow(s)) // before others of the traveler open
		}
	}
	return []Batch{{crossingTable, crossings}, {onceTable, once}, {stayTable, closed}, {stayTable, opened}}
}

// Tx is one transaction: all its writes take effect together or not at all,
// and its reads see one state.
type Tx struct {
	ctx    context.Context
	caller context.Context // of a write; it may end before the transaction does
	q      querier
	store  *Store

	// Of a write only.
	group  *group
	before pending  // what was buffered when it began
	saved  bool     // a savepoint marks its beginning
	failed error    // a statement of it failed
	left   error    // the caller went while it was at work
	noted  []func() // undo what it noted in fetched
}

type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// touch prepares for a statement that sees or changes rows: what is buffered
// is written, what this write did marked so that it can be undone alone.
func (t *Tx) touch(writes bool) error {
	if t.group == nil {
		if writes {
			return errReadOnly()
		}
		return nil
	}
	if err := t.caller.Err(); err != nil {
		t.left = canceled(err)
		return t.left
	}
	if t.failed != nil {
		return t.failed
	}
	p := &t.group.pending
	buffered := len(p.crossings)+len(p.stays) > 0
	if !buffered && !writes {
		return nil
	}
	own := pending{crossings: p.crossings[len(t.before.crossings):], stays: p.stays[len(t.before.stays):]}
	if !t.saved {
		p.crossings, p.stays = t.before.crossings, t.before.stays
		stmts := t.group.conn.Bulk(t.group.rows(), nil)
		if err := t.group.conn.Run(t.ctx, append(stmts, Stmt{SQL: "SAVEPOINT w"})...); err != nil {
			t.group.lost = err
			return t.fail(err)
		}
		t.saved = true
	} else {
		own = pending{crossings: p.crossings, stays: p.stays}
	}
	p.crossings, p.stays = own.crossings, own.stays
	stmts := t.group.conn.Bulk(t.group.rows(), nil)
	p.crossings, p.stays = nil, nil
	t.before.crossings, t.before.stays = nil, nil
	if len(stmts) == 0 {
		return nil
	}
	if err := t.group.conn.Run(t.ctx, stmts...); err != nil {
		return t.fail(err)
	}
	return nil
}

// fail notes that a statement failed: the write is over.
func (t *Tx) fail(err error) error {
	err = t.store.fault(err)
	if t.group != nil && t.failed == nil {
		t.failed = err
	}
	return err
}

// release keeps what a write did.
func (t *Tx) release() error {
	if !t.saved {
		return nil
	}
	_, err := t.q.ExecContext(t.ctx, "RELEASE SAVEPOINT w")
	return err
}

// rollback undoes what a write did. A statement that failed without a
// savepoint takes the group with it.
func (t *Tx) rollback() error {
	g := t.group
	g.pending = t.before
	for _, undo := range slices.Backward(t.noted) {
		undo()
	}
	switch {
	case g.lost != nil:
		return g.lost
	case t.saved:
		return g.conn.Run(t.ctx, Stmt{SQL: "ROLLBACK TO SAVEPOINT w"}, Stmt{SQL: "RELEASE SAVEPOINT w"})
	case t.failed != nil:
		return t.failed
	}
	return nil
}

func (t *Tx) exec(query string, args ...any) error {
	if err := t.touch(true); err != nil {
		return err
	}
	if err := checkText(args...); err != nil {
		return err
	}
	if _, err := t.q.ExecContext(t.ctx, query, args...); err != nil {
		return t.fail(err)
	}
	return nil
}

// one scans the only row of a query into dst and reports whether there was one.
func (t *Tx) one(dst []any, query string, args ...any) (bool, error) {
	found := false
	_, err := list(t, func(row func(...any) error) (none struct{}, err error) {
		if found {
			return none, nil
		}
		found = true
		return none, row(dst...)
	}, query, args...)
	return found && err == nil, err
}

// list collects the rows of a query.
func list[T any](t *Tx, scan func(row func(...any) error) (T, error), query string, args ...any) ([]T, error) {
	if err := t.touch(false); err != nil {
		return nil, err
	}
	return peek(t, scan, query, args...)
}

// peek is list without what is buffered: for a caller who has looked there.
func peek[T any](t *Tx, scan func(row func(...any) error) (T, error), query string, args ...any) ([]T, error) {
	if err := checkText(args...); err != nil {
		return nil, err
	}
	rows, err := t.q.QueryContext(t.ctx, query, args...)
	if err != nil {
		return nil, t.fail(err)
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows.Scan)
		if classified(err) {
			return nil, err
		}
		if err != nil {
			return nil, t.fail(err)
		}
		out = append(out, v)
	}
	if err := rows.Err(); err != nil {
		return nil, t.fail(err)
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

// classified reports whether an error has a kind already.
func classified(err error) bool {
	var e *errs.Error
	return errors.As(err, &e)
}
