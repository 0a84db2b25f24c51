package manifest

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"limen/document"
	"limen/errs"
	"limen/manifest/edifact"
	"limen/travel"
)

// What a PAXLST message can hold.
const (
	maxReference = 14 // 0020 and 0062
	maxNamePart  = 35 // 3036
	maxNameParts = 4  // 3036 after the surname
	maxSender    = 35 // 0004
)

// receiver stands in UNB and UNG as the interchange's recipient.
const receiver = "LIMEN"

// WritePAXLST writes the message as an interchange of its own, with the default
// service characters and one segment on a line. Names are transliterated
// (Transliterate); dates have four-digit years (formats 102 and 203), so that
// no reader has to guess. UNB states the first departure as the time of
// preparation, for the package takes no clock. The interchange reference is
// the message's where it has none of its own.
//
// A message that ParsePAXLST reads from what was written is the same, where
// names are in the capitals A to Z and no value begins or ends with a blank.
//
// Errors: those of w; errs.Invalid with code "unwritable" for a message that
// the guide has no form for: no reference or sender, no leg with number and
// ports, no function, a name or a value that does not fit.
//
// Source: WCO/IATA/ICAO PAXLST implementation guide, version 3 (D.05B).
func WritePAXLST(w io.Writer, m Message) error {
	x := paxlstWriter{w: edifact.NewWriter(w, edifact.DefaultSyntax()), m: m}
	if err := x.check(); err != nil {
		return err
	}
	x.write()
	return x.w.Err()
}

type paxlstWriter struct {
	w *edifact.Writer
	m Message
}

func unwritable(format string, args ...any) error {
	return errs.New(errs.Invalid, "unwritable", format, args...)
}

func (x *paxlstWriter) write() {
	m, e := x.m, edifact.E
	first := m.Legs[0].Departure
	if first.IsZero() {
		first = m.Legs[0].Arrival
	}
	day, hour := "000101", "0000"
	if !first.IsZero() {
		s := compact(first)
		day, hour = s[2:8], s[8:]
	}
	reference := m.Interchange
	if reference == "" {
		reference = m.Reference
	}
	x.w.Advice()
	x.w.Segment("UNB", e("UNOA", "4"), e(m.Sender), e(receiver), e(day, hour), e(reference), nil, e("APIS"))
	x.w.Segment("UNG", e("PAXLST"), e(m.Sender), e(receiver), e(day, hour), e("1"), e("UN"), e("D", "05B"))
	before := x.w.Segments()
	x.w.Segment("UNH", e(m.Reference), e("PAXLST", "D", "05B", "UN", "IATA"))
	x.header()
	for i := range m.Passengers {
		x.passenger(&m.Passengers[i])
	}
	total := "42"
	if m.Crew {
		total = "41"
	}
	x.w.Segment("CNT", e(total, strconv.Itoa(len(m.Passengers))))
	x.w.Segment("UNT", e(strconv.Itoa(x.w.Segments()-before+1)), e(m.Reference))
	x.w.Segment("UNE", e("1"), e("1"))
	x.w.Segment("UNZ", e("1"), e(reference))
}

func (x *paxlstWriter) header() {
	m, e := x.m, edifact.E
	x.w.Segment("BGM", functionCodes(m)...)
	if m.Transaction != "" {
		x.w.Segment("RFF", e("TN", m.Transaction))
	}
	x.w.Segment("NAD", e("MS"), nil, nil, e(m.Sender))
	for _, l := range m.Legs {
		from, to := "92", "92"
		if len(m.Legs) == 1 || l.From == l.To {
			from, to = "125", "87"
		}
		x.w.Segment("TDT", e("20"), e(l.Carrier+l.Number), nil, nil, e(l.Carrier))
		x.w.Segment("LOC", e(from), e(string(l.From)))
		x.time("189", l.Departure)
		x.w.Segment("LOC", e(to), e(string(l.To)))
		x.time("232", l.Arrival)
	}
}

// functionCodes returns the elements of BGM that readFunction reads back.
func functionCodes(m Message) [][]string {
	e := edifact.E
	if m.Crew {
		return [][]string{e("250"), nil, e(crewFunction(m.Function))}
	}
	switch m.Function {
	case Update:
		return [][]string{e("745"), e("CP")}
	case Reduction:
		return [][]string{e("745"), e("RP")}
	case Cancel:
		return [][]string{e("266"), e("XF")}
	case CloseOut:
		if m.NotBoarded {
			return [][]string{e("266"), e("CLNB")}
		}
		return [][]string{e("266"), e("CLOB")}
	}
	return [][]string{e("745")}
}

// crewFunction returns the code of list 1225, for crew lists have no document
// identifiers for all that limen tells apart.
func crewFunction(f Function) string {
	switch f {
	case Update:
		return "4"
	case Reduction:
		return "3"
	case Cancel:
		return "1"
	case CloseOut:
		return "22"
	}
	return ""
}

// role returns the qualifier of a person's NAD.
func role(crew, transit bool) string {
	switch {
	case crew && transit:
		return "DDT"
	case crew:
		return "FM"
	case transit:
		return "DDU"
	}
	return "FL"
}

func (x *paxlstWriter) passenger(p *Passenger) {
	e := edifact.E
	surname, _ := document.Transliterate(p.Surname)
	given, _ := document.Transliterate(p.GivenNames)
	parts, _ := nameParts(given)
	x.w.Segment("NAD", e(role(x.m.Crew, p.Transit)), nil, nil, append([]string{surname}, parts...))
	if p.Sex != "" {
		x.w.Segment("ATT", e("2"), nil, e(string(p.Sex)))
	}
	x.day("329", p.BirthDate)
	x.location("178", string(p.Embark))
	x.location("179", string(p.Debark))
	if p.Nationality != "" {
		x.w.Segment("NAT", e("2"), e(string(p.Nationality)))
	}
	if p.Locator != "" {
		x.w.Segment("RFF", e("AVF", p.Locator))
	}
	if p.Reference != "" {
		x.w.Segment("RFF", e("ABO", p.Reference))
	}
	for _, d := range p.Documents {
		x.w.Segment("DOC", e(string(d.Type), "110", "111"), e(d.Number))
		x.day("36", d.Expiry)
		x.location("91", string(d.Issuer))
	}
}

func (x *paxlstWriter) location(qualifier, code string) {
	if code != "" {
		x.w.Segment("LOC", edifact.E(qualifier), edifact.E(code))
	}
}

func (x *paxlstWriter) day(qualifier string, d travel.Day) {
	if !d.IsZero() {
		x.w.Segment("DTM", edifact.E(qualifier, strings.ReplaceAll(d.String(), "-", ""), "102"))
	}
}

func (x *paxlstWriter) time(qualifier string, t travel.LocalTime) {
	if !t.IsZero() {
		x.w.Segment("DTM", edifact.E(qualifier, compact(t), "203"))
	}
}

// compact returns CCYYMMDDHHMM.
func compact(t travel.LocalTime) string {
	return fmt.Sprintf("%04d%02d%02d%02d%02d", t.Day.Year, t.Day.Month, t.Day.Date, t.Minute/60, t.Minute%60)
}

// nameParts parts given names at blanks so that each part fits its component.
// It reports false if they do not fit.
func nameParts(given string) (parts []string, ok bool) {
	for word := range strings.FieldsSeq(given) {
		switch n := len(parts); {
		case len(word) > maxNamePart:
			return nil, false
		case n > 0 && len(parts[n-1])+1+len(word) <= maxNamePart:
			parts[n-1] += " " + word
		default:
			parts = append(parts, word)
		}
	}
	return parts, len(parts) <= maxNameParts
}
