package store_test

import (
	"fmt"
	"testing"
	"time"

	"limen/crossing"
	"limen/decision"
	"limen/gallery"
	"limen/internal/store"
	"limen/match"
	"limen/retention"
	"limen/stay"
	"limen/travel"
)

// boarded is a store with a voyage, two passengers and an encounter.
func boarded(t *testing.T) *db {
	t.Helper()
	d := open(t)
	d.all(travelers("t1", "t2"), func(tx *store.Tx) error { return tx.PutVoyage(voyage("v1", noon)) },
		func(tx *store.Tx) error { return tx.PutPassenger(passenger("p1", "v1", 1)) },
		func(tx *store.Tx) error { return tx.PutPassenger(passenger("p2", "v1", 2)) },
		func(tx *store.Tx) error { return tx.InsertEncounter(encounter("e1", "v1")) })
	return d
}

func TestEncounters(t *testing.T) {
	d := boarded(t)
	get := func(id travel.EncounterID) *store.Encounter {
		return read(d, func(tx *store.Tx) (*store.Encounter, error) { return tx.Encounter(id) })
	}
	want := encounter("e1", "v1")
	same(t, "encounter", get("e1"), &want)
	same(t, "none", get("e9"), (*store.Encounter)(nil))
	d.all(func(tx *store.Tx) error { return tx.MarkOptOut("e1", noon) }, func(tx *store.Tx) error { return tx.MarkOptOut("e1", noon.Add(time.Hour)) })
	want.OptedOut = noon
	same(t, "declined, and the first time stays", get("e1"), &want)
	d.refused("the same twice", func(tx *store.Tx) error { return tx.InsertEncounter(encounter("e1", "v1")) })
	d.refused("of no voyage", func(tx *store.Tx) error { return tx.InsertEncounter(encounter("e2", "v9")) })
}

func TestCaptures(t *testing.T) {
	d := boarded(t)
	second, first := captured("c2", "e1", 2), captured("c1", "e1", 1)
	first.Result, first.Passenger, first.KeyID, first.Acceptable, first.Reasons, first.Advice = match.Result{}, "", "", false, nil, "" // no face
	d.all(func(tx *store.Tx) error { return tx.InsertCapture(second) }, func(tx *store.Tx) error { return tx.InsertCapture(first) })
	same(t, "by attempt", read(d, func(tx *store.Tx) ([]store.Capture, error) { return tx.Captures("e1") }), []store.Capture{first, second})
	same(t, "one", read(d, func(tx *store.Tx) (*store.Capture, error) { return tx.Capture("c2") }), &second)
	same(t, "none", read(d, func(tx *store.Tx) (*store.Capture, error) { return tx.Capture("c9") }), (*store.Capture)(nil))
	d.refused("the same twice", func(tx *store.Tx) error { return tx.InsertCapture(first) })
	d.refused("of no encounter", func(tx *store.Tx) error { return tx.InsertCapture(captured("c3", "e9", 1)) })
}

// Erasing takes items and keys; reference and capture stay, without a key.
func TestEraseSealedKeepsTheRecord(t *testing.T) {
	d := boarded(t)
	ref := store.Reference{ID: "r1", Reference: gallery.Reference{Passenger: "p1", Source: gallery.VisaPhoto, Readiness: gallery.Ready, Model: testModel}, KeyID: "k2", Created: noon}
	other := ref
	other.ID, other.Passenger, other.KeyID = "r2", "p2", "k3"
	d.all(insertSealed(sealed("k1", "e1", noon), sealed("k2", "p1", noon), sealed("k3", "p2", noon)),
		func(tx *store.Tx) error { return tx.InsertCapture(captured("c1", "e1", 1)) },
		func(tx *store.Tx) error { return tx.InsertReference(ref) }, func(tx *store.Tx) error { return tx.InsertReference(other) })
	items := func() []store.Sealed {
		return read(d, func(tx *store.Tx) ([]store.Sealed, error) { return tx.GalleryItems("v1") })
	}
	same(t, "what the gallery is built from", items(), []store.Sealed{sealed("k2", "p1", noon), sealed("k3", "p2", noon)})
	erase := func(subject string) (keys []string) {
		d.all(func(tx *store.Tx) error {
			n, err := tx.EraseSealed(subject, "test", noon)
			if err != nil {
				return err
			}
			list, err := tx.Erasures(100)
			if len(list) != n {
				t.Errorf("%d erased, %d keys to destroy", n, len(list))
			}
			for _, e := range list {
				keys = append(keys, e.KeyID)
				if err := tx.Erased(e.KeyID); err != nil || e.Cause != "test" {
					t.Errorf("%+v, %v", e, err)
				}
			}
			return err
		})
		return keys
	}
	same(t, "keys of the encounter", erase("e1"), []string{"k1"})
	same(t, "keys of the passenger", erase("p1"), []string{"k2"})
	same(t, "keys of nobody", erase("p9"), []string(nil))
	same(t, "the gallery", items(), []store.Sealed{sealed("k3", "p2", noon)})
	want := captured("c1", "e1", 1)
	want.KeyID = ""
	same(t, "the capture", read(d, func(tx *store.Tx) (*store.Capture, error) { return tx.Capture("c1") }), &want)
	gone := passenger("p2", "v1", 2)
	gone.Removed = noon
	d.all(func(tx *store.Tx) error { return tx.PutPassenger(gone) })
	same(t, "the gallery without who does not travel", items(), []store.Sealed(nil))
	count := func(p travel.PassengerID) int {
		return read(d, func(tx *store.Tx) (int, error) { return tx.References(p) })
	}
	same(t, "references kept", []int{count("p1"), count("p2")}, []int{0, 1})
	d.all(func(tx *store.Tx) error { return tx.Reclassify("p2", retention.VoyageGallery, noon) },
		insertSealed(sealed("k4", "p1", noon)), // a capture's class: it does not move with the voyage
		func(tx *store.Tx) error { return tx.MoveReferences("v1", noon.Add(time.Hour)) },
		func(tx *store.Tx) error { return tx.MoveReferences("v2", noon.Add(9*time.Hour)) })
	same(t, "moved with the voyage", read(d, func(tx *store.Tx) ([]store.Due, error) { return tx.SealedDue(noon.Add(time.Hour), 9) }),
		[]store.Due{{Subject: "p1", At: noon}, {Subject: "p2", At: noon.Add(time.Hour)}})
	d.refused("a reference of nobody", func(tx *store.Tx) error {
		bad := ref
		bad.ID, bad.Passenger = "r9", "p9"
		return tx.InsertReference(bad)
	})
}

func decided(id travel.DecisionID) decision.Decision {
	return decision.Decision{ID: id, Encounter: "e1", Passenger: "p1", Outcome: decision.Departed, Officer: "A. Officer", Reason: "compared"}
}

func crossed(id travel.CrossingID, p travel.PassengerID) crossing.Crossing {
	return crossing.Crossing{ID: id, Traveler: "t1", Voyage: "v1", Passenger: p, Direction: travel.Exit, Port: "BGR", Point: "GATE-1", Day: today, At: noon,
		Confirmation: crossing.Biometric, Capture: "c1", Decision: "d1", RecordedLate: true}
}

func TestDecisionsAndCrossings(t *testing.T) {
	d := boarded(t)
	d.refused("a crossing of no decision", func(tx *store.Tx) error { return tx.InsertCrossing(crossed("x1", "p1")) })
	d.all(func(tx *store.Tx) error { return tx.InsertDecision(decided("d1"), noon) }, func(tx *store.Tx) error { return tx.InsertCrossing(crossed("x1", "p1")) })
	want := decided("d1")
	same(t, "decision", read(d, func(tx *store.Tx) (*decision.Decision, error) { return tx.Decision("e1") }), &want)
	same(t, "no decision", read(d, func(tx *store.Tx) (*decision.Decision, error) { return tx.Decision("e9") }), (*decision.Decision)(nil))
	if e := read(d, func(tx *store.Tx) (*store.Encounter, error) { return tx.Encounter("e1") }); e.Decision != "d1" {
		t.Errorf("the encounter has not ended: %+v", e)
	}
	ended := read(d, func(tx *store.Tx) (*store.Encounter, error) { return tx.EncounterOf("d1") })
	if ended == nil || ended.ID != "e1" {
		t.Errorf("decision d1 ended %+v", ended)
	}
	same(t, "what no decision ended", read(d, func(tx *store.Tx) (*store.Encounter, error) { return tx.EncounterOf("d9") }), (*store.Encounter)(nil))
	of := func(who travel.TravelerID, dir travel.Direction) *crossing.Crossing {
		return read(d, func(tx *store.Tx) (*crossing.Crossing, error) { return tx.CrossingOf("v1", who, dir) })
	}
	first := crossed("x1", "p1")
	same(t, "crossing", of("t1", travel.Exit), &first)
	same(t, "not the other way", of("t1", travel.Entry), (*crossing.Crossing)(nil))
	same(t, "not the other traveler", of("t2", travel.Exit), (*crossing.Crossing)(nil))

	// One crossing of a traveler in a direction, whatever a program tries, and
	// though the carrier listed the traveler twice.
	d.refused("as another passenger", func(tx *store.Tx) error { return tx.InsertCrossing(crossed("x2", "p2")) })
	d.refused("a second crossing", func(tx *store.Tx) error { return tx.InsertCrossing(crossed("x2", "p1")) })
	fix := crossed("x3", "p1")
	fix.Corrects, fix.At, fix.Confirmation, fix.Capture, fix.RecordedLate = "x1", noon.Add(time.Hour), crossing.Manual, "", false
	d.all(func(tx *store.Tx) error { return tx.InsertCrossing(fix) })
	same(t, "all of the voyage", read(d, func(tx *store.Tx) ([]crossing.Crossing, error) { return tx.Crossings("v1") }), []crossing.Crossing{first, fix})
	same(t, "the corrected one is found", of("t1", travel.Exit), &first)
	d.all(func(tx *store.Tx) error { return store.CrossingTx{Tx: tx, At: noon}.Announce("crossing", "x1") })
}

func TestStays(t *testing.T) {
	d := boarded(t)
	s := stay.Stay{Admission: stay.Admission{ID: "a1", Traveler: "t1", Day: today, Class: "B-2", AdmitUntil: today.AddDays(10), Crossing: "x1"}}
	ds := stay.Stay{Admission: stay.Admission{ID: "a2", Traveler: "t2", Day: today, Class: "F-1", DurationOfStatus: true}}
	d.all(func(tx *store.Tx) error { return tx.PutStay(s) }, func(tx *store.Tx) error { return tx.PutStay(ds) })
	openOf := func(id travel.TravelerID) *stay.Stay {
		return read(d, func(tx *store.Tx) (*stay.Stay, error) { return tx.OpenStay(id) })
	}
	overdue := func(n int) []stay.Stay {
		return read(d, func(tx *store.Tx) ([]stay.Stay, error) { return tx.OverdueStays(today.AddDays(n)) })
	}
	same(t, "open", openOf("t1"), &s)
	same(t, "D/S", openOf("t2"), &ds)
	same(t, "on the last day", overdue(10), []stay.Stay(nil))
	same(t, "the day after; D/S never", overdue(11), []stay.Stay{s})
	twice := s
	twice.ID = "a3"
	d.refused("two open stays of one traveler", func(tx *store.Tx) error { return tx.PutStay(twice) })
	s.Closed, s.ClosedBy = today.AddDays(20), "x2"
	d.all(func(tx *store.Tx) error { return tx.PutStay(s) }, func(tx *store.Tx) error { return tx.PutStay(twice) })
	same(t, "a new one after the first is closed", openOf("t1"), &twice)
	same(t, "by id", read(d, func(tx *store.Tx) (*stay.Stay, error) { return tx.Admission("a1") }), &s)
	same(t, "none", read(d, func(tx *store.Tx) (*stay.Stay, error) { return tx.Admission("a9") }), (*stay.Stay)(nil))
	same(t, "overdue now", overdue(30), []stay.Stay{twice})

	leads := []stay.Lead{{Kind: stay.OverstayOutOfCountry, Traveler: "t1", Admission: "a1", Crossing: "x2", Days: 10, Day: today.AddDays(20)},
		{Kind: stay.UnmatchedDeparture, Traveler: "t2", Crossing: "x3", Day: today}}
	for _, l := range leads {
		d.all(func(tx *store.Tx) error { return tx.InsertLead(l) })
	}
	same(t, "leads", read(d, (*store.Tx).Leads), leads)
	d.refused("a lead about nobody", func(tx *store.Tx) error { return tx.InsertLead(stay.Lead{Kind: stay.MissingExit, Traveler: "t9"}) })
}

// Who declined, was sent to an officer, or stands confirmed at an entry waits;
// who is to look again, or was decided, does not.
func TestWaiting(t *testing.T) {
	d := boarded(t)
	for i, a := range []decision.Action{decision.CaptureAgain, decision.ManualInspection, decision.Confirmed, "", decision.ManualInspection} {
		e := encounter(travel.EncounterID(fmt.Sprint("w", i)), "v1")
		e.Opened = noon.Add(-time.Duration(i) * time.Minute)
		c := captured(travel.CaptureID(fmt.Sprint("cw", i)), e.ID, 1)
		c.Action = a
		d.all(func(tx *store.Tx) error { return tx.InsertEncounter(e) })
		if a != "" {
			d.all(func(tx *store.Tx) error { return tx.InsertCapture(c) })
		}
	}
	done := decided("d4")
	done.Encounter = "w4"
	d.all(func(tx *store.Tx) error { return tx.MarkOptOut("w3", noon) }, func(tx *store.Tx) error { return tx.InsertDecision(done, noon) })
	waiting := func(n int) (ids []travel.EncounterID) {
		for _, e := range read(d, func(tx *store.Tx) ([]store.Encounter, error) { return tx.Waiting(n) }) {
			ids = append(ids, e.ID)
		}
		return ids
	}
	same(t, "oldest first", waiting(9), []travel.EncounterID{"w3", "w2", "w1"})
	same(t, "the oldest", waiting(1), []travel.EncounterID{"w3"})
}
