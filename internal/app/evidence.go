package app

import (
	"context"

	"limen/audit"
	"limen/errs"
	"limen/internal/store"
	"limen/travel"
)

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

// CaptureImage returns the JPEG of a capture's subject for an officer, who
// states a purpose; the access is in the audit log before anything is shown.
// NotFound (code "image-gone") if it was not kept, or is erased.
func (a *App) CaptureImage(ctx context.Context, by Actor, purpose audit.Purpose, e travel.EncounterID, id travel.CaptureID) ([]byte, error) {
	return a.image(ctx, by, purpose, string(id), func(tx *store.Tx) (*store.Item, error) {
		if _, _, err := by.encounter(tx, e); err != nil {
			return nil, err
		}
		c, err := tx.Capture(id)
		if err != nil || c == nil || c.Encounter != e {
			return nil, err
		}
		return tx.Item(c.Item)
	})
}

// ReferenceImage returns the JPEG of a passenger's latest reference, as
// CaptureImage does.
func (a *App) ReferenceImage(ctx context.Context, by Actor, purpose audit.Purpose, id travel.PassengerID) ([]byte, error) {
	return a.image(ctx, by, purpose, string(id), func(tx *store.Tx) (*store.Item, error) {
		p, err := tx.Passenger(id)
		if err != nil || p == nil {
			return nil, err
		}
		if _, err := by.voyage(tx, p.Voyage); err != nil {
			return nil, err
		}
		items, err := tx.Items(string(id))
		if err != nil || len(items) == 0 {
			return nil, err
		}
		return &items[len(items)-1], nil
	})
}

func (a *App) image(ctx context.Context, by Actor, purpose audit.Purpose, subject string, find func(*store.Tx) (*store.Item, error)) ([]byte, error) {
	var item *store.Item
	err := a.store.Write(ctx, func(tx *store.Tx) (err error) {
		if item, err = find(tx); err != nil {
			return err
		}
		if item == nil || len(item.Image) == 0 {
			return errs.New(errs.NotFound, "image-gone", "this image was not kept, or is erased")
		}
		return tx.Audit(audit.Entry{At: a.Now(), Actor: by.Key, Action: "access-image", Subject: subject, Purpose: purpose})
	})
	if err != nil {
		return nil, err
	}
	opened, err := a.store.Unseal(ctx, *item)
	return opened.Image, err
}
