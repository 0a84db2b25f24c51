package app

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"limen/decision"
	"limen/errs"
	"limen/gallery"
	"limen/internal/store"
	"limen/linkage"
	"limen/manifest"
	"limen/stay"
	"limen/travel"
)

// told records an admission of person n, told by another system, and returns
// its id and traveler.
func (s *site) told(n int, day, until travel.Day) (string, travel.TravelerID) {
	s.t.Helper()
	p := person(n, "GBR")
	id := fmt.Sprintf("admission-%d-%s", n, day)
	who, err := s.record(p, Told{Port: "BGR",
		Admission: stay.Admission{ID: id, Day: day, Class: "B-2", AdmitUntil: until}})
	if err != nil {
		s.t.Fatal(err)
	}
	return id, who
}

// record records an admission of a listed person, told by another system.
func (s *site) record(p manifest.Passenger, g Told) (travel.TravelerID, error) {
	return s.RecordAdmission(s.t.Context(), s.officer, "test", p.Person, p.Documents[0], g, "as that system has it")
}

// leave has a passenger leave today, with face n.
func (s *site) leave(n int, p manifest.Passenger) Answer {
	s.t.Helper()
	voyages++
	l := leg("BGR", "KEF")
	day := travel.DayOf(s.clock)
	l.Number, l.Departure, l.Arrival = fmt.Sprint(200+voyages), travel.LocalTime{Day: day, Minute: 18 * 60}, travel.LocalTime{Day: day, Minute: 22 * 60}
	r := s.send(message(fmt.Sprint("L", voyages), manifest.Original, l, p))
	if _, err := s.AddReference(s.t.Context(), s.carrier, r.Passengers[0].ID, gallery.DocumentPortrait, fmt.Appendf(nil, "face %d 0", n)); err != nil {
		s.t.Fatal(err)
	}
	a := s.look(s.meet(r.Voyage), 1, fmt.Sprintf("face %d 1", n))
	if a.Action != decision.Confirmed || a.Crossing == "" {
		s.t.Fatalf("%+v", a)
	}
	return a
}

var voyages int

// listed are the open leads as an officer sees them: kind, days, and what they
// are about.
func (s *site) listed() (out []string) {
	s.t.Helper()
	leads, _, err := s.Leads(s.t.Context(), s.officer, "test", LeadQuery{})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, l := range leads {
		out = append(out, fmt.Sprintf("%s %d %s", l.Kind, l.Days, l.Admission))
	}
	return out
}

func (s *site) want(what string, want ...string) {
	s.t.Helper()
	if got := s.listed(); !slices.Equal(got, want) {
		s.t.Errorf("%s: leads %q, want %q", what, got, want)
	}
}

// A stay is on the list from the midnight at its port on, and no worker has to
// come before: at 23:59 it is not.
func TestOverstayAtMidnight(t *testing.T) {
	s := newSite(t)
	honolulu := time.FixedZone("HST", -10*60*60)
	s.Ports["HNL"] = honolulu
	today := travel.DayOf(s.clock)
	id, _ := s.told(0, today.AddDays(-30), today)
	p := person(1, "GBR")
	far := Told{Port: "HNL", Admission: stay.Admission{ID: "admission-hnl", Day: today.AddDays(-30), Class: "B-2", AdmitUntil: today}}
	if _, err := s.record(p, far); err != nil {
		t.Fatal(err)
	}
	s.clock = time.Date(2026, 11, 23, 23, 59, 59, 0, time.UTC)
	s.want("a second before")
	s.clock = s.clock.Add(time.Second)
	s.want("at midnight", "overstay-in-country 1 "+id)
	s.clock = time.Date(2026, 11, 23, 23, 59, 59, 0, honolulu)
	s.want("a second before it is midnight there", "overstay-in-country 1 "+id)
	s.clock = s.clock.Add(time.Second)
	if got := s.listed(); len(got) != 2 || !slices.Contains(got, "overstay-in-country 1 admission-hnl") {
		t.Errorf("at its own midnight: %q", got)
	}
	// The worker finds nothing more to do, and the same again after a restart.
	before := read(s, func(tx *store.Tx) (int64, error) { n, _, err := tx.LogSize(); return n, err })
	if err := s.Flag(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := read(s, func(tx *store.Tx) (int64, error) { n, _, err := tx.LogSize(); return n, err }); n != before {
		t.Errorf("the worker wrote %d entries more", n-before)
	}
}

// Whatever is found clears a lead, and says by which record it is found.
func TestLeadsAreClearedByWhatIsFound(t *testing.T) {
	s := newSite(t)
	today := travel.DayOf(s.clock)
	id, who := s.told(0, today.AddDays(-100), today.AddDays(-10))
	s.want("told after it was over", "overstay-in-country 1 "+id)
	s.stayChange("extension-1", id, "", stay.Change{Kind: stay.Extension, Day: today.AddDays(-9), AdmitUntil: today.AddDays(5)})
	s.want("extended")
	s.cleared(id, stay.OverstayInCountry, store.ChangeFound, "extension-1")
	s.stayChange("extension-2", id, "extension-1", stay.Change{Kind: stay.Extension, Day: today.AddDays(-9), AdmitUntil: today.AddDays(-2)})
	s.want("the extension was shorter", "overstay-in-country 1 "+id)
	if err := s.ChangeStay(t.Context(), s.officer, "test", store.StayChange{Change: stay.Change{ID: "extension-3", Admission: id}, Corrects: "extension-2", Void: true}, "there was none"); err != nil {
		t.Fatal(err)
	}
	s.want("there was none: the first lead again", "overstay-in-country 1 "+id)
	leads := read(s, func(tx *store.Tx) ([]store.Lead, error) { return tx.LeadsOf(who) })
	if len(leads) != 2 {
		t.Errorf("%d leads in all: %+v", len(leads), leads)
	}
	a := s.leave(0, person(0, "GBR"))
	s.want("left", "overstay-out-of-country 10 "+id)
	s.cleared(id, stay.OverstayInCountry, store.ExitFound, string(a.Crossing))
	s.clock = s.clock.Add(time.Hour)
	c, err := s.Void(t.Context(), s.officer, a.Crossing, "another person")
	if err != nil {
		t.Fatal(err)
	}
	s.want("did not leave after all", "overstay-in-country 1 "+id, "crossing-voided 0 ")
	s.cleared(id, stay.OverstayOutOfCountry, store.Corrected, string(c.ID))
	status, err := s.Stay(t.Context(), s.officer, "test", id)
	if err != nil || status.Status.State != stay.SuspectedInCountry || status.Status.Days != 10 || len(status.Records) != 3 || len(status.Leads) != 3 {
		t.Errorf("%+v %v", status, err)
	}
}

// stayChange records a change that was granted.
func (s *site) stayChange(id, admission, corrects string, c stay.Change) {
	s.t.Helper()
	c.ID, c.Admission, c.Outcome = id, admission, stay.Granted
	for range 2 { // again changes nothing
		if err := s.ChangeStay(s.t.Context(), s.officer, "test", store.StayChange{Change: c, Corrects: corrects}, "as the notice says"); err != nil {
			s.t.Fatal(err)
		}
	}
}

// cleared wants a lead about a stay that was cleared by a record.
func (s *site) cleared(admission string, kind stay.LeadKind, how store.How, found string) {
	s.t.Helper()
	leads := read(s, func(tx *store.Tx) ([]store.Lead, error) { return tx.LeadsAbout(admission) })
	if !slices.ContainsFunc(leads, func(l store.Lead) bool { return l.Kind == kind && !l.Open() && l.How == how && l.Found == found }) {
		s.t.Errorf("no %s cleared by %s %s: %+v", kind, how, found, leads)
	}
}

func TestChangesOfStays(t *testing.T) {
	s := newSite(t)
	today := travel.DayOf(s.clock)
	id, _ := s.told(0, today.AddDays(-10), today.AddDays(10))
	change := func(what string, kind errs.Kind, code, change, reason string, c store.StayChange) {
		t.Helper()
		c.ID, c.Admission = change, id
		t.Run(what, func(t *testing.T) {
			wantCode(t, s.ChangeStay(t.Context(), s.officer, "test", c, reason), kind, code)
		})
	}
	good := store.StayChange{Change: stay.Change{Kind: stay.ChangeOfStatus, Outcome: stay.Granted, Class: "F-1", Day: today, DurationOfStatus: true}}
	change("no reason", errs.Invalid, "change-reason", "change-001", " ", good)
	change("no id", errs.Invalid, "id", "x", "why", good)
	bad := good
	bad.AdmitUntil = today
	change("date and D/S", errs.Invalid, "stay-change", "change-001", "why", bad)
	bad = good
	bad.Corrects = "change-000"
	change("corrects nothing", errs.NotFound, "change-unknown", "change-001", "why", bad)
	s.stayChange("change-001", id, "", good.Change)
	change("the id again", errs.Conflict, "change-id-reused", "change-001", "why", store.StayChange{Change: stay.Change{Kind: stay.Adjustment, Outcome: stay.Granted, Day: today}})
	good.Corrects, good.Class = "change-001", "F-2"
	s.stayChange("change-002", id, "change-001", good.Change)
	change("corrected twice", errs.Conflict, "change-corrected", "change-003", "why", good)
	wantCode(t, s.ChangeStay(t.Context(), s.officer, "test", store.StayChange{Change: stay.Change{ID: "change-004", Admission: "admission-none"}}, "why"), errs.NotFound, "admission-unknown")
	st, err := s.Stay(t.Context(), s.officer, "test", id)
	if err != nil || st.Status.Period.Class != "F-2" || st.Status.State != stay.NoDate || len(st.Stay.Changes) != 1 || len(st.Records) != 2 {
		t.Errorf("%+v %v", st, err)
	}
	s.stayLogged(id, s.officer.Key, s.officer.Key, s.officer.Key)
	for _, change := range []string{"change-001", "change-002"} {
		if n := len(read(s, func(tx *store.Tx) ([]store.LogEntry, error) { return tx.LogOf(change, "stay-change-said") })); n != 1 {
			t.Errorf("%s: %d entries say who and why", change, n)
		}
	}
}

// A parole is an entry that is no admission, and opens a stay with a date.
func TestParole(t *testing.T) {
	s := newSite(t)
	v, ps := s.voyage(leg("KEF", "BGR"), "GBR")
	e := s.meet(v)
	s.look(e, 1, "face 0 1")
	grant := &stay.Admission{Class: "DT", AdmitUntil: travel.DayOf(s.clock).AddDays(30), Parole: true}
	_, err := s.Decide(t.Context(), s.officer, e, Ruling{Outcome: decision.Admitted, Passenger: ps[0], Admission: grant})
	wantCode(t, err, errs.Invalid, "admission")
	for range 2 {
		if _, err := s.Decide(t.Context(), s.officer, e, Ruling{Outcome: decision.Entered, Passenger: ps[0], Admission: grant}); err != nil {
			t.Fatal(err)
		}
	}
	p := read(s, func(tx *store.Tx) (*store.Passenger, error) { return tx.Passenger(ps[0]) })
	got := stayOf(s, p.Traveler)
	if got == nil || !got.Parole || got.Port != "BGR" || got.Country != "GBR" || got.Mode != "air" {
		t.Errorf("%+v", got)
	}
	s.clock = s.clock.AddDate(0, 0, 31)
	if got := s.listed(); len(got) != 1 || got[0] != "overstay-in-country 1 "+got1(s, p.Traveler) {
		t.Errorf("leads %q", got)
	}
}

func got1(s *site, id travel.TravelerID) string { return stayOf(s, id).ID }

// An officer clears a lead in their own name, and what a person said stands: no
// rule opens it again.
func TestOfficerClearsALead(t *testing.T) {
	s := newSite(t)
	today := travel.DayOf(s.clock)
	id, _ := s.told(0, today.AddDays(-100), today.AddDays(-10))
	s.told(1, today.AddDays(-100), today.AddDays(-9))
	first, next, err := s.Leads(t.Context(), s.officer, "test", LeadQuery{Limit: 1})
	if err != nil || len(first) != 1 || next == "" {
		t.Fatal(first, next, err)
	}
	second, last, err := s.Leads(t.Context(), s.officer, "test", LeadQuery{Limit: 1, After: next})
	if err != nil || len(second) != 1 || last != "" || second[0].ID == first[0].ID {
		t.Fatal(second, last, err)
	}
	for what, q := range map[string]LeadQuery{"kind": {Kind: "verdict"}, "after": {After: "x"}, "another kind's": {Kind: stay.MissingExit, After: next}} {
		_, _, err := s.Leads(t.Context(), s.officer, "test", q)
		t.Run(what, func(t *testing.T) { wantCode(t, err, errs.Invalid, "lead-query") })
	}
	l := first[0].ID
	ev, err := s.Lead(t.Context(), s.officer, "test", l)
	if err != nil || ev.Person.Surname != "SURNAMEA" || ev.Stay == nil || ev.Stay.ID != id || ev.Status.State != stay.SuspectedInCountry {
		t.Errorf("%+v %v", ev, err)
	}
	_, err = s.Lead(t.Context(), s.officer, "test", "nothing")
	wantCode(t, err, errs.NotFound, "lead-unknown")
	wantCode(t, s.ClearLead(t.Context(), s.officer, "test", l, store.ByOfficer, ""), errs.Invalid, "lead-reason")
	wantCode(t, s.ClearLead(t.Context(), Actor{Key: "k"}, "test", l, store.ByOfficer, "because"), errs.Invalid, "lead-reason")
	wantCode(t, s.ClearLead(t.Context(), s.officer, "test", l, store.ExitFound, "because"), errs.Invalid, "lead-how")
	for range 2 {
		if err := s.ClearLead(t.Context(), s.officer, "test", l, store.ByOfficerError, "entered twice"); err != nil {
			t.Fatal(err)
		}
	}
	wantCode(t, s.ClearLead(t.Context(), s.officer, "test", l, store.ByOfficer, "entered twice"), errs.Conflict, "lead-cleared")
	if got := s.listed(); len(got) != 1 {
		t.Errorf("%q", got)
	}
	s.clock = s.clock.AddDate(0, 0, 2)
	if got := s.listed(); len(got) != 1 {
		t.Errorf("two days later: %q", got)
	}
	cleared, _, err := s.Leads(t.Context(), s.officer, "test", LeadQuery{Cleared: true})
	if err != nil || len(cleared) != 1 || cleared[0].ID != l {
		t.Errorf("%+v %v", cleared, err)
	}
	if ev, err = s.Lead(t.Context(), s.officer, "test", l); err != nil || ev.Lead.Officer != "A. Officer" || ev.Lead.Reason != "entered twice" {
		t.Errorf("%+v %v", ev.Lead, err)
	}
	if n := len(read(s, func(tx *store.Tx) ([]store.LogEntry, error) { return tx.LogOf(l, "access") })); n != 2 {
		t.Errorf("%d accesses to the lead are in the log", n)
	}
}

// renewed is person n with another passport, and a name as another office writes
// it.
func renewed(n int) manifest.Passenger {
	p := person(n, "GBR")
	p.Documents[0].Number = fmt.Sprintf("N%07d", n)
	return p
}

// state is every stay and every lead, as they stand.
func (s *site) state(ids ...travel.TravelerID) (stays []store.Stay, leads []store.Lead) {
	s.t.Helper()
	for _, id := range ids {
		stays = append(stays, read(s, func(tx *store.Tx) ([]store.Stay, error) { return tx.StaysOf(id) })...)
		for _, l := range read(s, func(tx *store.Tx) ([]store.Lead, error) { return tx.LeadsOf(id) }) {
			l.Compared = time.Time{}
			leads = append(leads, l)
		}
	}
	return stays, leads
}

// unlike gives a person a name and birth date that nobody else has.
func unlike(p manifest.Passenger) manifest.Passenger {
	p.Surname, p.GivenNames, p.BirthDate = "QUINTANILLA", "MARISOL BEATRIZ", travel.Day{Year: 1971, Month: 5, Date: 9}
	return p
}

// Another passport: the departure is found to be that of the arrival after its
// commit, the files are merged by the rule, the stay ends; and an undo gives
// stays and leads back.
func TestDepartureWithAnotherPassport(t *testing.T) {
	s := newSite(t)
	today := travel.DayOf(s.clock)
	p := unlike(person(0, "GBR"))
	arrived, err := s.record(p, Told{Port: "BGR",
		Admission: stay.Admission{ID: "admission-1", Day: today.AddDays(-100), Class: "B-2", AdmitUntil: today.AddDays(-10)}})
	if err != nil {
		t.Fatal(err)
	}
	a := s.leave(0, unlike(renewed(0)))
	x := read(s, func(tx *store.Tx) (*store.Stay, error) { return tx.Admission("admission-1") })
	if !x.Open() {
		t.Fatal("closed before it was compared")
	}
	s.want("before", "overstay-in-country 1 admission-1", "unmatched-departure 0 ")
	departed := s.crossings(a2v(s, a))[0].Traveler
	stays, leads := s.state(arrived, departed)
	if err := s.Link(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.want("merged", "overstay-out-of-country 10 admission-1")
	if x = read(s, func(tx *store.Tx) (*store.Stay, error) { return tx.Admission("admission-1") }); x.ClosedBy != a.Crossing {
		t.Errorf("%+v", x)
	}
	records := read(s, func(tx *store.Tx) ([]store.FileRecord, error) { return tx.FileRecords(departed) })
	if len(records) != 1 || records[0].Rule != linkRule || records[0].Kept != arrived || len(records[0].Match.Evidence) == 0 {
		t.Fatalf("%+v", records)
	}
	for range 2 {
		if err := s.Undo(t.Context(), s.officer, "test", "undo-0001", records[0].ID, "two sisters"); err != nil {
			t.Fatal(err)
		}
	}
	gotStays, gotLeads := s.state(arrived, departed)
	gotLeads = slices.DeleteFunc(gotLeads, func(l store.Lead) bool {
		return l.Kind == stay.OverstayOutOfCountry && l.How == store.Unlinked && l.Found == "undo-0001"
	})
	if !reflect.DeepEqual(gotStays, stays) || !reflect.DeepEqual(gotLeads, leads) {
		t.Errorf("after the undo\n%+v\n%+v\nbefore the merge\n%+v\n%+v", gotStays, gotLeads, stays, leads)
	}
	s.write(func(tx *store.Tx) error { // as when another arrival is told
		for _, l := range gotLeads {
			l.Compared = time.Time{}
			if err := tx.PutLead(l); err != nil {
				return err
			}
		}
		return nil
	})
	if err := s.Link(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.want("no rule merges them again", "overstay-in-country 1 admission-1", "unmatched-departure 0 ")
	wantCode(t, s.Undo(t.Context(), s.officer, "test", "undo-0002", records[0].ID, "again"), errs.Conflict, "linkage-state")
	wantCode(t, s.Undo(t.Context(), s.officer, "test", "undo-0003", "nothing", "why"), errs.NotFound, "record-unknown")
}

// a2v is the voyage of an answer's crossing.
func a2v(s *site, a Answer) travel.VoyageID {
	return read(s, func(tx *store.Tx) (travel.VoyageID, error) {
		x, err := tx.Crossing(a.Crossing)
		return deref(x).Voyage, err
	})
}

// What is like, and not more, is a lead with its evidence; a person confirms
// it. Nothing is merged, and no overstay is cleared, before.
func TestPossibleMatch(t *testing.T) {
	s := newSite(t)
	today := travel.DayOf(s.clock)
	p := unlike(person(0, "GBR"))
	arrived, err := s.record(p, Told{Port: "BGR",
		Admission: stay.Admission{ID: "admission-1", Day: today.AddDays(-20), Class: "B-2", AdmitUntil: today.AddDays(10)}})
	if err != nil {
		t.Fatal(err)
	}
	like := unlike(renewed(0))
	like.GivenNames, like.BirthDate.Date = "MARISOL", 8
	a := s.leave(0, like)
	if err := s.Link(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.want("a lead", "possible-match 0 ", "unmatched-departure 0 ")
	leads, _, err := s.Leads(t.Context(), s.officer, "test", LeadQuery{Kind: stay.PossibleMatch})
	if err != nil || len(leads) != 1 {
		t.Fatal(leads, err)
	}
	ev, err := s.Lead(t.Context(), s.officer, "test", leads[0].ID)
	if err != nil || len(ev.Candidates) != 1 || ev.Candidates[0].Person.GivenNames != "MARISOL BEATRIZ" || ev.Candidates[0].Stay == nil || ev.Crossing.ID != a.Crossing {
		t.Fatalf("%+v %v", ev, err)
	}
	if n := len(read(s, func(tx *store.Tx) ([]store.LogEntry, error) { return tx.LogOf(string(arrived), "access") })); n != 2 { // told, and seen
		t.Errorf("%d accesses to the candidate are in the log", n)
	}
	confirm := func(record string, who travel.TravelerID, reason string) error {
		return s.ConfirmMatch(t.Context(), s.officer, "test", linkage.RecordID("merge-"+record), leads[0].ID, who, reason)
	}
	wantCode(t, confirm("0001", arrived, ""), errs.Invalid, "match-reason")
	wantCode(t, confirm("0001", "somebody", "why"), errs.NotFound, "match-unknown")
	for range 2 {
		if err := confirm("0001", arrived, "the old passport was at hand"); err != nil {
			t.Fatal(err)
		}
	}
	s.want("confirmed")
	wantCode(t, confirm("0002", arrived, "once more"), errs.Conflict, "lead-cleared")
	if st := read(s, func(tx *store.Tx) (*store.Stay, error) { return tx.Admission("admission-1") }); st.ClosedBy != a.Crossing {
		t.Errorf("%+v", st)
	}
	if _, err := s.Void(t.Context(), s.officer, a.Crossing, "did not leave"); err != nil {
		t.Fatal(err)
	}
	if st := read(s, func(tx *store.Tx) (*store.Stay, error) { return tx.Admission("admission-1") }); !st.Open() {
		t.Errorf("after the crossing was voided: %+v", st)
	}
}

// A citizen is under no key, and leaves no lead.
func TestCitizensAreNotLinked(t *testing.T) {
	s := newSite(t)
	p := person(0, "USA")
	s.leave(0, p)
	if err := s.Link(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.want("a citizen left")
	s.leave(1, person(1, "GBR"))
	keys := read(s, func(tx *store.Tx) (n int, err error) {
		err = tx.Rows(func(scan func(...any) error) error { return scan(&n) }, `SELECT count(DISTINCT traveler) FROM link_keys`)
		return n, err
	})
	if keys != 1 {
		t.Errorf("%d travelers are found by keys", keys)
	}
}

// A stay that is told after its departure was recorded ends with it, whatever
// passport it was.
func TestToldAfterTheDeparture(t *testing.T) {
	s := newSite(t)
	today := travel.DayOf(s.clock)
	a := s.leave(0, person(0, "GBR"))
	b := s.leave(1, unlike(renewed(1)))
	if err := s.Link(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.want("left", "unmatched-departure 0 ", "unmatched-departure 0 ")
	s.clock = s.clock.AddDate(0, 0, 100)
	id, _ := s.told(0, today.AddDays(-20), today.AddDays(10))
	p := unlike(person(1, "GBR"))
	if _, err := s.record(p, Told{Port: "BGR",
		Admission: stay.Admission{ID: "admission-1", Day: today.AddDays(-20), Class: "B-2", AdmitUntil: today.AddDays(10)}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Link(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.want("nobody is here, and nobody stayed too long")
	for admission, by := range map[string]travel.CrossingID{id: a.Crossing, "admission-1": b.Crossing} {
		if st := read(s, func(tx *store.Tx) (*store.Stay, error) { return tx.Admission(admission) }); st.ClosedBy != by {
			t.Errorf("%+v", st)
		}
	}
}

// Leads of an earlier version, which stood in no log, stand in it after the
// next start; once.
func TestOldLeadsAreLogged(t *testing.T) {
	s := newSite(t)
	_, who := s.told(0, travel.DayOf(s.clock), travel.DayOf(s.clock))
	s.write(func(tx *store.Tx) error {
		if err := tx.PutSetting(leadsLogged, ""); err != nil {
			return err
		}
		return tx.PutLead(store.Lead{ID: "old", Lead: stay.Lead{Kind: stay.MissingExit, Traveler: who, Day: travel.DayOf(s.clock)}})
	})
	for range 2 {
		s.restart()
	}
	log := read(s, func(tx *store.Tx) ([]store.LogEntry, error) { return tx.LogOf("old", "lead") })
	is := read(s, func(tx *store.Tx) (*store.Lead, error) { return tx.Lead("old") })
	if len(log) != 1 || is == nil || string(log[0].Entry.Detail) != string(is.Detail()) {
		t.Errorf("%+v, %+v", log, is)
	}
}
