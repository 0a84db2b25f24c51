package app

import (
	"context"
	"time"

	"limen/audit"
	"limen/gallery"
	"limen/internal/store"
	"limen/travel"
)

// eraseReferences deletes a passenger's sealed references within tx.
func (a *App) eraseReferences(tx *store.Tx, p *store.Passenger, cause string) error {
	n, err := tx.EraseSealed(string(p.ID), cause, a.Now())
	if err != nil || n == 0 {
		return err
	}
	p.Readiness = gallery.Erased
	if err := tx.PutPassenger(*p); err != nil {
		return err
	}
	return a.auditErasure(tx, string(p.ID), cause)
}

// eraseCaptures deletes the sealed captures of an encounter within tx.
func (a *App) eraseCaptures(tx *store.Tx, e travel.EncounterID, cause string) error {
	n, err := tx.EraseSealed(string(e), cause, a.Now())
	if err != nil || n == 0 {
		return err
	}
	return a.auditErasure(tx, string(e), cause)
}

func (a *App) auditErasure(tx *store.Tx, subject, cause string) error {
	return tx.Audit(audit.Entry{At: a.Now(), Actor: "limen", Action: "erasure", Subject: subject, Purpose: audit.Purpose("retention: " + cause)})
}

// eraseWithin is how long a request may take to destroy keys. What it does not
// get done the sweep does.
const eraseWithin = 10 * time.Second

// erased destroys the keys of what a transaction that is durable by now has
// erased. The request was done and its caller must hear so, whatever happens
// here: a failure is logged, and the noted keys are tried again every minute.
func (a *App) erased(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), eraseWithin)
	defer cancel()
	if err := a.drain(ctx); err != nil {
		a.Log.ErrorContext(ctx, "data keys are not destroyed yet; tried again in a minute", "error", err)
	}
}

// eraseBatch is how many items are worked on at a time.
const eraseBatch = 256

// drain destroys every data key that is noted for destruction. A crash between
// the destruction and its note leaves a note of a key that is gone: destroying
// it again is no error.
func (a *App) drain(ctx context.Context) error {
	a.draining.Lock()
	defer a.draining.Unlock()
	for {
		var noted []store.Erasure
		err := a.store.Read(ctx, func(tx *store.Tx) (err error) { noted, err = tx.Erasures(eraseBatch); return err })
		if err != nil || len(noted) == 0 {
			return err
		}
		ids := make([]string, len(noted))
		for i, e := range noted {
			ids[i] = e.KeyID
		}
		if err := a.keys.Destroy(ctx, ids...); err != nil {
			return err
		}
		err = a.store.Write(ctx, func(tx *store.Tx) error {
			for _, id := range ids {
				if err := tx.Erased(id); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, e := range noted {
			a.Metrics.Erased.WithLabelValues(e.Cause).Inc()
		}
	}
}

// Sweep erases every sealed item that is due, drops galleries whose voyage is
// over, and finishes erasures that failed before. The worker calls it every
// minute, and start-up once.
func (a *App) Sweep(ctx context.Context) error {
	a.dropExpired()
	now, late := a.Now(), time.Duration(0)
	for {
		var due []store.Due
		err := a.store.Read(ctx, func(tx *store.Tx) (err error) { due, err = tx.SealedDue(now, eraseBatch); return err })
		if err != nil {
			return err
		}
		for _, d := range due {
			if err := a.eraseDue(ctx, d); err != nil {
				return err
			}
			late = max(late, now.Sub(d.At))
		}
		if len(due) < eraseBatch {
			break
		}
	}
	if err := a.drain(ctx); err != nil {
		return err
	}
	a.Metrics.Lateness.Set(late.Seconds())
	return nil
}

// eraseDue erases what a subject has sealed, a passenger's from the gallery,
// too. Each in a transaction of its own: no lane waits for a long sweep.
func (a *App) eraseDue(ctx context.Context, d store.Due) error {
	var p *store.Passenger
	err := a.store.Read(ctx, func(tx *store.Tx) (err error) { p, err = tx.Passenger(travel.PassengerID(d.Subject)); return err })
	if err != nil {
		return err
	}
	if p == nil {
		return a.store.Write(ctx, func(tx *store.Tx) error { return a.eraseCaptures(tx, travel.EncounterID(d.Subject), "due") })
	}
	unlock, err := a.voyages.lock(ctx, string(p.Voyage))
	if err != nil {
		return err
	}
	defer unlock()
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		// A delayed voyage's references may have got more time meanwhile.
		due, err := tx.DueOf(d.Subject)
		if err != nil || due.After(a.Now()) {
			return err
		}
		if p, err = tx.Passenger(p.ID); err != nil {
			return err
		}
		return a.eraseReferences(tx, p, "due")
	})
	if err == nil && p.Readiness == gallery.Erased {
		a.forget(p.Voyage, p.ID)
	}
	return err
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
