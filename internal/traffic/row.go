package traffic

import (
	"strings"

	"limen/errs"
	"limen/policy"
)

// Column is one column of traffic.
type Column uint8

// The columns, in the order in which they are written.
const (
	On Column = iota
	Direction
	Mode
	Port
	PilotPort
	Citizenship
	PresentsAs
	Birth
	Class
	StatusEnded
	Attendant
	TaiwanOfficial
	Resident
	VisaRequired
	I94
	Document
	Exemption
	Refused
	columns
)

// table has the columns' names, the words of a question that the command line
// and the executable cases use, too, and what a cell holds.
var table = [columns]struct{ name, means string }{
	On:             {"on", "day of the crossing, such as 2026-01-10"},
	Direction:      {"direction", "entry or exit"},
	Mode:           {"mode", "air, sea, land, pedestrian, private_aircraft or other"},
	Port:           {"port", "IATA code or UN/LOCODE, such as JFK"},
	PilotPort:      {"pilot-port", "yes or no: in a program that records exits"},
	Citizenship:    {"citizenship", "three-letter codes of ICAO Doc 9303, a space between (D is DEU)"},
	PresentsAs:     {"presents-as", "the citizenship presented, where there is more than one"},
	Birth:          {"birth", "birth date, not after the day of the crossing"},
	Class:          {"class", "class of admission, such as B-2, NATO-6 or LPR"},
	StatusEnded:    {"status-ended", "yes or no: the status of the class is not maintained any more"},
	Attendant:      {"attendant", "yes or no: attendant, servant or personal employee of an official"},
	TaiwanOfficial: {"taiwan-official", "yes or no: Taiwan official on E-1, or immediate family"},
	Resident:       {"resident", "yes or no: lawful permanent resident"},
	VisaRequired:   {"visa-required", "yes or no: needs a visa, or was issued one"},
	I94:            {"i94", "yes or no: Form I-94 or I-95 was issued"},
	Document:       {"document", "passport, passport_card, id_card, resident_card, border_crossing_card or other"},
	Exemption:      {"exemption", "granted, claimed or none; empty is none"},
	Refused:        {"refused", "yes or no: was asked, and declines; empty is no"},
}

// String returns the column's name in the header line.
func (c Column) String() string { return table[c].name }

// Means says what a cell of the column holds.
func (c Column) Means() string { return table[c].means }

// Columns returns all columns in their order.
func Columns() []Column {
	all := make([]Column, columns)
	for i := range all {
		all[i] = Column(i)
	}
	return all
}

// Row is one person at one crossing, as written.
type Row struct {
	Line  int // in the file; the header is line 1
	Cells [columns]string
}

func (r *Row) set(c Column, cell string) { r.Cells[c] = cell }

// Question reads the cells into q, whose memory is used again. An empty cell
// leaves its fact unknown; only the day and the direction are needed. It
// returns an Invalid error (codes "traffic-cell", "traffic-missing") that
// names line and column, never the value.
func (r *Row) Question(q *policy.Question) error {
	*q = policy.Question{Citizenships: q.Citizenships[:0]}
	for c, cell := range r.Cells {
		switch {
		case cell == "" && (Column(c) == On || Column(c) == Direction):
			return errs.New(errs.Invalid, "traffic-missing", "line %d, column %s: every row needs the day and the direction of the crossing", r.Line, table[c].name)
		case cell != "" && !Column(c).read(q, cell):
			return errs.New(errs.Invalid, "traffic-cell", "line %d, column %s: the cell cannot be read; wanted: %s", r.Line, table[c].name, table[c].means)
		}
	}
	return nil
}

// maxCitizenships is more than anybody has.
const maxCitizenships = 8

// read sets one fact, or reports that the cell is none.
func (c Column) read(q *policy.Question, cell string) bool {
	switch c {
	case Citizenship:
		for n := 0; cell != ""; n++ {
			one, rest, _ := strings.Cut(cell, " ")
			if n == maxCitizenships || q.Set(table[c].name, country(one)) != nil {
				return false
			}
			cell = rest
		}
		return true
	case PresentsAs:
		cell = country(cell)
	case Birth: // stands after the day in a row
		return q.Set(table[c].name, cell) == nil && !q.Birth.After(q.Day)
	}
	return q.Set(table[c].name, cell) == nil
}

// country turns the letter that German documents have into the code that rules
// are written with (Doc 9303-3 section 5).
func country(code string) string {
	if code == "D" {
		return "DEU"
	}
	return code
}
