package reportfile

import (
	"encoding/csv"
	"io"
	"strings"

	"limen/report"
)

// writeCSV writes one table with a header line (RFC 4180, UTF-8): a row for
// each place and group of classes, then one for each day of the series, then the
// title and the notes. The column row tells them apart: place, day, title, note.
// A value that a row does not have is empty.
func writeCSV(w io.Writer, s *report.Sheet) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	head := []string{"row"}
	for _, c := range columns {
		head = append(head, c.name)
	}
	if err := out.Write(append(head, "note")); err != nil {
		return err
	}
	for _, r := range records(s) {
		row := []string{"place"}
		if r.point != nil {
			row[0] = "day"
		}
		for _, c := range columns {
			v, ok := c.of(r)
			if !ok {
				row = append(row, "")
				continue
			}
			row = append(row, inert(v.String(c.kind)))
		}
		if err := out.Write(append(row, "")); err != nil {
			return err
		}
	}
	say := func(what, text string) error {
		row := make([]string, len(columns)+2)
		row[0], row[len(row)-1] = what, inert(text)
		return out.Write(row)
	}
	if err := say("title", title(s)); err != nil {
		return err
	}
	for _, n := range append([]string{asOf(s)}, s.Notes...) {
		if err := say("note", n); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// inert puts an apostrophe before a cell that a spreadsheet would take for a
// formula.
//
// Source: OWASP, CSV injection.
func inert(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
