// Package reportfile writes the overstay report as terminal table, CSV, XLSX,
// Parquet and HTML page. Every form holds the figures of one report.Sheet, so
// that they are the same in all of them; what the sheet withholds is in none.
package reportfile

import (
	"fmt"
	"io"
	"strings"

	"limen/errs"
	"limen/report"
)

// Format is a form of the report.
type Format string

// The forms.
const (
	Table   Format = "table"
	CSV     Format = "csv"
	XLSX    Format = "xlsx"
	Parquet Format = "parquet"
	HTML    Format = "html"
)

// Write writes a sheet in a form. The form decides the layout and nothing else.
// An unknown form is an Invalid error (code "report-format").
func Write(w io.Writer, f Format, s *report.Sheet) error {
	switch f {
	case Table:
		return writeText(w, s)
	case CSV:
		return writeCSV(w, s)
	case XLSX:
		return writeXLSX(w, s)
	case Parquet:
		return writeParquet(w, s)
	case HTML:
		return writeHTML(w, s)
	}
	return errs.New(errs.Invalid, "report-format", "a report is written as table, csv, xlsx, parquet or html")
}

// title is the first line of every form.
func title(s *report.Sheet) string {
	t := "Entry/exit overstay report, " + s.Period.Name
	if s.Public {
		t += ", public form"
	}
	if s.Synthetic {
		t += ": SYNTHETIC, these people do not exist"
	}
	return t
}

// asOf is the second line.
func asOf(s *report.Sheet) string {
	return fmt.Sprintf("Stays that end from %s to %s, by the records of %s", s.Period.First, s.Period.Last, s.On)
}

// record is one row of the report as data, whatever the form: one place and
// group, with what both tables say of it, or one day of the series.
type record struct {
	place      report.Place
	group      report.Group
	stays      *report.Line          // nil for a group that has no authorized stays
	departures *report.DepartureLine // nil for a group that no departure has
	point      *report.Point
}

// records joins the tables of a sheet, which have the same places in the same
// order: by place, then group; then the series.
func records(s *report.Sheet) (out []record) {
	for i, p := range places(s) {
		at := map[report.Group]int{}
		for _, l := range linesOf(s, i) {
			at[l.Group] = len(out)
			out = append(out, record{place: p, group: l.Group, stays: &l})
		}
		for _, l := range departuresOf(s, i) {
			if _, ok := at[l.Group]; !ok {
				at[l.Group] = len(out)
				out = append(out, record{place: p, group: l.Group})
			}
			out[at[l.Group]].departures = &l
		}
	}
	for _, p := range s.Series {
		out = append(out, record{point: &p})
	}
	return out
}

// places are the rows of a sheet, in order.
func places(s *report.Sheet) (out []report.Place) {
	for i := 0; i < len(s.Lines); i += len(s.Groups) {
		out = append(out, s.Lines[i].Place)
	}
	return out
}

// linesOf and departuresOf are what the tables say of place i, by group.
func linesOf(s *report.Sheet, i int) []report.Line {
	return s.Lines[i*len(s.Groups):][:len(s.Groups)]
}

func departuresOf(s *report.Sheet, i int) []report.DepartureLine {
	n := len(s.Departures) / (len(s.Lines) / len(s.Groups))
	return s.Departures[i*n:][:n]
}

// thousands writes 1234567 as 1,234,567.
func thousands(n int64) string {
	s := fmt.Sprint(n)
	var b strings.Builder
	for i, c := range s {
		if i > 0 && (len(s)-i)%3 == 0 && c != '-' && s[i-1] != '-' {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// figure and percent are how people read a count and a rate.
func figure(f report.Figure) string {
	if f.Withheld {
		return report.WithheldMark
	}
	return thousands(f.N)
}

func percent(r report.Rate) string {
	if !r.Known {
		return "–"
	}
	return fmt.Sprintf("%.2f %%", 100*r.Value)
}
