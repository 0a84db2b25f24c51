package store

import (
	"time"

	"limen/biometric"
	"limen/gallery"
	"limen/retention"
	"limen/travel"
)

// Sealed is an image and a template, both encrypted under the data key KeyID.
type Sealed struct {
	KeyID    string
	Subject  string // passenger or encounter id
	Class    retention.Class
	Due      time.Time
	Image    []byte // encrypted; nil if none is kept
	Template []byte // encrypted
	Model    biometric.ModelID
}

// Reference is the record of a reference.
type Reference struct {
	ID string
	gallery.Reference
	KeyID   string // of its sealed item; "" if nothing is kept
	Created time.Time
}

const sealedColumns = `key_id, subject, class, due, image, template, model`

func scanSealed(row func(...any) error) (s Sealed, err error) {
	var model string
	if err = row(&s.KeyID, &s.Subject, &s.Class, timeColumn{&s.Due}, &s.Image, &s.Template, &model); err == nil {
		err = s.Model.UnmarshalText([]byte(model))
	}
	return s, err
}

// InsertSealed adds a sealed item.
func (t *Tx) InsertSealed(s Sealed) error {
	image := s.Image
	if image == nil {
		image = []byte{}
	}
	return t.exec(`INSERT INTO sealed (`+sealedColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		s.KeyID, s.Subject, s.Class, micros(s.Due), image, s.Template, s.Model.String())
}

// Sealed returns every sealed item of a subject.
func (t *Tx) Sealed(subject string) ([]Sealed, error) {
	return list(t, scanSealed, `SELECT `+sealedColumns+` FROM sealed WHERE subject = $1`, subject)
}

// SealedDue returns the subjects, at most n, of sealed items that are to be gone
// at now, each with its earliest due time, the most overdue first.
func (t *Tx) SealedDue(now time.Time, n int) ([]Due, error) {
	return list(t, func(row func(...any) error) (d Due, err error) {
		err = row(&d.Subject, timeColumn{&d.At})
		return d, err
	}, `SELECT subject, min(due) FROM sealed WHERE due <= $1 GROUP BY subject ORDER BY min(due) LIMIT $2`, micros(now), n)
}

// DueOf returns when the first sealed item of a subject is due, or no instant.
func (t *Tx) DueOf(subject string) (at time.Time, err error) {
	_, err = t.one([]any{timeColumn{&at}}, `SELECT due FROM sealed WHERE subject = $1 ORDER BY due LIMIT 1`, subject)
	return at, err
}

// Due is a subject with sealed items whose time is over.
type Due struct {
	Subject string
	At      time.Time
}

// SealedClasses returns how many sealed items there are of each class.
func (t *Tx) SealedClasses() (map[retention.Class]int, error) {
	out := map[retention.Class]int{}
	_, err := list(t, func(row func(...any) error) (none struct{}, err error) {
		var c retention.Class
		var n int
		err = row(&c, &n)
		out[c] = n
		return none, err
	}, `SELECT class, count(*) FROM sealed GROUP BY class`)
	return out, err
}

// Reclassify gives the sealed items of a subject another class and due time.
func (t *Tx) Reclassify(subject string, c retention.Class, due time.Time) error {
	return t.exec(`UPDATE sealed SET class = $2, due = $3 WHERE subject = $1`, subject, c, micros(due))
}

// EraseSealed deletes the sealed items of a subject, notes their data keys for
// destruction, and returns how many there were. References and captures keep
// their rows, without a key.
func (t *Tx) EraseSealed(subject, cause string, at time.Time) (int, error) {
	ids, err := list(t, scanID, `SELECT key_id FROM sealed WHERE subject = $1`, subject)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		if err := t.exec(`INSERT INTO erasures (key_id, at, cause) VALUES ($1, $2, $3)`, id, micros(at), cause); err != nil {
			return 0, err
		}
		for _, q := range []string{
			`DELETE FROM sealed WHERE key_id = $1`,
			`UPDATE captures SET key_id = '' WHERE key_id = $1`,
			`UPDATE reference_items SET key_id = '' WHERE key_id = $1`,
		} {
			if err := t.exec(q, id); err != nil {
				return 0, err
			}
		}
	}
	return len(ids), nil
}

func scanID(row func(...any) error) (id string, err error) { err = row(&id); return id, err }

// Erasure is a data key that is still to be destroyed, and why.
type Erasure struct {
	KeyID string
	Cause string
}

// Erasures returns the data keys that are still to be destroyed, at most n.
func (t *Tx) Erasures(n int) ([]Erasure, error) {
	return list(t, func(row func(...any) error) (e Erasure, err error) {
		err = row(&e.KeyID, &e.Cause)
		return e, err
	}, `SELECT key_id, cause FROM erasures ORDER BY at LIMIT $1`, n)
}

// Erased forgets a data key that was destroyed.
func (t *Tx) Erased(keyID string) error {
	return t.exec(`DELETE FROM erasures WHERE key_id = $1`, keyID)
}

// MoveReferences gives the sealed references of a voyage another due time.
func (t *Tx) MoveReferences(v travel.VoyageID, due time.Time) error {
	return t.exec(`UPDATE sealed SET due = $2 WHERE class = $3 AND subject IN (SELECT id FROM passengers WHERE voyage = $1)`,
		v, micros(due), retention.VoyageGallery)
}

// References returns how many references of a passenger are kept.
func (t *Tx) References(p travel.PassengerID) (n int, err error) {
	_, err = t.one([]any{&n}, `SELECT count(*) FROM reference_items WHERE passenger = $1 AND key_id <> ''`, p)
	return n, err
}

// AllSealed returns every sealed item: for verification, not for serving.
func (t *Tx) AllSealed() ([]Sealed, error) {
	return list(t, scanSealed, `SELECT `+sealedColumns+` FROM sealed ORDER BY key_id`)
}

// SealedItem returns a sealed item by its key, or nil.
func (t *Tx) SealedItem(keyID string) (*Sealed, error) {
	return first(t, scanSealed, `SELECT `+sealedColumns+` FROM sealed WHERE key_id = $1`, keyID)
}

// InsertReference adds a reference.
func (t *Tx) InsertReference(r Reference) error {
	return t.exec(`INSERT INTO reference_items (id, passenger, source, readiness, model, quality, key_id, created) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		r.ID, r.Passenger, r.Source, r.Readiness, r.Model.String(), toJSON(r.Quality), r.KeyID, micros(r.Created))
}

// GalleryItems returns the sealed references of the passengers still listed on
// a voyage: what its gallery is rebuilt from.
func (t *Tx) GalleryItems(v travel.VoyageID) ([]Sealed, error) {
	return list(t, scanSealed, `SELECT s.key_id, s.subject, s.class, s.due, s.image, s.template, s.model FROM sealed s
		JOIN reference_items r ON r.key_id = s.key_id JOIN passengers p ON p.id = r.passenger
		WHERE p.voyage = $1 AND p.removed = 0 ORDER BY p.position, r.created`, v)
}
