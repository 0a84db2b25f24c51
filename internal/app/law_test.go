package app

import (
	"slices"
	"testing"
	"time"

	"limen/decision"
	"limen/errs"
	"limen/gallery"
	"limen/internal/store"
	"limen/manifest"
	"limen/retention"
	"limen/stay"
	"limen/travel"
)

func (s *site) leads() (kinds []stay.LeadKind) {
	s.t.Helper()
	ls, _, err := s.Leads(s.t.Context(), s.officer, "test", LeadQuery{})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, l := range ls {
		kinds = append(kinds, l.Kind)
	}
	return kinds
}

func message(reference string, f manifest.Function, l travel.Leg, ps ...manifest.Passenger) manifest.Message {
	return manifest.Message{Reference: reference, Function: f, Legs: []travel.Leg{l}, Passengers: ps}
}

// A carrier takes somebody off the list and on again: the same passenger, and
// still only one crossing; taking off whoever crossed is a lead.
func TestOffTheListAndOnAgain(t *testing.T) {
	s := newSite(t)
	v, ps := s.board("GBR", "DEU")
	if a := s.look(s.meet(v), 1, "face 0 1"); a.Action != decision.Confirmed {
		t.Fatal(a)
	}
	out := leg("BGR", "KEF")
	s.send(message("M2", manifest.Reduction, out, person(0, "GBR"), person(1, "DEU")))
	if got := s.leads(); !slices.Contains(got, stay.OffLoaded) {
		t.Errorf("leads %v", got)
	}
	r := s.send(message("M3", manifest.Original, out, person(0, "GBR"), person(1, "DEU")))
	if len(r.Passengers) != 2 || r.Passengers[0].ID != ps[0] || r.Passengers[1].ID != ps[1] {
		t.Fatalf("on again: %+v", r.Passengers)
	}
	_, err := s.AddReference(t.Context(), s.carrier, ps[0], gallery.DocumentPortrait, []byte("face 0 0"))
	wantCode(t, err, errs.Conflict, "already-crossed")
	if n := len(s.crossings(v)); n != 1 {
		t.Errorf("%d crossings", n)
	}
}

// A passenger who leaves the list between search and record goes to an officer.
func TestRemovedMeanwhile(t *testing.T) {
	s := newSite(t)
	v, ps := s.board("GBR", "DEU")
	e := s.meet(v)
	c := &taking{App: s.App, by: s.gate, id: "capture-1", now: s.clock}
	if _, err := c.earlier(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	if err := c.measure(t.Context(), []byte("face 0 1")); err != nil {
		t.Fatal(err)
	}
	if err := c.recommend(t.Context()); err != nil || c.rec.Action != decision.Confirmed {
		t.Fatal(c.rec, err)
	}
	s.send(message("M2", manifest.Reduction, leg("BGR", "KEF"), person(0, "GBR")))
	if err := c.commit(t.Context()); err != nil || c.rec.Action != decision.ManualInspection || len(s.crossings(v)) != 0 {
		t.Errorf("recommendation %+v, %v", c.rec, err)
	}
	_, err := s.Decide(t.Context(), s.officer, e, Ruling{Outcome: decision.Departed, Passenger: ps[0], Reason: "seen"})
	wantCode(t, err, errs.NotFound, "passenger-unknown")
}

func TestDelayedVoyageKeepsItsGallery(t *testing.T) {
	s := newSite(t)
	v, ps := s.board("GBR")
	late := leg("BGR", "KEF")
	late.Departure.Minute = 23*60 + 59
	late.Arrival.Day = late.Arrival.Day.AddDays(1)
	s.send(message("M2", manifest.Update, late, person(0, "GBR")))
	s.clock = travel.LocalTime{Day: late.Departure.Day, Minute: 18 * 60}.In(time.UTC).Add(13 * time.Hour) // the old end is over
	if err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a := s.look(s.meet(v), 1, "face 0 1"); a.Action != decision.Confirmed || a.Passenger != ps[0] {
		t.Errorf("after a delay: %+v", a)
	}
}

func TestOfficerKeepsTheEncounter(t *testing.T) {
	s := newSite(t)
	v, _ := s.board("GBR")
	e := s.meet(v)
	for n := range 3 {
		s.look(e, n, "face 77 0")
	}
	_, err := s.TakeCapture(t.Context(), s.gate, e, "one-more-try", []byte("face 0 1"))
	wantCode(t, err, errs.Conflict, "officer-has-it")
	if st, err := s.Status(t.Context(), s.gate, e); err != nil || st != Waiting {
		t.Errorf("status %v %v", st, err)
	}
	if es, err := s.Waiting(t.Context()); err != nil || len(es) != 1 || es[0].ID != e {
		t.Errorf("waiting %v %v", es, err)
	}
}

func TestManyReferencesCostNobodyTheGallery(t *testing.T) {
	s := newSite(t)
	v, ps := s.board("GBR", "DEU")
	for range gallery.MaxReferences - 1 {
		if _, err := s.AddReference(t.Context(), s.carrier, ps[0], gallery.VisaPhoto, []byte("face 0 4")); err != nil {
			t.Fatal(err)
		}
	}
	_, err := s.AddReference(t.Context(), s.carrier, ps[0], gallery.VisaPhoto, []byte("face 0 4"))
	wantCode(t, err, errs.Conflict, "gallery-references")
	// A reference whose key is lost costs its passenger, not the voyage.
	if err := s.keys.Destroy(t.Context(), s.sealed(string(ps[1]))[0].KeyID); err != nil {
		t.Fatal(err)
	}
	s.restart()
	if a := s.look(s.meet(v), 1, "face 0 1"); a.Action != decision.Confirmed {
		t.Errorf("after a restart: %+v", a)
	}
}

// Who holds a passport of the home country is its citizen, whatever nationality
// a carrier typed; of whom nothing is known nothing is kept longer than of one.
func TestCitizenshipInDoubt(t *testing.T) {
	s := newSite(t)
	dual, unknown := person(0, "GBR"), person(1, "")
	dual.Documents[0].Issuer = "USA"
	unknown.Documents = nil
	r := s.send(message("M1", manifest.Original, leg("BGR", "KEF"), dual, unknown))
	if !r.Passengers[0].Citizen() || r.Passengers[1].Citizen() || r.Passengers[1].Alien() {
		t.Fatalf("scopes %+v %+v", r.Passengers[0].Scope, r.Passengers[1].Scope)
	}
	for n, p := range r.Passengers {
		if _, err := s.AddReference(t.Context(), s.carrier, p.ID, gallery.DocumentPortrait, []byte{'f', 'a', 'c', 'e', ' ', byte('0' + n), ' ', '0'}); err != nil {
			t.Fatal(err)
		}
	}
	e := s.meet(r.Voyage)
	if a := s.look(e, 1, "face 1 1"); a.Action != decision.Confirmed {
		t.Fatal(a)
	}
	for _, item := range s.sealed(string(e)) {
		if item.Class != retention.Unresolved {
			t.Errorf("of an unknown citizenship kept as %s", item.Class)
		}
	}
	if err := s.CloseVoyage(t.Context(), s.carrier, r.Voyage); err != nil {
		t.Fatal(err)
	}
	s.nothingOf(r.Passengers[1].ID)
}

// An alien who crossed turns out to be a citizen: what was kept goes.
func TestBecameCitizen(t *testing.T) {
	s := newSite(t)
	v, ps := s.board("GBR")
	e := s.meet(v)
	s.look(e, 1, "face 0 1")
	if n := len(s.sealed(string(e))); n != 1 {
		t.Fatalf("%d items of an alien", n)
	}
	now := person(0, "GBR")
	now.Nationality = "USA"
	s.send(message("M2", manifest.Update, leg("BGR", "KEF"), now))
	s.nothingOf(ps[0], e)
}

func TestDomesticLegsCrossNoBorder(t *testing.T) {
	s := newSite(t)
	if r := s.send(message("M1", manifest.Original, leg("JFK", "BGR"), person(0, "GBR"))); r.Status != Rejected {
		t.Errorf("a domestic flight: %+v", r)
	}
	m := message("M2", manifest.Original, leg("LHR", "JFK"), person(0, "GBR"))
	m.Legs = append(m.Legs, leg("JFK", "BGR"))
	if r := s.send(m); r.Status != Rejected || r.Why == "" {
		t.Errorf("an entry at another port: %+v", r)
	}
}

// One document, two birth dates: two travelers, and a lead.
func TestSharedDocument(t *testing.T) {
	s := newSite(t)
	s.send(message("M1", manifest.Original, leg("BGR", "KEF"), person(0, "GBR")))
	other := person(0, "GBR")
	other.BirthDate.Year = 2001
	l := leg("BGR", "LHR")
	s.send(message("M2", manifest.Original, l, other))
	if got := s.leads(); len(got) != 1 || got[0] != stay.SharedDocument {
		t.Errorf("leads %v", got)
	}
}

// A facial mismatch at entry binds primary, not secondary.
func TestEntryMismatch(t *testing.T) {
	s := newSite(t)
	v, ps := s.voyage(leg("KEF", "BGR"), "GBR")
	e := s.meet(v)
	for n := range 3 {
		s.look(e, n, "face 77 0")
	}
	admit := Ruling{Outcome: decision.Admitted, Passenger: ps[0], Reason: "looks like it", Admission: &stay.Admission{Class: "B-2", DurationOfStatus: true}}
	_, err := s.Decide(t.Context(), s.officer, e, admit)
	wantCode(t, err, errs.Forbidden, "entry-mismatch")
	if _, err := s.Decide(t.Context(), s.officer, e, Ruling{Outcome: decision.Referred, Passenger: ps[0], Reason: "mismatch"}); err != nil {
		t.Fatal(err)
	}
	if st, err := s.Status(t.Context(), s.gate, e); err != nil || st != Ended {
		t.Errorf("status %v %v", st, err)
	}
	second := s.meet(v)
	if _, err := s.Decide(t.Context(), s.officer, second, admit); err != nil {
		t.Error(err)
	}
	if st, err := s.Status(t.Context(), s.gate, second); err != nil || st != Passed {
		t.Errorf("status %v %v", st, err)
	}
}

func TestAdmissionsToldTwiceAndLate(t *testing.T) {
	s := newSite(t)
	p := person(0, "GBR")
	day := travel.DayOf(s.clock)
	grant := func(id string, from travel.Day) Told {
		return Told{Admission: stay.Admission{ID: id, Day: from, Class: "B-2", AdmitUntil: from.AddDays(90)}}
	}
	for range 2 {
		if _, err := s.record(p, grant("admission-1", day.AddDays(-5))); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.record(p, grant("admission-2", day.AddDays(-500))); err != nil {
		t.Fatal(err)
	}
	if got := s.leads(); len(got) != 0 {
		t.Errorf("leads %v", got)
	}
	if _, err := s.record(p, grant("admission-4", day.AddDays(-1))); err != nil {
		t.Fatal(err)
	}
	s.stayLogged("admission-1", s.officer.Key, s.officer.Key) // told once, and closed by a later one
	s.stayLogged("admission-2", s.officer.Key)                // closed as it was told
	s.stayLogged("admission-4", s.officer.Key)
	_, err := s.record(p, grant("admission-1", day))
	wantCode(t, err, errs.Conflict, "admission-id-reused")
	_, err = s.record(manifest.Passenger{Documents: []travel.Document{{}}}, grant("admission-3", day))
	wantCode(t, err, errs.Invalid, "admission-holder")
}

func TestOfficerSeesImagesWithAPurpose(t *testing.T) {
	s := newSite(t)
	v, ps := s.board("GBR", "USA")
	e := s.meet(v)
	a := s.look(e, 1, "face 0 1")
	for name, get := range map[string]func() ([]byte, error){
		"capture":   func() ([]byte, error) { return s.CaptureImage(t.Context(), s.officer, "test", e, a.Capture) },
		"reference": func() ([]byte, error) { return s.ReferenceImage(t.Context(), s.officer, "test", ps[0]) },
	} {
		if img, err := get(); err != nil || len(img) < 100 || img[0] != 0xff || img[1] != 0xd8 {
			t.Errorf("%s: %d bytes, %v", name, len(img), err)
		}
	}
	citizen := s.meet(v)
	b := s.look(citizen, 1, "face 1 1")
	_, err := s.CaptureImage(t.Context(), s.officer, "test", citizen, b.Capture)
	wantCode(t, err, errs.NotFound, "image-gone")
	_, err = s.ReferenceImage(t.Context(), s.officer, "test", ps[1])
	wantCode(t, err, errs.NotFound, "image-gone")
	entries := read(s, func(tx *store.Tx) (n int, err error) {
		es, err := tx.AuditEntries(0, 1000)
		for _, x := range es {
			if x.Action == "access-image" && x.Purpose == "test" {
				n++
			}
		}
		return n, err
	})
	if entries != 2 {
		t.Errorf("%d accesses to images in the audit log", entries)
	}
}
