package store

import (
	"time"

	"limen/gallery"
	"limen/internal/seal"
	"limen/manifest"
	"limen/policy"
	"limen/retention"
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
	Removed   time.Time       // zero while listed
	Scope     policy.Decision // on the photograph
	Country   travel.Country  // of citizenship
	Readiness gallery.Readiness
	KeyID     string          // of what is sealed of it; made by the first PutPassenger
	Class     retention.Class // of the record
	Due       time.Time
	// Erased says that Listed is gone with its data key; the row follows.
	Erased bool
}

// Citizen reports whether the rule in force takes the passenger for a citizen
// of the home country. Of somebody whose citizenship is unknown it says no:
// ask Alien before keeping anything.
func (p Passenger) Citizen() bool { return p.Scope.Standing == policy.Citizen }

// Alien reports whether the passenger is known not to be a citizen.
func (p Passenger) Alien() bool { return p.Scope.Standing == policy.Alien }

// InScope reports whether the rule in force asks the passenger for a
// photograph: of nobody else is an image kept.
func (p Passenger) InScope() bool { return p.Scope.Result == policy.Required }

// Free reports whether the rule in force asks the passenger for no photograph:
// citizens, and whom it exempts. Of them nothing is kept once it is known who
// they are.
func (p Passenger) Free() bool {
	return p.Scope.Result == policy.NotInScope || p.Scope.Result == policy.Exempt
}

const voyageColumns = `id, direction, port, carrier, legs, day, ends, closed`

func scanVoyage(row func(...any) error) (v Voyage, err error) {
	err = row(&v.ID, &v.Direction, &v.Port, &v.Carrier, jsonColumn{&v.Legs}, dayColumn{&v.Day}, timeColumn{&v.Ends}, timeColumn{&v.Closed})
	return v, err
}

// Voyage returns a voyage, or nil.
func (t *Tx) Voyage(id travel.VoyageID) (*Voyage, error) {
	return first(t, scanVoyage, `SELECT `+voyageColumns+` FROM voyages WHERE id = $1`, id)
}

// OpenVoyages returns the voyages that are not closed and end at that time or
// later.
func (t *Tx) OpenVoyages(at time.Time) ([]Voyage, error) {
	return list(t, scanVoyage, `SELECT `+voyageColumns+` FROM voyages WHERE closed = 0 AND ends >= $1 ORDER BY id`, micros(at))
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

const passengerColumns = `id, voyage, position, traveler, key_id, listed, removed, answer, readiness, class, due, country`

func listingContext(id travel.PassengerID) seal.Context {
	return seal.Context{Subject: string(id), Class: record, Kind: "listing"}
}

func (t *Tx) scanPassenger(row func(...any) error) (p Passenger, err error) {
	var listed []byte
	err = row(&p.ID, &p.Voyage, &p.Position, &p.Traveler, &p.KeyID, &listed, timeColumn{&p.Removed},
		jsonColumn{&p.Scope}, &p.Readiness, &p.Class, timeColumn{&p.Due}, &p.Country)
	if err != nil {
		return p, err
	}
	p.Erased, err = t.openJSON(p.KeyID, listingContext(p.ID), listed, &p.Listed)
	return p, err
}

// Passengers returns the passengers still listed on a voyage, by position.
func (t *Tx) Passengers(v travel.VoyageID) ([]Passenger, error) {
	return list(t, t.scanPassenger, `SELECT `+passengerColumns+` FROM passengers WHERE voyage = $1 AND removed = 0 ORDER BY position, id`, v)
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
	return first(t, t.scanPassenger, `SELECT `+passengerColumns+` FROM passengers WHERE traveler = $1 AND voyage = $2 AND removed <> 0 ORDER BY id`, id, v)
}

// Passenger returns a passenger, removed ones included, or nil.
func (t *Tx) Passenger(id travel.PassengerID) (*Passenger, error) {
	return first(t, t.scanPassenger, `SELECT `+passengerColumns+` FROM passengers WHERE id = $1`, id)
}

// PutPassenger inserts a passenger or replaces the one with its id. What the
// carrier lists is sealed.
func (t *Tx) PutPassenger(p Passenger) (err error) {
	if p.KeyID == "" {
		if p.KeyID, err = t.mint(); err != nil {
			return err
		}
	}
	listed, err := t.seal(p.KeyID, listingContext(p.ID), []byte(toJSON(p.Listed)))
	if err != nil {
		return err
	}
	return t.exec(`INSERT INTO passengers (`+passengerColumns+`, scope) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (id) DO UPDATE SET position = excluded.position, traveler = excluded.traveler, key_id = excluded.key_id, listed = excluded.listed,
		removed = excluded.removed, scope = excluded.scope, answer = excluded.answer, readiness = excluded.readiness,
		class = excluded.class, due = excluded.due, country = excluded.country`,
		p.ID, p.Voyage, p.Position, p.Traveler, p.KeyID, listed, micros(p.Removed), toJSON(p.Scope), p.Readiness, p.Class, micros(p.Due), p.Country, p.Scope.Result)
}
