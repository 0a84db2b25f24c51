package app

import (
	"context"

	"limen/audit"
	"limen/decision"
	"limen/errs"
	"limen/internal/store"
	"limen/stay"
	"limen/travel"
)

// Ruling is what an officer decides of an encounter.
type Ruling struct {
	Outcome   decision.Outcome
	Passenger travel.PassengerID
	Reason    string
	// Admission is what was granted, with outcome Admitted: class and
	// admit-until date or D/S.
	Admission *stay.Admission
}

// Ruled is what came of a decision.
type Ruled struct {
	Decision travel.DecisionID
	Crossing travel.CrossingID // "" if nobody crossed
}

// Decide ends an encounter in the officer's name. Errors: NotFound for the
// encounter or the passenger; Conflict (code "encounter-ended") if it was
// decided otherwise before; Invalid as decision.ByPerson and stay.Admission
// say. An admission needs outcome Admitted, and Admitted an admission.
func (a *App) Decide(ctx context.Context, by Actor, id travel.EncounterID, r Ruling) (Ruled, error) {
	defer a.lanes.lock(string(id))()
	if (r.Outcome == decision.Admitted) != (r.Admission != nil) {
		return Ruled{}, errs.New(errs.Invalid, "admission", "an admission is granted with outcome admitted, and only then")
	}
	voyage, err := a.voyageOfEncounter(ctx, id)
	if err != nil {
		return Ruled{}, err
	}
	defer a.voyages.lock(string(voyage))()
	var out Ruled
	var done *recorded
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		e, v, err := by.encounter(tx, id)
		if err != nil {
			return err
		}
		if e.Decision != "" {
			out, err = a.sameRuling(tx, e, by, r)
			return err
		}
		done, err = a.rule(tx, by, e, v, r, &out)
		return err
	})
	if err != nil {
		return Ruled{}, err
	}
	a.Changed.Publish()
	if done == nil {
		return out, nil
	}
	return out, a.finish(ctx, done)
}

func (a *App) voyageOfEncounter(ctx context.Context, id travel.EncounterID) (v travel.VoyageID, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		e, err := tx.Encounter(id)
		v = deref(e).Voyage
		return err
	})
	return v, err
}

func (a *App) rule(tx *store.Tx, by Actor, e *store.Encounter, v *store.Voyage, r Ruling, out *Ruled) (*recorded, error) {
	cap, err := confirming(tx, e.ID, r.Passenger)
	if err != nil {
		return nil, err
	}
	d, err := decision.ByPerson(travel.DecisionID(newID()), e.Encounter, r.Passenger, r.Outcome, by.Name, r.Reason, cap != "")
	if err != nil {
		return nil, err
	}
	if err := tx.Audit(audit.Entry{At: a.Now(), Actor: by.Key, Action: "decision", Subject: string(d.ID), Purpose: "inspection at the border"}); err != nil {
		return nil, err
	}
	out.Decision = d.ID
	a.Metrics.Decisions.WithLabelValues(string(d.Outcome), "officer").Inc()
	if !d.Outcome.Crosses() {
		return nil, tx.InsertDecision(d, a.Now())
	}
	done, err := a.record(tx, e, v, d, cap, r.Admission)
	if err != nil {
		return nil, err
	}
	if !done.fresh {
		return nil, errs.New(errs.Conflict, "already-crossed", "this passenger has already crossed on this voyage: is the person in front of you another one?")
	}
	out.Crossing = done.crossing.ID
	return done, nil
}

// confirming returns the capture of an encounter that confirmed a passenger,
// or "".
func confirming(tx *store.Tx, e travel.EncounterID, p travel.PassengerID) (travel.CaptureID, error) {
	captures, err := tx.Captures(e)
	if err != nil {
		return "", err
	}
	for _, c := range captures {
		if c.Action == decision.Confirmed && c.Passenger == p {
			return c.ID, nil
		}
	}
	return "", nil
}

// sameRuling answers a repeat of a decision that was made before.
func (a *App) sameRuling(tx *store.Tx, e *store.Encounter, by Actor, r Ruling) (Ruled, error) {
	d, err := tx.Decision(e.ID)
	if err != nil {
		return Ruled{}, err
	}
	if d == nil || d.Officer != by.Name || d.Outcome != r.Outcome || d.Passenger != r.Passenger {
		return Ruled{}, errs.New(errs.Conflict, "encounter-ended", "this encounter was decided before")
	}
	out := Ruled{Decision: d.ID}
	x, err := tx.CrossingOf(e.Voyage, d.Passenger, e.Direction)
	if x != nil {
		out.Crossing = x.ID
	}
	return out, err
}

// Evidence is what an officer sees of an encounter. Scores are not in it: the
// officer's own judgement comes first.
type Evidence struct {
	Encounter store.Encounter
	Captures  []store.Capture
	// Recommended is the passenger of the latest recommendation, if any, and
	// their listing.
	Recommended *store.Passenger
}

// Evidence returns an encounter for an officer, who states a purpose; the
// access is in the audit log before anything is shown.
func (a *App) Evidence(ctx context.Context, by Actor, purpose audit.Purpose, id travel.EncounterID) (ev Evidence, err error) {
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		e, _, err := by.encounter(tx, id)
		if err != nil {
			return err
		}
		ev.Encounter = *e
		if ev.Captures, err = tx.Captures(id); err != nil {
			return err
		}
		for _, c := range ev.Captures {
			if c.Passenger == "" {
				continue
			}
			if ev.Recommended, err = tx.Passenger(c.Passenger); err != nil {
				return err
			}
		}
		return tx.Audit(audit.Entry{At: a.Now(), Actor: by.Key, Action: "access", Subject: string(id), Purpose: purpose})
	})
	return ev, err
}
