package store

import (
	"time"

	"limen/crossing"
	"limen/errs"
	"limen/retention"
	"limen/travel"
)

const crossingColumns = `id, traveler, voyage, passenger, direction, port, point, day, at, confirmation, capture, decision, corrects, recorded_late, void, class`

var crossingTable = Table{Name: "crossings", Columns: []Column{{"id", "text"}, {"traveler", "text"}, {"voyage", "text"}, {"passenger", "text"},
	{"direction", "text"}, {"port", "text"}, {"point", "text"}, {"day", "text"}, {"at", "bigint"}, {"confirmation", "text"}, {"capture", "text"},
	{"decision", "text"}, {"corrects", "text"}, {"recorded_late", "boolean"}, {"void", "boolean"}, {"class", "text"}, {"due", "bigint"}}}

var onceTable = Table{Name: "crossing_once", Columns: []Column{{"key", "text"}, {"crossing", "text"}, {"at", "bigint"}}}

func crossingRow(c crossing.Crossing, due time.Time) []any {
	return []any{string(c.ID), string(c.Traveler), string(c.Voyage), string(c.Passenger), string(c.Direction), string(c.Port), string(c.Point),
		c.Day.String(), micros(c.At), string(c.Confirmation), string(c.Capture), string(c.Decision), string(c.Corrects), c.RecordedLate, c.Void,
		string(c.Retention), micros(due)}
}

func scanCrossing(row func(...any) error) (c crossing.Crossing, err error) {
	err = row(&c.ID, &c.Traveler, &c.Voyage, &c.Passenger, &c.Direction, &c.Port, &c.Point, dayColumn{&c.Day}, timeColumn{&c.At},
		&c.Confirmation, &c.Capture, &c.Decision, &c.Corrects, &c.RecordedLate, &c.Void, &c.Retention)
	return c, err
}

// CrossingOf returns the crossing of a traveler in a direction on a voyage, or
// nil.
func (t *Tx) CrossingOf(v travel.VoyageID, id travel.TravelerID, d travel.Direction) (*crossing.Crossing, error) {
	return t.Earlier([]string{crossing.OnceKey(v, id, d)})
}

// Earlier implements crossing.Tx.
func (t *Tx) Earlier(once []string) (*crossing.Crossing, error) {
	for _, key := range once {
		id, known := "", false
		if t.group != nil {
			id, known = t.group.fetched.once[key]
		}
		if !known {
			ids, err := peek(t, scanID, `SELECT crossing FROM crossing_once WHERE key = $1`, key)
			if err != nil {
				return nil, err
			}
			if len(ids) > 0 {
				id = ids[0]
			}
			if t.group != nil {
				t.note(key, id)
			}
		}
		if id != "" {
			return t.Crossing(travel.CrossingID(id))
		}
	}
	return nil, nil
}

// Crossing implements crossing.Tx.
func (t *Tx) Crossing(id travel.CrossingID) (*crossing.Crossing, error) {
	if t.group != nil {
		for _, c := range t.group.pending.crossings {
			if c.ID == id {
				return &c.Crossing, nil
			}
		}
	}
	return first(t, scanCrossing, `SELECT `+crossingColumns+` FROM crossings WHERE id = $1 ORDER BY at`, id)
}

// Crossings returns the crossings of a voyage in the order of time.
func (t *Tx) Crossings(v travel.VoyageID) ([]crossing.Crossing, error) {
	return list(t, scanCrossing, `SELECT `+crossingColumns+` FROM crossings WHERE voyage = $1 ORDER BY at, id`, v)
}

// VoidOf returns the correction that voids a crossing, or nil.
func (t *Tx) VoidOf(id travel.CrossingID) (*crossing.Crossing, error) {
	return first(t, scanCrossing, `SELECT `+crossingColumns+` FROM crossings WHERE corrects = $1 AND corrects <> '' AND void ORDER BY at, id`, id)
}

// Exits returns the exits of a traveler that stand, in the order of time.
func (t *Tx) Exits(id travel.TravelerID) ([]crossing.Crossing, error) {
	return list(t, scanCrossing, `SELECT `+crossingColumns+` FROM crossings x WHERE traveler = $1 AND direction = 'exit' AND corrects = ''
		AND NOT EXISTS (SELECT 1 FROM crossings v WHERE v.corrects = x.id AND v.corrects <> '' AND v.void) ORDER BY at, id`, id)
}

// FreeCrossing gives a voided crossing's key free: its traveler may cross on
// its voyage in its direction. Its capture stays taken.
func (t *Tx) FreeCrossing(c crossing.Crossing) error {
	key := crossing.OnceKey(c.Voyage, c.Traveler, c.Direction)
	if err := t.exec(`DELETE FROM crossing_once WHERE key = $1`, key); err != nil {
		return err
	}
	t.note(key, "")
	return nil
}

// InsertCrossing implements crossing.Tx. It is written in bulk with those of
// other writes.
func (t *Tx) InsertCrossing(c crossing.Crossing) error {
	due, err := retention.Due(c.Retention, c.At)
	if err != nil {
		return err
	}
	if t.group == nil {
		return errReadOnly()
	}
	if err := checkText(crossingRow(c, due)...); err != nil {
		return err
	}
	t.group.pending.crossings = append(t.group.pending.crossings, dueCrossing{c, due})
	for _, key := range c.Once() {
		t.note(key, string(c.ID))
	}
	return nil
}

// note remembers in the group who has a key, until the write is undone.
func (t *Tx) note(key, id string) {
	m := t.group.fetched.once
	was, known := m[key]
	m[key] = id
	t.noted = append(t.noted, func() {
		if delete(m, key); known {
			m[key] = was
		}
	})
}

func errReadOnly() error { return errs.New(errs.Broken, "store", "a read does not write") }

// Announce implements crossing.Tx. at is when.
func (t *Tx) Announce(topic, key string, at time.Time) error {
	if t.group == nil {
		return errReadOnly()
	}
	if err := checkText(topic, key); err != nil {
		return err
	}
	t.group.pending.outbox = append(t.group.pending.outbox, announcement{topic, key, micros(at)})
	return nil
}

var outboxTable = Table{Name: "outbox", Columns: []Column{{"seq", "bigint"}, {"topic", "text"}, {"key", "text"}, {"at", "bigint"}}}

// Announcement is a row of the outbox: something that others are to be told.
type Announcement struct {
	Seq   int64
	Topic string
	Key   string
	At    time.Time
}

// Announcements returns the outbox after seq, at most n, in order.
func (t *Tx) Announcements(seq int64, n int) ([]Announcement, error) {
	return list(t, func(row func(...any) error) (a Announcement, err error) {
		err = row(&a.Seq, &a.Topic, &a.Key, timeColumn{&a.At})
		return a, err
	}, `SELECT seq, topic, key, at FROM outbox WHERE seq > $1 ORDER BY seq LIMIT $2`, seq, n)
}
