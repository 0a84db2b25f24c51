package store

import (
	"time"

	"limen/internal/seal"
	"limen/retention"
	"limen/travel"
)

// Traveler is the record of a traveler.
type Traveler struct {
	travel.Traveler
	KeyID  string          // of what is sealed of it
	Class  retention.Class // of the record
	Due    time.Time
	Erased bool // Person is gone with its data key; the row follows
}

func personContext(id travel.TravelerID) seal.Context {
	return seal.Context{Subject: string(id), Class: record, Kind: "person"}
}

// documentIndex is how a document is found: whoever reads the table learns no
// number.
func (t *Tx) documentIndex(d travel.Document) ([]byte, error) {
	if t.store.vault == nil {
		return nil, errNoVault()
	}
	return t.store.vault.Index("document", string(d.Issuer), string(d.Type), d.Number), nil
}

// condemnedTraveler holds for a traveler t whose data key is to be destroyed:
// the row goes with it, so that nothing new may refer to it.
const condemnedTraveler = `EXISTS (SELECT 1 FROM erasures r WHERE r.key_id = t.key_id)`

// TravelerOf returns the traveler who holds a document, or "". One who is about
// to be erased is not known any more.
func (t *Tx) TravelerOf(d travel.Document) (id travel.TravelerID, err error) {
	digest, err := t.documentIndex(d)
	if err != nil {
		return "", err
	}
	_, err = t.one([]any{&id}, `SELECT t.id FROM documents d JOIN travelers t ON t.id = d.traveler WHERE d.digest = $1 AND NOT `+condemnedTraveler, digest)
	return id, err
}

// InsertTraveler adds a traveler, whose person is sealed under a new key.
func (t *Tx) InsertTraveler(v Traveler, at time.Time) error {
	key, err := t.mint()
	if err != nil {
		return err
	}
	person, err := t.seal(key, personContext(v.ID), []byte(toJSON(v.Person)))
	if err != nil {
		return err
	}
	return t.exec(`INSERT INTO travelers (id, key_id, person, created, class, due) VALUES ($1, $2, $3, $4, $5, $6)`,
		v.ID, key, person, micros(at), v.Class, micros(v.Due))
}

// KeepTraveler keeps a traveler's record until due in a class, unless it is
// kept longer anyway.
func (t *Tx) KeepTraveler(id travel.TravelerID, c retention.Class, due time.Time) error {
	return t.exec(`UPDATE travelers SET class = $2, due = $3 WHERE id = $1 AND due < $3`, id, c, micros(due))
}

// PutDocument links a document to its traveler; the first link stays, unless
// that traveler is about to be erased.
func (t *Tx) PutDocument(d travel.Document, id travel.TravelerID) error {
	digest, err := t.documentIndex(d)
	if err != nil {
		return err
	}
	return t.exec(`INSERT INTO documents (digest, traveler) VALUES ($1, $2) ON CONFLICT (digest) DO UPDATE SET traveler = excluded.traveler
		WHERE EXISTS (SELECT 1 FROM travelers t WHERE t.id = documents.traveler AND `+condemnedTraveler+`)`, digest, id)
}

// Traveler returns a traveler, or nil.
func (t *Tx) Traveler(id travel.TravelerID) (*Traveler, error) {
	return first(t, func(row func(...any) error) (v Traveler, err error) {
		var person []byte
		if err = row(&v.ID, &v.KeyID, &person, &v.Class, timeColumn{&v.Due}); err != nil {
			return v, err
		}
		v.Erased, err = t.openJSON(v.KeyID, personContext(v.ID), person, &v.Person)
		return v, err
	}, `SELECT id, key_id, person, class, due FROM travelers WHERE id = $1`, id)
}
