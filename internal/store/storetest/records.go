package storetest

import (
	"fmt"
	"time"

	"limen/crossing"
	"limen/decision"
	"limen/gallery"
	"limen/internal/store"
	"limen/match"
	"limen/policy"
	"limen/report"
	"limen/retention"
	"limen/travel"
)

var recordSuite = []suiteTest{
	{"encounters", encounters},
	{"captures", captures},
	{"decisions", decisions},
	{"crossings", crossings},
	{"a crossing is found before it is committed", crossingsAhead},
	{"who waits for an officer", waiting},
	{"the board counts", board},
}

// boarded has a voyage, two passengers and an encounter.
func (d *db) boarded() {
	d.t.Helper()
	d.all(travelers("t1", "t2"), putVoyage(voyage("v1", noon)), putPassenger(passenger("p1", "v1", 1)), putPassenger(passenger("p2", "v1", 2)),
		addEncounter(encounter("e1", "v1")))
}

func (d *db) encounter(id travel.EncounterID) *store.Encounter {
	d.t.Helper()
	return read(d, func(tx *store.Tx) (*store.Encounter, error) { return tx.Encounter(id) })
}

func encounters(d *db) {
	d.boarded()
	want := encounter("e1", "v1")
	got := d.encounter("e1")
	if want.KeyID = got.KeyID; want.KeyID == "" {
		d.t.Error("an encounter without a data key")
	}
	d.same("encounter", got, &want)
	d.same("none", d.encounter("e9"), (*store.Encounter)(nil))
	d.all(func(tx *store.Tx) error { return tx.MarkOptOut("e1", noon) }, func(tx *store.Tx) error { return tx.MarkOptOut("e1", noon.Add(time.Hour)) },
		func(tx *store.Tx) error { return tx.KeepEncounter("e1", retention.AlienImage, noon.Add(2*time.Hour)) })
	want.OptedOut, want.Class, want.Due = noon, retention.AlienImage, noon.Add(2*time.Hour)
	d.same("declined, and the first time stays; kept longer", d.encounter("e1"), &want)
	d.refused("the same twice", addEncounter(encounter("e1", "v1")))
	d.refused("of no voyage", addEncounter(encounter("e2", "v9")))
}

func captures(d *db) {
	d.boarded()
	second, first := captured("c2", "e1", 2), captured("c1", "e1", 1)
	first.Result, first.Passenger, first.Item, first.Acceptable, first.Reasons, first.Advice = match.Result{}, "", "", false, nil, "" // no face
	d.all(addCapture(second), addCapture(first))
	d.same("by attempt", read(d, func(tx *store.Tx) ([]store.Capture, error) { return tx.Captures("e1") }), []store.Capture{first, second})
	d.same("one", read(d, func(tx *store.Tx) (*store.Capture, error) { return tx.Capture("c2") }), &second)
	d.same("none", read(d, func(tx *store.Tx) (*store.Capture, error) { return tx.Capture("c9") }), (*store.Capture)(nil))
	d.refused("the same twice", addCapture(first))
	d.refused("of no encounter", addCapture(captured("c3", "e9", 1)))
}

func decisions(d *db) {
	d.boarded()
	e := d.encounter("e1")
	d.all(addDecision(decided("d1", "e1"), e.KeyID))
	want := decided("d1", "e1")
	of := func(e travel.EncounterID) *decision.Decision {
		return read(d, func(tx *store.Tx) (*decision.Decision, error) { return tx.Decision(e) })
	}
	ended := func(id travel.DecisionID) *store.Encounter {
		return read(d, func(tx *store.Tx) (*store.Encounter, error) { return tx.EncounterOf(id) })
	}
	d.same("decision", of("e1"), &want)
	d.same("no decision", of("e9"), (*decision.Decision)(nil))
	e.Decision = "d1"
	d.same("the encounter has ended", d.encounter("e1"), e)
	d.same("by its decision", ended("d1"), e)
	d.same("what no decision ended", ended("d9"), (*store.Encounter)(nil))
	d.refused("the same twice", addDecision(want, e.KeyID))
	d.refused("of no encounter", addDecision(decided("d2", "e9"), e.KeyID))
	d.vault.destroy(e.KeyID)
	want.Officer, want.Reason = "", ""
	d.same("without its data key it says who and why no more", of("e1"), &want)
}

func crossings(d *db) {
	d.boarded()
	d.all(addDecision(decided("d1", "e1"), d.encounter("e1").KeyID), addCrossing(crossed("x1", "p1")))
	of := func(who travel.TravelerID, dir travel.Direction) *crossing.Crossing {
		return read(d, func(tx *store.Tx) (*crossing.Crossing, error) { return tx.CrossingOf("v1", who, dir) })
	}
	first := crossed("x1", "p1")
	d.same("crossing", of("t1", travel.Exit), &first)
	d.same("not the other way", of("t1", travel.Entry), (*crossing.Crossing)(nil))
	d.same("not the other traveler", of("t2", travel.Exit), (*crossing.Crossing)(nil))
	d.same("by its capture", read(d, func(tx *store.Tx) (*crossing.Crossing, error) { return tx.Earlier([]string{"nothing", "capture/c1"}) }), &first)

	// One crossing of a traveler in a direction, and one of a capture, whatever
	// a program tries, and though the carrier listed the traveler twice.
	again := crossed("x2", "p2")
	again.Capture = "c2"
	d.refused("as another passenger", addCrossing(again))
	again = crossed("x2", "p2")
	again.Traveler = "t2"
	d.refused("of the same capture", addCrossing(again))
	d.refused("a second crossing", addCrossing(crossed("x2", "p1")))
	fix := crossed("x3", "p1")
	fix.Corrects, fix.At, fix.Confirmation, fix.Capture, fix.RecordedLate, fix.Void = "x1", noon.Add(time.Hour), crossing.Manual, "", false, true
	d.all(addCrossing(fix))
	d.same("all of the voyage", read(d, func(tx *store.Tx) ([]crossing.Crossing, error) { return tx.Crossings("v1") }), []crossing.Crossing{first, fix})
	d.same("the corrected one is found", of("t1", travel.Exit), &first)

	d.all(func(tx *store.Tx) error { return tx.Announce(crossing.Topic, "x1", noon) }, func(tx *store.Tx) error { return tx.Announce(crossing.Topic, "x3", noon) },
		func(tx *store.Tx) error { return tx.DeleteCrossing("x1") })
	d.same("deleted", of("t1", travel.Exit), (*crossing.Crossing)(nil))
	told := func() []store.Announcement {
		return read(d, func(tx *store.Tx) ([]store.Announcement, error) { return tx.Announcements(0, 9) })
	}
	d.same("announced in the same write it is told all the same", told(), []store.Announcement{{Seq: 1, Topic: crossing.Topic, Key: "x1", At: noon}, {Seq: 2, Topic: crossing.Topic, Key: "x3", At: noon}})
	d.all(addCrossing(crossed("x4", "p1")))
	d.all(func(tx *store.Tx) error { return tx.DeleteCrossing("x3") })
	d.same("with its announcement", told(), []store.Announcement{{Seq: 1, Topic: crossing.Topic, Key: "x1", At: noon}})
	first.ID = "x4"
	d.same("its keys are free again", of("t1", travel.Exit), &first)
}

// crossingsAhead: what is buffered is seen by every question, in the same write
// and by later ones of its group, and is undone with its write.
func crossingsAhead(d *db) {
	d.boarded()
	d.all(addDecision(decided("d1", "e1"), d.encounter("e1").KeyID))
	once := crossing.OnceKey("v1", "t1", travel.Exit)
	ahead := store.Ahead{Once: []string{once, "capture/c1"}, Stays: []string{"t1"}}
	stayed := admitted("a1", "t1", today)
	err := d.WriteAhead(d.t.Context(), ahead, func(tx *store.Tx) error {
		if c, err := tx.Earlier([]string{once}); err != nil || c != nil {
			d.t.Errorf("before: %+v, %v", c, err)
		}
		for _, f := range []write{addCrossing(crossed("x1", "p1")), func(tx *store.Tx) error { return tx.PutStay(stayed) }} {
			if err := f(tx); err != nil {
				return err
			}
		}
		for what, find := range map[string]func() (*crossing.Crossing, error){
			"by its keys": func() (*crossing.Crossing, error) { return tx.Earlier([]string{once}) },
			"by its id":   func() (*crossing.Crossing, error) { return tx.Crossing("x1") },
		} {
			if c, err := find(); err != nil || c == nil || c.ID != "x1" {
				d.t.Errorf("%s: %+v, %v", what, c, err)
			}
		}
		if s, err := tx.OpenStay("t1"); err != nil || s == nil || s.ID != "a1" {
			d.t.Errorf("its stay: %+v, %v", s, err)
		}
		if all, err := tx.Crossings("v1"); err != nil || len(all) != 1 { // this writes what is buffered
			d.t.Errorf("%d of the voyage, %v", len(all), err)
		}
		return fmt.Errorf("undone")
	})
	if err == nil || err.Error() != "undone" {
		d.t.Fatal(err)
	}
	d.same("nothing is left", read(d, func(tx *store.Tx) ([]crossing.Crossing, error) { return tx.Crossings("v1") }), []crossing.Crossing(nil))
	d.all(addCrossing(crossed("x5", "p1")), func(tx *store.Tx) error { return tx.PutStay(stayed) })
	err = d.WriteAhead(d.t.Context(), ahead, func(tx *store.Tx) error {
		c, err := tx.Earlier([]string{"capture/c1"})
		s, serr := tx.OpenStay("t1")
		if err != nil || serr != nil || c == nil || c.ID != "x5" || s == nil {
			d.t.Errorf("fetched ahead: %+v, %+v, %v, %v", c, s, err, serr)
		}
		return nil
	})
	if err != nil {
		d.t.Error(err)
	}
}

// waiting: who declined, was sent to an officer, or stands confirmed at an
// entry waits; who is to look again, or was decided, does not.
func waiting(d *db) {
	d.boarded()
	for i, a := range []decision.Action{decision.CaptureAgain, decision.ManualInspection, decision.Confirmed, "", decision.ManualInspection} {
		e := encounter(travel.EncounterID(fmt.Sprint("w", i)), "v1")
		e.Opened = noon.Add(-time.Duration(i) * time.Minute)
		c := captured(travel.CaptureID(fmt.Sprint("cw", i)), e.ID, 1)
		c.Action = a
		d.all(addEncounter(e))
		if a != "" {
			d.all(addCapture(c))
		}
	}
	d.all(func(tx *store.Tx) error { return tx.MarkOptOut("w3", noon) }, addDecision(decided("d4", "w4"), d.encounter("w4").KeyID))
	ids := func(n int) (ids []travel.EncounterID) {
		for _, e := range read(d, func(tx *store.Tx) ([]store.Encounter, error) { return tx.Waiting(n) }) {
			ids = append(ids, e.ID)
		}
		return ids
	}
	d.same("oldest first", ids(9), []travel.EncounterID{"w3", "w2", "w1"})
	d.same("the oldest", ids(1), []travel.EncounterID{"w3"})
}

// board is counted by hand. Of five passengers one was taken off and one is not
// in scope; e1 was confirmed at the second look, e2 sent to an officer, e3
// decided by one without a capture, e4 declined, e5 just opened.
func board(d *db) {
	d.all(travelers("t1"), putVoyage(voyage("v1", noon)), putVoyage(voyage("v-old", noon.Add(-time.Hour))))
	for i := 1; i <= 5; i++ {
		p := passenger(travel.PassengerID(fmt.Sprint("p", i)), "v1", i)
		if i == 1 {
			p.Scope.Result = policy.NotInScope
		}
		if i == 5 {
			p.Removed = noon
		}
		d.all(putPassenger(p), addEncounter(encounter(travel.EncounterID(fmt.Sprint("e", i)), "v1")))
	}
	// p1 to p3 and the one taken off had a usable photo, p1 two; p4's is too small.
	for i, r := range []struct {
		p    travel.PassengerID
		what gallery.Readiness
	}{{"p1", gallery.Ready}, {"p1", gallery.Ready}, {"p2", gallery.Ready}, {"p3", gallery.TooSmall}, {"p3", gallery.Ready}, {"p4", gallery.TooSmall}, {"p5", gallery.Ready}} {
		d.all(addReference(reference(fmt.Sprint("r", i), r.p, r.what, "")))
	}
	look := func(id travel.CaptureID, e travel.EncounterID, attempt int, a decision.Action) write {
		c := captured(id, e, attempt)
		c.Action = a
		return addCapture(c)
	}
	fix := crossed("x2", "p1")
	fix.Corrects = "x1"
	d.all(look("c1", "e1", 1, decision.CaptureAgain), look("c2", "e1", 2, decision.Confirmed), look("c3", "e2", 1, decision.ManualInspection),
		addDecision(decided("d1", "e1"), "key-1"), addDecision(decided("d3", "e3"), "key-1"), addCrossing(crossed("x1", "p1")),
		func(tx *store.Tx) error { return tx.MarkOptOut("e4", noon) }, addCrossing(fix), func(tx *store.Tx) error { return tx.CloseVoyage("v1", noon) })
	want := report.Voyage{ID: "v1", Direction: travel.Exit, Route: "BGR–YHZ–LHR", Closed: true, Departure: travel.LocalTime{Day: today, Minute: 600},
		Arrival: travel.LocalTime{Day: today.AddDays(1), Minute: 30}, Passengers: 4, InScope: 3, Ready: 3, Captures: 3, Confirmed: 1, Manual: 2, OptOuts: 1, Crossed: 1}
	d.same("since noon", read(d, func(tx *store.Tx) ([]report.Voyage, error) { return tx.Board(noon) }), []report.Voyage{want})
	if all := read(d, func(tx *store.Tx) ([]report.Voyage, error) { return tx.Board(noon.Add(-time.Hour)) }); len(all) != 2 || all[0].ID != "v-old" {
		d.t.Errorf("since an hour before: %+v", all)
	}
}
