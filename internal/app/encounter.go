package app

import (
	"context"

	"limen/audit"
	"limen/decision"
	"limen/errs"
	"limen/internal/store"
	"limen/retention"
	"limen/travel"
)

// maxID bounds the ids that gates make.
const maxID = 64

// checkID refuses ids that gates made too long, too short, or of anything but
// letters, digits and hyphens: they stand in URLs and logs.
func checkID(what, id string) error {
	ok := len(id) >= 8 && len(id) <= maxID
	for i := 0; ok && i < len(id); i++ {
		c := id[i]
		ok = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-'
	}
	if !ok {
		return errs.New(errs.Invalid, "id", "%s has 8 to %d letters, digits and hyphens, such as a UUID", what, maxID)
	}
	return nil
}

// OpenEncounter records that a person stands at a capture point for a voyage.
// The gate makes the id; opening the same encounter again changes nothing.
// Errors: NotFound for an unknown voyage, Forbidden at another port, Conflict
// after close-out or if the id was used for something else.
func (a *App) OpenEncounter(ctx context.Context, by Actor, id travel.EncounterID, voyage travel.VoyageID) error {
	if err := checkID("an encounter id", string(id)); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, a.AnswerWithin)
	defer cancel()
	return a.store.Write(ctx, func(tx *store.Tx) error {
		v, err := by.voyage(tx, voyage)
		if err != nil {
			return err
		}
		// What is sealed of an encounter and of a passenger is found by id: no
		// encounter may take a passenger's.
		p, err := tx.Passenger(travel.PassengerID(id))
		if err != nil {
			return err
		}
		if p != nil {
			return errs.New(errs.Conflict, "encounter-id-reused", "this id names something else")
		}
		old, err := tx.Encounter(id)
		if err != nil {
			return err
		}
		if old != nil {
			if old.Voyage == voyage && old.Point == by.Point {
				return nil
			}
			return errs.New(errs.Conflict, "encounter-id-reused", "this encounter id was used for another voyage or point")
		}
		if err := open(v); err != nil {
			return err
		}
		return tx.InsertEncounter(store.Encounter{Encounter: travel.Encounter{
			ID: id, Voyage: voyage, Point: by.Point, Port: v.Port, Direction: v.Direction, Opened: a.Now()},
			Class: retention.Listing, Due: a.listingEnds()})
	})
}

// encounter returns an encounter that the actor may touch, with its voyage.
func (by Actor) encounter(tx *store.Tx, id travel.EncounterID) (*store.Encounter, *store.Voyage, error) {
	e, err := tx.Encounter(id)
	if err != nil {
		return nil, nil, err
	}
	if e == nil {
		return nil, nil, errs.New(errs.NotFound, "encounter-unknown", "there is no encounter with this id: open it first")
	}
	if by.Point != "" && by.Point != e.Point {
		return nil, nil, errs.New(errs.Forbidden, "encounter-scope", "this encounter belongs to another capture point")
	}
	v, err := by.voyage(tx, e.Voyage)
	return e, v, err
}

// OptOut records that the traveler declines. It costs nothing: an officer
// checks identity and document instead. What was captured in this encounter
// before is erased, and nothing can be captured in it any more. Declining
// again changes nothing; after a decision it is a Conflict.
func (a *App) OptOut(ctx context.Context, by Actor, id travel.EncounterID) error {
	ctx, cancel := context.WithTimeout(ctx, a.AnswerWithin)
	defer cancel()
	unlock, err := a.lanes.lock(ctx, string(id))
	if err != nil {
		return err
	}
	defer unlock()
	first := false
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		e, _, err := by.encounter(tx, id)
		if err != nil {
			return err
		}
		if e.Decision != "" {
			return errs.New(errs.Conflict, "encounter-ended", "this encounter has ended")
		}
		if first = e.OptedOut.IsZero(); !first {
			return nil
		}
		if err := tx.MarkOptOut(id, a.Now()); err != nil {
			return err
		}
		if err := a.eraseCaptures(tx, id, "opt-out"); err != nil {
			return err
		}
		return tx.Audit(audit.Entry{At: a.Now(), Actor: by.Key, Action: "opt-out", Subject: string(id), Purpose: "the traveler's choice"})
	})
	if err != nil {
		return err
	}
	if first {
		a.Metrics.OptOuts.Inc()
	}
	a.Changed.Publish()
	a.erased(ctx)
	return nil
}

// State says how far an encounter is. Its zero value is unspecified.
type State string

// The states.
const (
	Taking  State = "open"    // captures are taken
	Waiting State = "waiting" // for an officer
	Passed  State = "passed"  // the traveler may go on
	Ended   State = "ended"   // an officer has decided otherwise
)

// Status returns how far an encounter is: all that a capture point needs to
// know of an officer's decision.
func (a *App) Status(ctx context.Context, by Actor, id travel.EncounterID) (s State, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		e, _, err := by.encounter(tx, id)
		if err != nil {
			return err
		}
		s, err = status(tx, e)
		return err
	})
	return s, err
}

func status(tx *store.Tx, e *store.Encounter) (State, error) {
	if e.Decision != "" {
		d, err := tx.Decision(e.ID)
		if err != nil {
			return "", err
		}
		if d != nil && d.Outcome.Crosses() {
			return Passed, nil
		}
		return Ended, nil
	}
	if !e.OptedOut.IsZero() {
		return Waiting, nil
	}
	captures, err := tx.Captures(e.ID)
	if err != nil || len(captures) == 0 {
		return Taking, err
	}
	if captures[len(captures)-1].Action == decision.CaptureAgain {
		return Taking, nil
	}
	return Waiting, nil
}

// maxWaiting bounds a list of waiting encounters.
const maxWaiting = 500

// Waiting returns the encounters that wait for an officer, oldest first, at
// most 500. It shows no personal data.
func (a *App) Waiting(ctx context.Context) (es []store.Encounter, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error { es, err = tx.Waiting(maxWaiting); return err })
	return es, err
}
