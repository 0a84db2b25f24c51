package app

import (
	"context"

	"limen/crossing"
	"limen/decision"
	"limen/errs"
	"limen/internal/store"
	"limen/retention"
	"limen/stay"
	"limen/travel"
)

// recorded is what a decision left to do once its transaction is durable.
type recorded struct {
	crossing  crossing.Crossing
	passenger *store.Passenger
	fresh     bool // the crossing is new
}

// record writes decision, crossing and stay within tx: all or nothing. The
// capture is "" if an officer confirmed identity by eye.
func (a *App) record(tx *store.Tx, by string, e *store.Encounter, v *store.Voyage, d decision.Decision, cap travel.CaptureID, granted *stay.Admission) (*recorded, error) {
	p, err := tx.Passenger(d.Passenger)
	if err != nil {
		return nil, err
	}
	if err := on(v, p); err != nil {
		return nil, err
	}
	now := a.Now()
	if err := tx.InsertDecision(d, e.KeyID, now); err != nil {
		return nil, err
	}
	out := &recorded{passenger: p}
	class, _ := recordClass(p)
	c := crossing.Crossing{ID: travel.CrossingID(newID()), Traveler: p.Traveler, Voyage: v.ID, Passenger: p.ID, Direction: e.Direction,
		Port: e.Port, Point: e.Point, Day: a.today(e.Port), At: now, Confirmation: crossing.Manual, Decision: d.ID,
		RecordedLate: !v.Closed.IsZero(), Retention: class}
	if cap != "" {
		c.Confirmation, c.Capture = crossing.Biometric, cap
	}
	if out.crossing, out.fresh, err = crossing.Record(crossingTx{tx, a, by, p, granted}, c, by); err != nil {
		return nil, err
	}
	if out.fresh {
		if err := a.keep(tx, e, p, out.crossing); err != nil {
			return nil, err
		}
	}
	return out, a.settleImages(tx, e, p)
}

// crossingTx is the transaction in which a passenger's crossing is recorded.
type crossingTx struct {
	*store.Tx
	app       *App
	by        string // who decided: a key, or a rule
	passenger *store.Passenger
	granted   *stay.Admission
}

// ChangeStay implements crossing.Tx.
func (t crossingTx) ChangeStay(c crossing.Crossing) error {
	return t.app.follow(t.Tx, t.by, c, t.passenger, t.granted)
}

// Announce implements crossing.Tx.
func (t crossingTx) Announce(topic, key string) error {
	return t.Tx.Announce(topic, key, t.app.Now())
}

// recordClass is how long the record of a passenger's crossing is kept, and why.
func recordClass(p *store.Passenger) (c retention.Class, why string) {
	f := retention.Facts{Law: retention.US}
	switch {
	case p.Citizen():
		f.Standing = retention.Citizen
	case resident(p):
		f.Standing = retention.Resident
	case p.Alien():
		f.Standing = retention.Nonimmigrant
	}
	return retention.RecordClass(f)
}

// keep gives the records that a crossing rests on its class and due date.
func (a *App) keep(tx *store.Tx, e *store.Encounter, p *store.Passenger, c crossing.Crossing) error {
	due, err := retention.Due(c.Retention, c.At)
	if err != nil {
		return err
	}
	p.Class, p.Due = c.Retention, due
	if err := tx.PutPassenger(*p); err != nil {
		return err
	}
	if err := tx.KeepEncounter(e.ID, c.Retention, due); err != nil {
		return err
	}
	return tx.KeepTraveler(p.Traveler, c.Retention, due)
}

// on returns a NotFound error unless the passenger is on the voyage's list.
func on(v *store.Voyage, p *store.Passenger) error {
	if p == nil || p.Voyage != v.ID || !p.Removed.IsZero() {
		return errs.New(errs.NotFound, "passenger-unknown", "there is no such passenger on this voyage's list")
	}
	return nil
}

// resident reports whether the manifest lists a residence card.
func resident(p *store.Passenger) bool {
	for _, d := range p.Listed.Documents {
		if d.Type == travel.Resident {
			return true
		}
	}
	return false
}

// settleImages ends the uncertainty about whose images an encounter holds: of
// a citizen, or of an exempt alien, all goes now, references included; of an
// alien in scope the class becomes that of an alien's; of anybody else it stays
// as short as a citizen's.
func (a *App) settleImages(tx *store.Tx, e *store.Encounter, p *store.Passenger) error {
	switch {
	case p.Free():
		if err := a.eraseCaptures(tx, e.ID, "citizen"); err != nil {
			return err
		}
		return a.eraseReferences(tx, p, "citizen")
	case p.InScope():
		return a.keepImages(tx, e)
	}
	return nil
}

// keepImages gives an encounter's images the class of an alien's. They are
// under one key and go together: the clock started with the last capture.
func (a *App) keepImages(tx *store.Tx, e *store.Encounter) error {
	captures, err := tx.Captures(e.ID)
	if err != nil || len(captures) == 0 {
		return err
	}
	last := captures[len(captures)-1].Received
	return tx.Reclassify(string(e.ID), retention.AlienImage, due(retention.AlienImage, last), a.Now())
}

// finish does what may only happen once the record is durable.
func (a *App) finish(ctx context.Context, r *recorded) {
	if r.fresh {
		a.Metrics.Crossings.WithLabelValues(string(r.crossing.Direction), string(r.crossing.Confirmation)).Inc()
		if r.crossing.Direction == travel.Exit {
			a.hasDeparted()
		}
	}
	if r.passenger.Free() {
		a.forget(r.passenger.Voyage, r.passenger.ID)
		a.erased(ctx)
	}
}
