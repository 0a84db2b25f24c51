package app

import (
	"context"
	"time"

	"limen/audit"
	"limen/internal/store"
	"limen/report"
	"limen/stay"
	"limen/travel"
)

// CloseVoyage ends a voyage: no capture is taken for it any more, its gallery
// leaves memory, and citizens' references are erased at once, for none can be
// verified any more. Closing again changes nothing.
func (a *App) CloseVoyage(ctx context.Context, by Actor, id travel.VoyageID) error {
	defer a.voyages.lock(string(id))()
	var keys []string
	err := a.store.Write(ctx, func(tx *store.Tx) error {
		v, err := by.voyage(tx, id)
		if err != nil || !v.Closed.IsZero() {
			return err
		}
		keys, err = a.closeOut(tx, by, v)
		return err
	})
	if err != nil {
		return err
	}
	a.dropGallery(id)
	a.Changed.Publish()
	return a.destroy(ctx, "close-out", keys)
}

func (a *App) closeOut(tx *store.Tx, by Actor, v *store.Voyage) (keys []string, err error) {
	if err := tx.CloseVoyage(v.ID, a.Now()); err != nil {
		return nil, err
	}
	ps, err := tx.Passengers(v.ID)
	if err != nil {
		return nil, err
	}
	for _, p := range ps {
		if !p.Citizen {
			continue
		}
		more, err := a.eraseReferences(tx, &p)
		if err != nil {
			return nil, err
		}
		keys = append(keys, more...)
	}
	return keys, tx.Audit(audit.Entry{At: a.Now(), Actor: by.Key, Action: "voyage-closed", Subject: string(v.ID), Purpose: "close-out"})
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
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		if _, err := by.voyage(tx, id); err != nil {
			return err
		}
		if ps, err = tx.Passengers(id); err != nil {
			return err
		}
		return tx.Audit(audit.Entry{At: a.Now(), Actor: by.Key, Action: "access", Subject: string(id), Purpose: purpose})
	})
	return ps, err
}

// RecordAdmission records an admission that another system granted before
// limen ran here, for the holder of a document; a new traveler is made if the
// document is unknown.
func (a *App) RecordAdmission(ctx context.Context, by Actor, who travel.Person, doc travel.Document, g stay.Admission) (travel.TravelerID, error) {
	err := a.store.Write(ctx, func(tx *store.Tx) error {
		id, err := a.traveler(tx, who, []travel.Document{doc})
		if err != nil {
			return err
		}
		g.ID, g.Traveler = newID(), id
		if err := a.openStay(tx, g); err != nil {
			return err
		}
		return tx.Audit(audit.Entry{At: a.Now(), Actor: by.Key, Action: "admission-recorded", Subject: g.ID, Purpose: "authorized stay"})
	})
	return g.Traveler, err
}

// Lead is a lead with the person it is about.
type Lead struct {
	stay.Lead
	Person travel.Person
}

// Leads returns the leads on record and, as of today, the suspected in-country
// overstays, without waiting for a nightly run. The officer states a purpose.
func (a *App) Leads(ctx context.Context, by Actor, purpose audit.Purpose) (out []Lead, err error) {
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		leads, err := tx.Leads()
		if err != nil {
			return err
		}
		open, err := tx.OverdueStays(a.today())
		if err != nil {
			return err
		}
		for _, s := range open {
			if l := stay.Overdue(s, a.today()); l != nil {
				leads = append(leads, *l)
			}
		}
		for _, l := range leads {
			t, err := tx.Traveler(l.Traveler)
			if err != nil {
				return err
			}
			out = append(out, Lead{l, t.Person})
		}
		return tx.Audit(audit.Entry{At: a.Now(), Actor: by.Key, Action: "access", Subject: "leads", Purpose: purpose})
	})
	return out, err
}
