package app

import (
	"context"
	"encoding/json"
	"strings"

	"limen/audit"
	"limen/crossing"
	"limen/errs"
	"limen/internal/store"
	"limen/stay"
	"limen/travel"
)

// maxReason bounds an officer's reason, in bytes.
const maxReason = 2000

// Void records, in the officer's name, that a crossing on record did not
// happen. The record of it stays; a correction that points at it says what
// holds now: the stay that it closed is open again, the stay that it opened is
// ended, and the person can cross. An officer gets a lead, for what the crossing
// led to elsewhere is not undone by itself.
//
// Voiding again returns the correction that there is. Errors: NotFound (code
// "crossing-unknown"), Forbidden outside the officer's scope, Invalid (code
// "correction-reason") without a reason.
func (a *App) Void(ctx context.Context, by Actor, id travel.CrossingID, reason string) (out crossing.Crossing, err error) {
	reason = strings.TrimSpace(reason)
	if reason == "" || len(reason) > maxReason || by.Name == "" {
		return out, errs.New(errs.Invalid, "correction-reason", "a correction needs an officer's name and a reason of 1 to %d bytes", maxReason)
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		x, err := tx.Crossing(id)
		if err != nil {
			return err
		}
		if x == nil || x.Corrects != "" {
			return errs.New(errs.NotFound, "crossing-unknown", "there is no crossing with this id")
		}
		if _, err := by.voyage(tx, x.Voyage); err != nil {
			return err
		}
		done, err := tx.VoidOf(id)
		if err != nil {
			return err
		}
		if done != nil {
			out = *done
			return nil
		}
		out, err = a.void(tx, by, *x, reason)
		return err
	})
	if err == nil {
		a.Changed.Publish()
	}
	return out, err
}

func (a *App) void(tx *store.Tx, by Actor, x crossing.Crossing, reason string) (c crossing.Crossing, err error) {
	p, err := tx.Passenger(x.Passenger)
	if err != nil {
		return c, err
	}
	e, err := tx.EncounterOf(x.Decision)
	if err != nil {
		return c, err
	}
	if p == nil || e == nil {
		return c, errs.New(errs.NotFound, "crossing-unknown", "what this crossing rests on is not on record any more")
	}
	c = x
	c.ID, c.At, c.Corrects, c.Void = travel.CrossingID(newID()), a.Now(), x.ID, true
	c.Confirmation, c.Capture = crossing.Manual, ""
	if c, _, err = crossing.Record(crossingTx{tx, a, by.Key, p, nil}, c, by.Key); err != nil {
		return c, err
	}
	// The person may cross on this voyage after all.
	if err := tx.FreeCrossing(x); err != nil {
		return c, err
	}
	if err := a.raise(tx, by.Key, store.Lead{Lead: stay.Lead{Kind: stay.Voided, Traveler: x.Traveler, Crossing: x.ID, Day: x.Day}, Port: x.Port}); err != nil {
		return c, err
	}
	if err := a.keep(tx, e, p, c); err != nil { // as long as the correction
		return c, err
	}
	return c, a.auditCorrection(tx, by, e, c, reason)
}

// auditCorrection writes who corrected what and why, sealed like a decision.
func (a *App) auditCorrection(tx *store.Tx, by Actor, e *store.Encounter, c crossing.Crossing, reason string) error {
	detail, err := json.Marshal(map[string]any{"corrects": c.Corrects, "officer": by.Name, "reason": reason})
	if err != nil {
		return err
	}
	return tx.AuditSealed(audit.Entry{At: c.At, Actor: by.Key, Action: "correction", Subject: string(c.ID), Purpose: "correction of the record", Detail: detail}, e.KeyID, string(e.ID))
}
