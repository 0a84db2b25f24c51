package app

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"io"

	"limen/audit"
	"limen/errs"
	"limen/gallery"
	"limen/internal/store"
	"limen/manifest"
	"limen/policy"
	"limen/travel"
)

// Status says what became of a manifest message.
type Status string

// The statuses.
const (
	Accepted   Status = "accepted"
	WithErrors Status = "accepted-with-errors" // something of it was lost; see the diagnostics
	Repeated   Status = "repeated"             // merged before; nothing changed
	Rejected   Status = "rejected"             // nothing of it was taken; see Why
)

// Receipt answers a manifest.
type Receipt struct {
	Messages    []MessageReceipt
	Diagnostics []manifest.Diagnostic // outside every message
}

// MessageReceipt answers one message.
type MessageReceipt struct {
	Reference   string
	Voyage      travel.VoyageID
	Status      Status
	Why         string
	Added       int
	Changed     int
	Removed     int
	Passengers  []store.Passenger // as the voyage now has them
	Diagnostics []manifest.Diagnostic
}

// TakeManifest merges what a carrier sent: EDIFACT or JSON, several messages
// or one. A message that cannot be taken is rejected in its receipt and costs
// the others nothing; an error is returned only if the input could not be read
// or the store failed, and then the messages before it are taken.
func (a *App) TakeManifest(ctx context.Context, by Actor, body io.Reader) (Receipt, error) {
	parsed, err := manifest.Parse(body)
	if err != nil {
		return Receipt{}, err
	}
	out := Receipt{Diagnostics: parsed.Diagnostics}
	for _, m := range parsed.Messages {
		r, err := a.takeMessage(ctx, by, m)
		if err != nil {
			return out, err
		}
		a.Metrics.Manifests.WithLabelValues(string(r.Status)).Inc()
		out.Messages = append(out.Messages, r)
	}
	a.Changed.Publish()
	return out, nil
}

func (a *App) takeMessage(ctx context.Context, by Actor, m manifest.Message) (MessageReceipt, error) {
	r := MessageReceipt{Reference: m.Reference, Diagnostics: m.Diagnostics}
	v, why := a.voyageOf(m)
	if why == "" && by.may(v) != nil {
		why = "this key is for another carrier than the message's"
	}
	if why != "" {
		r.Status, r.Why = Rejected, why
		return r, nil
	}
	r.Voyage = v.ID
	if err := a.mergeLocked(ctx, by, v, m, &r); err != nil {
		return r, err
	}
	if m.Function == manifest.CloseOut && r.Status != Rejected {
		return r, a.CloseVoyage(ctx, by, v.ID)
	}
	return r, nil
}

// mergeLocked merges a message and takes who left out of the gallery.
func (a *App) mergeLocked(ctx context.Context, by Actor, v *store.Voyage, m manifest.Message, r *MessageReceipt) error {
	defer a.voyages.lock(string(v.ID))()
	var gone []store.Passenger
	var keys []string
	err := a.store.Write(ctx, func(tx *store.Tx) (err error) {
		gone, keys, err = a.merge(tx, by, v, m, r)
		return err
	})
	if err != nil {
		return err
	}
	for _, p := range gone {
		a.forget(v.ID, p.ID)
	}
	return a.destroy(ctx, "reduction", keys)
}

// voyageOf makes the voyage of a message, or says why there is none here.
func (a *App) voyageOf(m manifest.Message) (*store.Voyage, string) {
	if m.Crew {
		return nil, "crew lists are not taken yet"
	}
	for _, d := range m.Diagnostics {
		if d.Severity == manifest.Fatal {
			return nil, "the message could not be read to its end: " + d.Detail
		}
	}
	id, err := travel.NewVoyageID(m.Legs)
	if err != nil {
		return nil, err.Error()
	}
	for _, l := range m.Legs {
		from, to := a.home(l.From), a.home(l.To)
		if from == to {
			continue
		}
		v := &store.Voyage{Voyage: travel.Voyage{ID: id, Legs: m.Legs, Direction: travel.Exit, Port: l.From},
			Carrier: m.Legs[0].Carrier, Day: l.Departure.Day, Ends: l.Departure.In(a.Location)}
		if to {
			v.Direction, v.Port, v.Day, v.Ends = travel.Entry, l.To, l.Arrival.Day, l.Arrival.In(a.Location)
		}
		if v.Day.IsZero() {
			return nil, "the leg that crosses the border has no local time at this port"
		}
		return v, ""
	}
	return nil, "no leg of this voyage crosses the border at a port of this system"
}

func (a *App) home(p travel.Port) bool {
	for _, h := range a.Ports {
		if p == h {
			return true
		}
	}
	return false
}

// merge applies one message to the record of its voyage within tx.
func (a *App) merge(tx *store.Tx, by Actor, v *store.Voyage, m manifest.Message, r *MessageReceipt) (gone []store.Passenger, keys []string, err error) {
	known, err := tx.Voyage(v.ID)
	if err != nil {
		return nil, nil, err
	}
	digest := messageDigest(m)
	reference := m.ID().Interchange + "/" + m.Reference
	before, err := tx.ManifestDigest(m.Sender, reference, v.ID)
	switch {
	case err != nil:
		return nil, nil, err
	case before != nil && string(before) != string(digest):
		r.Status, r.Why = Rejected, "a message with this reference was merged before and said something else"
		return nil, nil, nil
	case before != nil:
		r.Status = Repeated
		r.Passengers, err = tx.Passengers(v.ID)
		return nil, nil, err
	case known != nil && !known.Closed.IsZero():
		r.Status, r.Why = Rejected, "the voyage was closed out"
		return nil, nil, nil
	}
	if err := tx.PutVoyage(*v); err != nil {
		return nil, nil, err
	}
	if err := tx.InsertManifest(m.Sender, reference, v.ID, digest, a.Now()); err != nil {
		return nil, nil, err
	}
	if gone, keys, err = a.mergePassengers(tx, v, m, r); err != nil {
		return nil, nil, err
	}
	r.Status = Accepted
	for _, d := range m.Diagnostics {
		if d.Severity != manifest.Warning {
			r.Status = WithErrors
		}
	}
	if r.Passengers, err = tx.Passengers(v.ID); err != nil {
		return nil, nil, err
	}
	return gone, keys, tx.Audit(audit.Entry{At: a.Now(), Actor: by.Key, Action: "manifest", Subject: string(v.ID), Purpose: "advance passenger information"})
}

func messageDigest(m manifest.Message) []byte {
	m.Diagnostics = nil // offsets move when the same message is sent in another envelope
	b, err := json.Marshal(m)
	if err != nil {
		panic("app: " + err.Error()) // our own type
	}
	sum := sha256.Sum256(b)
	return sum[:]
}

func (a *App) mergePassengers(tx *store.Tx, v *store.Voyage, m manifest.Message, r *MessageReceipt) (gone []store.Passenger, keys []string, err error) {
	listed, err := tx.Passengers(v.ID)
	if err != nil {
		return nil, nil, err
	}
	byID := make(map[travel.PassengerID]store.Passenger, len(listed))
	current := manifest.Manifest{Legs: v.Legs}
	last := 0
	for _, p := range listed {
		p.Listed.ID = p.ID
		current.Passengers = append(current.Passengers, p.Listed)
		byID[p.ID] = p
		last = max(last, p.Position)
	}
	_, change := manifest.Merge(current, m)
	r.Added, r.Changed, r.Removed = len(change.Added), len(change.Changed), len(change.Removed)
	for i, p := range change.Added {
		if err := a.putPassenger(tx, v, store.Passenger{ID: travel.PassengerID(newID()), Position: last + 1 + i, Readiness: gallery.NoReference}, p); err != nil {
			return nil, nil, err
		}
	}
	for _, p := range change.Changed {
		if err := a.putPassenger(tx, v, byID[p.ID], p); err != nil {
			return nil, nil, err
		}
	}
	for _, p := range change.Removed {
		more, err := a.removePassenger(tx, byID[p.ID])
		if err != nil {
			return nil, nil, err
		}
		gone, keys = append(gone, byID[p.ID]), append(keys, more...)
	}
	return gone, keys, nil
}

// putPassenger writes a passenger with their traveler and their scope by the
// rule in force on the day of the crossing.
func (a *App) putPassenger(tx *store.Tx, v *store.Voyage, p store.Passenger, listed manifest.Passenger) (err error) {
	p.Voyage, p.Listed = v.ID, listed
	if p.Traveler, err = a.traveler(tx, listed.Person, listed.Documents); err != nil {
		return err
	}
	citizenship := citizenshipOf(listed)
	p.Scope, err = policy.Photograph(policy.Question{Citizenship: citizenship, Direction: v.Direction, Day: v.Day})
	if errs.KindOf(err) == errs.NotFound {
		// No rule in force: nobody is put in scope by a guess.
		p.Scope, err = policy.Answer{Scope: policy.NeedsOfficer}, nil
	}
	if err != nil {
		return err
	}
	p.Citizen = policy.IsCitizen(citizenship, v.Day)
	return tx.PutPassenger(p)
}

// citizenshipOf is the nationality the carrier lists; where it lists none, the
// issuer of the passport, which a state gives to its own citizens.
func citizenshipOf(p manifest.Passenger) travel.Country {
	if p.Nationality != "" {
		return p.Nationality
	}
	for _, d := range p.Documents {
		if d.Type == travel.Passport {
			return d.Issuer
		}
	}
	return ""
}

// traveler returns the traveler who holds one of the documents, or makes one.
// Comparing people whose document changed comes with the matching of
// departures to arrivals.
func (a *App) traveler(tx *store.Tx, who travel.Person, docs []travel.Document) (id travel.TravelerID, err error) {
	for _, d := range docs {
		if d.Number == "" {
			continue
		}
		if id, err = tx.TravelerOf(d); err != nil || id != "" {
			break
		}
	}
	if err != nil {
		return "", err
	}
	if id == "" {
		id = travel.TravelerID(newID())
		if err := tx.InsertTraveler(travel.Traveler{ID: id, Person: who}, a.Now()); err != nil {
			return "", err
		}
	}
	for _, d := range docs {
		if d.Number == "" {
			continue
		}
		if err := tx.PutDocument(d, id); err != nil {
			return "", err
		}
	}
	return id, nil
}

func (a *App) removePassenger(tx *store.Tx, p store.Passenger) (keys []string, err error) {
	p.Removed = a.Now()
	if err := tx.PutPassenger(p); err != nil {
		return nil, err
	}
	return a.eraseReferences(tx, &p)
}
