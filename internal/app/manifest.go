package app

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"io"
	"slices"
	"strconv"

	"limen/audit"
	"limen/errs"
	"limen/gallery"
	"limen/internal/store"
	"limen/manifest"
	"limen/policy"
	"limen/stay"
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
	Passengers  []store.Passenger // as the voyage now has them, in its last receipt
	Diagnostics []manifest.Diagnostic
}

// TakeManifest merges what a carrier sent: EDIFACT or JSON, several messages
// or one. A message that cannot be taken is rejected in its receipt and costs
// the others nothing; an error is returned only if the input could not be read,
// and then nothing is taken, or if the store failed, and then the messages
// before it are.
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
	return out, a.listings(ctx, out.Messages)
}

// listings adds the passengers as a voyage now has them to the last receipt of
// each voyage: once, for a thousand messages may be about one.
func (a *App) listings(ctx context.Context, rs []MessageReceipt) error {
	listed := map[travel.VoyageID]bool{}
	return a.store.Read(ctx, func(tx *store.Tx) (err error) {
		for i := len(rs) - 1; i >= 0; i-- {
			if r := &rs[i]; r.Voyage != "" && !listed[r.Voyage] && r.Status != Rejected {
				listed[r.Voyage] = true
				if r.Passengers, err = tx.Passengers(r.Voyage); err != nil {
					return err
				}
			}
		}
		return nil
	})
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

// mergeLocked merges a message, and brings the gallery in memory in line.
func (a *App) mergeLocked(ctx context.Context, by Actor, v *store.Voyage, m manifest.Message, r *MessageReceipt) error {
	unlock, err := a.voyages.lock(ctx, string(v.ID))
	if err != nil {
		return err
	}
	defer unlock()
	var eff effect
	err = a.store.Write(ctx, func(tx *store.Tx) (err error) {
		eff, err = a.merge(tx, by, v, m, r)
		return err
	})
	if err != nil {
		return err
	}
	for _, p := range eff.gone {
		a.forget(v.ID, p.ID)
	}
	if eff.moved {
		a.dropGallery(v.ID) // it is built again with its new end
	}
	a.erased(ctx)
	return nil
}

// effect is what a merge means for the gallery in memory.
type effect struct {
	gone  []store.Passenger
	moved bool // the voyage ends at another time
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
	v := &store.Voyage{Voyage: travel.Voyage{ID: id, Legs: m.Legs}, Carrier: m.Legs[0].Carrier}
	if why := a.place(v); why != "" {
		return nil, why
	}
	if n := a.today(v.Port).DaysUntil(v.Day); n < -oldest || n > farthest {
		return nil, "the voyage is more than " + strconv.Itoa(oldest) + " days past or " + strconv.Itoa(farthest) + " days ahead"
	}
	return v, ""
}

// A manifest is for a voyage that is near: references are kept until its end.
const oldest, farthest = 3, 400

// place finds the leg of a voyage that crosses the border, and with it
// direction, port, day and end; or says why there is none here.
func (a *App) place(v *store.Voyage) (why string) {
	for _, l := range v.Legs {
		from, to := a.domestic(l.From), a.domestic(l.To)
		if from == to {
			continue
		}
		at := l.Departure
		v.Direction, v.Port = travel.Exit, l.From
		if to {
			at = l.Arrival
			v.Direction, v.Port = travel.Entry, l.To
		}
		if _, here := a.Ports[v.Port]; !here {
			return "the voyage crosses the border at " + string(v.Port) + ", which is no port of this system"
		}
		if at.IsZero() {
			return "the leg that crosses the border has no local time at this port"
		}
		v.Day, v.Ends = at.Day, at.In(a.zone(v.Port))
		return ""
	}
	return "no leg of this voyage crosses the border at a port of this system"
}

// domestic reports whether a port is in the country whose border this is.
func (a *App) domestic(p travel.Port) bool {
	_, here := a.Ports[p]
	return here || slices.Contains(a.Domestic, p)
}

// merge applies one message to the record of its voyage within tx.
func (a *App) merge(tx *store.Tx, by Actor, v *store.Voyage, m manifest.Message, r *MessageReceipt) (eff effect, err error) {
	known, err := tx.Voyage(v.ID)
	if err != nil {
		return eff, err
	}
	digest, reference := messageDigest(m), m.ID().Interchange+"/"+m.Reference
	if stop, err := a.seen(tx, v, known, m.Sender, reference, digest, r); stop || err != nil {
		return eff, err
	}
	if known != nil && m.Function != manifest.Update {
		*v = *known // only an update changes times
	}
	eff.moved = known != nil && (!known.Ends.Equal(v.Ends) || known.Day != v.Day)
	if err := tx.PutVoyage(*v); err != nil {
		return eff, err
	}
	if eff.moved {
		if err := a.move(tx, v); err != nil {
			return eff, err
		}
	}
	if m.Reference != "" { // one without cannot be told from its repetition
		if err := tx.InsertManifest(m.Sender, reference, v.ID, digest, a.Now()); err != nil {
			return eff, err
		}
	}
	if eff.gone, err = a.mergePassengers(tx, v, m, r); err != nil {
		return eff, err
	}
	r.Status = Accepted
	for _, d := range m.Diagnostics {
		if d.Severity != manifest.Warning {
			r.Status = WithErrors
		}
	}
	return eff, tx.Audit(audit.Entry{At: a.Now(), Actor: by.Key, Action: "manifest", Subject: string(v.ID), Purpose: "advance passenger information"})
}

// seen answers a message that changes nothing: one merged before, or for a
// voyage that is closed, or that is another carrier's: ids join a carrier's code
// and a number, so ZZ 101 and Z Z101 have the same.
func (a *App) seen(tx *store.Tx, v, known *store.Voyage, sender, reference string, digest []byte, r *MessageReceipt) (stop bool, err error) {
	before, err := tx.ManifestDigest(sender, reference, v.ID)
	switch {
	case err != nil:
		return true, err
	case known != nil && known.Carrier != v.Carrier:
		r.Status, r.Why = Rejected, "another carrier's voyage has this carrier code and number when written together"
		return true, nil
	case before != nil && string(before) != string(digest):
		r.Status, r.Why = Rejected, "a message with this reference was merged before and said something else"
		return true, nil
	case before != nil:
		r.Status = Repeated
		return true, nil
	case known != nil && !known.Closed.IsZero():
		r.Status, r.Why = Rejected, "the voyage was closed out"
		return true, nil
	}
	return false, nil
}

// move gives a voyage's references the voyage's new end, and its passengers
// the scope of its new day.
func (a *App) move(tx *store.Tx, v *store.Voyage) error {
	if err := tx.MoveReferences(v.ID, a.galleryEnds(v)); err != nil {
		return err
	}
	ps, err := tx.Passengers(v.ID)
	if err != nil {
		return err
	}
	for _, p := range ps {
		if err := a.putPassenger(tx, v, p, p.Listed); err != nil {
			return err
		}
	}
	return nil
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
	if p.Traveler, err = a.traveler(tx, p.Traveler, listed.Person, listed.Documents); err != nil {
		return err
	}
	if p.ID == "" {
		back, err := tx.RemovedPassenger(v.ID, p.Traveler)
		if err != nil {
			return err
		}
		p.ID = travel.PassengerID(newID())
		if back != nil {
			p.ID, p.Position = back.ID, back.Position
		}
	}
	p.Voyage, p.Listed = v.ID, listed
	p.Scope, err = policy.Photograph(policy.Question{Citizenship: citizenshipOf(listed, v.Day), Direction: v.Direction, Day: v.Day})
	if errs.KindOf(err) == errs.NotFound {
		// No rule in force: nobody is put in scope by a guess.
		p.Scope, err = policy.Answer{Scope: policy.NeedsOfficer, Ask: "No rule set is in force that day: which duty does this person have?"}, nil
	}
	if err != nil {
		return err
	}
	if err := tx.PutPassenger(p); err != nil {
		return err
	}
	return a.becameCitizen(tx, v, p)
}

// becameCitizen erases what is kept of somebody who crossed as an alien and is
// a citizen by what the carrier says now.
func (a *App) becameCitizen(tx *store.Tx, v *store.Voyage, p store.Passenger) error {
	x, err := tx.CrossingOf(v.ID, p.Traveler, v.Direction)
	if err != nil || x == nil || !p.Citizen() {
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

// citizenshipOf is that of the home country if any passport is: who holds one
// and presents as a citizen is one. Else it is the nationality the carrier
// lists; where it lists none, the issuer of the passport, which a state gives
// to its own citizens.
func citizenshipOf(p manifest.Passenger, day travel.Day) (c travel.Country) {
	c = p.Nationality
	for _, d := range p.Documents {
		if d.Type != travel.Passport {
			continue
		}
		if policy.IsCitizen(d.Issuer, day) {
			return d.Issuer
		}
		if c == "" {
			c = d.Issuer
		}
	}
	return c
}

// traveler returns the traveler who holds one of the documents, or else
// current, or makes one if that is "".
// Comparing people whose document changed comes with the matching of
// departures to arrivals. A document that another person holds, by birth date,
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
		if err := tx.InsertTraveler(travel.Traveler{ID: id, Person: who}, a.Now()); err != nil {
			return "", err
		}
		if shared {
			if err := tx.InsertLead(stay.Lead{Kind: stay.SharedDocument, Traveler: id, Day: a.earliestToday()}); err != nil {
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
func (a *App) holder(tx *store.Tx, d travel.Document) (*travel.Traveler, error) {
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
		if err := tx.InsertLead(stay.Lead{Kind: stay.OffLoaded, Traveler: p.Traveler, Crossing: x.ID, Day: x.Day}); err != nil {
			return err
		}
	}
	return a.eraseReferences(tx, &p, "reduction")
}
