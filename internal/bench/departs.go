package bench

import (
	"context"
	"time"

	"limen/audit"
	"limen/errs"
	"limen/internal/store"
	"limen/stay"
	"limen/travel"
)

// depart records departures of people who stayed too long, one after the other,
// and returns how much longer one takes than a bare insert of one row with its
// commit, by turns: the stay is closed, the lead that it was flagged with
// cleared, the out-of-country lead raised, each with its leaf.
func (b *Stays) depart(ctx context.Context) (Ratio, error) {
	if _, err := b.conn.Exec(ctx, `CREATE TABLE IF NOT EXISTS bare (id TEXT PRIMARY KEY, day TEXT NOT NULL)`); err != nil {
		return Ratio{}, err
	}
	return Overhead(ctx, func() (time.Duration, error) {
		s := someStay(b.left)
		if b.left++; b.left > maxLeavers {
			return 0, errs.New(errs.Broken, "bench-stays", "nobody is left to leave")
		}
		flag := store.Lead{ID: newID(), Lead: *stay.Overdue(s.Stay, statusDay), Raised: time.Now()}
		if err := b.store.Write(ctx, func(tx *store.Tx) error { return tx.PutLead(flag) }); err != nil {
			return 0, err
		}
		began := time.Now()
		err := b.store.Write(ctx, func(tx *store.Tx) error { return departLate(tx, s.Traveler, travel.CrossingID(newID())) })
		return time.Since(began), err
	}, func() (time.Duration, error) {
		began := time.Now()
		_, err := b.conn.Exec(ctx, `INSERT INTO bare VALUES ($1, $2)`, newID(), statusDay.String())
		return time.Since(began), err
	}, b.Departures)
}

func departLate(tx *store.Tx, id travel.TravelerID, x travel.CrossingID) error {
	open, err := tx.OpenStay(id)
	if err != nil || open == nil {
		return errs.New(errs.Broken, "bench-stays", "no stay is open: %w", err)
	}
	closed, lead := stay.Depart(&open.Stay, id, x, statusDay, open.Changes...)
	if closed == nil || lead == nil {
		return errs.New(errs.Broken, "bench-stays", "nobody left late")
	}
	s := *open
	s.Stay = *closed
	if err := tx.PutStay(s); err != nil {
		return err
	}
	leads, err := tx.LeadsAbout(s.ID)
	if err != nil || len(leads) != 1 {
		return errs.New(errs.Broken, "bench-stays", "%d leads about the stay: %w", len(leads), err)
	}
	was := leads[0]
	was.Clearing = store.Clearing{Cleared: time.Now(), How: store.ExitFound, Found: string(x), By: "bench"}
	for _, l := range []store.Lead{was, {ID: newID(), Lead: *lead, Raised: time.Now()}} {
		if err := tx.PutLead(l); err != nil {
			return err
		}
		if err := tx.Audit(audit.Entry{At: time.Now(), Actor: "bench", Action: "lead", Subject: l.ID, Purpose: "bench", Detail: l.Detail()}); err != nil {
			return err
		}
	}
	return tx.Audit(audit.Entry{At: time.Now(), Actor: "bench", Action: "stay", Subject: s.ID, Purpose: "bench", Detail: s.Detail()})
}
