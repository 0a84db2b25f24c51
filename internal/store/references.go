package store

import (
	"context"
	"time"

	"limen/biometric"
	"limen/gallery"
	"limen/internal/seal"
	"limen/retention"
	"limen/travel"
)

// Item is an image and a template of a subject, sealed under the data key of
// that subject and class.
type Item struct {
	ID       string
	KeyID    string
	Subject  string // passenger or encounter id
	Class    retention.Class
	Due      time.Time
	Image    []byte // nil if none is kept
	Template []byte
	Model    biometric.ModelID
}

// Reference is the record of a reference.
type Reference struct {
	ID string
	gallery.Reference
	Item    string // its sealed item; "" if nothing is kept
	Created time.Time
}

const sealedColumns = `id, key_id, subject, class, due, image, template, model`

func scanItem(row func(...any) error) (s Item, err error) {
	var model string
	if err = row(&s.ID, &s.KeyID, &s.Subject, &s.Class, timeColumn{&s.Due}, &s.Image, &s.Template, &model); err == nil {
		err = s.Model.UnmarshalText([]byte(model))
	}
	return s, err
}

func (i Item) imageContext() seal.Context {
	return seal.Context{Subject: i.Subject, Class: string(i.Class), Kind: "image"}
}

func (i Item) templateContext() seal.Context {
	return seal.Context{Subject: i.Subject, Class: string(i.Class), Kind: "template", Model: i.Model.String()}
}

// InsertItem seals image and template of an item, given in the clear, and adds
// it. All items of a subject and class are under one data key.
func (t *Tx) InsertItem(i Item) error {
	i, err := t.sealItem(i)
	if err != nil {
		return err
	}
	return t.exec(`INSERT INTO sealed (`+sealedColumns+`, condemned) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, FALSE)`,
		i.ID, i.KeyID, i.Subject, i.Class, micros(i.Due), i.Image, i.Template, i.Model.String())
}

func (t *Tx) sealItem(i Item) (Item, error) {
	key, err := t.keyOf(i.Subject, i.Class)
	if err != nil {
		return i, err
	}
	out := i
	out.KeyID, out.Image = key, []byte{}
	if len(i.Image) > 0 {
		if out.Image, err = t.seal(key, i.imageContext(), i.Image); err != nil {
			return i, err
		}
	}
	out.Template, err = t.seal(key, i.templateContext(), i.Template)
	return out, err
}

// keyOf returns the data key of a subject and class, or a new one.
func (t *Tx) keyOf(subject string, c retention.Class) (string, error) {
	ids, err := list(t, scanID, `SELECT key_id FROM sealed WHERE subject = $1 AND class = $2 AND NOT condemned LIMIT 1`, subject, c)
	if err != nil {
		return "", err
	}
	if len(ids) > 0 {
		return ids[0], nil
	}
	return t.mint()
}

// Unseal returns an item with image and template in the clear; NotFound (code
// "data-key") if they were erased meanwhile.
func (s *Store) Unseal(ctx context.Context, i Item) (Item, error) {
	return (&Tx{ctx: ctx, store: s}).unseal(i)
}

func (t *Tx) unseal(i Item) (Item, error) {
	out, err := i, error(nil)
	out.Image = nil
	if len(i.Image) > 0 {
		if out.Image, err = t.open(i.KeyID, i.imageContext(), i.Image); err != nil {
			return i, err
		}
	}
	out.Template, err = t.open(i.KeyID, i.templateContext(), i.Template)
	return out, err
}

// Items returns every sealed item of a subject, in the order of their ids.
func (t *Tx) Items(subject string) ([]Item, error) {
	return list(t, scanItem, `SELECT `+sealedColumns+` FROM sealed WHERE subject = $1 AND NOT condemned ORDER BY id`, subject)
}

// Item returns a sealed item, or nil.
func (t *Tx) Item(id string) (*Item, error) {
	return first(t, scanItem, `SELECT `+sealedColumns+` FROM sealed WHERE id = $1 AND NOT condemned`, id)
}

// AllItems returns every sealed item: for verification, not for serving.
func (t *Tx) AllItems() ([]Item, error) {
	return list(t, scanItem, `SELECT `+sealedColumns+` FROM sealed WHERE NOT condemned ORDER BY id`)
}

// HasItems reports whether anything that is sealed is kept.
func (t *Tx) HasItems() (bool, error) {
	ids, err := list(t, scanID, `SELECT id FROM sealed UNION ALL SELECT id FROM travelers LIMIT 1`)
	return len(ids) > 0, err
}

// ItemClasses returns how many sealed items there are of each class.
func (t *Tx) ItemClasses() (map[retention.Class]int, error) {
	out := map[retention.Class]int{}
	_, err := list(t, func(row func(...any) error) (none struct{}, err error) {
		var c retention.Class
		var n int
		err = row(&c, &n)
		out[c] = n
		return none, err
	}, `SELECT class, count(*) FROM sealed WHERE NOT condemned GROUP BY class`)
	return out, err
}

// Reclassify gives the sealed items of a subject another class and due time.
// They are sealed anew, under the key of that class; the old key is noted for
// destruction.
func (t *Tx) Reclassify(subject string, c retention.Class, due, at time.Time) error {
	items, err := t.Items(subject)
	if err != nil {
		return err
	}
	for _, was := range items {
		if was.Class == c {
			if err := t.exec(`UPDATE sealed SET due = $2 WHERE id = $1`, was.ID, micros(due)); err != nil {
				return err
			}
			continue
		}
		i, err := t.unseal(was)
		if err != nil {
			return err
		}
		i.Class, i.Due = c, due
		if i, err = t.sealItem(i); err != nil {
			return err
		}
		if err := t.exec(`UPDATE sealed SET key_id = $2, class = $3, due = $4, image = $5, template = $6 WHERE id = $1`,
			i.ID, i.KeyID, i.Class, micros(i.Due), i.Image, i.Template); err != nil {
			return err
		}
		if err := t.condemn(Erasure{KeyID: was.KeyID, Kind: Resealed, Subject: subject, Class: was.Class, Cause: "reclassified", At: at}); err != nil {
			return err
		}
	}
	return nil
}

func scanID(row func(...any) error) (id string, err error) { err = row(&id); return id, err }

// MoveReferences gives the sealed references of a voyage another due time.
func (t *Tx) MoveReferences(v travel.VoyageID, due time.Time) error {
	return t.exec(`UPDATE sealed SET due = $2 WHERE class = $3 AND subject IN (SELECT id FROM passengers WHERE voyage = $1)`,
		v, micros(due), retention.VoyageGallery)
}

// References returns how many references of a passenger are kept.
func (t *Tx) References(p travel.PassengerID) (n int, err error) {
	_, err = t.one([]any{&n}, `SELECT count(*) FROM reference_items WHERE passenger = $1 AND item <> ''`, p)
	return n, err
}

// InsertReference adds a reference.
func (t *Tx) InsertReference(r Reference) error {
	return t.exec(`INSERT INTO reference_items (id, passenger, source, readiness, model, quality, item, created) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		r.ID, r.Passenger, r.Source, r.Readiness, r.Model.String(), toJSON(r.Quality), r.Item, micros(r.Created))
}

// GalleryItems returns the sealed references of the passengers still listed on
// a voyage: what its gallery is rebuilt from.
func (t *Tx) GalleryItems(v travel.VoyageID) ([]Item, error) {
	return list(t, scanItem, `SELECT s.id, s.key_id, s.subject, s.class, s.due, s.image, s.template, s.model FROM sealed s
		JOIN reference_items r ON r.item = s.id JOIN passengers p ON p.id = r.passenger
		WHERE p.voyage = $1 AND p.removed = 0 AND NOT s.condemned ORDER BY p.position, r.created, r.id`, v)
}
