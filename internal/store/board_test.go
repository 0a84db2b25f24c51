package store_test

import (
	"fmt"
	"testing"
	"time"

	"limen/decision"
	"limen/gallery"
	"limen/internal/store"
	"limen/policy"
	"limen/report"
	"limen/travel"
)

// TestBoard counts by hand. Of five passengers one was taken off and one is not
// in scope; e1 was confirmed at the second look, e2 sent to an officer, e3
// decided by one without a capture, e4 declined, e5 just opened.
func TestBoard(t *testing.T) {
	d := open(t)
	d.all(travelers("t1"), func(tx *store.Tx) error { return tx.PutVoyage(voyage("v1", noon)) }, func(tx *store.Tx) error { return tx.PutVoyage(voyage("v-old", noon.Add(-time.Hour))) })
	for i := 1; i <= 5; i++ {
		p := passenger(travel.PassengerID(fmt.Sprint("p", i)), "v1", i)
		if i == 1 {
			p.Scope.Scope = policy.NotInScope
		}
		if i == 5 {
			p.Removed = noon
		}
		d.all(func(tx *store.Tx) error { return tx.PutPassenger(p) },
			func(tx *store.Tx) error {
				return tx.InsertEncounter(encounter(travel.EncounterID(fmt.Sprint("e", i)), "v1"))
			})
	}
	// p1 to p3 and the one taken off had a usable photo, p1 two; p4's is too small.
	for i, r := range []struct {
		p    travel.PassengerID
		what gallery.Readiness
	}{{"p1", gallery.Ready}, {"p1", gallery.Ready}, {"p2", gallery.Ready}, {"p3", gallery.TooSmall}, {"p3", gallery.Ready}, {"p4", gallery.TooSmall}, {"p5", gallery.Ready}} {
		d.all(func(tx *store.Tx) error {
			return tx.InsertReference(store.Reference{ID: fmt.Sprint("r", i), Created: noon, Reference: gallery.Reference{Passenger: r.p, Source: gallery.VisaPhoto, Readiness: r.what, Model: testModel}})
		})
	}
	look := func(id travel.CaptureID, e travel.EncounterID, attempt int, a decision.Action) func(*store.Tx) error {
		c := captured(id, e, attempt)
		c.Action = a
		return func(tx *store.Tx) error { return tx.InsertCapture(c) }
	}
	byHand := decided("d3")
	byHand.Encounter = "e3"
	d.all(look("c1", "e1", 1, decision.CaptureAgain), look("c2", "e1", 2, decision.Confirmed), look("c3", "e2", 1, decision.ManualInspection),
		func(tx *store.Tx) error { return tx.InsertDecision(decided("d1"), noon) },
		func(tx *store.Tx) error { return tx.InsertDecision(byHand, noon) },
		func(tx *store.Tx) error { return tx.InsertCrossing(crossed("x1", "p1")) },
		func(tx *store.Tx) error { return tx.MarkOptOut("e4", noon) })
	fix := crossed("x2", "p1")
	fix.Corrects = "x1"
	d.all(func(tx *store.Tx) error { return tx.InsertCrossing(fix) }, func(tx *store.Tx) error { return tx.CloseVoyage("v1", noon) })
	want := report.Voyage{ID: "v1", Direction: travel.Exit, Route: "BGR–YHZ–LHR", Closed: true, Departure: travel.LocalTime{Day: today, Minute: 600},
		Arrival: travel.LocalTime{Day: today.AddDays(1), Minute: 30}, Passengers: 4, InScope: 3, Ready: 3, Captures: 3, Confirmed: 1, Manual: 2, OptOuts: 1, Crossed: 1}
	same(t, "since noon", read(d, func(tx *store.Tx) ([]report.Voyage, error) { return tx.Board(noon) }), []report.Voyage{want})
	if all := read(d, func(tx *store.Tx) ([]report.Voyage, error) { return tx.Board(noon.Add(-time.Hour)) }); len(all) != 2 || all[0].ID != "v-old" {
		t.Errorf("since an hour before: %+v", all)
	}
}
