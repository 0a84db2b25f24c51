package app

import (
	"testing"

	"limen/decision"
	"limen/errs"
	"limen/gallery"
	"limen/internal/store"
	"limen/manifest"
	"limen/stay"
	"limen/travel"
)

// A gate that names its encounter as a passenger is named must not reach what
// is sealed of that passenger.
func TestEncounterCannotTakeAPassengersID(t *testing.T) {
	s := newSite(t)
	v, ps := s.board("GBR")
	wantCode(t, s.OpenEncounter(t.Context(), s.gate, travel.EncounterID(ps[0]), v), errs.Conflict, "encounter-id-reused")
}

func TestVoyagesFarAwayAreRefused(t *testing.T) {
	s := newSite(t)
	for n, day := range []travel.Day{{Year: 9999, Month: 12, Date: 31}, {Year: 1, Month: 1, Date: 1}, {Year: 2026, Month: 11, Date: 1}} {
		l := leg("BGR", "KEF")
		l.Departure.Day, l.Arrival.Day = day, day
		v := store.Voyage{Voyage: travel.Voyage{Legs: []travel.Leg{l}}}
		if _, why := s.voyageOf(manifest.Message{Legs: v.Legs}); why == "" {
			t.Errorf("%d: a voyage on %s is taken", n, day)
		}
	}
}

// Who declines after an image was taken is not recorded as confirmed by it.
func TestOptOutIsNoBiometricConfirmation(t *testing.T) {
	s := newSite(t)
	v, ps := s.voyage(leg("KEF", "BGR"), "USA")
	e := s.meet(v)
	if a := s.look(e, 1, "face 0 1"); a.Action != decision.Confirmed {
		t.Fatal(a)
	}
	if err := s.OptOut(t.Context(), s.gate, e); err != nil {
		t.Fatal(err)
	}
	_, err := s.Decide(t.Context(), s.officer, e, Ruling{Outcome: decision.Entered, Passenger: ps[0]})
	wantCode(t, err, errs.Invalid, "decision-reason")
	if _, err := s.Decide(t.Context(), s.officer, e, Ruling{Outcome: decision.Entered, Passenger: ps[0], Reason: "passport checked"}); err != nil {
		t.Fatal(err)
	}
	if xs := s.crossings(v); len(xs) != 1 || xs[0].Confirmation != "manual" {
		t.Errorf("%+v", xs)
	}
}

// A ruling sent again with another admission is another ruling.
func TestRepeatedRulingMustBeTheSame(t *testing.T) {
	s := newSite(t)
	v, ps := s.voyage(leg("KEF", "BGR"), "GBR")
	e := s.meet(v)
	s.look(e, 1, "face 0 1")
	until := travel.DayOf(s.clock).AddDays(30)
	r := Ruling{Outcome: decision.Admitted, Passenger: ps[0], Admission: &stay.Admission{Class: "B-2", AdmitUntil: until}}
	first, err := s.Decide(t.Context(), s.officer, e, r)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.Decide(t.Context(), s.officer, e, r); err != nil || again != first {
		t.Errorf("the same: %+v %v", again, err)
	}
	r.Admission = &stay.Admission{Class: "B-2", AdmitUntil: until.AddDays(60)}
	_, err = s.Decide(t.Context(), s.officer, e, r)
	wantCode(t, err, errs.Conflict, "encounter-ended")
}

// Half a data folder is not an empty one.
func TestHalfADataFolderDoesNotStart(t *testing.T) {
	for _, lost := range []string{"limen.db", "keys.db"} {
		if lost == "limen.db" && onPostgres() {
			continue
		}
		s := newSite(t)
		s.board("GBR")
		if err := s.App.Close(); err != nil {
			t.Fatal(err)
		}
		back := s.lose(lost)
		_, err := Open(t.Context(), s.Config)
		wantCode(t, err, errs.Broken, "data-folder")
		back()
		s.start()
	}
}

// A message repeated a thousand times in one interchange is listed once.
func TestReceiptsListAVoyageOnce(t *testing.T) {
	s := newSite(t)
	_, ps := s.board("GBR", "DEU")
	if n := len(ps); n != 2 {
		t.Fatal(n)
	}
	rs := []MessageReceipt{{Voyage: s.passengerVoyage(ps[0]), Status: Accepted}, {Voyage: s.passengerVoyage(ps[0]), Status: Repeated}}
	if err := s.listings(t.Context(), rs); err != nil || len(rs[0].Passengers) != 0 || len(rs[1].Passengers) != 2 {
		t.Errorf("%d and %d listed, %v", len(rs[0].Passengers), len(rs[1].Passengers), err)
	}
	if rs[1].Passengers[0].Readiness != gallery.Ready {
		t.Errorf("%+v", rs[1].Passengers[0])
	}
}
