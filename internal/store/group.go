package store

import (
	"context"
	"errors"
	"runtime"

	"limen/audit"
	"limen/errs"
)

// maxGroup bounds how many writes share a commit.
const maxGroup = 256

// request is a write on its way.
type request struct {
	ctx   context.Context
	ahead Ahead
	fn    func(*Tx) error
	err   error
	panic any
	done  chan struct{}
}

// Ahead names what a write is going to ask for, so that a database that is a
// round trip away is asked once for a whole group. It is a hint: what is not
// named is found all the same.
type Ahead struct {
	Once  []string // keys of crossing.Once
	Stays []string // travelers whose open stay is wanted
}

// Write runs fn in a transaction that alone may write, and commits if fn
// returns nil. When Write returns nil the change survives a power cut. An
// error of fn comes back as it is; of its writes nothing is left then.
//
// Writes that wait at the same time share one transaction, and so one sync:
// fn sees what earlier ones of its group wrote, and is undone alone if it
// fails. It may run twice, so nothing but the last run may have an effect
// outside tx. If the commit fails the store stops (Stopped): nobody can say
// what is on the disk before it is read again.
func (s *Store) Write(ctx context.Context, fn func(*Tx) error) error {
	return s.WriteAhead(ctx, Ahead{}, fn)
}

// WriteAhead is Write for a caller who knows what fn will ask for.
func (s *Store) WriteAhead(ctx context.Context, a Ahead, fn func(*Tx) error) error {
	if err := s.Err(); err != nil {
		return err
	}
	for _, names := range [][]string{a.Once, a.Stays} {
		for _, n := range names {
			if err := checkText(n); err != nil {
				return err
			}
		}
	}
	r := &request{ctx: ctx, ahead: a, fn: fn, done: make(chan struct{})}
	select {
	case w := <-s.writer: // nobody is writing
		w.serve(r)
	case s.requests <- r: // who is writing takes it along
		// It has begun: whatever happens to the caller, its outcome is certain
		// and soon known.
		<-r.done
	case <-ctx.Done():
		return canceled(ctx.Err())
	case <-s.stopped:
		return s.cause
	case <-s.closing:
		return canceled(context.Canceled)
	}
	if r.panic != nil {
		panic(r.panic)
	}
	return r.err
}

// serve commits a request together with those that wait, and lets the next
// have the writer. There is no goroutine for it: a gate that is alone would pay
// for two changes of goroutine at each crossing.
func (w *writer) serve(r *request) {
	defer func() { w.Store.writer <- w }()
	rs := w.gather(r)
	w.settle(rs)
	for _, other := range rs[1:] {
		close(other.done)
	}
}

// gather takes what waits. Whoever was answered a moment ago, and has the next
// request ready, is let to the counter first: twice as many share a commit
// then, and nobody waits for somebody who is not there.
func (w *writer) gather(r *request) []*request {
	group := []*request{r}
	for turns := w.turns; len(group) < maxGroup; {
		select {
		case r := <-w.requests:
			group = append(group, r)
			continue
		default:
		}
		if turns--; turns < 0 {
			break
		}
		runtime.Gosched()
	}
	w.turns = min(len(group)-1, 1) * patience
	return group
}

// patience is how often others are let to run before a group is closed, if the
// last one was of more than one.
const patience = 2

// writer is what writes. Whoever has it is the only one.
type writer struct {
	*Store
	conn  Writer
	tree  *audit.Tree // as committed; nil if unknown
	turns int         // how often to let others run before the next group is closed
}

func (w *writer) disconnect() {
	if w.conn != nil && w.Err() == nil {
		_ = w.conn.Close() // an open transaction ends with it, undone
	}
	w.conn, w.tree = nil, nil
}

// settle gives each request of a group its outcome. If the group fails as a
// whole, each is tried alone, so that none suffers for another. Where not even
// a transaction can be begun, the rest do not wait for that one after the
// other; and what an attempt that was undone made of them does not count.
func (w *writer) settle(rs []*request) {
	if len(rs) > 1 {
		if _, err := w.commit(rs); err == nil {
			return
		}
	}
	for i, r := range rs {
		began, err := w.commit(rs[i : i+1])
		switch {
		case began && (r.err != nil || r.panic != nil): // of its own
		case !began && (w.Err() != nil || errs.KindOf(err) == errs.Unavailable):
			for _, r := range rs[i:] {
				r.err, r.panic = err, nil
			}
			return
		default:
			r.err, r.panic = err, nil
		}
	}
}

// commit runs requests in one transaction, if it can begin one.
//
// What a crash leaves: before the last line of finish nothing of the group;
// after it all of it. There is no state between.
func (w *writer) commit(rs []*request) (began bool, err error) {
	if err := w.Err(); err != nil {
		return false, err
	}
	ctx := context.Background() // no caller's patience may cut a group in two
	if w.conn == nil {
		c, err := w.engine.Writer(ctx)
		if err != nil {
			return false, w.fault(err)
		}
		w.conn = c
	}
	g, err := w.begin(ctx, rs)
	if err != nil {
		return false, w.undo(err)
	}
	for _, r := range rs {
		g.apply(r)
	}
	err = g.lost
	if err == nil {
		err = w.Err() // a statement met a failing disk: nothing is written to it any more
	}
	if err == nil {
		err = g.finish()
	}
	if err != nil {
		return true, w.undo(err)
	}
	w.tree = g.tree
	return true, nil
}

// undo rolls the group back, unless the state is unknown.
func (w *writer) undo(err error) error {
	err = asFault(w.Store, err)
	if w.Err() == nil {
		if _, rerr := w.conn.ExecContext(context.Background(), "ROLLBACK"); rerr != nil {
			if w.engine.Fault(rerr) == Stop {
				return w.stop(rerr)
			}
			w.disconnect()
		}
	}
	w.tree = nil
	return err
}

// asFault classifies an error unless that was done.
func asFault(s *Store, err error) error {
	var c *commitError
	if errors.As(err, &c) {
		return s.stop(c.err)
	}
	if classified(err) {
		return err
	}
	return s.fault(err)
}

// commitError is a commit that did not answer that it was done.
type commitError struct{ err error }

func (c *commitError) Error() string { return "commit: " + c.err.Error() }
func (c *commitError) Unwrap() error { return c.err }
