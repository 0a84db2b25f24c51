package app

import (
	"time"

	"limen/gallery"
	"limen/internal/store"
	"limen/manifest"
	"limen/retention"
	"limen/stay"
	"limen/travel"
)

// mergePassengers applies a message to the list of a voyage within tx and
// returns who left it.
func (a *App) mergePassengers(tx *store.Tx, v *store.Voyage, m manifest.Message, r *MessageReceipt) (gone []store.Passenger, err error) {
	listed, err := tx.Passengers(v.ID)
	if err != nil {
		return nil, err
	}
	byID := make(map[travel.PassengerID]store.Passenger, len(listed))
	current := manifest.Manifest{Legs: v.Legs}
	last, err := tx.LastPosition(v.ID)
	if err != nil {
		return nil, err
	}
	for _, p := range listed {
		p.Listed.ID = p.ID
		current.Passengers = append(current.Passengers, p.Listed)
		byID[p.ID] = p
	}
	_, change := manifest.Merge(current, m)
	r.Added, r.Changed, r.Removed = len(change.Added), len(change.Changed), len(change.Removed)
	for i, p := range change.Added {
		if err := a.putPassenger(tx, v, store.Passenger{Position: last + 1 + i, Readiness: gallery.NoReference}, p); err != nil {
			return nil, err
		}
	}
	for _, p := range change.Changed {
		if err := a.putPassenger(tx, v, byID[p.ID], p); err != nil {
			return nil, err
		}
	}
	for _, p := range change.Removed {
		if err := a.removePassenger(tx, v, byID[p.ID]); err != nil {
			return nil, err
		}
		gone = append(gone, byID[p.ID])
	}
	return gone, nil
}

// putPassenger writes a passenger with their traveler and their scope by the
// rule in force on the day of the crossing. One without an id is new, unless
// the carrier takes somebody on again whom it had taken off.
func (a *App) putPassenger(tx *store.Tx, v *store.Voyage, p store.Passenger, listed manifest.Passenger) (err error) {
	holder, err := a.traveler(tx, p.Traveler, listed.Person, listed.Documents)
	if err != nil {
		return err
	}
	if p.Class == "" || p.Class == retention.Listing { // who has crossed stays who crossed, until that is corrected
		p.Traveler = holder
	}
	if p.ID == "" {
		back, err := tx.RemovedPassenger(v.ID, p.Traveler)
		if err != nil {
			return err
		}
		p.ID = travel.PassengerID(newID())
		if back != nil && !back.Erased { // who crossed stays who crossed; under the same key, or nobody would destroy it
			p.ID, p.Position, p.KeyID = back.ID, back.Position, back.KeyID
			if back.Class != retention.Listing {
				p.Class, p.Due = back.Class, back.Due
			}
		}
	}
	p.Voyage, p.Listed = v.ID, listed
	p.Country = a.citizenship(v, listed)
	if p.Scope, err = a.scope(v, listed); err != nil {
		return err
	}
	if p.Class == "" {
		p.Class, p.Due = retention.Listing, a.listingEnds()
	}
	if err := tx.PutPassenger(p); err != nil {
		return err
	}
	if err := tx.KeepTraveler(p.Traveler, p.Class, p.Due); err != nil {
		return err
	}
	if err := a.findable(tx, p); err != nil {
		return err
	}
	return a.becameFree(tx, v, p)
}

// listingEnds is until when somebody who is only listed, and does not cross, is
// kept.
func (a *App) listingEnds() time.Time { return due(retention.Listing, a.Now()) }

// due is retention.Due for a class that is known to be one.
func due(c retention.Class, start time.Time) time.Time {
	at, err := retention.Due(c, start)
	if err != nil {
		panic("app: " + err.Error()) // a class of our own table
	}
	return at
}

// becameFree erases what is kept of somebody who crossed as an alien in scope
// and owes no photograph by what the carrier says now.
func (a *App) becameFree(tx *store.Tx, v *store.Voyage, p store.Passenger) error {
	x, err := tx.CrossingOf(v.ID, p.Traveler, v.Direction)
	if err != nil || x == nil || !p.Free() {
		return err
	}
	e, err := tx.EncounterOf(x.Decision)
	if err != nil || e == nil {
		return err
	}
	if err := a.settleImages(tx, e, &p); err != nil {
		return err
	}
	// The gallery is in memory: taking somebody out of it too early, should the
	// transaction fail, costs a manual check and no more.
	a.forget(v.ID, p.ID)
	return nil
}

// traveler returns the traveler who holds one of the documents, or else
// current, or makes one if that is "".
// Nobody is compared here: who leaves on another document is, by Link, after the
// crossing. A document that another person holds, by birth date,
// makes no one person of the two: it makes a lead.
func (a *App) traveler(tx *store.Tx, current travel.TravelerID, who travel.Person, docs []travel.Document) (travel.TravelerID, error) {
	id, shared := current, false
	for _, d := range docs {
		holder, err := a.holder(tx, d)
		if err != nil {
			return "", err
		}
		if holder == nil {
			continue
		}
		if holder.BirthDate == who.BirthDate || holder.ID == current {
			id, shared = holder.ID, false
			break
		}
		shared = true
	}
	if id == "" {
		id = travel.TravelerID(newID())
		if err := tx.InsertTraveler(store.Traveler{Traveler: travel.Traveler{ID: id, Person: who}, Class: retention.Listing, Due: a.listingEnds()}, a.Now()); err != nil {
			return "", err
		}
		if shared {
			if err := a.raise(tx, "limen", store.Lead{Lead: stay.Lead{Kind: stay.SharedDocument, Traveler: id, Day: a.earliestToday()}}); err != nil {
				return "", err
			}
		}
	}
	for _, d := range docs {
		if d.Number == "" || d.Issuer == "" {
			continue
		}
		if err := tx.PutDocument(d, id); err != nil {
			return "", err
		}
	}
	return id, nil
}

// holder returns the traveler who holds a document, or nil. A document without
// number or issuer names nobody.
func (a *App) holder(tx *store.Tx, d travel.Document) (*store.Traveler, error) {
	if d.Number == "" || d.Issuer == "" {
		return nil, nil
	}
	id, err := tx.TravelerOf(d)
	if err != nil || id == "" {
		return nil, err
	}
	return tx.Traveler(id)
}

// removePassenger takes a passenger off the list. If the person is on record
// as having crossed, an officer gets a lead: the record stands until corrected.
func (a *App) removePassenger(tx *store.Tx, v *store.Voyage, p store.Passenger) error {
	p.Removed = a.Now()
	if err := tx.PutPassenger(p); err != nil {
		return err
	}
	x, err := tx.CrossingOf(v.ID, p.Traveler, v.Direction)
	if err != nil {
		return err
	}
	if x != nil {
		if err := a.raise(tx, "limen", store.Lead{Lead: stay.Lead{Kind: stay.OffLoaded, Traveler: p.Traveler, Crossing: x.ID, Day: x.Day}, Port: x.Port}); err != nil {
			return err
		}
	}
	return a.eraseReferences(tx, &p, "reduction")
}
