package app

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"limen/errs"
	"limen/internal/store"
	"limen/linkage"
	"limen/stay"
	"limen/travel"
)

// possibles are the possible matches on record, open or not.
func (s *site) possibles() (open, cleared []store.Lead) {
	s.t.Helper()
	for _, into := range []*[]store.Lead{&open, &cleared} {
		var err error
		if *into, _, err = s.Leads(s.t.Context(), s.officer, "test", LeadQuery{Kind: stay.PossibleMatch, Cleared: into == &cleared}); err != nil {
			s.t.Fatal(err)
		}
	}
	return open, cleared
}

// alike records the arrival of somebody like who leaves in this file's tests.
func (s *site) alike(n int, given string) travel.TravelerID {
	s.t.Helper()
	p := unlike(person(n, "GBR"))
	p.GivenNames = given
	today := travel.DayOf(s.clock)
	id, err := s.record(p, Told{Port: "BGR", Admission: stay.Admission{ID: fmt.Sprintf("admission-like-%d", n), Day: today.AddDays(-20), Class: "B-2", AdmitUntil: today.AddDays(30)}})
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.Link(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	return id
}

// A pair that an officer dismissed does not come back, whatever is told later;
// somebody new is a lead of their own, and one departure has one open lead.
func TestDismissedMatchStaysSo(t *testing.T) {
	s := newSite(t)
	s.alike(0, "MARISOL BEATRIZ")
	like := unlike(renewed(0))
	like.GivenNames, like.BirthDate.Date = "MARISOL", 8
	a := s.leave(0, like)
	if err := s.Link(t.Context()); err != nil {
		t.Fatal(err)
	}
	open, _ := s.possibles()
	if len(open) != 1 {
		t.Fatalf("%d possible matches", len(open))
	}
	first := open[0].ID
	if err := s.ClearLead(t.Context(), s.officer, "test", first, store.ByOfficer, "not her"); err != nil {
		t.Fatal(err)
	}
	s.recompare(a.Crossing)
	if open, cleared := s.possibles(); len(open) != 0 || len(cleared) != 1 {
		t.Fatalf("the same pair once more: %+v, %+v", open, cleared)
	}
	second := s.alike(1, "MARISOL BERTA")
	open, _ = s.possibles()
	if len(open) != 1 || open[0].ID == first {
		t.Fatalf("somebody new: %+v", open)
	}
	if m, err := matchesOf(open[0]); err != nil || len(m.Matches) != 1 || m.Matches[0].Candidate != second {
		t.Errorf("the lead names %+v, %v", m, err)
	}
	third := s.alike(2, "MARISOL BRUNA") // found, too, as far as this test is concerned
	s.write(func(tx *store.Tx) error {
		m, err := matchesOf(open[0])
		if err != nil {
			return err
		}
		m.Matches = append(m.Matches, linkage.Match{Candidate: third, Strength: linkage.Weak})
		return s.possible(tx, linkRule, open[0], m)
	})
	again, cleared := s.possibles()
	if len(again) != 1 || again[0].ID != open[0].ID || len(cleared) != 1 {
		t.Fatalf("one more: %+v, %+v", again, cleared)
	}
	if m, err := matchesOf(again[0]); err != nil || len(m.Matches) != 2 || !slices.ContainsFunc(m.Matches, func(x linkage.Match) bool { return x.Candidate == third }) {
		t.Errorf("the open lead names %+v, %v", m, err)
	}
}

// recompare has a departure compared once more, by two processes that both read
// it before either wrote.
func (s *site) recompare(x travel.CrossingID) {
	s.t.Helper()
	var stale store.Lead
	s.write(func(tx *store.Tx) error {
		leads, err := tx.LeadsAt(x)
		for _, l := range leads {
			if l.Kind == stay.UnmatchedDeparture {
				l.Compared, stale = time.Time{}, l
				err = tx.PutLead(l)
			}
		}
		return err
	})
	stale.Compared = time.Time{}
	for range 2 {
		if err := s.linkOne(s.t.Context(), stale); err != nil {
			s.t.Fatal(err)
		}
	}
}

// Two processes that compare one departure make one lead, and the second writes
// nothing.
func TestComparedTwice(t *testing.T) {
	s := newSite(t)
	s.alike(0, "MARISOL BEATRIZ")
	like := unlike(renewed(0))
	like.GivenNames, like.BirthDate.Date = "MARISOL", 8
	a := s.leave(0, like)
	s.recompare(a.Crossing)
	if open, _ := s.possibles(); len(open) != 1 {
		t.Errorf("%d leads about one pair", len(open))
	}
}

// A list flags what its page needs and no more, in the order of the pages, and
// waits for no worker; what it shows can be opened.
func TestListFlagsItsPage(t *testing.T) {
	s := newSite(t)
	today := travel.DayOf(s.clock)
	for n := range 20 {
		s.told(n, today.AddDays(-100), today.AddDays(n/3))
	}
	s.clock = s.clock.AddDate(0, 0, 20) // and no worker came
	var all []string
	for after := ""; ; {
		page, next, err := s.Leads(t.Context(), s.officer, "test", LeadQuery{Kind: stay.OverstayInCountry, Limit: 3, After: after})
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range page {
			all = append(all, l.Day.String()+l.ID)
			if _, err := s.Lead(t.Context(), s.officer, "test", l.ID); err != nil {
				t.Error(err)
			}
		}
		on := read(s, func(tx *store.Tx) ([]store.Lead, error) {
			return tx.Leads(store.LeadFilter{Kind: stay.OverstayInCountry}, store.Lead{}, 100)
		})
		if len(on) > len(all)+1 {
			t.Errorf("%d leads are raised for %d listed", len(on), len(all))
		}
		if after = next; next == "" {
			break
		}
	}
	if !slices.IsSorted(all) || len(slices.Compact(all)) != 20 {
		t.Errorf("%d leads, %q", len(all), all)
	}
}

// A port that leaves the configuration takes no day with it: its stays are
// flagged by the next call.
func TestPortLeavesBeforeItsMidnight(t *testing.T) {
	s := newSite(t)
	honolulu := time.FixedZone("HST", -10*60*60)
	s.Ports["HNL"] = honolulu
	today := travel.DayOf(s.clock)
	if _, err := s.record(person(1, "GBR"), Told{Port: "HNL", Admission: stay.Admission{ID: "admission-hnl", Day: today.AddDays(-30), Class: "B-2", AdmitUntil: today}}); err != nil {
		t.Fatal(err)
	}
	s.clock = time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC) // the 24th everywhere but there
	if err := s.Flag(t.Context()); err != nil {
		t.Fatal(err)
	}
	delete(s.Ports, "HNL")
	if err := s.Flag(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.want("its port is gone", "overstay-in-country 1 admission-hnl")
}

// Whoever asks who saw a traveler's data finds the lead and the stay.
func TestLeadsAndStaysAreSeenUnderTheTraveler(t *testing.T) {
	s := newSite(t)
	today := travel.DayOf(s.clock)
	id, who := s.told(0, today.AddDays(-100), today.AddDays(-10))
	seen := func() int {
		return len(read(s, func(tx *store.Tx) ([]store.LogEntry, error) { return tx.LogOf(string(who), "access") }))
	}
	before := seen()
	if _, err := s.Stay(t.Context(), s.officer, "test", id); err != nil {
		t.Fatal(err)
	}
	leads, _, err := s.Leads(t.Context(), s.officer, "test", LeadQuery{})
	if err != nil || len(leads) != 1 {
		t.Fatal(leads, err)
	}
	if _, err := s.Lead(t.Context(), s.officer, "test", leads[0].ID); err != nil {
		t.Fatal(err)
	}
	if n := seen() - before; n != 2 {
		t.Errorf("%d accesses are in the log under the traveler", n)
	}
}

// Nothing is told without a name and a reason, nor of a citizen; and whoever
// tells again, or asks whose a document is by telling, is in the log.
func TestTellingIsAudited(t *testing.T) {
	s := newSite(t)
	today := travel.DayOf(s.clock)
	p := person(0, "GBR")
	g := Told{Port: "BGR", Admission: stay.Admission{ID: "admission-1", Day: today.AddDays(-10), Class: "B-2", AdmitUntil: today.AddDays(10)}}
	tell := func(by Actor, reason string) error {
		_, err := s.RecordAdmission(t.Context(), by, "test", p.Person, p.Documents[0], g, reason)
		return err
	}
	wantCode(t, tell(s.officer, " "), errs.Invalid, "admission-reason")
	wantCode(t, tell(Actor{Key: "k"}, "why"), errs.Invalid, "admission-reason")
	for _, citizen := range []travel.Country{"USA"} {
		q := person(0, citizen)
		_, err := s.record(q, g)
		wantCode(t, err, errs.Invalid, "admission-citizen")
		q.Nationality = "GBR" // and leaves with a passport of the country
		_, err = s.record(q, g)
		wantCode(t, err, errs.Invalid, "admission-citizen")
	}
	who, err := s.record(p, g)
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.record(p, g)
	if err != nil || again != who {
		t.Fatalf("%s %v", again, err)
	}
	other := person(1, "GBR")
	_, err = s.record(other, g)
	wantCode(t, err, errs.Conflict, "admission-id-reused")
	for action, n := range map[string]int{"admission-recorded": 1, "admission-said": 1, "admission-repeated": 1, "admission-refused": 1} {
		log := read(s, func(tx *store.Tx) ([]store.LogEntry, error) { return tx.LogOf("admission-1", action) })
		if len(log) != n || log[0].Entry.Purpose != "test" {
			t.Errorf("%s: %+v", action, log)
		}
	}
	if log := read(s, func(tx *store.Tx) ([]store.LogEntry, error) { return tx.LogOf(string(who), "access") }); len(log) != 2 {
		t.Errorf("%d accesses under the traveler", len(log))
	}
}

// Whom a carrier listed as a citizen has no stay, though another system says so
// of another passport.
func TestCitizenOnRecordIsNotTold(t *testing.T) {
	s := newSite(t)
	p := person(0, "USA")
	foreign := p.Documents[0]
	foreign.Issuer, foreign.Number = "GBR", "P7654321"
	p.Documents = append(p.Documents, foreign)
	s.leave(0, p)
	today := travel.DayOf(s.clock)
	p.Nationality, p.Documents = "GBR", []travel.Document{foreign}
	_, err := s.record(p, Told{Port: "BGR", Admission: stay.Admission{ID: "admission-1", Day: today.AddDays(-10), Class: "B-2", AdmitUntil: today.AddDays(10)}})
	wantCode(t, err, errs.Invalid, "admission-citizen")
	if log := read(s, func(tx *store.Tx) ([]store.LogEntry, error) { return tx.LogOf("admission-1", "admission-refused") }); len(log) != 1 {
		t.Errorf("%d entries say that it was asked", len(log))
	}
}
