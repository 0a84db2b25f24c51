package app

import (
	"context"

	"limen/crossing"
	"limen/decision"
	"limen/errs"
	"limen/internal/store"
	"limen/retention"
	"limen/travel"
)

// commit makes the capture, and on a confirmed exit the crossing, durable in
// one transaction, then erases what must not be kept.
//
// What a crash leaves: before the commit nothing, and the gate repeats the
// capture; after it the whole record, and of an erasure at worst data keys that
// are noted for destruction, which start-up destroys.
func (c *taking) commit(ctx context.Context) error {
	item, err := c.item()
	if err != nil {
		return err
	}
	unlock, err := c.voyages.lock(ctx, string(c.voyage.ID))
	if err != nil {
		return err
	}
	defer unlock()
	var done *recorded
	rec := c.rec
	err = c.store.WriteAhead(ctx, c.ahead(), func(tx *store.Tx) (err error) { done, err = c.try(tx, rec, item); return err })
	if err != nil || done == nil {
		return err
	}
	c.crossing = done.crossing.ID
	c.finish(ctx, done)
	return nil
}

// ahead is what recording the crossing of who was matched is going to ask for.
func (c *taking) ahead() (a store.Ahead) {
	if c.rec.Action == decision.Confirmed && c.traveler != "" {
		x := crossing.Crossing{Voyage: c.voyage.ID, Traveler: c.traveler, Direction: c.voyage.Direction, Capture: c.id}
		a.Once, a.Stays = x.Once(), []string{string(c.traveler)}
	}
	return a
}

// try is what commit does within tx. It may be undone and made again: what
// recheck found in the first attempt need not be so in the second.
func (c *taking) try(tx *store.Tx, rec decision.Recommendation, item *store.Item) (_ *recorded, err error) {
	c.rec = rec
	// The state may have changed while the engine worked.
	if c.encounter, c.voyage, err = c.by.encounter(tx, c.encounter.ID); err != nil {
		return nil, err
	}
	if err := accepts(c.encounter, c.voyage); err != nil {
		return nil, err
	}
	if err := c.recheck(tx); err != nil {
		return nil, err
	}
	if err := c.insert(tx, item); err != nil {
		return nil, err
	}
	return c.decideByRule(tx)
}

// recheck sends the traveler to an officer if the passenger they were confirmed
// as crossed at another gate in the meantime, or left the list; and refuses a
// capture id that another encounter used in the meantime.
func (c *taking) recheck(tx *store.Tx) error {
	old, err := tx.Capture(c.id)
	if err != nil {
		return err
	}
	if old != nil {
		return errs.New(errs.Conflict, "capture-id-reused", "this capture id was used for another image")
	}
	if c.rec.Action != decision.Confirmed {
		return nil
	}
	if c.passenger, err = tx.Passenger(c.rec.Passenger); err != nil {
		return err
	}
	x, err := crossed(tx, c.voyage, c.rec.Passenger)
	switch {
	case err != nil:
		return err
	case x != nil:
		c.rec.Action, c.rec.Reasons = decision.ManualInspection, []decision.Reason{decision.AlreadyCrossed}
	case c.passenger == nil || !c.passenger.Removed.IsZero():
		c.rec.Action, c.rec.Reasons = decision.ManualInspection, []decision.Reason{decision.NotOnManifest}
	}
	return nil
}

// crossed returns the crossing of a passenger's traveler on a voyage, or nil.
func crossed(tx *store.Tx, v *store.Voyage, id travel.PassengerID) (*crossing.Crossing, error) {
	p, err := tx.Passenger(id)
	if err != nil || p == nil {
		return nil, err
	}
	return tx.CrossingOf(v.ID, p.Traveler, v.Direction)
}

// item is what might be kept of the sample; insert decides whether it is.
func (c *taking) item() (*store.Item, error) {
	if c.sample.Template.IsZero() {
		return nil, nil
	}
	i, err := item(string(c.encounter.ID), c.sample)
	return &i, err
}

// class is how long a capture is kept: until it is known whose it is, no longer
// than a citizen's. Of who owes no photograph nothing is kept of a confirmed exit: "".
func (c *taking) class() retention.Class {
	if c.rec.Action == decision.Confirmed && c.voyage.Direction == travel.Exit {
		switch {
		case c.passenger.Free():
			return ""
		case c.passenger.InScope():
			return retention.AlienImage
		}
	}
	return retention.Unresolved
}

func (c *taking) insert(tx *store.Tx, kept *store.Item) error {
	rec := store.Capture{ID: c.id, Encounter: c.encounter.ID, Digest: c.digest[:], Received: c.now, Attempt: c.attempt,
		Action: c.rec.Action, Advice: c.rec.Advice, Reasons: c.rec.Reasons, Passenger: c.rec.Passenger, Result: c.result,
		AttackScore: c.sample.AttackScore, Quality: c.sample.Quality, Acceptable: len(c.problems) == 0}
	if class := c.class(); kept != nil && class != "" {
		due, err := retention.Due(class, c.now)
		if err != nil {
			return err
		}
		rec.Item, kept.Class, kept.Due = kept.ID, class, due
		if err := tx.InsertItem(*kept); err != nil {
			return err
		}
	}
	return tx.InsertCapture(rec)
}

// decideByRule records a confirmed exit; everything else waits for an officer.
func (c *taking) decideByRule(tx *store.Tx) (*recorded, error) {
	if c.rec.Action != decision.Confirmed || c.encounter.Direction != travel.Exit {
		return nil, nil
	}
	d, err := decision.ByRule(travel.DecisionID(newID()), c.encounter.Encounter, c.rec)
	if err != nil {
		return nil, err
	}
	by := "rule " + d.Rule
	if err := c.auditDecision(tx, by, "record of departure", c.encounter, d); err != nil {
		return nil, err
	}
	return c.record(tx, by, c.encounter, c.voyage, d, c.id, nil)
}
