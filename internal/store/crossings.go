package store

import (
	"time"

	"github.com/google/uuid"

	"limen/crossing"
	"limen/errs"
	"limen/retention"
	"limen/stay"
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

const admissionColumns = `id, traveler, day, class, admit_until, duration_of_status, crossing, closed, closed_by`

var stayTable = Table{Name: "admissions", Columns: []Column{{"id", "text"}, {"traveler", "text"}, {"day", "text"}, {"class", "text"}, {"admit_until", "text"},
	{"duration_of_status", "boolean"}, {"crossing", "text"}, {"closed", "text"}, {"closed_by", "text"}},
	Conflict: "ON CONFLICT (id) DO UPDATE SET closed = excluded.closed, closed_by = excluded.closed_by"}

func stayRow(s stay.Stay) []any {
	return []any{s.ID, string(s.Traveler), s.Day.String(), string(s.Class), s.AdmitUntil.String(), s.DurationOfStatus, string(s.Crossing),
		s.Closed.String(), string(s.ClosedBy)}
}

func scanStay(row func(...any) error) (s stay.Stay, err error) {
	err = row(&s.ID, &s.Traveler, dayColumn{&s.Day}, &s.Class, dayColumn{&s.AdmitUntil}, &s.DurationOfStatus, &s.Crossing, dayColumn{&s.Closed}, &s.ClosedBy)
	return s, err
}

// OpenStay returns a traveler's open stay, or nil.
func (t *Tx) OpenStay(id travel.TravelerID) (*stay.Stay, error) {
	if t.group != nil {
		if s, known := t.group.fetched.stays[string(id)]; known {
			return s, nil
		}
	}
	open, err := peek(t, scanStay, `SELECT `+admissionColumns+` FROM admissions WHERE traveler = $1 AND closed = ''`, id)
	if err != nil {
		return nil, err
	}
	var s *stay.Stay
	if len(open) > 0 {
		s = &open[0]
	}
	if t.group != nil {
		t.noteStay(string(id), s)
	}
	return s, nil
}

// noteStay remembers in the group what stay of a traveler is open, until the
// write is undone.
func (t *Tx) noteStay(id string, s *stay.Stay) {
	m := t.group.fetched.stays
	was, known := m[id]
	m[id] = s
	t.noted = append(t.noted, func() {
		if delete(m, id); known {
			m[id] = was
		}
	})
}

// Admission returns the stay that an admission began, or nil.
func (t *Tx) Admission(id string) (*stay.Stay, error) {
	return first(t, scanStay, `SELECT `+admissionColumns+` FROM admissions WHERE id = $1`, id)
}

// AdmissionAt returns the stay that was granted at a crossing, or nil.
func (t *Tx) AdmissionAt(id travel.CrossingID) (*stay.Stay, error) {
	return first(t, scanStay, `SELECT `+admissionColumns+` FROM admissions WHERE crossing = $1 ORDER BY id`, id)
}

// ClosedBy returns the stay that a crossing closed, or nil.
func (t *Tx) ClosedBy(id travel.TravelerID, by travel.CrossingID) (*stay.Stay, error) {
	return first(t, scanStay, `SELECT `+admissionColumns+` FROM admissions WHERE traveler = $1 AND closed_by = $2 ORDER BY id`, id, by)
}

// OverdueStays returns the open stays whose admit-until date is before day.
func (t *Tx) OverdueStays(day travel.Day) ([]stay.Stay, error) {
	return list(t, scanStay, `SELECT `+admissionColumns+` FROM admissions
		WHERE closed = '' AND NOT duration_of_status AND admit_until < $1 ORDER BY admit_until, id`, day.String())
}

// PutStay inserts a stay or records how the one with its id was closed, or
// opened again. It is written in bulk with those of other writes.
func (t *Tx) PutStay(s stay.Stay) error {
	if t.group == nil {
		return errReadOnly()
	}
	open, err := t.OpenStay(s.Traveler)
	if err != nil {
		return err
	}
	if err := checkText(stayRow(s)...); err != nil {
		return err
	}
	t.group.pending.stays = append(t.group.pending.stays, s)
	switch {
	case s.Open():
		t.noteStay(string(s.Traveler), &s)
	case open != nil && open.ID == s.ID:
		t.noteStay(string(s.Traveler), nil)
	}
	return nil
}

// InsertLead adds a lead.
func (t *Tx) InsertLead(l stay.Lead) error {
	return t.exec(`INSERT INTO leads (id, kind, traveler, admission, crossing, days, day) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		uuid.Must(uuid.NewV7()).String(), l.Kind, l.Traveler, l.Admission, l.Crossing, l.Days, l.Day.String())
}

// Leads returns the recorded leads in the order they arose.
func (t *Tx) Leads() ([]stay.Lead, error) {
	return list(t, func(row func(...any) error) (l stay.Lead, err error) {
		err = row(&l.Kind, &l.Traveler, &l.Admission, &l.Crossing, &l.Days, dayColumn{&l.Day})
		return l, err
	}, `SELECT kind, traveler, admission, crossing, days, day FROM leads ORDER BY id`)
}
