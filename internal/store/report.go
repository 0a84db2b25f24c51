package store

import (
	"limen/stay"
	"limen/travel"
)

// EachStay calls row for each stay on record, but those whose entry was voided,
// in no order, one at a time:
// memory stays bounded. row may ask for nothing else of t; its error ends it and
// comes back as it is.
func (t *Tx) EachStay(row func(Stay) error) error {
	return t.Rows(func(scan func(...any) error) error {
		s, err := scanStay(scan)
		if err != nil {
			return t.store.fault(err)
		}
		return row(s)
	}, `SELECT `+admissionColumns+` FROM admissions a WHERE NOT (a.closed = a.day AND a.closed_by <> '' AND a.crossing <> ''
		AND EXISTS (SELECT 1 FROM crossings v WHERE v.corrects = a.crossing AND v.corrects <> '' AND v.void))`)
}

// Departure is a departure as reports count it: without a name or an id.
type Departure struct {
	Day     travel.Day
	Country travel.Country // "" if it is not known
	// Resident says that it is kept as a resident's, or a citizen's.
	Resident bool
	// Matched says that it ended a stay, of this class.
	Matched bool
	Class   stay.ClassOfAdmission
}

// EachDeparture calls row for each departure from one day to another, both
// included, that stands, as EachStay does.
func (t *Tx) EachDeparture(from, to travel.Day, row func(Departure) error) error {
	return t.Rows(func(scan func(...any) error) error {
		var d Departure
		if err := scan(dayColumn{&d.Day}, &d.Country, &d.Resident, &d.Matched, &d.Class); err != nil {
			return t.store.fault(err)
		}
		return row(d)
	}, `SELECT x.day, coalesce(p.country, ''), x.class <> 'crossing-nonimmigrant', a.id IS NOT NULL, coalesce(a.class, '')
		FROM crossings x LEFT JOIN passengers p ON p.id = x.passenger LEFT JOIN admissions a ON a.closed_by = x.id AND a.closed_by <> ''
		WHERE x.direction = 'exit' AND x.corrects = '' AND x.day >= $1 AND x.day <= $2
		AND NOT EXISTS (SELECT 1 FROM crossings v WHERE v.corrects = x.id AND v.corrects <> '' AND v.void)`, from.String(), to.String())
}
