package app

import (
	"context"
	"slices"
	"strings"

	"limen/decision"
	"limen/errs"
	"limen/gallery"
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
	// admit-until date or D/S. A parole comes with outcome Entered: who is
	// paroled was not admitted (8 USC 1101(a)(13)(B)).
	Admission *stay.Admission
}

func (r Ruling) paroles() bool { return r.Admission != nil && r.Admission.Parole }

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
	unlock, err := a.lanes.lock(ctx, string(id))
	if err != nil {
		return Ruled{}, err
	}
	defer unlock()
	if (r.Outcome == decision.Admitted) != (r.Admission != nil && !r.Admission.Parole) || r.paroles() && r.Outcome != decision.Entered {
		return Ruled{}, errs.New(errs.Invalid, "admission", "an admission is granted with outcome admitted, and only then; a parole with outcome entered")
	}
	voyage, err := a.voyageOfEncounter(ctx, id)
	if err != nil {
		return Ruled{}, err
	}
	unlockVoyage, err := a.voyages.lock(ctx, string(voyage))
	if err != nil {
		return Ruled{}, err
	}
	defer unlockVoyage()
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
	a.Metrics.Decisions.WithLabelValues(string(r.Outcome), "officer").Inc()
	a.Changed.Publish()
	if done != nil {
		a.finish(ctx, done)
	}
	return out, nil
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
	captures, err := tx.Captures(e.ID)
	if err != nil {
		return nil, err
	}
	cap := confirming(captures, r.Passenger)
	if !e.OptedOut.IsZero() {
		cap = "" // who declined is not confirmed by an image taken before
	}
	if err := a.allowed(tx, e, v, r, captures, cap); err != nil {
		return nil, err
	}
	d, err := decision.ByPerson(travel.DecisionID(newID()), e.Encounter, r.Passenger, r.Outcome, by.Name, r.Reason, cap != "")
	if err != nil {
		return nil, err
	}
	if err := a.auditDecision(tx, by.Key, "inspection at the border", e, d); err != nil {
		return nil, err
	}
	out.Decision = d.ID
	if !d.Outcome.Crosses() {
		return nil, tx.InsertDecision(d, e.KeyID, a.Now())
	}
	done, err := a.record(tx, by.Key, e, v, d, cap, r.Admission)
	if err != nil {
		return nil, err
	}
	if !done.fresh {
		return nil, errs.New(errs.Conflict, "already-crossed", "this passenger has already crossed on this voyage: is the person in front of you another one?")
	}
	out.Crossing = done.crossing.ID
	return done, nil
}

// allowed checks an outcome against what is known of the passenger it names.
func (a *App) allowed(tx *store.Tx, e *store.Encounter, v *store.Voyage, r Ruling, captures []store.Capture, cap travel.CaptureID) error {
	if r.Passenger == "" {
		return nil // decision.ByPerson knows which outcomes may name nobody
	}
	p, err := tx.Passenger(r.Passenger)
	if err != nil {
		return err
	}
	if err := on(v, p); err != nil {
		return err
	}
	mismatched := cap == "" && p.Readiness == gallery.Ready && slices.ContainsFunc(captures, func(c store.Capture) bool {
		return slices.Contains(c.Reasons, decision.NoMatch)
	})
	switch {
	case r.Admission != nil && p.Citizen():
		return errs.New(errs.Invalid, "admission-citizen", "a citizen is not admitted; a citizen enters")
	case r.Outcome == decision.Entered && p.Alien() && !resident(p) && !r.paroles():
		return errs.New(errs.Invalid, "entry-alien", "an alien who is no resident enters only with an admission")
	case r.Outcome != decision.Referred && decision.MustRefer(e.Direction, mismatched, p.Listed.BirthDate, a.today(e.Port)):
		return errs.New(errs.Forbidden, "entry-mismatch", "the face did not match the reference: primary refers to secondary, which decides in an encounter of its own")
	}
	return nil
}

// confirming returns the capture that confirmed a passenger, or "".
func confirming(captures []store.Capture, p travel.PassengerID) travel.CaptureID {
	for _, c := range captures {
		if c.Action == decision.Confirmed && c.Passenger == p {
			return c.ID
		}
	}
	return ""
}

// sameRuling answers a repeat of a decision that was made before.
func (a *App) sameRuling(tx *store.Tx, e *store.Encounter, by Actor, r Ruling) (Ruled, error) {
	d, err := tx.Decision(e.ID)
	if err != nil {
		return Ruled{}, err
	}
	ended := errs.New(errs.Conflict, "encounter-ended", "this encounter was decided before")
	if d == nil || d.Officer != by.Name || d.Outcome != r.Outcome || d.Passenger != r.Passenger || d.Reason != strings.TrimSpace(r.Reason) {
		return Ruled{}, ended
	}
	out := Ruled{Decision: d.ID}
	p, err := tx.Passenger(d.Passenger)
	if err != nil || p == nil {
		return out, err
	}
	x, err := tx.CrossingOf(e.Voyage, p.Traveler, e.Direction)
	if err != nil || x == nil || x.Decision != d.ID {
		return out, err
	}
	out.Crossing = x.ID
	granted, err := tx.AdmissionAt(x.Traveler, x.ID)
	if err != nil {
		return Ruled{}, err
	}
	if g := r.Admission; g != nil && (granted == nil || granted.Class != g.Class || granted.AdmitUntil != g.AdmitUntil || granted.DurationOfStatus != g.DurationOfStatus || granted.Parole != g.Parole) {
		return Ruled{}, ended
	}
	return out, nil
}
