package store

import (
	"strings"
	"time"

	"limen/retention"
)

// Due is something whose time is over or will be: a record, or the sealed items
// of a subject and class.
type Due struct {
	Kind    Kind
	Subject string
	Class   retention.Class
	At      time.Time
}

// Kinds are the kinds that have a due date, in the order in which they go.
var Kinds = []Kind{ItemKind, CrossingKind, EncounterKind, PassengerKind, TravelerKind}

func (t *Tx) dues(k Kind, query string, args ...any) ([]Due, error) {
	return list(t, func(row func(...any) error) (d Due, err error) {
		d.Kind = k
		err = row(&d.Subject, &d.Class, timeColumn{&d.At})
		return d, err
	}, query, args...)
}

// DueBefore returns what of a kind is to be gone at now, at most n, in the
// order of (due, subject, class) after the given one, so that what is held does
// not keep the rest from its turn. What others still refer to is not due yet.
func (t *Tx) DueBefore(k Kind, now time.Time, after Due, n int) ([]Due, error) {
	return t.dues(k, `SELECT subject, class, due FROM (`+dueQueries[k]+`) d
		WHERE due <= $1 AND (due > $2 OR (due = $2 AND (subject > $3 OR (subject = $3 AND class > $4)))) ORDER BY due, subject, class LIMIT $5`,
		micros(now), micros(after.At), after.Subject, string(after.Class), n)
}

// A crossing is of its passenger's traveler, and its decision of its passenger.
// An image may be kept longer than the record that it is of, which then waits.
var dueQueries = map[Kind]string{
	ItemKind:     `SELECT subject, class, min(due) AS due FROM sealed WHERE NOT condemned AND due <= $1 GROUP BY subject, class`,
	CrossingKind: `SELECT id AS subject, class, due FROM crossings`,
	EncounterKind: `SELECT id AS subject, class, due FROM encounters e
		WHERE NOT EXISTS (SELECT 1 FROM decisions d JOIN passengers p ON p.id = d.passenger
			JOIN crossings x ON x.traveler = p.traveler AND x.decision = d.id WHERE d.encounter = e.id)
		AND NOT EXISTS (SELECT 1 FROM sealed s WHERE s.subject = e.id AND NOT s.condemned)
		AND NOT EXISTS (SELECT 1 FROM erasures r WHERE r.key_id = e.key_id)`,
	PassengerKind: `SELECT id AS subject, class, due FROM passengers p
		WHERE NOT EXISTS (SELECT 1 FROM crossings x WHERE x.traveler = p.traveler AND x.passenger = p.id)
		AND NOT EXISTS (SELECT 1 FROM sealed s WHERE s.subject = p.id AND NOT s.condemned)
		AND NOT EXISTS (SELECT 1 FROM erasures r WHERE r.key_id = p.key_id)`,
	TravelerKind: `SELECT id AS subject, class, due FROM travelers t
		WHERE NOT EXISTS (SELECT 1 FROM passengers p WHERE p.traveler = t.id)
		AND NOT EXISTS (SELECT 1 FROM crossings x WHERE x.traveler = t.id)
		AND NOT EXISTS (SELECT 1 FROM erasures r WHERE r.key_id = t.key_id)`,
}

// IsDue reports whether what was due is so still: a voyage may have been
// delayed meanwhile, a capture found to be an alien's, a passenger have crossed.
func (t *Tx) IsDue(d Due, now time.Time) (bool, error) {
	if d.Kind == ItemKind {
		at, err := t.DueOf(d.Subject, d.Class)
		return !at.IsZero() && !at.After(now), err
	}
	still, err := t.dues(d.Kind, `SELECT subject, class, due FROM (`+dueQueries[d.Kind]+`) d WHERE subject = $1 AND class = $2 AND due <= $3`,
		d.Subject, string(d.Class), micros(now))
	return len(still) > 0, err
}

// DueOf returns when the first sealed item of a subject and class is due, or no
// instant.
func (t *Tx) DueOf(subject string, c retention.Class) (at time.Time, err error) {
	_, err = t.one([]any{timeColumn{&at}}, `SELECT due FROM sealed WHERE subject = $1 AND class = $2 AND NOT condemned ORDER BY due LIMIT 1`, subject, string(c))
	return at, err
}

// Kept returns what of a kind is kept and when it is due, whether that is past
// or to come: at most n, in the order of (subject, class) after the given one.
func (t *Tx) Kept(k Kind, after Due, n int) ([]Due, error) {
	return t.dues(k, `SELECT subject, class, due FROM (`+keptQueries[k]+`) d
		WHERE subject >= $1 AND (subject > $1 OR class > $2) ORDER BY subject, class LIMIT $3`, after.Subject, string(after.Class), n)
}

var keptQueries = map[Kind]string{
	ItemKind:      `SELECT subject, class, min(due) AS due FROM sealed WHERE NOT condemned GROUP BY subject, class`,
	CrossingKind:  `SELECT id AS subject, class, due FROM crossings`,
	EncounterKind: `SELECT id AS subject, class, due FROM encounters e WHERE NOT EXISTS (SELECT 1 FROM erasures r WHERE r.key_id = e.key_id)`,
	PassengerKind: `SELECT id AS subject, class, due FROM passengers p WHERE NOT EXISTS (SELECT 1 FROM erasures r WHERE r.key_id = p.key_id)`,
	TravelerKind:  `SELECT id AS subject, class, due FROM travelers t WHERE NOT EXISTS (SELECT 1 FROM erasures r WHERE r.key_id = t.key_id)`,
}

// KeptOf is Kept for everything of one subject.
func (t *Tx) KeptOf(subject string) ([]Due, error) {
	return t.dues("", keptOf, subject)
}

var keptOf = func() string {
	var all []string
	for _, k := range Kinds {
		all = append(all, `SELECT subject, class, due FROM (`+keptQueries[k]+`) d WHERE subject = $1`)
	}
	return strings.Join(all, " UNION ALL ")
}()

// Opening is what opens an entry of the audit log about something that is gone:
// who did what to it, and why.
type Opening struct {
	Seq     int64
	Subject string // what the entry is about
	Owner   string // the record that this belonged to, if that is another
	Due     time.Time
}

// Openings returns the openings that have a due date of at most until, at most
// n, in the order of (due, seq) after the given one.
func (t *Tx) Openings(until time.Time, after Opening, n int) ([]Opening, error) {
	return list(t, func(row func(...any) error) (o Opening, err error) {
		err = row(&o.Seq, &o.Subject, &o.Owner, timeColumn{&o.Due})
		return o, err
	}, `SELECT seq, subject, owner, due FROM audit WHERE due <> 0 AND due > 0 AND due >= $1 AND due <= $2 AND (due > $1 OR seq > $3) ORDER BY due, seq LIMIT $4`,
		micros(after.Due), micros(until), after.Seq, n)
}

// EraseOpening erases an opening that is due: of the entry its leaf stays, which
// says what kind of thing was done and when. That the opening was due stays,
// too, as a negative number, so that no list of what is due has it any more.
func (t *Tx) EraseOpening(seq int64) error {
	return t.exec(`UPDATE audit SET actor = '', subject = '', purpose = '', detail = $2, key_id = '', owner = '', salt = $2, due = -due WHERE seq = $1 AND due > 0`,
		seq, []byte{})
}

// EndOpenings says when what opens the entries about a subject must be gone,
// unless that was said before.
func (t *Tx) EndOpenings(subject string, due time.Time) error {
	return t.exec(`UPDATE audit SET due = $2 WHERE subject = $1 AND due = 0`, subject, micros(due))
}

// EndListOpenings is EndOpenings for the entries about a list of people, such
// as the leads, that was looked at before the oldest traveler on record came on
// it: nobody of it is left.
func (t *Tx) EndListOpenings(list string, due time.Time) error {
	oldest := int64(1<<63 - 1)
	// Ids are in the order of time, as UUIDs of version 7 are.
	if _, err := t.one([]any{&oldest}, `SELECT created FROM travelers ORDER BY id LIMIT 1`); err != nil {
		return err
	}
	return t.exec(`UPDATE audit SET due = $3 WHERE subject = $1 AND due = 0 AND at < $2`, list, oldest, micros(due))
}

// aboutPeople are the actions in the audit log that are about somebody's
// record, or about a voyage. No other entry is looked at by OrphanOpenings.
const aboutPeople = `('access', 'access-image', 'access-receipt', 'opt-out', 'decision', 'correction', 'crossing', 'stay', 'stay-change', 'stay-change-said', 'lead', 'lead-cleared',
	'file', 'file-said', 'reference-added', 'manifest', 'voyage-closed', 'admission-recorded')`

// OrphanOpenings returns which of the n entries from leaf seq on are about a
// record that is gone, or a voyage of which nobody is left, and have no due
// date: an entry is written when its group of writes commits, so that an erasure
// later in the same group does not see it. Those about listed, a
// list of people such as the leads, are no record's.
func (t *Tx) OrphanOpenings(seq int64, n int, listed string) ([]int64, error) {
	return list(t, func(row func(...any) error) (seq int64, err error) { err = row(&seq); return seq, err },
		`SELECT seq FROM audit a WHERE seq >= $1 AND seq < $2 AND due = 0 AND subject <> '' AND subject <> $3 AND action IN `+aboutPeople+`
		AND NOT EXISTS (SELECT 1 FROM crossings x WHERE x.id = a.subject)
		AND NOT EXISTS (SELECT 1 FROM decisions x WHERE x.id = a.subject)
		AND NOT EXISTS (SELECT 1 FROM encounters x WHERE x.id = a.subject OR x.voyage = a.subject)
		AND NOT EXISTS (SELECT 1 FROM captures x WHERE x.id = a.subject)
		AND NOT EXISTS (SELECT 1 FROM passengers x WHERE x.id = a.subject OR x.voyage = a.subject)
		AND NOT EXISTS (SELECT 1 FROM travelers x WHERE x.id = a.subject)
		AND NOT EXISTS (SELECT 1 FROM admissions x WHERE x.id = a.subject)
		AND NOT EXISTS (SELECT 1 FROM leads x WHERE x.id = a.subject)
		AND NOT EXISTS (SELECT 1 FROM stay_changes x WHERE x.id = a.subject)
		AND NOT EXISTS (SELECT 1 FROM file_records x WHERE x.id = a.subject)
		AND NOT EXISTS (SELECT 1 FROM manifests x WHERE x.voyage = a.subject)
		ORDER BY seq`, seq, seq+int64(n), listed)
}

// EndOpening says when what opens an entry must be gone, unless that was said
// before.
func (t *Tx) EndOpening(seq int64, due time.Time) error {
	return t.exec(`UPDATE audit SET due = $2 WHERE seq = $1 AND due = 0`, seq, micros(due))
}
