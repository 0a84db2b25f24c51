package app

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"limen/errs"
	"limen/internal/store"
	"limen/stay"
	"limen/travel"
)

// An exit that did not happen: the record stands beside what corrects it, the
// stay is open again, and the person can leave after all.
func TestVoidedExit(t *testing.T) {
	s := newSite(t)
	v, ps := s.board("GBR")
	p := read(s, func(tx *store.Tx) (*store.Passenger, error) { return tx.Passenger(ps[0]) })
	day := s.today("BGR")
	if _, err := s.record(p.Listed,
		Told{Admission: stay.Admission{ID: "admission-1", Day: day.AddDays(-5), Class: "B-2", AdmitUntil: day.AddDays(90)}}); err != nil {
		t.Fatal(err)
	}
	a := s.look(s.meet(v), 1, "face 0 1")
	if a.Crossing == "" || stayOf(s, p.Traveler) != nil {
		t.Fatalf("no exit to correct: %+v, stay %+v", a, stayOf(s, p.Traveler))
	}
	_, err := s.Void(t.Context(), s.officer, a.Crossing, "  ")
	wantCode(t, err, errs.Invalid, "correction-reason")
	_, err = s.Void(t.Context(), s.officer, "no-such-crossing", "off-loaded")
	wantCode(t, err, errs.NotFound, "crossing-unknown")
	c, err := s.Void(t.Context(), s.officer, a.Crossing, "OFFLOADED AFTER BOARDING")
	if err != nil || c.Corrects != a.Crossing || !c.Void {
		t.Fatalf("%+v, %v", c, err)
	}
	again, err := s.Void(t.Context(), s.officer, a.Crossing, "and again")
	if err != nil || again.ID != c.ID {
		t.Errorf("voided twice: %+v, %v", again, err)
	}
	if open := stayOf(s, p.Traveler); open == nil || open.ID != "admission-1" || open.ClosedBy != "" {
		t.Errorf("the stay is %+v", open)
	}
	if got := s.leads(); len(got) != 1 || got[0] != stay.Voided {
		t.Errorf("leads %v", got)
	}
	if b, err := s.Board(t.Context()); err != nil || b[0].Crossed != 0 {
		t.Errorf("on the board %+v, %v", b, err)
	}
	if log := read(s, func(tx *store.Tx) ([]store.LogEntry, error) { return tx.LogOf(string(c.ID), "correction") }); len(log) != 1 || !strings.Contains(string(log[0].Entry.Detail), "OFFLOADED") {
		t.Errorf("the reason is not in the log: %+v", log)
	}
	if b := s.look(s.meet(v), 1, "face 0 1"); b.Crossing == "" || b.Crossing == a.Crossing {
		t.Errorf("cannot leave after all: %+v", b)
	}
	if xs := s.crossings(v); len(xs) != 3 || stayOf(s, p.Traveler) != nil {
		t.Errorf("%d crossings, stay %+v", len(xs), stayOf(s, p.Traveler))
	}
	// Recorded, closed by the exit, opened by its voiding, closed again.
	s.stayLogged("admission-1", s.officer.Key, "rule exit-confirmed", s.officer.Key, "rule exit-confirmed")
	_, err = s.Void(t.Context(), s.officer, c.ID, "a correction is no crossing")
	wantCode(t, err, errs.NotFound, "crossing-unknown")
}

// stayLogged wants an entry about a stay for each change of it, and the last to
// be the stay as it is.
func (s *site) stayLogged(id string, actors ...string) {
	s.t.Helper()
	is := read(s, func(tx *store.Tx) (*store.Stay, error) { return tx.Admission(id) })
	log := read(s, func(tx *store.Tx) ([]store.LogEntry, error) { return tx.LogOf(id, "stay") })
	var by []string
	var said store.Stay
	for _, e := range log {
		by = append(by, e.Entry.Actor)
		if said = (store.Stay{}); json.Unmarshal(e.Entry.Detail, &said) != nil {
			s.t.Errorf("%s: the log says %s", id, e.Entry.Detail)
		}
	}
	if !slices.Equal(by, actors) || is == nil || !reflect.DeepEqual(said, *is) {
		s.t.Errorf("%s: entries by %q, want %q; the last says %+v, it is %+v", id, by, actors, said, is)
	}
}

func stayOf(s *site, id travel.TravelerID) *store.Stay {
	return read(s, func(tx *store.Tx) (*store.Stay, error) { return tx.OpenStay(id) })
}
