package store

import (
	"encoding/json"
	"slices"
	"time"

	"limen/stay"
	"limen/travel"
)

// Stay is the record of a stay, with all that its status on a day follows from:
// who reads the row knows it.
type Stay struct {
	stay.Stay
	// Changes are those that hold, in the order recorded: what was corrected is
	// not among them.
	Changes []stay.Change `json:"changes,omitempty"`
	// Port and Mode are of the entry; "" if another system did not tell.
	Port travel.Port `json:"port,omitempty"`
	Mode string      `json:"mode,omitempty"`
	// Country is that of citizenship, by what was known at the entry.
	Country travel.Country `json:"country,omitempty"`
}

// Until returns the last authorized day before the first on which the stay is
// overstayed, if nobody leaves and nothing changes any more: no day if there is
// none.
func (s Stay) Until() travel.Day {
	ends := []travel.Day{s.AdmitUntil}
	for _, c := range s.Changes {
		if c.Outcome == stay.Granted {
			ends = append(ends, c.AdmitUntil)
		}
	}
	slices.SortFunc(ends, func(a, b travel.Day) int { return b.DaysUntil(a) })
	for _, d := range ends {
		if d.IsZero() {
			continue
		}
		if stay.Authorized(s.Admission, d.AddDays(1), s.Changes...).DaysOver(d.AddDays(1)) > 0 {
			return d
		}
	}
	return travel.Day{}
}

// StatusOn is stay.StatusOn with the changes on record.
func (s Stay) StatusOn(day travel.Day) stay.Status { return stay.StatusOn(s.Stay, day, s.Changes...) }

// Detail is the form in which a stay stands in the audit log.
func (s Stay) Detail() []byte { return []byte(toJSON(s)) }

const admissionColumns = `id, traveler, day, class, admit_until, duration_of_status, parole, crossing, port, mode, country, changes, closed, closed_by`

// noAdmission are columns of the same types.
const noAdmission = `'', '', '', '', '', FALSE, FALSE, '', '', '', '', '', '', ''`

var stayTable = Table{Name: "admissions", Columns: []Column{{"id", "text"}, {"traveler", "text"}, {"day", "text"}, {"class", "text"}, {"admit_until", "text"},
	{"duration_of_status", "boolean"}, {"parole", "boolean"}, {"crossing", "text"}, {"port", "text"}, {"mode", "text"}, {"country", "text"}, {"changes", "text"},
	{"closed", "text"}, {"closed_by", "text"}, {"until", "text"}},
	Conflict: "ON CONFLICT (id) DO UPDATE SET changes = excluded.changes, closed = excluded.closed, closed_by = excluded.closed_by, until = excluded.until"}

func stayRow(s Stay) []any {
	changes := ""
	if len(s.Changes) > 0 {
		changes = toJSON(s.Changes)
	}
	return []any{s.ID, string(s.Traveler), s.Day.String(), string(s.Class), s.AdmitUntil.String(), s.DurationOfStatus, s.Parole, string(s.Crossing),
		string(s.Port), s.Mode, string(s.Country), changes, s.Closed.String(), string(s.ClosedBy), s.Until().String()}
}

func scanStay(row func(...any) error) (s Stay, err error) {
	var changes string
	err = row(&s.ID, &s.Traveler, dayColumn{&s.Day}, &s.Class, dayColumn{&s.AdmitUntil}, &s.DurationOfStatus, &s.Parole, &s.Crossing,
		&s.Port, &s.Mode, &s.Country, &changes, dayColumn{&s.Closed}, &s.ClosedBy)
	if err == nil && changes != "" {
		err = json.Unmarshal([]byte(changes), &s.Changes)
	}
	return s, err
}

// OpenStay returns a traveler's open stay, or nil.
func (t *Tx) OpenStay(id travel.TravelerID) (*Stay, error) {
	if t.group != nil {
		if s, known := t.group.fetched.stays[string(id)]; known {
			return s, nil
		}
	}
	open, err := peek(t, scanStay, `SELECT `+admissionColumns+` FROM admissions WHERE traveler = $1 AND closed = ''`, id)
	if err != nil {
		return nil, err
	}
	var s *Stay
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
func (t *Tx) noteStay(id string, s *Stay) {
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
func (t *Tx) Admission(id string) (*Stay, error) {
	return first(t, scanStay, `SELECT `+admissionColumns+` FROM admissions WHERE id = $1`, id)
}

// AdmissionAt returns the stay that a traveler was granted at a crossing, or nil.
func (t *Tx) AdmissionAt(id travel.TravelerID, at travel.CrossingID) (*Stay, error) {
	return first(t, scanStay, `SELECT `+admissionColumns+` FROM admissions WHERE traveler = $1 AND crossing = $2 AND crossing <> '' ORDER BY id`, id, at)
}

// StaysOf returns every stay of a traveler in the order of their days.
func (t *Tx) StaysOf(id travel.TravelerID) ([]Stay, error) {
	return list(t, scanStay, `SELECT `+admissionColumns+` FROM admissions WHERE traveler = $1 ORDER BY day, id`, id)
}

// OverdueStays returns the open stays whose last authorized day is from or later
// and before day, at most n, in the order of (last day, id) after the given
// stay: what a day can have made overstays, no more than its own number of rows
// is read. Whether one is overdue at its port, and with what was filed, is for
// package stay to say.
func (t *Tx) OverdueStays(from, day travel.Day, after Stay, n int) ([]Stay, error) {
	return list(t, scanStay, `SELECT `+admissionColumns+` FROM admissions
		WHERE closed = '' AND until <> '' AND until >= $1 AND until < $2 AND (until > $3 OR (until = $3 AND id > $4)) ORDER BY until, id LIMIT $5`,
		from.String(), day.String(), after.Until().String(), after.ID, n)
}

// PutStay inserts a stay or records how the one with its id was closed, opened
// again or changed. It is written in bulk with those of other writes.
func (t *Tx) PutStay(s Stay) error {
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

// StayChange is the record of what changed a stay. Records are never altered: a
// correction is another record.
type StayChange struct {
	stay.Change
	// Corrects is the record in whose place this one stands; Void says that
	// nothing does.
	Corrects string    `json:"corrects,omitempty"`
	Void     bool      `json:"void,omitempty"`
	Recorded time.Time `json:"recorded"`
}

// Detail is the form in which a change stands in the audit log.
func (c StayChange) Detail() []byte { c.Recorded = c.Recorded.UTC(); return []byte(toJSON(c)) }

func scanChange(row func(...any) error) (c StayChange, err error) {
	err = row(jsonColumn{&c})
	return c, err
}

// InsertChange adds a change of a stay.
func (t *Tx) InsertChange(c StayChange) error {
	return t.exec(`INSERT INTO stay_changes (id, admission, traveler, kind, day, corrects, void, detail, recorded) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		c.ID, c.Admission, c.Traveler, c.Kind, c.Day.String(), c.Corrects, c.Void, string(c.Detail()), micros(c.Recorded))
}

// Change returns a change of a stay, or nil.
func (t *Tx) Change(id string) (*StayChange, error) {
	return first(t, scanChange, `SELECT detail FROM stay_changes WHERE id = $1`, id)
}

// ChangesOf returns every change of a stay in the order recorded, corrected ones
// and corrections included.
func (t *Tx) ChangesOf(admission string) ([]StayChange, error) {
	return list(t, scanChange, `SELECT detail FROM stay_changes WHERE admission = $1 ORDER BY recorded, id`, admission)
}
