package app

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"limen/audit"
	"limen/errs"
	"limen/internal/store"
	"limen/retention"
	"limen/travel"
)

func (s *site) noted() []store.Erasure {
	s.t.Helper()
	return read(s, func(tx *store.Tx) ([]store.Erasure, error) { return tx.Erasures(1 << 20) })
}

func (s *site) write(fns ...func(*store.Tx) error) {
	s.t.Helper()
	for _, fn := range fns {
		if err := s.store.Write(s.t.Context(), fn); err != nil {
			s.t.Fatal(err)
		}
	}
}

// captured lets somebody unknown be captured, so that there is an image.
func (s *site) captured(v travel.VoyageID) travel.EncounterID {
	s.t.Helper()
	e := s.meet(v)
	s.look(e, 1, "face 7 1")
	if items := read(s, func(tx *store.Tx) ([]store.Item, error) { return tx.Items(string(e)) }); len(items) != 1 {
		s.t.Fatalf("%d items", len(items))
	}
	return e
}

// One erasure whose rows cannot be deleted does not keep the others from
// theirs, nor the lanes closed at start-up; it is told, and tried again.
func TestStuckErasure(t *testing.T) {
	s := newSite(t)
	v, ps := s.board("GBR")
	e := s.captured(v)
	p := read(s, func(tx *store.Tx) (*store.Passenger, error) { return tx.Passenger(ps[0]) })
	other := travel.TravelerID("a-traveler")
	s.write(func(tx *store.Tx) error {
		who := store.Traveler{Traveler: travel.Traveler{ID: other, Person: person(3, "GBR").Person}, Class: retention.Listing, Due: s.clock}
		return errors.Join(tx.InsertTraveler(who, s.clock), tx.EraseRecord(store.TravelerKind, string(p.Traveler), "test", s.clock), // whom a passenger refers to
			tx.EraseRecord(store.TravelerKind, string(other), "test", s.clock))
	}, func(tx *store.Tx) error { return s.eraseCaptures(tx, e, "test") })
	check := func() {
		t.Helper()
		if left := s.noted(); len(left) != 1 || left[0].Subject != string(p.Traveler) {
			t.Errorf("left: %+v", left)
		}
		if n := testutil.ToFloat64(s.Metrics.Stuck); n != 1 {
			t.Errorf("%v are counted as stuck", n)
		}
	}
	for range 2 {
		wantCode(t, s.Sweep(t.Context()), errs.Broken, "erasures-stuck")
		check()
	}
	for _, k := range []string{string(e), string(other)} {
		if len(read(s, func(tx *store.Tx) ([]store.LogEntry, error) { return tx.LogOf(k, "erasure") })) != 1 {
			t.Errorf("no proof that %s was erased", k)
		}
	}
	s.restart()
	check()
	s.write(func(tx *store.Tx) error { return tx.EraseRecord(store.EncounterKind, string(e), "test", s.clock) },
		func(tx *store.Tx) error { return tx.EraseRecord(store.PassengerKind, string(ps[0]), "test", s.clock) })
	s.sweep()
	if left := s.noted(); len(left) != 0 || testutil.ToFloat64(s.Metrics.Stuck) != 0 {
		t.Errorf("left when nothing is in the way any more: %+v", left)
	}
}

// A request does not wait for long behind somebody who destroys keys; what it
// condemned goes with the next sweep.
func TestRequestDoesNotWaitForTheSweep(t *testing.T) {
	s := newSite(t)
	v, _ := s.board("GBR")
	e := s.captured(v)
	unlock, err := s.draining.lock(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := s.OptOut(t.Context(), s.gate, e); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 5*eraseWithin {
		t.Errorf("it waited %v", took)
	}
	unlock()
	if len(s.noted()) != 1 {
		t.Errorf("noted: %+v", s.noted())
	}
	s.sweep()
	if len(s.noted()) != 0 {
		t.Errorf("noted: %+v", s.noted())
	}
}

// However many keys a sweep has noted, those of a request are destroyed before
// it is answered.
func TestRequestDestroysItsOwnFirst(t *testing.T) {
	s := newSite(t)
	v, _ := s.board("GBR")
	e := s.captured(v)
	item := read(s, func(tx *store.Tx) ([]store.Item, error) { return tx.Items(string(e)) })[0]
	s.write(func(tx *store.Tx) error {
		for n := range eraseFew * eraseBatches {
			i := store.Item{ID: fmt.Sprint("i", n), Subject: fmt.Sprint("s", n), Class: retention.Unresolved, Due: s.clock, Image: []byte("x"), Model: item.Model}
			if err := tx.InsertItem(i); err != nil {
				return err
			}
			if _, err := tx.EraseItems(i.Subject, "test", s.clock); err != nil {
				return err
			}
		}
		return nil
	})
	s.clock = s.clock.Add(time.Second)
	if err := s.OptOut(t.Context(), s.gate, e); err != nil {
		t.Fatal(err)
	}
	if _, err := s.keys.Key(t.Context(), item.KeyID); errs.CodeOf(err) != "data-key" {
		t.Errorf("its key: %v", err)
	}
	if len(s.noted()) == 0 {
		t.Error("nothing is left to the sweep, so that nothing was in its way")
	}
}

// Who looked at something in the group of writes that erased it is known for
// as long as who looked before; what the sweep finds otherwise it leaves alone.
func TestLookedAtWhileItWasErased(t *testing.T) {
	s := newSite(t)
	v, ps := s.board("GBR")
	e := s.meet(v)
	look := func(subject string) func(tx *store.Tx) error {
		return func(tx *store.Tx) error {
			return tx.Audit(audit.Entry{At: s.clock, Actor: "k-officer", Action: "access", Subject: subject, Purpose: "test"})
		}
	}
	s.write(look(string(v)), look(string(ps[0])), look(leadsList),
		func(tx *store.Tx) error { return tx.EraseRecord(store.EncounterKind, string(e), "test", s.clock) },
		func(tx *store.Tx) error {
			noted, err := tx.Erasures(9)
			if err != nil || len(noted) != 1 {
				return errors.Join(err, errors.New("nothing to erase"))
			}
			_, err = s.deleteErased(tx, noted)
			return errors.Join(look(string(e))(tx), err)
		})
	of := func(subject string) store.LogEntry {
		t.Helper()
		return read(s, func(tx *store.Tx) ([]store.LogEntry, error) { return tx.LogOf(subject, "access") })[0]
	}
	seq := of(string(e)).Seq
	if due := of(string(e)).Due; !due.IsZero() {
		t.Fatalf("the erasure saw it: %v", due)
	}
	s.sweep()
	if got := of(string(e)).Due; !got.Equal(s.clock.AddDate(1, 0, 0)) {
		t.Errorf("due %v", got)
	}
	for _, l := range read(s, func(tx *store.Tx) ([]store.LogEntry, error) { return tx.Log(0, 1000) }) {
		if l.Seq != seq && !l.Due.IsZero() {
			t.Errorf("entry %d, %s of %s, is due at %v", l.Seq, l.Entry.Action, l.Entry.Subject, l.Due)
		}
	}
	s.clock = s.clock.AddDate(1, 0, 1)
	s.sweep()
	if l := read(s, func(tx *store.Tx) ([]store.LogEntry, error) { return tx.Log(seq, 1) })[0]; l.Opened || l.Entry.Actor != "" {
		t.Errorf("a year later: %+v", l)
	}
}
