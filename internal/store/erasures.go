package store

import (
	"slices"
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
	TravelerKind  Kind = "traveler"  // with documents, stays, their changes, leads and what was done to the file
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
	return len(items), t.condemnItems(items, cause, at)
}

// EraseClass is EraseItems for the items of one class. They go together, for
// they are under one data key.
func (t *Tx) EraseClass(subject string, c retention.Class, cause string, at time.Time) (int, error) {
	items, err := t.Items(subject)
	if err != nil {
		return 0, err
	}
	items = slices.DeleteFunc(items, func(i Item) bool { return i.Class != c })
	return len(items), t.condemnItems(items, cause, at)
}

func (t *Tx) condemnItems(items []Item, cause string, at time.Time) error {
	for _, i := range items {
		if err := t.condemn(Erasure{i.KeyID, ItemKind, i.Subject, i.Class, cause, at}); err != nil {
			return err
		}
		for _, q := range []string{
			`UPDATE sealed SET condemned = TRUE WHERE id = $1`,
			`UPDATE captures SET item = '' WHERE item = $1`,
			`UPDATE reference_items SET item = '' WHERE item = $1`,
		} {
			if err := t.exec(q, i.ID); err != nil {
				return err
			}
		}
	}
	return nil
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
// images first, then in the order in which rows depend on each other. Of each
// kind the newest come first: whoever has just condemned something need not
// wait for what a long sweep has.
func (t *Tx) Erasures(n int) ([]Erasure, error) {
	return list(t, func(row func(...any) error) (e Erasure, err error) {
		err = row(&e.KeyID, &e.Kind, &e.Subject, &e.Class, &e.Cause, timeColumn{&e.At})
		return e, err
	}, `SELECT key_id, kind, subject, class, cause, at FROM erasures
		ORDER BY CASE kind WHEN 'items' THEN 0 WHEN 'resealed' THEN 1 WHEN 'encounter' THEN 2 WHEN 'passenger' THEN 3 ELSE 4 END, at DESC, key_id DESC LIMIT $1`, n)
}

// Erased deletes the rows that a destroyed data key opened, and the note of
// it. What opens the audit log's entries about a record ends at openings, and
// so does what opens those about a voyage of which nobody is left. It returns
// how many rows of people or items they were. What is kept of others names an
// erased traveler no more.
func (t *Tx) Erased(e Erasure, openings, now time.Time) (rows int, err error) {
	if q := countedRows[e.Kind]; q != "" {
		if _, err := t.one([]any{&rows}, q, e.KeyID); err != nil {
			return 0, err
		}
	}
	voyages, err := t.endRecord(e, openings)
	if err != nil {
		return 0, err
	}
	if e.Kind == TravelerKind {
		if err := t.forget(travel.TravelerID(e.Subject), openings, now); err != nil {
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
	for _, v := range voyages {
		if err := t.emptied(v, openings); err != nil {
			return 0, err
		}
	}
	return rows, t.exec(`DELETE FROM erasures WHERE key_id = $1`, e.KeyID)
}

var countedRows = map[Kind]string{
	ItemKind:      `SELECT count(*) FROM sealed WHERE key_id = $1`,
	EncounterKind: `SELECT count(*) FROM encounters WHERE key_id = $1`,
	PassengerKind: `SELECT count(*) FROM passengers WHERE key_id = $1`,
	TravelerKind:  `SELECT count(*) FROM travelers WHERE key_id = $1`,
}

// endRecord says when what opens the entries about a record ends, notes on them
// what a hold may name to keep them (the traveler of a passenger, the encounter
// of a capture), and returns the voyage that the record is of, if it is of one.
func (t *Tx) endRecord(e Erasure, openings time.Time) (voyages []string, err error) {
	about, is := entriesAbout[e.Kind]
	if !is {
		return nil, nil
	}
	if err := t.exec(`UPDATE audit SET due = $2, owner = CASE WHEN owner = '' THEN `+about.owner+` ELSE owner END
		WHERE due = 0 AND (subject = $1 `+about.others+`)`,
		e.Subject, micros(openings)); err != nil {
		return nil, err
	}
	if e.Kind == TravelerKind {
		return nil, nil
	}
	return list(t, scanID, `SELECT voyage FROM `+recordTables[e.Kind]+` WHERE id = $1`, e.Subject)
}

// entriesAbout are what a record is called in the audit log beside its id, and
// what is noted as the entries' owner.
var entriesAbout = map[Kind]struct{ others, owner string }{
	EncounterKind: {`OR subject IN (SELECT id FROM decisions WHERE encounter = $1) OR subject IN (SELECT id FROM captures WHERE encounter = $1)`, `$1`},
	PassengerKind: {``, `(SELECT traveler FROM passengers WHERE id = $1)`},
	TravelerKind: {`OR subject IN (SELECT id FROM admissions WHERE traveler = $1) OR subject IN (SELECT id FROM leads WHERE traveler = $1)
		OR subject IN (SELECT id FROM stay_changes WHERE traveler = $1)`, `$1`},
}

// emptied ends what is kept of a voyage of which nobody is left: what opens the
// entries about it, and the digests of its manifests.
func (t *Tx) emptied(voyage string, openings time.Time) error {
	left, err := list(t, scanID, `SELECT id FROM passengers WHERE voyage = $1 UNION ALL SELECT id FROM encounters WHERE voyage = $1 LIMIT 1`, voyage)
	if err != nil || len(left) > 0 {
		return err
	}
	if err := t.EndOpenings(voyage, openings); err != nil {
		return err
	}
	return t.exec(`DELETE FROM manifests WHERE voyage = $1`, voyage)
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
		`DELETE FROM lead_candidates WHERE traveler = $1`,
		`DELETE FROM lead_candidates WHERE lead IN (SELECT id FROM leads WHERE traveler = $1)`,
		`DELETE FROM leads WHERE traveler = $1`,
		`DELETE FROM stay_changes WHERE traveler = $1`,
		`DELETE FROM link_keys WHERE traveler = $1`,
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
		// Of a voided crossing, another may have the key meanwhile.
		if err := t.exec(`DELETE FROM crossing_once WHERE key = $1 AND crossing = $2`, key, id); err != nil {
			return err
		}
		if t.group.fetched.once[key] == string(id) {
			t.note(key, "")
		}
	}
	if err := t.exec(`DELETE FROM outbox WHERE topic = 'crossing' AND key = $1`, id); err != nil {
		return err
	}
	return t.exec(`DELETE FROM crossings WHERE id = $1`, id)
}
