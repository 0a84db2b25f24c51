package app

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"limen/audit"
	"limen/errs"
	"limen/gallery"
	"limen/internal/store"
	"limen/retention"
	"limen/travel"
)

// eraseReferences condemns a passenger's sealed references within tx.
func (a *App) eraseReferences(tx *store.Tx, p *store.Passenger, cause string) error {
	n, err := tx.EraseItems(string(p.ID), cause, a.Now())
	if err != nil || n == 0 {
		return err
	}
	p.Readiness = gallery.Erased
	return tx.PutPassenger(*p)
}

// eraseCaptures condemns the sealed captures of an encounter within tx.
func (a *App) eraseCaptures(tx *store.Tx, e travel.EncounterID, cause string) error {
	_, err := tx.EraseItems(string(e), cause, a.Now())
	return err
}

// eraseClass condemns what a passenger or an encounter has sealed of one class
// within tx.
func (a *App) eraseClass(tx *store.Tx, subject string, c retention.Class) error {
	if _, err := tx.EraseClass(subject, c, "due", a.Now()); err != nil {
		return err
	}
	p, err := tx.Passenger(travel.PassengerID(subject))
	if err != nil || p == nil {
		return err
	}
	left, err := tx.References(p.ID)
	if err != nil || left > 0 {
		return err
	}
	p.Readiness = gallery.Erased
	return tx.PutPassenger(*p)
}

// A request destroys keys for as long as eraseWithin, and at most eraseBatches
// times eraseFew of them. What it does not get done the sweep does.
const (
	eraseWithin  = time.Second
	eraseFew     = 64
	eraseBatches = 16
)

// erased destroys the keys of what a transaction that is durable by now has
// erased, which are among the newest. The request was done and its caller must
// hear so, whatever happens here: a failure is logged, and the noted keys are
// tried again every minute.
func (a *App) erased(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), eraseWithin)
	defer cancel()
	more, err := true, error(nil)
	for n := 0; n < eraseBatches && more && err == nil; n++ {
		more, err = a.drainBatch(ctx, eraseFew)
	}
	if err != nil {
		a.Log.ErrorContext(ctx, "data keys are not destroyed yet; tried again in a minute", "error", err)
	}
}

// eraseBatch is how many items are worked on at a time.
const eraseBatch = 256

// drain destroys every data key that is noted for destruction, then deletes
// the rows that it opened and writes the proof of it to the audit log. Between
// two batches a request gets its turn. Rows that cannot be deleted are passed
// over, and tried again by the next sweep.
//
// What a crash leaves: before the keys are destroyed the notes; between the two
// steps notes of keys that are gone, which are destroyed again without harm;
// after the second step nothing. There is never a proof of what was not done.
func (a *App) drain(ctx context.Context) error {
	for {
		if more, err := a.drainBatch(ctx, eraseBatch); err != nil || !more {
			return err
		}
	}
}

// drainBatch is drain for at most n keys, and reports whether there may be more.
func (a *App) drainBatch(ctx context.Context, n int) (more bool, err error) {
	unlock, err := a.draining.lock(ctx, "")
	if err != nil {
		return false, err
	}
	defer unlock()
	var noted []store.Erasure
	err = a.store.Read(ctx, func(tx *store.Tx) (err error) { noted, err = tx.Erasures(n + len(a.stuck)); return err })
	noted = slices.DeleteFunc(noted, func(e store.Erasure) bool { return a.stuck[e.KeyID] })
	if err != nil || len(noted) == 0 {
		return false, err
	}
	ids := make([]string, len(noted))
	for i, e := range noted {
		ids[i] = e.KeyID
	}
	if err := a.keys.Destroy(ctx, ids...); err != nil {
		return false, err
	}
	return true, a.deleteRows(ctx, noted)
}

// deleteRows deletes what destroyed keys opened: together, or one by one if
// there is something among it that cannot be deleted, which then is stuck.
func (a *App) deleteRows(ctx context.Context, noted []store.Erasure) error {
	err := a.deleteTogether(ctx, noted)
	if err == nil || a.notNow(ctx, err) {
		return err
	}
	for i := range noted {
		err := a.deleteTogether(ctx, noted[i:i+1])
		if err == nil {
			continue
		}
		if a.notNow(ctx, err) {
			return err
		}
		if a.stuck == nil {
			a.stuck = map[string]bool{}
		}
		a.stuck[noted[i].KeyID] = true
		a.Metrics.Stuck.Set(float64(len(a.stuck)))
		a.Log.ErrorContext(ctx, "the data key is destroyed, but what it opened cannot be deleted", "kind", noted[i].Kind, "id", noted[i].Subject, "error", err)
	}
	return nil
}

// notNow says that an error is not about what was to be deleted: the store has
// stopped or is away, or the caller's time is over.
func (a *App) notNow(ctx context.Context, err error) bool {
	return ctx.Err() != nil || a.store.Err() != nil || errs.KindOf(err) == errs.Unavailable
}

func (a *App) deleteTogether(ctx context.Context, noted []store.Erasure) error {
	var rows []int
	err := a.store.Write(ctx, func(tx *store.Tx) (err error) { rows, err = a.deleteErased(tx, noted); return err })
	if err != nil {
		return err
	}
	a.unscrubbed.Store(true)
	for i, e := range noted {
		a.Metrics.Erased.WithLabelValues(e.Cause).Add(float64(rows[i]))
	}
	return nil
}

// erasuresStuck is the code of a sweep that could not delete some rows whose
// data keys it destroyed, and has done all else.
const erasuresStuck = "erasures-stuck"

// retryStuck lets the next drain try again what was stuck.
func (a *App) retryStuck(ctx context.Context) error {
	unlock, err := a.draining.lock(ctx, "")
	if err != nil {
		return err
	}
	defer unlock()
	clear(a.stuck)
	a.Metrics.Stuck.Set(0)
	return nil
}

// anyStuck returns a Broken error (code "erasures-stuck") if something is.
func (a *App) anyStuck(ctx context.Context) error {
	unlock, err := a.draining.lock(ctx, "")
	if err != nil {
		return err
	}
	defer unlock()
	if n := len(a.stuck); n > 0 {
		return errs.New(errs.Broken, erasuresStuck, "%d data keys are destroyed, but what they opened cannot be deleted; run limen store check", n)
	}
	return nil
}

// Proof is how an erasure stands in the audit log. What opens this entry is
// kept, unlike what opens all others about the record: it names an id that by
// then leads to nobody, and it is what shows that the rule was kept, what a
// restored copy is settled by, and why a leaf may speak of what is not there.
type Proof struct {
	Kind    store.Kind      `json:"kind"`
	Class   retention.Class `json:"class"`
	Cause   string          `json:"cause"`
	Key     string          `json:"key,omitempty"` // the data key that was destroyed
	Rows    int             `json:"rows"`
	Decided time.Time       `json:"decided"`
}

func (a *App) deleteErased(tx *store.Tx, noted []store.Erasure) (rows []int, err error) {
	now, people := a.Now(), false
	for _, e := range noted {
		people = people || e.Kind == store.TravelerKind
		n, err := tx.Erased(e, due(retention.AccessLog, now), now)
		if err != nil {
			return nil, err
		}
		rows = append(rows, n)
		if e.Kind == store.Resealed {
			continue // the items are kept, under another key
		}
		if err := a.prove(tx, e.Subject, Proof{e.Kind, e.Class, e.Cause, e.KeyID, n, e.At}); err != nil {
			return nil, err
		}
	}
	if !people {
		return rows, nil
	}
	return rows, tx.EndListOpenings(leadsList, due(retention.AccessLog, now))
}

func (a *App) prove(tx *store.Tx, subject string, p Proof) error {
	p.Decided = p.Decided.UTC()
	detail, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return tx.Audit(audit.Entry{At: a.Now(), Actor: "limen", Action: "erasure", Subject: subject, Purpose: audit.Purpose("retention: " + p.Cause), Detail: detail})
}
