package storetest

import (
	"context"
	"errors"
	"testing"

	"limen/crossing"
	"limen/errs"
	"limen/internal/store"
	"limen/retention"
	"limen/travel"
)

// Faults fails every operation of the database on the way of a small history,
// one after the other and in every way, and holds what is left against the
// history without faults: of a write that failed there is nothing; of one
// whose commit failed there is all or nothing, and the store has stopped; what
// was acknowledged is there. every is 1 for all operations, 2 for every
// second, and so on.
func Faults(t *testing.T, fresh Fresh, every int) {
	open := fresh(t)
	f := &faults{t: t, open: open}
	f.record()
	for i, m := range modes {
		t.Run(m.name, func(t *testing.T) {
			f := &faults{t: t, open: open, want: f.want, hits: map[string]int{}}
			for n := 1 + i%every; f.run(m, n); n += every {
			}
			for _, what := range []string{"connect", "begin", "run rows and commit", "commit", "query", "SAVEPOINT w", "RELEASE SAVEPOINT w"} {
				if f.hits[what] == 0 && every == 1 {
					t.Errorf("no %s failed: %v", what, f.hits)
				}
			}
		})
	}
}

var errUndone = errors.New("undone")

// steps are the history: each a write, committed on its own.
var steps = []write{
	travelers("t1", "t2"),
	func(tx *store.Tx) error {
		return errors.Join(tx.PutVoyage(voyage("v1", noon)), tx.PutPassenger(passenger("p1", "v1", 1)), tx.Audit(entry("v1")))
	},
	func(tx *store.Tx) error {
		return errors.Join(tx.InsertEncounter(encounter("e1", "v1")), tx.InsertItem(item("i1", "e1", noon)), tx.InsertCapture(captured("c1", "e1", 1)))
	},
	func(tx *store.Tx) error {
		return errors.Join(tx.InsertKey(key("k1")), tx.Audit(entry("k1")), errUndone)
	},
	recordCrossing,
	func(tx *store.Tx) error { return tx.Audit(entry("x1")) },
	func(tx *store.Tx) error { // reads what is buffered, and so has it written
		c := crossed("x2", "p1")
		c.Corrects = "x1"
		if err := tx.InsertCrossing(c); err != nil {
			return err
		}
		if all, err := tx.Crossings("v1"); err != nil || len(all) != 2 {
			return errors.Join(err, errors.New("not found"))
		}
		return tx.Reclassify("e1", retention.AlienImage, noon, noon)
	},
	func(tx *store.Tx) error {
		_, err := tx.EraseItems("e1", "test", noon)
		return err
	},
}

// recordCrossing is what a gate's confirmation commits.
func recordCrossing(tx *store.Tx) error {
	e, err := tx.Encounter("e1")
	if err != nil {
		return err
	}
	if c, err := tx.Earlier([]string{crossing.OnceKey("v1", "t1", travel.Exit)}); err != nil || c != nil {
		return errors.Join(err, errors.New("there is one"))
	}
	return errors.Join(tx.InsertDecision(decided("d1", "e1"), e.KeyID, noon), tx.InsertCrossing(crossed("x1", "p1")),
		tx.PutStay(admitted("a1", "t1", today)),
		tx.Audit(entry("x1")), tx.Announce(crossing.Topic, "x1", noon))
}

type faults struct {
	t    *testing.T
	open func() (store.Engine, error)
	want [][]string // the dump before each step, and at the end
	hits map[string]int
}

// record runs the history without faults.
func (f *faults) record() {
	s, e, v := f.begin(mode{}, 0)
	f.want = [][]string{dump(f.t, e)}
	for i, step := range steps {
		if err := s.Write(context.Background(), step); err != nil && !errors.Is(err, errUndone) {
			f.t.Fatalf("step %d: %v", i, err)
		}
		f.want = append(f.want, dump(f.t, e))
	}
	checkTables(f.t, e)
	(&db{Store: s, t: f.t, vault: v}).checkLog()
	f.end(s, e)
}

// begin empties the database and opens a store over it of which one operation
// fails.
func (f *faults) begin(m mode, at int) (*store.Store, *injector, *vault) {
	f.t.Helper()
	e, err := f.open()
	if err != nil {
		f.t.Fatal(err)
	}
	wipe(f.t, e)
	v := newVault()
	i := &injector{Engine: e, mode: m, at: at}
	return store.New(i, v), i, v
}

// end closes the store; of one that stopped it ends what the end of the process
// would.
func (f *faults) end(s *store.Store, e *injector) {
	f.t.Helper()
	err := s.Close()
	if s.Err() != nil {
		err = errors.Join(err, e.die(), e.Engine.Close())
	}
	if err != nil {
		f.t.Error(err)
	}
}

// run fails operation n, and reports whether there was one.
func (f *faults) run(m mode, n int) bool {
	f.t.Helper()
	s, e, v := f.begin(m, n)
	first := e
	for i := 0; i < len(steps); i++ {
		ctx, cancel := context.WithCancel(context.Background())
		e.leave = cancel
		before := e.hit
		err := s.Write(ctx, steps[i])
		cancel()
		switch {
		case e.hit == before: // nothing was injected
			if err != nil && !errors.Is(err, errUndone) {
				f.t.Fatalf("operation %d: step %d: %v", n, i, err)
			}
		case s.Err() != nil:
			if s, e = f.stopped(s, e, v, err, i); !f.whole(e, i) {
				i-- // nothing of it: once more
			}
		case err != nil && !errors.Is(err, errUndone):
			f.failed(e, err, i)
			i-- // the same store goes on
		case err == nil && !m.leave:
			f.t.Errorf("%s: step %d did not notice", e.hit, i)
		}
	}
	differ(f.t, "in the end", dump(f.t, e), f.want[len(steps)])
	(&db{Store: s, t: f.t, vault: v}).checkLog()
	f.end(s, e)
	f.hits[first.hit]++
	return first.hit != ""
}

// stopped looks at a store that stopped at step i, and opens the database
// again, as the next process does.
func (f *faults) stopped(s *store.Store, e *injector, v *vault, err error, i int) (*store.Store, *injector) {
	f.t.Helper()
	if e.mode.fault != store.Stop && !e.commit {
		f.t.Errorf("%s (%s): step %d stopped the store: %v", e.hit, e.mode.name, i, err)
	}
	select {
	case <-s.Stopped():
	default:
		f.t.Error("stopped, and nobody is told")
	}
	ctx := context.Background()
	for what, err := range map[string]error{"the write": err, "a later write": s.Write(ctx, addKey(key("late"))),
		"a later read": s.Read(ctx, func(*store.Tx) error { return nil })} {
		if what == "the write" && errors.Is(err, errUndone) {
			continue // it has its own reason, and nothing of it is there either way
		}
		if errs.KindOf(err) != errs.Broken || errs.CodeOf(err) != "store-stopped" {
			f.t.Errorf("%s (%s): %s of a stopped store: %v", e.hit, e.mode.name, what, err)
		}
	}
	f.end(s, e)
	again, err := f.open()
	if err != nil {
		f.t.Fatal(err)
	}
	next := &injector{Engine: again, mode: e.mode, hit: e.hit, commit: e.commit}
	return store.New(next, v), next
}

// whole reports whether the write of step i, at which the store stopped, is
// there: all of it or nothing, and all of it only if it was carried out.
func (f *faults) whole(e *injector, i int) bool {
	f.t.Helper()
	got := dump(f.t, e)
	if e.mode.done && e.commit {
		differ(f.t, e.hit+", "+e.mode.name+": the commit was carried out", got, f.want[i+1])
		return true
	}
	differ(f.t, e.hit+", "+e.mode.name+": nothing was committed", got, f.want[i])
	return false
}

// failed looks at a store that goes on after step i failed.
func (f *faults) failed(e *injector, err error, i int) {
	f.t.Helper()
	if e.commit && e.mode.fault != store.Refused && !e.mode.leave || e.mode.fault == store.Stop {
		f.t.Errorf("%s (%s) did not stop the store", e.hit, e.mode.name)
	}
	want := map[bool]string{true: "store-away", false: "store"}[e.mode.cut]
	if e.mode.leave {
		want = "store-canceled"
	}
	if errs.CodeOf(err) != want {
		f.t.Errorf("%s (%s): step %d: %v", e.hit, e.mode.name, i, err)
	}
	differ(f.t, e.hit+", "+e.mode.name+": nothing was committed", dump(f.t, e), f.want[i])
}
