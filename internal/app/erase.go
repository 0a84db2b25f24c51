package app

import (
	"context"
	"encoding/json"
	"time"

	"limen/audit"
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

// drain destroys every data key that is noted for destruction, then deletes
// the rows that it opened and writes the proof of it to the audit log.
//
// What a crash leaves: before the keys are destroyed the notes; between the two
// steps notes of keys that are gone, which are destroyed again without harm;
// after the second step nothing. There is never a proof of what was not done.
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
		var rows []int
		err = a.store.Write(ctx, func(tx *store.Tx) (err error) {
			rows, err = a.deleteErased(tx, noted)
			return err
		})
		if err != nil {
			return err
		}
		a.unscrubbed.Store(true)
		for i, e := range noted {
			a.Metrics.Erased.WithLabelValues(e.Cause).Add(float64(rows[i]))
		}
	}
}

// Proof is how an erasure stands in the audit log.
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
		n, err := tx.Erased(e, due(retention.AccessLog, now))
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
