package store

import (
	"time"

	"limen/gallery"
	"limen/manifest"
	"limen/policy"
	"limen/travel"
)

// Voyage is the record of a voyage.
type Voyage struct {
	travel.Voyage
	Carrier string
	Day     travel.Day // local day of the crossing at the port
	Ends    time.Time  // departure for an exit, arrival for an entry
	Closed  time.Time  // zero while open
}

// Passenger is the record of one passenger of one voyage.
type Passenger struct {
	ID        travel.PassengerID
	Voyage    travel.VoyageID
	Position  int
	Traveler  travel.TravelerID
	Listed    manifest.Passenger
	Removed   time.Time // zero while listed
	Scope     policy.Answer
	Readiness gallery.Readiness
}

// Citizen reports whether the rule in force takes the passenger for a citizen
// of the home country. Of somebody whose citizenship is unknown it says no:
// ask Alien before keeping anything.
func (p Passenger) Citizen() bool { return p.Scope.Scope == policy.NotInScope }

// Alien reports whether the passenger is known not to be a citizen.
func (p Passenger) Alien() bool { return p.Scope.Scope == policy.InScope }

const voyageColumns = `id, direction, port, carrier, legs, day, ends, closed`

func scanVoyage(row func(...any) error) (v Voyage, err error) {
	err = row(&v.ID, &v.Direction, &v.Port, &v.Carrier, jsonColumn{&v.Legs}, dayColumn{&v.Day}, timeColumn{&v.Ends}, timeColumn{&v.Closed})
	return v, err
}

// Voyage returns a voyage, or nil.
func (t *Tx) Voyage(id travel.VoyageID) (*Voyage, error) {
	return first(t, scanVoyage, `SELECT `+voyageColumns+` FROM voyages WHERE id = $1`, id)
}

// PutVoyage inserts a voyage, or updates legs, day and end of the one with its
// id.
func (t *Tx) PutVoyage(v Voyage) error {
	return t.exec(`INSERT INTO voyages (`+voyageColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (id) DO UPDATE SET legs = excluded.legs, day = excluded.day, ends = excluded.ends`,
		v.ID, v.Direction, v.Port, v.Carrier, toJSON(v.Legs), v.Day.String(), micros(v.Ends), micros(v.Closed))
}

// CloseVoyage marks a voyage closed.
func (t *Tx) CloseVoyage(id travel.VoyageID, at time.Time) error {
	return t.exec(`UPDATE voyages SET closed = $2 WHERE id = $1 AND closed = 0`, id, micros(at))
}

// ManifestDigest returns the digest of the message a sender sent under a
// reference for a voyage, or nil.
func (t *Tx) ManifestDigest(sender, reference string, v travel.VoyageID) ([]byte, error) {
	var digest []byte
	_, err := t.one([]any{&digest}, `SELECT digest FROM manifests WHERE sender = $1 AND reference = $2 AND voyage = $3`, sender, reference, v)
	return digest, err
}

// InsertManifest records that a message was merged.
func (t *Tx) InsertManifest(sender, reference string, v travel.VoyageID, digest []byte, at time.Time) error {
	return t.exec(`INSERT INTO manifests (sender, reference, voyage, digest, received) VALUES ($1, $2, $3, $4, $5)`,
		sender, reference, v, digest, micros(at))
}

const passengerColumns = `id, voyage, position, traveler, listed, removed, scope, answer, readiness`

func scanPassenger(row func(...any) error) (p Passenger, err error) {
	err = row(&p.ID, &p.Voyage, &p.Position, &p.Traveler, jsonColumn{&p.Listed}, timeColumn{&p.Removed},
		new(string), jsonColumn{&p.Scope}, &p.Readiness)
	return p, err
}

// Passengers returns the passengers still listed on a voyage, by position.
func (t *Tx) Passengers(v travel.VoyageID) ([]Passenger, error) {
	return list(t, scanPassenger, `SELECT `+passengerColumns+` FROM passengers WHERE voyage = $1 AND removed = 0 ORDER BY position`, v)
}

// LastPosition returns the highest position on a voyage's list so far, 0 if
// nobody was ever on it.
func (t *Tx) LastPosition(v travel.VoyageID) (n int, err error) {
	_, err = t.one([]any{&n}, `SELECT coalesce(max(position), 0) FROM passengers WHERE voyage = $1`, v)
	return n, err
}

// RemovedPassenger returns the passenger whom the carrier took off a voyage and
// who is the traveler, or nil.
func (t *Tx) RemovedPassenger(v travel.VoyageID, id travel.TravelerID) (*Passenger, error) {
	return first(t, scanPassenger, `SELECT `+passengerColumns+` FROM passengers WHERE traveler = $1 AND voyage = $2 AND removed <> 0`, id, v)
}

// Passenger returns a passenger, removed ones included, or nil.
func (t *Tx) Passenger(id travel.PassengerID) (*Passenger, error) {
	return first(t, scanPassenger, `SELECT `+passengerColumns+` FROM passengers WHERE id = $1`, id)
}

// PutPassenger inserts a passenger or replaces the one with its id.
func (t *Tx) PutPassenger(p Passenger) error {
	return t.exec(`INSERT INTO passengers (`+passengerColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (id) DO UPDATE SET position = excluded.position, traveler = excluded.traveler, listed = excluded.listed,
		removed = excluded.removed, scope = excluded.scope, answer = excluded.answer, readiness = excluded.readiness`,
		p.ID, p.Voyage, p.Position, p.Traveler, toJSON(p.Listed), micros(p.Removed),
		p.Scope.Scope, toJSON(p.Scope), p.Readiness)
}

// TravelerOf returns the traveler who holds a document, or "".
func (t *Tx) TravelerOf(d travel.Document) (id travel.TravelerID, err error) {
	_, err = t.one([]any{&id}, `SELECT traveler FROM documents WHERE issuer = $1 AND type = $2 AND number = $3`, d.Issuer, d.Type, d.Number)
	return id, err
}

// InsertTraveler adds a traveler.
func (t *Tx) InsertTraveler(v travel.Traveler, at time.Time) error {
	return t.exec(`INSERT INTO travelers (id, surname, given_names, birth_date, sex, nationality, created) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		v.ID, v.Surname, v.GivenNames, v.BirthDate.String(), v.Sex, v.Nationality, micros(at))
}

// PutDocument links a document to its traveler; the first link stays.
func (t *Tx) PutDocument(d travel.Document, id travel.TravelerID) error {
	return t.exec(`INSERT INTO documents (issuer, type, number, expiry, traveler) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (issuer, type, number) DO UPDATE SET expiry = excluded.expiry`, d.Issuer, d.Type, d.Number, d.Expiry.String(), id)
}

// Traveler returns a traveler, or nil.
func (t *Tx) Traveler(id travel.TravelerID) (*travel.Traveler, error) {
	return first(t, func(row func(...any) error) (v travel.Traveler, err error) {
		err = row(&v.ID, &v.Surname, &v.GivenNames, dayColumn{&v.BirthDate}, &v.Sex, &v.Nationality)
		return v, err
	}, `SELECT id, surname, given_names, birth_date, sex, nationality FROM travelers WHERE id = $1`, id)
}
