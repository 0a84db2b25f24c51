package store

import (
	"time"

	"limen/errs"
	"limen/retention"
	"limen/travel"
)

// Kind says what a data key opens, or a due date is about.
type Kind string

// The kinds.
const (
	ItemKind      Kind = "items"     // images and templates of a subject
	Resealed      Kind = "resealed"  // the same, under the key of their earlier class
	CrossingKind  Kind = "crossing"  // a crossing: it names nobody and has no key
	EncounterKind Kind = "encounter" // with its captures and decision
	PassengerKind Kind = "passenger" // a listing, with its references
	TravelerKind  Kind = "traveler"  // with documents, admissions and leads
)

// Erasure is a data key that is to be destroyed, with what it opens and why.
type Erasure struct {
	KeyID   string
	Kind    Kind
	Subject string
	Class   retention.Class
	Cause   string
	At      time.Time
}

// condemn notes a data key for destruction; noting it again changes nothing.
func (t *Tx) condemn(e Erasure) error {
	return t.exec(`INSERT INTO erasures (key_id, kind, subject, class, cause, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (key_id) DO NOTHING`,
		e.KeyID, e.Kind, e.Subject, e.Class, e.Cause, micros(e.At))
}

// EraseItems condemns the sealed items of a subject: from now on nobody reads
// them, and their data keys are noted for destruction. It returns how many
// there were. References and captures keep their rows, without an item.
//
// What a crash leaves after the commit: keys that are noted, and rows that
// nobody reads; the next start destroys and deletes them.
func (t *Tx) EraseItems(subject, cause string, at time.Time) (int, error) {
	items, err := t.Items(subject)
	if err != nil {
		return 0, err
	}
	for _, i := range items {
		if err := t.condemn(Erasure{i.KeyID, ItemKind, subject, i.Class, cause, at}); err != nil {
			return 0, err
		}
		for _, q := range []string{
			`UPDATE sealed SET condemned = TRUE WHERE id = $1`,
			`UPDATE captures SET item = '' WHERE item = $1`,
			`UPDATE reference_items SET item = '' WHERE item = $1`,
		} {
			if err := t.exec(q, i.ID); err != nil {
				return 0, err
			}
		}
	}
	return len(items), nil
}

// EraseRecord condemns the record of an encounter, a passenger or a traveler:
// its data key is noted for destruction, and its rows go after that.
func (t *Tx) EraseRecord(k Kind, subject, cause string, at time.Time) error {
	table, ok := recordTables[k]
	if !ok {
		return errs.New(errs.Broken, "erase-kind", "%s is no kind of record", string(k))
	}
	if _, err := t.EraseItems(subject, cause, at); err != nil {
		return err
	}
	return t.exec(`INSERT INTO erasures (key_id, kind, subject, class, cause, at)
		SELECT key_id, $2, id, class, $3, $4 FROM `+table+` WHERE id = $1 ON CONFLICT (key_id) DO NOTHING`, subject, k, cause, micros(at))
}

var recordTables = map[Kind]string{EncounterKind: "encounters", PassengerKind: "passengers", TravelerKind: "travelers"}

// Erasures returns the data keys that are still to be destroyed, at most n: of
// images first, then in the order in which rows depend on each other.
func (t *Tx) Erasures(n int) ([]Erasure, error) {
	return list(t, func(row func(...any) error) (e Erasure, err error) {
		err = row(&e.KeyID, &e.Kind, &e.Subject, &e.Class, &e.Cause, timeColumn{&e.At})
		return e, err
	}, `SELECT key_id, kind, subject, class, cause, at FROM erasures
		ORDER BY CASE kind WHEN 'items' THEN 0 WHEN 'resealed' THEN 1 WHEN 'encounter' THEN 2 WHEN 'passenger' THEN 3 ELSE 4 END, at, key_id LIMIT $1`, n)
}

// Erased deletes the rows that a destroyed data key opened, and the note of
// it. What opens the audit log's entries about a record ends at openings. It
// returns how many rows of people or items they were.
func (t *Tx) Erased(e Erasure, openings time.Time) (rows int, err error) {
	counted := map[Kind]string{
		ItemKind: `SELECT count(*) FROM sealed WHERE key_id = $1`, EncounterKind: `SELECT count(*) FROM encounters WHERE key_id = $1`,
		PassengerKind: `SELECT count(*) FROM passengers WHERE key_id = $1`, TravelerKind: `SELECT count(*) FROM travelers WHERE key_id = $1`}
	if q := counted[e.Kind]; q != "" {
		if _, err := t.one([]any{&rows}, q, e.KeyID); err != nil {
			return 0, err
		}
	}
	if _, is := recordTables[e.Kind]; is {
		if err := t.exec(`UPDATE audit SET due = $2 WHERE due = 0 AND (subject = $1 OR subject IN (SELECT id FROM decisions WHERE encounter = $1)
			OR subject IN (SELECT id FROM captures WHERE encounter = $1))`, e.Subject, micros(openings)); err != nil {
			return 0, err
		}
	}
	for _, q := range erasedRows[e.Kind] {
		if err := t.exec(q, e.Subject); err != nil {
			return 0, err
		}
	}
	if e.Kind == ItemKind {
		if err := t.exec(`DELETE FROM sealed WHERE key_id = $1`, e.KeyID); err != nil {
			return 0, err
		}
	}
	return rows, t.exec(`DELETE FROM erasures WHERE key_id = $1`, e.KeyID)
}

// erasedRows are the rows that go with a record, what refers before what is
// referred to.
var erasedRows = map[Kind][]string{
	EncounterKind: {
		`DELETE FROM captures WHERE encounter = $1`,
		`DELETE FROM decisions WHERE encounter = $1`,
		`DELETE FROM encounters WHERE id = $1`,
	},
	PassengerKind: {
		`DELETE FROM reference_items WHERE passenger = $1`,
		`DELETE FROM passengers WHERE id = $1`,
	},
	TravelerKind: {
		`DELETE FROM leads WHERE traveler = $1`,
		`DELETE FROM admissions WHERE traveler = $1`,
		`DELETE FROM documents WHERE traveler = $1`,
		`DELETE FROM travelers WHERE id = $1`,
	},
}

// DeleteCrossing deletes a crossing and its keys, when its time is over.
func (t *Tx) DeleteCrossing(id travel.CrossingID) error {
	c, err := t.Crossing(id)
	if err != nil || c == nil {
		return err
	}
	for _, key := range c.Once() {
		if err := t.exec(`DELETE FROM crossing_once WHERE key = $1`, key); err != nil {
			return err
		}
		t.note(key, "")
	}
	if err := t.exec(`DELETE FROM outbox WHERE topic = 'crossing' AND key = $1`, id); err != nil {
		return err
	}
	return t.exec(`DELETE FROM crossings WHERE id = $1`, id)
}

// Due is something whose time is over or will be.
type Due struct {
	Kind    Kind
	Subject string
	Class   retention.Class
	At      time.Time
}

// DueBefore returns what of a kind is to be gone at now, at most n, in the
// order of (due, subject) after the given one, so that what is held does not
// keep the rest from its turn. What others still refer to is not due yet.
func (t *Tx) DueBefore(k Kind, now time.Time, after Due, n int) ([]Due, error) {
	return list(t, func(row func(...any) error) (d Due, err error) {
		d.Kind = k
		err = row(&d.Subject, &d.Class, timeColumn{&d.At})
		return d, err
	}, `SELECT subject, class, due FROM (`+dueQueries[k]+`) d WHERE due <= $1 AND (due > $2 OR (due = $2 AND subject > $3)) ORDER BY due, subject LIMIT $4`,
		micros(now), micros(after.At), after.Subject, n)
}

var dueQueries = map[Kind]string{
	ItemKind:     `SELECT subject, min(class) AS class, min(due) AS due FROM sealed WHERE NOT condemned AND due <= $1 GROUP BY subject`,
	CrossingKind: `SELECT id AS subject, class, due FROM crossings`,
	EncounterKind: `SELECT id AS subject, class, due FROM encounters e
		WHERE NOT EXISTS (SELECT 1 FROM decisions d JOIN crossings x ON x.decision = d.id WHERE d.encounter = e.id)
		AND NOT EXISTS (SELECT 1 FROM erasures r WHERE r.key_id = e.key_id)`,
	PassengerKind: `SELECT id AS subject, class, due FROM passengers p
		WHERE NOT EXISTS (SELECT 1 FROM crossings x WHERE x.traveler = p.traveler AND x.passenger = p.id)
		AND NOT EXISTS (SELECT 1 FROM erasures r WHERE r.key_id = p.key_id)`,
	TravelerKind: `SELECT id AS subject, class, due FROM travelers t
		WHERE NOT EXISTS (SELECT 1 FROM passengers p WHERE p.traveler = t.id)
		AND NOT EXISTS (SELECT 1 FROM crossings x WHERE x.traveler = t.id)
		AND NOT EXISTS (SELECT 1 FROM erasures r WHERE r.key_id = t.key_id)`,
}

// Kinds are the kinds that have a due date, in the order in which they go.
var Kinds = []Kind{ItemKind, CrossingKind, EncounterKind, PassengerKind, TravelerKind}

// DueOf returns when the first sealed item of a subject is due, or no instant.
func (t *Tx) DueOf(subject string) (at time.Time, err error) {
	_, err = t.one([]any{timeColumn{&at}}, `SELECT due FROM sealed WHERE subject = $1 AND NOT condemned ORDER BY due LIMIT 1`, subject)
	return at, err
}

// Related returns what a hold may name to keep a subject: itself, its voyage,
// its traveler, and the passenger it turned out to be.
func (t *Tx) Related(subject string) ([]retention.Subject, error) {
	return list(t, func(row func(...any) error) (s retention.Subject, err error) {
		err = row(&s.Kind, &s.ID)
		return s, err
	},
		`SELECT 'passenger', id FROM passengers WHERE id = $1
		UNION SELECT 'voyage', voyage FROM passengers WHERE id = $1 UNION SELECT 'traveler', traveler FROM passengers WHERE id = $1
		UNION SELECT 'encounter', id FROM encounters WHERE id = $1 UNION SELECT 'voyage', voyage FROM encounters WHERE id = $1
		UNION SELECT 'passenger', p.id FROM decisions d JOIN passengers p ON p.id = d.passenger WHERE d.encounter = $1
		UNION SELECT 'traveler', p.traveler FROM decisions d JOIN passengers p ON p.id = d.passenger WHERE d.encounter = $1
		UNION SELECT 'voyage', voyage FROM crossings WHERE id = $1 UNION SELECT 'traveler', traveler FROM crossings WHERE id = $1
		UNION SELECT 'passenger', passenger FROM crossings WHERE id = $1
		UNION SELECT 'traveler', id FROM travelers WHERE id = $1`, subject)
}

// PutHold adds a hold, or records that it was lifted.
func (t *Tx) PutHold(h retention.Hold) error {
	return t.exec(`INSERT INTO holds (id, kind, subject, owner, reason, placed, until, lifted, lifted_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (id) DO UPDATE SET lifted = excluded.lifted, lifted_by = excluded.lifted_by`,
		h.ID, h.Subject.Kind, h.Subject.ID, h.Owner, h.Reason, micros(h.Placed), micros(h.Until), micros(h.Lifted), h.LiftedBy)
}

// Holds returns every hold in the order they were placed.
func (t *Tx) Holds() ([]retention.Hold, error) {
	return list(t, func(row func(...any) error) (h retention.Hold, err error) {
		err = row(&h.ID, &h.Subject.Kind, &h.Subject.ID, &h.Owner, &h.Reason, timeColumn{&h.Placed}, timeColumn{&h.Until}, timeColumn{&h.Lifted}, &h.LiftedBy)
		return h, err
	}, `SELECT id, kind, subject, owner, reason, placed, until, lifted, lifted_by FROM holds ORDER BY placed, id`)
}
