package store

import (
	"time"

	"github.com/google/uuid"

	"limen/audit"
	"limen/crossing"
	"limen/stay"
	"limen/travel"
)

const crossingColumns = `id, traveler, voyage, passenger, direction, port, point, day, at, confirmation, capture, decision, corrects, recorded_late`

func scanCrossing(row func(...any) error) (c crossing.Crossing, err error) {
	err = row(&c.ID, &c.Traveler, &c.Voyage, &c.Passenger, &c.Direction, &c.Port, &c.Point, dayColumn{&c.Day}, timeColumn{&c.At},
		&c.Confirmation, &c.Capture, &c.Decision, &c.Corrects, &c.RecordedLate)
	return c, err
}

// CrossingOf implements crossing.Tx.
func (t *Tx) CrossingOf(v travel.VoyageID, id travel.TravelerID, d travel.Direction) (*crossing.Crossing, error) {
	return first(t, scanCrossing, `SELECT `+crossingColumns+` FROM crossings WHERE voyage = $1 AND traveler = $2 AND direction = $3 AND corrects = ''`, v, id, d)
}

// Crossings returns the crossings of a voyage in the order of time.
func (t *Tx) Crossings(v travel.VoyageID) ([]crossing.Crossing, error) {
	return list(t, scanCrossing, `SELECT `+crossingColumns+` FROM crossings WHERE voyage = $1 ORDER BY at, id`, v)
}

// InsertCrossing implements crossing.Tx.
func (t *Tx) InsertCrossing(c crossing.Crossing) error {
	return t.exec(`INSERT INTO crossings (`+crossingColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		c.ID, c.Traveler, c.Voyage, c.Passenger, c.Direction, c.Port, c.Point, c.Day.String(), micros(c.At), c.Confirmation,
		c.Capture, c.Decision, c.Corrects, c.RecordedLate)
}

// CrossingTx is a Tx that stamps what it announces with one instant.
type CrossingTx struct {
	*Tx
	At time.Time
}

// Announce implements crossing.Tx.
func (t CrossingTx) Announce(topic, key string) error {
	return t.exec(`INSERT INTO outbox (topic, key, at) VALUES ($1, $2, $3)`, topic, key, micros(t.At))
}

const admissionColumns = `id, traveler, day, class, admit_until, duration_of_status, crossing, closed, closed_by`

func scanStay(row func(...any) error) (s stay.Stay, err error) {
	err = row(&s.ID, &s.Traveler, dayColumn{&s.Day}, &s.Class, dayColumn{&s.AdmitUntil}, &s.DurationOfStatus, &s.Crossing, dayColumn{&s.Closed}, &s.ClosedBy)
	return s, err
}

// OpenStay returns a traveler's open stay, or nil.
func (t *Tx) OpenStay(id travel.TravelerID) (*stay.Stay, error) {
	return first(t, scanStay, `SELECT `+admissionColumns+` FROM admissions WHERE traveler = $1 AND closed = ''`, id)
}

// Admission returns the stay that an admission began, or nil.
func (t *Tx) Admission(id string) (*stay.Stay, error) {
	return first(t, scanStay, `SELECT `+admissionColumns+` FROM admissions WHERE id = $1`, id)
}

// AdmissionAt returns the stay that was granted at a crossing, or nil.
func (t *Tx) AdmissionAt(id travel.CrossingID) (*stay.Stay, error) {
	return first(t, scanStay, `SELECT `+admissionColumns+` FROM admissions WHERE crossing = $1`, id)
}

// OverdueStays returns the open stays whose admit-until date is before day.
func (t *Tx) OverdueStays(day travel.Day) ([]stay.Stay, error) {
	return list(t, scanStay, `SELECT `+admissionColumns+` FROM admissions
		WHERE closed = '' AND duration_of_status = 0 AND admit_until < $1 ORDER BY admit_until, id`, day.String())
}

// PutStay inserts a stay or records how the one with its id was closed.
func (t *Tx) PutStay(s stay.Stay) error {
	return t.exec(`INSERT INTO admissions (`+admissionColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (id) DO UPDATE SET closed = excluded.closed, closed_by = excluded.closed_by`,
		s.ID, s.Traveler, s.Day.String(), s.Class, s.AdmitUntil.String(), s.DurationOfStatus, s.Crossing, s.Closed.String(), s.ClosedBy)
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

// Audit appends an entry to the audit log.
func (t *Tx) Audit(e audit.Entry) error {
	return t.exec(`INSERT INTO audit (at, actor, action, subject, purpose) VALUES ($1, $2, $3, $4, $5)`,
		micros(e.At), e.Actor, e.Action, e.Subject, e.Purpose)
}

// AuditEntries returns the entries after seq, at most n, in order.
func (t *Tx) AuditEntries(seq int64, n int) ([]audit.Entry, error) {
	return list(t, func(row func(...any) error) (e audit.Entry, err error) {
		err = row(timeColumn{&e.At}, &e.Actor, &e.Action, &e.Subject, &e.Purpose)
		return e, err
	}, `SELECT at, actor, action, subject, purpose FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2`, seq, n)
}
