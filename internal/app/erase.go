package app

import (
	"context"

	"limen/audit"
	"limen/gallery"
	"limen/internal/store"
	"limen/travel"
)

// eraseReferences deletes a passenger's sealed references within tx and
// returns their data keys.
func (a *App) eraseReferences(tx *store.Tx, p *store.Passenger) (keys []string, err error) {
	if keys, err = tx.EraseSealed(string(p.ID)); err != nil || len(keys) == 0 {
		return keys, err
	}
	p.Readiness = gallery.Erased
	if err := tx.PutPassenger(*p); err != nil {
		return nil, err
	}
	return keys, tx.Audit(audit.Entry{At: a.Now(), Actor: "limen", Action: "erasure", Subject: string(p.ID), Purpose: "retention"})
}

// destroy ends the data keys of items that were erased in a transaction that
// is durable by now. A crash before it leaves keys without items; start-up
// destroys those.
func (a *App) destroy(ctx context.Context, cause string, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	if err := a.keys.Destroy(ctx, keys...); err != nil {
		return err
	}
	a.Metrics.Erased.WithLabelValues(cause).Add(float64(len(keys)))
	return nil
}

// Sweep erases every sealed item that is due and drops galleries whose voyage
// is over. The worker calls it every minute, and start-up once.
func (a *App) Sweep(ctx context.Context) error {
	now := a.Now()
	var keys []string
	var items []store.Sealed
	err := a.store.Write(ctx, func(tx *store.Tx) (err error) {
		if items, err = tx.SealedDue(now); err != nil {
			return err
		}
		for _, s := range items {
			more, err := a.eraseDue(tx, s)
			if err != nil {
				return err
			}
			keys = append(keys, more...)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, s := range items {
		a.Metrics.Lateness.Set(now.Sub(s.Due).Seconds())
	}
	a.dropExpired()
	return a.destroy(ctx, "due", keys)
}

// eraseDue erases what a subject has sealed. One call may erase several items
// of the list; the later ones then find nothing left.
func (a *App) eraseDue(tx *store.Tx, s store.Sealed) ([]string, error) {
	p, err := tx.Passenger(travel.PassengerID(s.Subject))
	if err != nil {
		return nil, err
	}
	if p != nil {
		return a.eraseReferences(tx, p)
	}
	keys, err := tx.EraseSealed(s.Subject)
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	return keys, tx.Audit(audit.Entry{At: a.Now(), Actor: "limen", Action: "erasure", Subject: s.Subject, Purpose: "retention"})
}

func (a *App) dropExpired() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for id, g := range a.galleries {
		if g.Expired(a.Now()) {
			delete(a.galleries, id)
			g.Clear()
		}
	}
}
