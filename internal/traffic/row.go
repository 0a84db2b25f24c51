package traffic

import (
	"slices"
	"strings"

	"limen/errs"
	"limen/policy"
	"limen/travel"
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
	Citizenships
	PresentsAs
	Birth
	Class
	StatusEnded
	Attendant
	TaiwanOfficial
	Resident
	VisaRequired
	I94Issued
	Document
	Exemption
	Refused
	columns
)

// column says what a cell may hold.
type column struct {
	name, means string
	set         func(q *policy.Question, cell string) bool
}

var table = [columns]column{
	On:             {"on", "day of the crossing, 2026-01-10", func(q *policy.Question, s string) bool { return day(&q.Day, s) }},
	Direction:      {"direction", "entry or exit", direction},
	Mode:           {"mode", "air, sea, land, pedestrian, private_aircraft or other", func(q *policy.Question, s string) bool { return oneOf(&q.Mode, modeValues, s) }},
	Port:           {"port", "IATA code or UN/LOCODE", port},
	PilotPort:      {"pilot_port", "yes or no: in a program that records exits", func(q *policy.Question, s string) bool { return fact(&q.PilotPort, s) }},
	Citizenships:   {"citizenships", "three-letter codes of ICAO Doc 9303 (D for Germany, too), a space between", citizenships},
	PresentsAs:     {"presents_as", "the citizenship presented, where there is more than one", func(q *policy.Question, s string) bool { return country(&q.PresentsAs, s) }},
	Birth:          {"birth", "birth date, not after the day of the crossing", birth},
	Class:          {"class", "class of admission: B-2, NATO-6, LPR", class},
	StatusEnded:    {"status_ended", "yes or no: the status of the class is not maintained any more", func(q *policy.Question, s string) bool { return fact(&q.StatusEnded, s) }},
	Attendant:      {"attendant", "yes or no: attendant, servant or personal employee of an official", func(q *policy.Question, s string) bool { return fact(&q.Attendant, s) }},
	TaiwanOfficial: {"taiwan_official", "yes or no: Taiwan official on E-1, or immediate family", func(q *policy.Question, s string) bool { return fact(&q.TaiwanOfficial, s) }},
	Resident:       {"resident", "yes or no: lawful permanent resident", func(q *policy.Question, s string) bool { return fact(&q.Resident, s) }},
	VisaRequired:   {"visa_required", "yes or no: needs a visa, or was issued one", func(q *policy.Question, s string) bool { return fact(&q.VisaRequired, s) }},
	I94Issued:      {"i94_issued", "yes or no: Form I-94 or I-95 was issued", func(q *policy.Question, s string) bool { return fact(&q.I94Issued, s) }},
	Document:       {"document", "passport, passport_card, id_card, resident_card, border_crossing_card or other", func(q *policy.Question, s string) bool { return oneOf(&q.Document, documentValues, s) }},
	Exemption:      {"exemption", "granted or claimed; empty where none is on record", exemption},
	Refused:        {"refused", "yes or no: was asked, and declines; empty is no", refused},
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
		case cell != "" && !table[c].set(q, cell):
			return errs.New(errs.Invalid, "traffic-cell", "line %d, column %s: the cell cannot be read; wanted: %s", r.Line, table[c].name, table[c].means)
		case cell == "" && (Column(c) == On || Column(c) == Direction):
			return errs.New(errs.Invalid, "traffic-missing", "line %d, column %s: every row needs the day and the direction of the crossing", r.Line, table[c].name)
		}
	}
	return nil
}

func day(d *travel.Day, s string) bool {
	v, err := travel.ParseDay(s)
	*d = v
	return err == nil && v.Year >= 1
}

// birth stands after the day of the crossing in a row.
func birth(q *policy.Question, s string) bool { return day(&q.Birth, s) && !q.Birth.After(q.Day) }

func direction(q *policy.Question, s string) bool {
	q.Direction = travel.Direction(s)
	return q.Direction == travel.Entry || q.Direction == travel.Exit
}

// The closed lists of policy's vocabulary.
var modeValues, documentValues = policy.InMode.Values(), policy.InDocument.Values()

func oneOf[T ~string](to *T, values []string, s string) bool {
	*to = T(s)
	return slices.Contains(values, s)
}

func port(q *policy.Question, s string) bool {
	q.Port = travel.Port(s)
	return len(s) >= 3 && len(s) <= 5 && within(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
}

func fact(f *policy.Fact, s string) bool {
	switch s {
	case "yes":
		*f = policy.Yes
	case "no":
		*f = policy.No
	}
	return *f != policy.Unknown
}

// maxCitizenships is more than anybody has.
const maxCitizenships = 8

func citizenships(q *policy.Question, s string) bool {
	for len(s) > 0 && len(q.Citizenships) < maxCitizenships {
		one, rest, _ := strings.Cut(s, " ")
		var c travel.Country
		if !country(&c, one) {
			return false
		}
		q.Citizenships, s = append(q.Citizenships, c), rest
	}
	return s == ""
}

func country(c *travel.Country, s string) bool {
	*c = travel.Country(s)
	return (len(s) == 3 || s == "D") && within(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
}

func class(q *policy.Question, s string) (ok bool) {
	q.Class, ok = policy.ParseClass(s)
	return ok
}

func exemption(q *policy.Question, s string) bool {
	q.ExemptionGranted, q.ExemptionClaimed = s == "granted", s == "claimed"
	return q.ExemptionGranted || q.ExemptionClaimed
}

func refused(q *policy.Question, s string) bool {
	q.Refused = s == "yes"
	return q.Refused || s == "no"
}

func within(s, letters string) bool {
	for i := range len(s) {
		if strings.IndexByte(letters, s[i]) < 0 {
			return false
		}
	}
	return true
}
