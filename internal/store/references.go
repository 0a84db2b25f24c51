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

// SealedKeys returns the data keys that sealed items still need.
func (t *Tx) SealedKeys() ([]string, error) {
	return list(t, func(row func(...any) error) (id string, err error) { err = row(&id); return id, err }, `SELECT key_id FROM sealed`)
}

// SealedDue returns the sealed items that are to be gone at now.
func (t *Tx) SealedDue(now time.Time) ([]Sealed, error) {
	return list(t, scanSealed, `SELECT `+sealedColumns+` FROM sealed WHERE due <= $1 ORDER BY due`, micros(now))
}

// Reclassify gives the sealed items of a subject another class and due time.
func (t *Tx) Reclassify(subject string, c retention.Class, due time.Time) error {
	return t.exec(`UPDATE sealed SET class = $2, due = $3 WHERE subject = $1`, subject, c, micros(due))
}

// EraseSealed deletes the sealed items of a subject and returns the data keys
// to destroy once the transaction is durable. References and captures keep
// their rows, without a key.
func (t *Tx) EraseSealed(subject string) (keyIDs []string, err error) {
	items, err := t.Sealed(subject)
	if err != nil {
		return nil, err
	}
	for _, s := range items {
		keyIDs = append(keyIDs, s.KeyID)
		for _, q := range []string{
			`DELETE FROM sealed WHERE key_id = $1`,
			`UPDATE captures SET key_id = '' WHERE key_id = $1`,
			`UPDATE reference_items SET key_id = '' WHERE key_id = $1`,
		} {
			if err := t.exec(q, s.KeyID); err != nil {
				return nil, err
			}
		}
	}
	return keyIDs, nil
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
