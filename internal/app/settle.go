package app

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"limen/errs"
	"limen/gallery"
	"limen/internal/obs"
	"limen/internal/seal"
	"limen/internal/store"
	"limen/travel"
)

// Settled is what Settle did.
type Settled struct {
	Destroyed int // data keys that had come back, and were proved to be destroyed
	Items     int // subjects whose images were erased after the copy was made
	Records   int // encounters, listings and travelers, likewise
}

// Settle makes of a record that was restored from a copy what start-up makes
// of one after a crash, and erases again what was erased after the copy was
// made: the keys are the newer, so whatever they do not open any more is
// erased from the record too, with its proof, and whatever the record proves
// to be destroyed is destroyed among the keys. Then what is due is swept. It
// needs the store for itself.
//
// A Broken error (code "keys-old") says that the keys seem to be older than the
// record, so that a key that is missing proves nothing; nothing is changed
// then. newest says that they are known to be the newest.
//
// What a crash leaves: at each line what a crash of the sweep leaves; calling
// it again finishes the work.
func Settle(ctx context.Context, st *store.Store, keys *seal.FileKeys, now func() time.Time, newest bool) (out Settled, err error) {
	a := &App{Config: Config{Now: now, Log: slog.New(slog.DiscardHandler)}, office: office{store: st, now: now}, Metrics: obs.NewMetrics(), keys: keys}
	if err := a.keysNewer(ctx); err != nil && !(newest && errs.CodeOf(err) == "keys-old") {
		return out, err
	}
	if out.Destroyed, err = a.destroyProved(ctx); err != nil {
		return out, err
	}
	if err := a.drain(ctx); err != nil {
		return out, err
	}
	// In the order in which rows refer to each other.
	for _, step := range []struct {
		kind  store.Kind
		count *int
	}{{store.ItemKind, &out.Items}, {store.CrossingKind, &out.Records}, {store.EncounterKind, &out.Records}, {store.PassengerKind, &out.Records}, {store.TravelerKind, &out.Records}} {
		erase := a.eraseAgain
		if step.kind == store.CrossingKind {
			erase = a.crossingsAgain
		}
		if err := erase(ctx, step.kind, step.count); err != nil {
			return out, err
		}
		if err := a.drain(ctx); err != nil {
			return out, err
		}
	}
	return out, a.Sweep(ctx)
}

// keysNewer refuses keys that lack one which is newer than all they have.
func (a *App) keysNewer(ctx context.Context) error {
	var needed, newest string
	err := a.store.Read(ctx, func(tx *store.Tx) (err error) { needed, err = tx.NewestKey(); return err })
	if err != nil {
		return err
	}
	for id, err := range a.keys.IDs(ctx) {
		if err != nil {
			return err
		}
		newest = id
	}
	if needed > newest {
		return errs.New(errs.Broken, "keys-old", "keys.db is older than the record: it lacks keys made since, and what they seal would be taken for erased. Put the newest copy of keys.db there")
	}
	return nil
}

// destroyProved destroys the keys whose destruction the log proves, in case
// that an old copy of keys.db brought them back.
func (a *App) destroyProved(ctx context.Context) (n int, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		return tx.Rows(func(scan func(...any) error) error {
			var detail []byte
			var p Proof
			if err := scan(&detail); err != nil || json.Unmarshal(detail, &p) != nil || p.Key == "" {
				return err
			}
			_, err := a.keys.Key(ctx, p.Key)
			if errs.KindOf(err) == errs.NotFound {
				return nil
			}
			if err != nil {
				return err
			}
			n++
			return a.keys.Destroy(ctx, p.Key)
		}, `SELECT detail FROM audit WHERE action = 'erasure' ORDER BY seq`)
	})
	return n, err
}

// eraseAgain condemns what of a kind is sealed under a key that is gone.
func (a *App) eraseAgain(ctx context.Context, k store.Kind, count *int) error {
	after := ""
	for {
		var page []store.Erasure
		err := a.store.Read(ctx, func(tx *store.Tx) (err error) { page, err = tx.Keyed(k, after, eraseBatch); return err })
		if err != nil {
			return err
		}
		for _, e := range page {
			after = e.KeyID
			_, err := a.keys.Key(ctx, e.KeyID)
			if errs.KindOf(err) == errs.NotFound {
				*count++
				err = a.store.Write(ctx, func(tx *store.Tx) error { return a.condemnAgain(tx, e) })
			}
			if err != nil {
				return err
			}
		}
		if len(page) < eraseBatch {
			return nil
		}
	}
}

const restoredCause = "erased after the copy was made"

func (a *App) condemnAgain(tx *store.Tx, e store.Erasure) error {
	if e.Kind != store.ItemKind {
		return tx.EraseRecord(e.Kind, e.Subject, restoredCause, a.Now())
	}
	p, err := tx.Passenger(travel.PassengerID(e.Subject))
	if err != nil {
		return err
	}
	if p == nil || p.Erased { // an encounter's, or of a listing that goes too
		return a.eraseCaptures(tx, travel.EncounterID(e.Subject), restoredCause)
	}
	p.Readiness = gallery.Erased
	return a.eraseReferences(tx, p, restoredCause)
}

// crossingsAgain deletes the crossings whose time is over and whose encounter
// is sealed under a key that is gone: they were deleted before it, whatever
// hold the copy knows of.
func (a *App) crossingsAgain(ctx context.Context, k store.Kind, count *int) error {
	s := &sweep{App: a, now: a.Now()}
	var after store.Due
	for {
		var page []store.Due
		err := a.store.Read(ctx, func(tx *store.Tx) (err error) { page, err = tx.DueBefore(k, s.now, after, eraseBatch); return err })
		if err != nil {
			return err
		}
		for _, after = range page {
			var e *store.Encounter
			err := a.store.Read(ctx, func(tx *store.Tx) error {
				x, err := tx.Crossing(travel.CrossingID(after.Subject))
				if err == nil && x != nil {
					e, err = tx.EncounterOf(x.Decision)
				}
				return err
			})
			if err != nil {
				return err
			}
			if _, err = a.keys.Key(ctx, deref(e).KeyID); errs.KindOf(err) == errs.NotFound {
				*count++
				err = a.store.Write(ctx, func(tx *store.Tx) error { return s.crossing(tx, after) })
			}
			if err != nil {
				return err
			}
		}
		if len(page) < eraseBatch {
			return nil
		}
	}
}
