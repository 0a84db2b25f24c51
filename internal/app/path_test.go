package app

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"limen/audit"
	"limen/authz"
	"limen/crossing"
	"limen/decision"
	"limen/errs"
	"limen/gallery"
	"limen/internal/store"
	"limen/manifest"
	"limen/retention"
	"limen/stay"
	"limen/travel"
)

func read[T any](s *site, f func(*store.Tx) (T, error)) T {
	s.t.Helper()
	var v T
	err := s.store.Read(s.t.Context(), func(tx *store.Tx) (err error) { v, err = f(tx); return err })
	if err != nil {
		s.t.Fatal(err)
	}
	return v
}

func (s *site) crossings(v travel.VoyageID) []crossing.Crossing {
	s.t.Helper()
	return read(s, func(tx *store.Tx) ([]crossing.Crossing, error) { return tx.Crossings(v) })
}

func (s *site) sealed(subject string) []store.Item {
	s.t.Helper()
	return read(s, func(tx *store.Tx) ([]store.Item, error) { return tx.Items(subject) })
}

func TestConfirmedExitIsRecordedByRule(t *testing.T) {
	s := newSite(t)
	v, ps := s.board("GBR", "DEU", "USA")
	a := s.look(s.meet(v), 1, "face 1 5")
	if a.Action != decision.Confirmed || a.Passenger != ps[1] || a.Crossing == "" {
		t.Fatalf("answer %+v", a)
	}
	xs := s.crossings(v)
	if len(xs) != 1 || xs[0].Passenger != ps[1] || xs[0].Direction != travel.Exit || xs[0].Confirmation != crossing.Biometric || xs[0].Port != "BGR" {
		t.Fatalf("crossings %+v", xs)
	}
	again := s.look(s.meet(v), 1, "face 1 6")
	if again.Action != decision.ManualInspection || !slices.Contains(again.Reasons, decision.AlreadyCrossed) || again.Passenger != "" {
		t.Errorf("a second person with the face of one who crossed: %+v", again)
	}
}

func TestNoMatchNeverDenies(t *testing.T) {
	s := newSite(t)
	v, ps := s.board("GBR")
	e := s.meet(v)
	for n, want := range []decision.Action{decision.CaptureAgain, decision.CaptureAgain, decision.ManualInspection} {
		a := s.look(e, n, "face 77 0")
		if a.Action != want || !slices.Contains(a.Reasons, decision.NoMatch) {
			t.Errorf("capture %d: %+v", n+1, a)
		}
	}
	_, err := s.Decide(t.Context(), s.officer, e, Ruling{Outcome: decision.Departed, Passenger: ps[0]})
	wantCode(t, err, errs.Invalid, "decision-reason")
	r, err := s.Decide(t.Context(), s.officer, e, Ruling{Outcome: decision.Departed, Passenger: ps[0], Reason: "passport and person compared"})
	if err != nil || r.Crossing == "" {
		t.Fatal(r, err)
	}
	if xs := s.crossings(v); len(xs) != 1 || xs[0].Confirmation != crossing.Manual || xs[0].Capture != "" {
		t.Errorf("crossings %+v", xs)
	}
	same, err := s.Decide(t.Context(), s.officer, e, Ruling{Outcome: decision.Departed, Passenger: ps[0], Reason: "passport and person compared"})
	if err != nil || same != r {
		t.Errorf("a repeated decision: %+v %v", same, err)
	}
	_, err = s.Decide(t.Context(), s.officer, e, Ruling{Outcome: decision.Referred, Reason: "other"})
	wantCode(t, err, errs.Conflict, "encounter-ended")
}

func TestPoorCapturesGetAdvice(t *testing.T) {
	s := newSite(t)
	v, _ := s.board("GBR")
	e := s.meet(v)
	if a := s.look(e, 1, "nobody"); a.Action != decision.CaptureAgain || a.Advice == "" {
		t.Errorf("no face: %+v", a)
	}
	if a := s.look(e, 2, "dark 0 1"); a.Action != decision.CaptureAgain || a.Advice != "Step into the light." {
		t.Errorf("dark: %+v", a)
	}
	if a := s.look(e, 3, "fake 0 1"); a.Action != decision.ManualInspection || !slices.Contains(a.Reasons, decision.AttackSuspected) {
		t.Errorf("attack at the last attempt: %+v", a)
	}
}

func TestCaptureIsIdempotent(t *testing.T) {
	s := newSite(t)
	v, _ := s.board("GBR")
	e := s.meet(v)
	first := s.look(e, 1, "face 0 1")
	second := s.look(e, 1, "face 0 1")
	if !second.Repeated || second.Action != first.Action || second.Crossing != first.Crossing || second.Passenger != first.Passenger {
		t.Errorf("repeat %+v of %+v", second, first)
	}
	_, err := s.TakeCapture(t.Context(), s.gate, e, first.Capture, []byte("face 0 2"))
	wantCode(t, err, errs.Conflict, "capture-id-reused")
	if n := len(s.crossings(v)); n != 1 {
		t.Errorf("%d crossings", n)
	}
}

func TestRefusals(t *testing.T) {
	s := newSite(t)
	v, ps := s.board("GBR")
	e := s.meet(v)
	take := func(by Actor, e travel.EncounterID, id string) error {
		_, err := s.TakeCapture(t.Context(), by, e, travel.CaptureID(id), []byte("face 0 1"))
		return err
	}
	wantCode(t, take(s.gate, "encounter-none", "capture-1"), errs.NotFound, "encounter-unknown")
	wantCode(t, take(s.gate, e, "x/../y"), errs.Invalid, "id")
	other := s.gate
	other.Point = "GATE-9"
	wantCode(t, take(other, e, "capture-1"), errs.Forbidden, "encounter-scope")
	wantCode(t, s.OpenEncounter(t.Context(), s.gate, "encounter-new", "ZZ9-none"), errs.NotFound, "voyage-unknown")
	far := s.gate
	far.Port = "JFK"
	wantCode(t, s.OpenEncounter(t.Context(), far, "encounter-new", v), errs.Forbidden, "voyage-scope")
	_, err := s.TakeCapture(t.Context(), s.gate, e, "capture-text", []byte("hello"))
	wantCode(t, err, errs.Invalid, "image-format")
	_, err = s.AddReference(t.Context(), Actor{Role: authz.Carrier, Carrier: "QQ"}, ps[0], gallery.VisaPhoto, []byte("face 0 0"))
	wantCode(t, err, errs.Forbidden, "voyage-scope")

	if err := s.CloseVoyage(t.Context(), s.carrier, v); err != nil {
		t.Fatal(err)
	}
	wantCode(t, take(s.gate, e, "capture-late"), errs.Conflict, "voyage-closed")
	wantCode(t, s.OpenEncounter(t.Context(), s.gate, "encounter-new", v), errs.Conflict, "voyage-closed")
	r, err := s.Decide(t.Context(), s.officer, e, Ruling{Outcome: decision.Departed, Passenger: ps[0], Reason: "ran to the gate"})
	if err != nil || r.Crossing == "" {
		t.Fatal(err)
	}
	if xs := s.crossings(v); len(xs) != 1 || !xs[0].RecordedLate {
		t.Errorf("a crossing after close-out is marked late: %+v", xs)
	}
}

func TestOptOutLeavesNoImage(t *testing.T) {
	s := newSite(t)
	v, ps := s.board("USA")
	e := s.meet(v)
	s.look(e, 1, "dark 0 1") // a capture before the traveler says no
	if len(s.sealed(string(e))) != 1 {
		t.Fatal("the capture was not kept at all")
	}
	if err := s.OptOut(t.Context(), s.gate, e); err != nil {
		t.Fatal(err)
	}
	if err := s.OptOut(t.Context(), s.gate, e); err != nil {
		t.Errorf("declining twice: %v", err)
	}
	if left := s.sealed(string(e)); len(left) != 0 {
		t.Errorf("%d images left after declining", len(left))
	}
	_, err := s.TakeCapture(t.Context(), s.gate, e, "capture-after", []byte("face 0 1"))
	wantCode(t, err, errs.Conflict, "encounter-opted-out")
	if _, err := s.Decide(t.Context(), s.officer, e, Ruling{Outcome: decision.Departed, Passenger: ps[0], Reason: "declined; passport checked"}); err != nil {
		t.Fatal(err)
	}
	s.nothingOf(ps[0], e)
}

// nothingOf checks that nothing sealed is left of a person, and no data key
// without an item.
func (s *site) nothingOf(p travel.PassengerID, es ...travel.EncounterID) {
	s.t.Helper()
	for _, subject := range append([]string{string(p)}, asStrings(es)...) {
		if n := len(s.sealed(subject)); n != 0 {
			s.t.Errorf("%d sealed items left", n)
		}
	}
	if s.galleries[s.passengerVoyage(p)] != nil {
		for _, c := range s.galleryPassengers(s.passengerVoyage(p)) {
			if c == p {
				s.t.Error("still in the gallery")
			}
		}
	}
	if noted := read(s, func(tx *store.Tx) ([]store.Erasure, error) { return tx.Erasures(100) }); len(noted) != 0 {
		s.t.Errorf("%d data keys are still to be destroyed", len(noted))
	}
}

func asStrings(es []travel.EncounterID) (out []string) {
	for _, e := range es {
		out = append(out, string(e))
	}
	return out
}

func (s *site) passengerVoyage(p travel.PassengerID) travel.VoyageID {
	s.t.Helper()
	return read(s, func(tx *store.Tx) (*store.Passenger, error) { return tx.Passenger(p) }).Voyage
}

// galleryPassengers asks the gallery for everyone in it.
func (s *site) galleryPassengers(v travel.VoyageID) (ps []travel.PassengerID) {
	s.t.Helper()
	sample, err := s.Engine.Extract(s.t.Context(), []byte("face 0 0"))
	if err != nil {
		s.t.Fatal(err)
	}
	cs, err := s.galleries[v].Search(travel.Encounter{ID: "e", Voyage: v}, sample.Template, 100)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, c := range cs {
		ps = append(ps, c.Passenger)
	}
	return ps
}

func TestCitizenLeavesAtOnce(t *testing.T) {
	s := newSite(t)
	v, ps := s.board("USA", "GBR")
	e := s.meet(v)
	s.look(e, 1, "dark 0 1")
	if a := s.look(e, 2, "face 0 3"); a.Action != decision.Confirmed || a.Passenger != ps[0] {
		t.Fatalf("%+v", a)
	}
	s.nothingOf(ps[0], e)
	if got := s.galleryPassengers(v); len(got) != 1 || got[0] != ps[1] {
		t.Errorf("gallery %v", got)
	}
	if n := len(s.sealed(string(ps[1]))); n != 1 {
		t.Errorf("the other passenger has %d references", n)
	}
}

func TestCitizenWhoDoesNotShowUpLeavesAtCloseOut(t *testing.T) {
	s := newSite(t)
	v, ps := s.board("USA", "GBR")
	if err := s.CloseVoyage(t.Context(), s.carrier, v); err != nil {
		t.Fatal(err)
	}
	s.nothingOf(ps[0])
	if n := len(s.sealed(string(ps[1]))); n != 1 {
		t.Errorf("the alien's reference is kept until the gallery's end, not %d", n)
	}
	s.clock = s.clock.Add(20 * time.Hour)
	if err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.nothingOf(ps[1])
}

func TestCrashBetweenRowAndKeyIsRepaired(t *testing.T) {
	s := newSite(t)
	_, ps := s.board("USA", "GBR")
	item, other := s.sealed(string(ps[0]))[0], s.sealed(string(ps[1]))[0]
	// The row goes, the process dies before the key does.
	err := s.store.Write(t.Context(), func(tx *store.Tx) error { _, err := tx.EraseItems(string(ps[0]), "test", s.clock); return err })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.keys.Key(t.Context(), item.KeyID); err != nil {
		t.Fatal("the key is gone before the crash")
	}
	s.restart()
	s.nothingOf(ps[0])
	if _, err := s.keys.Key(t.Context(), item.KeyID); errs.CodeOf(err) != "data-key" {
		t.Errorf("the key after start-up: %v", err)
	}
	if _, err := s.keys.Key(t.Context(), other.KeyID); err != nil {
		t.Errorf("the key of another: %v", err)
	}
}

func TestGalleryIsRebuiltAfterRestart(t *testing.T) {
	s := newSite(t)
	v, ps := s.board("GBR", "DEU")
	s.restart()
	if a := s.look(s.meet(v), 1, "face 1 9"); a.Action != decision.Confirmed || a.Passenger != ps[1] {
		t.Errorf("after a restart: %+v", a)
	}
}

func TestTwoGatesOneCrossing(t *testing.T) {
	s := newSite(t)
	v, _ := s.board("GBR", "DEU")
	const gates = 8
	es := make([]travel.EncounterID, gates)
	for i := range es {
		es[i] = s.meet(v)
	}
	var wg sync.WaitGroup
	answers := make([]Answer, gates)
	for i := range gates {
		wg.Go(func() {
			var err error
			answers[i], err = s.TakeCapture(t.Context(), s.gate, es[i], travel.CaptureID(fmt.Sprintf("capture-%d", i)), fmt.Appendf(nil, "face 0 %d", i))
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	confirmed := 0
	for _, a := range answers {
		if a.Action == decision.Confirmed {
			confirmed++
		}
	}
	if n := len(s.crossings(v)); confirmed != 1 || n != 1 {
		t.Errorf("%d confirmed, %d crossings", confirmed, n)
	}
}

func TestImagesGetTheClassOfTheirPerson(t *testing.T) {
	s := newSite(t)
	v, _ := s.board("GBR")
	e := s.meet(v)
	s.look(e, 1, "dark 0 1")
	if got := s.sealed(string(e)); len(got) != 1 || got[0].Class != retention.Unresolved || got[0].Due.Sub(s.clock) != 12*time.Hour {
		t.Fatalf("unresolved: %+v", got)
	}
	s.look(e, 2, "face 0 1")
	for _, item := range s.sealed(string(e)) {
		if item.Class != retention.AlienImage || item.Due.Sub(s.clock) != 14*24*time.Hour {
			t.Errorf("resolved: %s due in %v", item.Class, item.Due.Sub(s.clock))
		}
	}
	s.clock = s.clock.Add(14*24*time.Hour - time.Second)
	if err := s.Sweep(t.Context()); err != nil || len(s.sealed(string(e))) != 2 {
		t.Errorf("a second before: %d items, %v", len(s.sealed(string(e))), err)
	}
	s.clock = s.clock.Add(time.Second)
	if err := s.Sweep(t.Context()); err != nil || len(s.sealed(string(e))) != 0 {
		t.Errorf("when due: %d items, %v", len(s.sealed(string(e))), err)
	}
}

func TestEntryNeedsAnOfficerAndOpensAStay(t *testing.T) {
	s := newSite(t)
	v, ps := s.voyage(leg("KEF", "BGR"), "GBR", "USA")
	e := s.meet(v)
	if a := s.look(e, 1, "face 0 1"); a.Action != decision.Confirmed || a.Crossing != "" {
		t.Fatalf("an entry is recorded by no rule: %+v", a)
	}
	_, err := s.Decide(t.Context(), s.officer, e, Ruling{Outcome: decision.Admitted, Passenger: ps[0]})
	wantCode(t, err, errs.Invalid, "admission")
	until := travel.DayOf(s.clock).AddDays(10)
	if _, err := s.Decide(t.Context(), s.officer, e, Ruling{Outcome: decision.Admitted, Passenger: ps[0], Admission: &stay.Admission{Class: "B-2", AdmitUntil: until}}); err != nil {
		t.Fatal(err)
	}
	citizen := s.meet(v)
	s.look(citizen, 1, "face 1 1")
	_, err = s.Decide(t.Context(), s.officer, citizen, Ruling{Outcome: decision.Admitted, Passenger: ps[1], Admission: &stay.Admission{Class: "B-2", AdmitUntil: until}})
	wantCode(t, err, errs.Invalid, "admission-citizen")
	if _, err := s.Decide(t.Context(), s.officer, citizen, Ruling{Outcome: decision.Entered, Passenger: ps[1]}); err != nil {
		t.Fatal(err)
	}
	s.nothingOf(ps[1], citizen)

	s.clock = s.clock.Add(11 * 24 * time.Hour)
	leads, _, err := s.Leads(t.Context(), s.officer, "weekly review", LeadQuery{})
	if err != nil || len(leads) != 1 || leads[0].Kind != stay.OverstayInCountry || leads[0].Days != 1 {
		t.Fatalf("leads the day after expiry: %+v %v", leads, err)
	}
	out := leg("BGR", "KEF")
	out.Number, out.Departure.Day, out.Arrival.Day = "102", travel.DayOf(s.clock), travel.DayOf(s.clock)
	r := s.send(manifest.Message{Reference: "M2", Function: manifest.Original, Legs: []travel.Leg{out}, Passengers: []manifest.Passenger{person(0, "GBR")}})
	if _, err := s.AddReference(t.Context(), s.carrier, r.Passengers[0].ID, gallery.DocumentPortrait, []byte("face 0 0")); err != nil {
		t.Fatal(err)
	}
	if a := s.look(s.meet(r.Voyage), 1, "face 0 4"); a.Action != decision.Confirmed {
		t.Fatalf("%+v", a)
	}
	leads, _, err = s.Leads(t.Context(), s.officer, "weekly review", LeadQuery{})
	if err != nil || len(leads) != 1 || leads[0].Kind != stay.OverstayOutOfCountry || leads[0].Crossing == "" {
		t.Errorf("leads after the exit: %+v %v", leads, err)
	}
}

func TestManifestVersions(t *testing.T) {
	s := newSite(t)
	v, ps := s.board("GBR", "USA")
	one := manifest.Message{Reference: "M1", Function: manifest.Original, Legs: []travel.Leg{leg("BGR", "KEF")}, Passengers: []manifest.Passenger{person(0, "GBR"), person(1, "USA")}}
	if r := s.send(one); r.Status != Repeated || len(r.Passengers) != 2 {
		t.Errorf("repeat: %+v", r)
	}
	one.Passengers = one.Passengers[:1]
	if r := s.send(one); r.Status != Rejected {
		t.Errorf("same reference, other content: %+v", r)
	}
	two := manifest.Message{Reference: "M2", Function: manifest.Reduction, Legs: one.Legs, Passengers: []manifest.Passenger{person(1, "USA")}}
	if r := s.send(two); r.Removed != 1 || len(r.Passengers) != 1 || r.Passengers[0].ID != ps[0] {
		t.Errorf("reduction: %+v", r)
	}
	s.nothingOf(ps[1])
	three := manifest.Message{Reference: "M3", Function: manifest.Original, Legs: one.Legs, Passengers: []manifest.Passenger{person(2, "FRA")}}
	if r := s.send(three); r.Added != 1 || len(r.Passengers) != 2 || r.Passengers[1].Readiness != gallery.NoReference {
		t.Errorf("addition: %+v", r)
	}
	far := manifest.Message{Reference: "M4", Function: manifest.Original, Legs: []travel.Leg{leg("LHR", "KEF")}, Passengers: []manifest.Passenger{person(3, "FRA")}}
	if r := s.send(far); r.Status != Rejected || r.Why == "" {
		t.Errorf("a voyage elsewhere: %+v", r)
	}
	_ = v
}

func TestAccessesAreAudited(t *testing.T) {
	s := newSite(t)
	v, _ := s.board("GBR")
	if _, err := s.Readiness(t.Context(), s.carrier, "boarding preparation", v); err != nil {
		t.Fatal(err)
	}
	entries := read(s, func(tx *store.Tx) ([]audit.Entry, error) { return tx.AuditEntries(0, 1000) })
	last := entries[len(entries)-1]
	if last.Action != "access" || last.Actor != "k-carrier" || last.Purpose != "boarding preparation" || last.Subject != string(v) {
		t.Errorf("last entry %+v", last)
	}
}
