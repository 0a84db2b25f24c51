package app

import (
	"context"
	"encoding/json"

	"limen/audit"
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

// follow opens the stay that was granted at an entry, or closes the open one at
// an exit. Citizens and residents have none.
func (a *App) follow(tx *store.Tx, by string, c crossing.Crossing, p *store.Passenger, granted *stay.Admission) error {
	if c.Void {
		return a.unfollow(tx, by, c)
	}
	if granted != nil {
		g := *granted
		g.ID, g.Traveler, g.Day, g.Crossing = newID(), c.Traveler, c.Day, c.ID
		return a.openStay(tx, by, g)
	}
	if c.Direction != travel.Exit || p.Citizen() || resident(p) {
		return nil
	}
	was, err := tx.OpenStay(c.Traveler)
	if err != nil {
		return err
	}
	closed, lead := stay.Depart(was, c.Traveler, c.ID, c.Day)
	if closed != nil {
		if err := a.putStay(tx, by, *closed); err != nil {
			return err
		}
	}
	if lead != nil {
		return tx.InsertLead(*lead)
	}
	return nil
}

// openStay records an admission.
func (a *App) openStay(tx *store.Tx, by string, g stay.Admission) error {
	if err := g.Check(); err != nil {
		return err
	}
	open, err := tx.OpenStay(g.Traveler)
	if err != nil {
		return err
	}
	fresh, closed, lead := stay.Admit(open, g)
	if closed != nil {
		if err := a.putStay(tx, by, *closed); err != nil {
			return err
		}
	}
	if lead != nil {
		if err := tx.InsertLead(*lead); err != nil {
			return err
		}
	}
	return a.putStay(tx, by, fresh)
}

// putStay writes a stay as it now is, and the same to the audit log: overstays
// rest on it, and a stay that was altered since is not the last entry about it.
// The entry names nobody and is not sealed; what opens it goes after the
// traveler's record.
func (a *App) putStay(tx *store.Tx, by string, s stay.Stay) error {
	detail, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if err := tx.PutStay(s); err != nil {
		return err
	}
	return tx.Audit(audit.Entry{At: a.Now(), Actor: by, Action: "stay", Subject: s.ID, Purpose: "authorized stay", Detail: detail})
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
	}
	if r.passenger.Free() {
		a.forget(r.passenger.Voyage, r.passenger.ID)
		a.erased(ctx)
	}
}
