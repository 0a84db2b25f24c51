package app

import (
	"context"
	"time"

	"limen/audit"
	"limen/internal/store"
	"limen/report"
	"limen/travel"
)

// CloseVoyage ends a voyage: no capture is taken for it any more, its gallery
// leaves memory, and citizens' references are erased at once, for none can be
// verified any more; so are those of people whose citizenship is unknown. Closing again changes nothing.
func (a *App) CloseVoyage(ctx context.Context, by Actor, id travel.VoyageID) error {
	unlock, err := a.voyages.lock(ctx, string(id))
	if err != nil {
		return err
	}
	defer unlock()
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		v, err := by.voyage(tx, id)
		if err != nil || !v.Closed.IsZero() {
			return err
		}
		return a.closeOut(tx, by, v)
	})
	if err != nil {
		return err
	}
	a.dropGallery(id)
	a.Changed.Publish()
	a.erased(ctx)
	return nil
}

func (a *App) closeOut(tx *store.Tx, by Actor, v *store.Voyage) error {
	if err := tx.CloseVoyage(v.ID, a.Now()); err != nil {
		return err
	}
	ps, err := tx.Passengers(v.ID)
	if err != nil {
		return err
	}
	for _, p := range ps {
		if p.InScope() {
			continue // kept until the gallery's end
		}
		if err := a.eraseReferences(tx, &p, "close-out"); err != nil {
			return err
		}
	}
	return tx.Audit(audit.Entry{At: a.Now(), Actor: by.Key, Action: "voyage-closed", Subject: string(v.ID), Purpose: "close-out"})
}

// Board returns the counts of every voyage of the last day and later. It holds
// no personal data.
func (a *App) Board(ctx context.Context) (b []report.Voyage, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		b, err = tx.Board(a.Now().Add(-24 * time.Hour))
		return err
	})
	return b, err
}

// Voyages returns the counts of the voyages that an actor may touch.
func (a *App) Voyages(ctx context.Context, by Actor) (mine []report.Voyage, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		all, err := tx.Board(a.Now().Add(-24 * time.Hour))
		if err != nil {
			return err
		}
		for _, b := range all {
			if v, err := tx.Voyage(b.ID); err != nil {
				return err
			} else if by.may(v) == nil {
				mine = append(mine, b)
			}
		}
		return nil
	})
	return mine, err
}

// Readiness returns the passengers listed on a voyage with what is known of
// their references. It shows names: the caller states a purpose, and the
// access is in the audit log.
func (a *App) Readiness(ctx context.Context, by Actor, purpose audit.Purpose, id travel.VoyageID) (ps []store.Passenger, err error) {
	err = a.access(ctx, by, "access", string(id), purpose, func(tx *store.Tx) error { _, err := by.voyage(tx, id); return err })
	if err != nil {
		return nil, err
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error { ps, err = tx.Passengers(id); return err })
	return ps, err
}

// access checks that an actor may look, and notes it in the audit log, before
// anything is shown; what is shown is read after it, beside the writer.
func (a *App) access(ctx context.Context, by Actor, action, subject string, purpose audit.Purpose, may func(*store.Tx) error) error {
	return a.store.Write(ctx, func(tx *store.Tx) error {
		if err := may(tx); err != nil {
			return err
		}
		return tx.Audit(audit.Entry{At: a.Now(), Actor: by.Key, Action: action, Subject: subject, Purpose: purpose})
	})
}
