package app

import (
	"context"
	"time"

	"limen/gallery"
	"limen/internal/store"
	"limen/retention"
	"limen/travel"
)

// Sweep erases everything that is due and not held, drops galleries whose
// voyage is over, and finishes erasures that failed before. The worker calls it
// every minute, and start-up once.
func (a *App) Sweep(ctx context.Context) error {
	a.dropExpired()
	var holds []retention.Hold
	err := a.store.Read(ctx, func(tx *store.Tx) (err error) { holds, err = tx.Holds(); return err })
	if err != nil {
		return err
	}
	s := &sweep{App: a, now: a.Now(), holds: holds}
	for _, k := range store.Kinds {
		if err := s.kind(ctx, k); err != nil {
			return err
		}
		// What goes next may refer to what is gone now.
		if err := a.drain(ctx); err != nil {
			return err
		}
	}
	a.Metrics.Lateness.Set(s.late.Seconds())
	a.Metrics.Held.Set(float64(s.held))
	return a.endOpenings(ctx)
}

// sweep is one round of the retention worker.
type sweep struct {
	*App
	now   time.Time
	holds []retention.Hold
	late  time.Duration
	held  int
}

func (s *sweep) kind(ctx context.Context, k store.Kind) error {
	var after store.Due
	for {
		var due []store.Due
		err := s.store.Read(ctx, func(tx *store.Tx) (err error) { due, err = tx.DueBefore(k, s.now, after, eraseBatch); return err })
		if err != nil {
			return err
		}
		for _, d := range due {
			if err := s.one(ctx, d); err != nil {
				return err
			}
			after = d
		}
		if len(due) < eraseBatch {
			return nil
		}
	}
}

// one erases what is due unless somebody holds it, in a transaction of its
// own: no lane waits for a long sweep.
func (s *sweep) one(ctx context.Context, d store.Due) error {
	hold, err := s.hold(ctx, d)
	if err != nil {
		return err
	}
	if hold != nil {
		s.held++
		return nil
	}
	s.late = max(s.late, s.now.Sub(d.At))
	switch d.Kind {
	case store.ItemKind:
		return s.items(ctx, d)
	case store.CrossingKind:
		return s.store.Write(ctx, func(tx *store.Tx) error { return s.crossing(tx, d) })
	}
	return s.store.Write(ctx, func(tx *store.Tx) error { return tx.EraseRecord(d.Kind, d.Subject, "due", s.now) })
}

// hold returns the hold that keeps what is due, or nil.
func (s *sweep) hold(ctx context.Context, d store.Due) (h *retention.Hold, err error) {
	if len(s.holds) == 0 {
		return nil, nil
	}
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		of, err := tx.Related(d.Subject)
		h = retention.Held(s.holds, s.now, d.Class, of...)
		return err
	})
	return h, err
}

// crossing deletes a crossing's record. It is no key that opens it: it names
// nobody.
func (s *sweep) crossing(tx *store.Tx, d store.Due) error {
	if err := tx.DeleteCrossing(travel.CrossingID(d.Subject)); err != nil {
		return err
	}
	if err := tx.EndOpenings(d.Subject, due(retention.AccessLog, s.now)); err != nil {
		return err
	}
	return s.prove(tx, d.Subject, Proof{Kind: d.Kind, Class: d.Class, Cause: "due", Rows: 1, Decided: s.now})
}

// items erases what a subject has sealed, a passenger's from the gallery, too.
func (s *sweep) items(ctx context.Context, d store.Due) error {
	var p *store.Passenger
	err := s.store.Read(ctx, func(tx *store.Tx) (err error) { p, err = tx.Passenger(travel.PassengerID(d.Subject)); return err })
	if err != nil {
		return err
	}
	if p == nil {
		return s.store.Write(ctx, func(tx *store.Tx) error { return s.eraseCaptures(tx, travel.EncounterID(d.Subject), "due") })
	}
	unlock, err := s.voyages.lock(ctx, string(p.Voyage))
	if err != nil {
		return err
	}
	defer unlock()
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		// A delayed voyage's references may have got more time meanwhile.
		due, err := tx.DueOf(d.Subject)
		if err != nil || due.After(s.Now()) {
			return err
		}
		if p, err = tx.Passenger(p.ID); err != nil {
			return err
		}
		return s.eraseReferences(tx, p, "due")
	})
	if err == nil && p.Readiness == gallery.Erased {
		s.forget(p.Voyage, p.ID)
	}
	return err
}

// endOpenings erases who looked at what, a year after the data is gone. The
// leaves stay, and with them the proof that nothing was taken out of the log.
func (a *App) endOpenings(ctx context.Context) error {
	return a.store.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.EraseOpenings(a.Now())
		if err == nil && n > 0 {
			a.Log.InfoContext(ctx, "entries of the access log erased", "entries", n)
		}
		return err
	})
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
