package app

import (
	"context"
	"strconv"
	"time"

	"limen/errs"
	"limen/internal/store"
	"limen/retention"
	"limen/travel"
)

// Sweep erases everything that is due and not held, drops galleries whose
// voyage is over, and finishes erasures that failed before. The worker calls it
// every minute, and start-up once. What cannot be deleted (code
// "erasures-stuck") does not keep it from the rest.
//
// What a crash leaves: each thing that is due goes in a transaction of its own,
// which notes the data key, and drain says what a crash leaves of that. The next
// sweep goes on with the rest.
func (a *App) Sweep(ctx context.Context) error {
	a.dropExpired()
	s := &sweep{App: a, now: a.Now(), late: map[retention.Class]time.Duration{}}
	defer s.report() // of a sweep that failed, too: what is late stays late
	if err := a.retryStuck(ctx); err != nil {
		return err
	}
	err := a.store.Read(ctx, func(tx *store.Tx) (err error) { s.holds, err = tx.Holds(); return err })
	if err != nil {
		return err
	}
	for _, k := range store.Kinds {
		if err := s.kind(ctx, k); err != nil {
			return err
		}
		// What goes next may refer to what is gone now.
		if err := a.drain(ctx); err != nil {
			return err
		}
	}
	for _, step := range []func(context.Context) error{s.orphans, s.openings, s.spentHolds, a.scrub} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return a.anyStuck(ctx)
}

// sweep is one round of the retention worker.
type sweep struct {
	*App
	now   time.Time
	holds []retention.Hold
	late  map[retention.Class]time.Duration
	held  int
}

// report sets the metrics.
func (s *sweep) report() {
	var latest time.Duration
	for _, r := range retention.Rules() {
		s.Metrics.LatenessOf.WithLabelValues(string(r.Class)).Set(s.late[r.Class].Seconds())
		latest = max(latest, s.late[r.Class])
	}
	s.Metrics.Lateness.Set(latest.Seconds())
	s.Metrics.Held.Set(float64(s.held))
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
	held := false
	if len(s.holds) > 0 { // without a write, for what is held is met again every minute
		err := s.store.Read(ctx, func(tx *store.Tx) (err error) { held, err = heldNow(tx, s.holds, s.now, d); return err })
		if err != nil {
			return err
		}
	}
	if held {
		s.held++
		return nil
	}
	s.late[d.Class] = max(s.late[d.Class], s.now.Sub(d.At))
	if d.Kind == store.ItemKind {
		return s.items(ctx, d)
	}
	return s.store.Write(ctx, func(tx *store.Tx) error {
		if due, err := s.stillDue(tx, d); err != nil || !due {
			return err
		}
		if d.Kind == store.CrossingKind {
			return s.crossing(tx, d)
		}
		return tx.EraseRecord(d.Kind, d.Subject, "due", s.now)
	})
}

func heldNow(tx *store.Tx, holds []retention.Hold, now time.Time, d store.Due) (bool, error) {
	if len(holds) == 0 {
		return false, nil
	}
	of, err := tx.Related(d.Subject)
	return retention.Held(holds, now, d.Class, of...) != nil, err
}

// stillDue judges once more, in the transaction that erases: what is due may
// have got more time since it was listed, or a hold.
func (s *sweep) stillDue(tx *store.Tx, d store.Due) (bool, error) {
	now := s.Now()
	due, err := tx.IsDue(d, now)
	if err != nil || !due {
		return false, err
	}
	holds, err := tx.Holds()
	if err != nil {
		return false, err
	}
	held, err := heldNow(tx, holds, now, d)
	return !held, err
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
	s.unscrubbed.Store(true)
	return s.prove(tx, d.Subject, Proof{Kind: d.Kind, Class: d.Class, Cause: "due", Rows: 1, Decided: s.now})
}

// items erases what a subject has sealed of a class, a passenger's from the
// gallery, too.
func (s *sweep) items(ctx context.Context, d store.Due) error {
	var p *store.Passenger
	err := s.store.Read(ctx, func(tx *store.Tx) (err error) { p, err = tx.Passenger(travel.PassengerID(d.Subject)); return err })
	if err != nil {
		return err
	}
	if p != nil {
		unlock, err := s.voyages.lock(ctx, string(p.Voyage))
		if err != nil {
			return err
		}
		defer unlock()
	}
	erased := false
	err = s.store.Write(ctx, func(tx *store.Tx) (err error) {
		if erased, err = s.stillDue(tx, d); err != nil || !erased {
			return err
		}
		return s.eraseClass(tx, d.Subject, d.Class)
	})
	if err == nil && erased && p != nil {
		s.forget(p.Voyage, p.ID)
	}
	return err
}

// orphanBatch is how many leaves are looked at at a time.
const orphanBatch = 4096

// leavesSeen is the setting that says how many leaves orphans has looked at.
const leavesSeen = "leaves-seen"

// orphans gives a due date to what opens entries about a record that is gone,
// where its erasure did not see them: they were committed together. It looks at
// each leaf once, after it was committed; from then on an erasure sees it.
func (s *sweep) orphans(ctx context.Context) error {
	for {
		var from, size int64
		var found []int64
		err := s.store.Read(ctx, func(tx *store.Tx) error {
			seen, err := tx.Setting(leavesSeen)
			if err != nil {
				return err
			}
			from, _ = strconv.ParseInt(seen, 10, 64) // from the beginning, if it is none
			if size, _, err = tx.LogSize(); err != nil || from >= size {
				return err
			}
			found, err = tx.OrphanOpenings(from, orphanBatch, leadsList)
			return err
		})
		if err != nil || from >= size {
			return err
		}
		err = s.store.Write(ctx, func(tx *store.Tx) error {
			for _, seq := range found {
				if err := tx.EndOpening(seq, due(retention.AccessLog, s.now)); err != nil {
					return err
				}
			}
			return tx.PutSetting(leavesSeen, strconv.FormatInt(min(from+orphanBatch, size), 10))
		})
		if err != nil {
			return err
		}
	}
}

// openings erases who looked at what, a year after the data is gone, unless it
// is held. The leaves stay, and with them the proof that nothing was taken out
// of the log.
func (s *sweep) openings(ctx context.Context) error {
	var after store.Opening
	for n := 0; ; {
		var due []store.Opening
		err := s.store.Read(ctx, func(tx *store.Tx) (err error) { due, err = tx.Openings(s.now, after, eraseBatch); return err })
		if err != nil || len(due) == 0 {
			if n > 0 {
				s.unscrubbed.Store(true)
				s.Log.InfoContext(ctx, "entries of the access log erased", "entries", n)
			}
			return err
		}
		erased := 0
		err = s.store.Write(ctx, func(tx *store.Tx) (err error) { erased, err = s.eraseOpenings(tx, due); return err })
		if err != nil {
			return err
		}
		n += erased
		s.held += len(due) - erased
		after = due[len(due)-1]
	}
}

func (s *sweep) eraseOpenings(tx *store.Tx, due []store.Opening) (n int, err error) {
	holds, err := tx.Holds()
	if err != nil {
		return 0, err
	}
	for _, o := range due {
		if openingHeld(holds, s.Now(), o) != nil {
			continue
		}
		if err := tx.EraseOpening(o.Seq); err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}

// openingHeld returns the hold that keeps an opening: one that names what the
// entry is about, or what was noted as its owner when that was erased.
func openingHeld(holds []retention.Hold, now time.Time, o store.Opening) *retention.Hold {
	var of []retention.Subject
	for _, id := range []string{o.Subject, o.Owner} {
		for _, k := range []retention.SubjectKind{retention.OfTraveler, retention.OfVoyage, retention.OfEncounter, retention.OfPassenger} {
			of = append(of, retention.Subject{Kind: k, ID: id})
		}
	}
	return retention.Held(holds, now, retention.AccessLog, of...)
}

// spentHolds deletes the holds that are over and keep nothing any more. Who
// placed and lifted them stays in the audit log as long as who looked.
func (s *sweep) spentHolds(ctx context.Context) error {
	for _, h := range s.holds {
		if h.Active(s.now) || s.now.Before(h.Placed) {
			continue
		}
		err := s.store.Write(ctx, func(tx *store.Tx) error {
			on, err := tx.OnRecord(h.Subject)
			if err != nil || on {
				return err
			}
			if err := tx.EndOpenings(h.Subject.ID, due(retention.AccessLog, s.now)); err != nil {
				return err
			}
			s.unscrubbed.Store(true)
			return tx.DeleteHold(h.ID)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// scrub clears the store's files of what was erased. Where others read them it
// is left to the next sweep.
func (a *App) scrub(ctx context.Context) error {
	if !a.unscrubbed.Swap(false) {
		return nil
	}
	err := a.store.Scrub(ctx)
	if err != nil {
		a.unscrubbed.Store(true)
	}
	if errs.KindOf(err) == errs.Unavailable {
		return nil
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
