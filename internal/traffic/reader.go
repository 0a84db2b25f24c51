package traffic

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"limen/errs"
)

// maxRecord is the most bytes of a row, so that a quote that is never closed
// does not read a file of any size into memory.
const maxRecord = 64 << 10

// Reader reads traffic from CSV, row by row. It is not safe for concurrent
// use.
type Reader struct {
	csv  *csv.Reader
	in   *meter
	cols []Column // of the file, by position
}

// NewReader reads the header line: names of columns in any order, "on" and
// "direction" among them. It returns an Invalid error that names what is wrong
// with the header (codes "traffic-header", "traffic-form").
func NewReader(r io.Reader) (*Reader, error) {
	t := &Reader{in: &meter{r: r}}
	t.csv = csv.NewReader(t.in)
	t.csv.ReuseRecord = true
	head, err := t.record()
	if errors.Is(err, io.EOF) {
		return nil, errs.New(errs.Invalid, "traffic-header", "the traffic is empty: its first line names the columns, such as on,direction,mode,citizenship,birth,class")
	}
	if err != nil {
		return nil, err
	}
	seen := [columns]bool{}
	for i, name := range head {
		if i == 0 {
			name = strings.TrimPrefix(name, "\ufeff") // spreadsheets begin a file so
		}
		c := columnNamed(name)
		if c == columns || seen[c] {
			return nil, errs.New(errs.Invalid, "traffic-header", "line 1, column %d: not a column of traffic, or named twice; the columns are %s", i+1, names())
		}
		seen[c] = true
		t.cols = append(t.cols, c)
	}
	if !seen[On] || !seen[Direction] {
		return nil, errs.New(errs.Invalid, "traffic-header", "line 1: the columns on and direction are needed")
	}
	return t, nil
}

// Next reads the next row, or returns io.EOF after the last. Its errors are
// Invalid (code "traffic-form": no CSV, or another number of cells than the
// header) or TooLarge (a row of more than 64 KiB), with the line.
func (t *Reader) Next(row *Row) error {
	cells, err := t.record()
	if err != nil {
		return err
	}
	*row = Row{}
	row.Line, _ = t.csv.FieldPos(0)
	for i, cell := range cells {
		row.Cells[t.cols[i]] = cell
	}
	return nil
}

func (t *Reader) record() ([]string, error) {
	t.in.left = maxRecord
	cells, err := t.csv.Read()
	var parse *csv.ParseError
	switch {
	case err == nil || errors.Is(err, io.EOF):
		return cells, err
	case errors.Is(err, errRecord):
		return nil, errs.New(errs.TooLarge, "traffic-row-too-large", "a row of traffic has at most %d kB; is a quote left open after byte %d?", maxRecord>>10, t.csv.InputOffset())
	case errors.As(err, &parse):
		return nil, errs.New(errs.Invalid, "traffic-form", "line %d: %w", parse.Line, parse.Err)
	}
	return nil, errs.New(errs.Invalid, "traffic-file", "the traffic cannot be read: %w", err)
}

var errRecord = errors.New("row too large")

// meter bounds how much is read for one record.
type meter struct {
	r    io.Reader
	left int
}

// Read reads on, or fails where one record has taken too much.
func (m *meter) Read(p []byte) (int, error) {
	if m.left <= 0 {
		return 0, errRecord
	}
	n, err := m.r.Read(p)
	m.left -= n
	return n, err
}

func columnNamed(name string) Column {
	for c := range columns {
		if table[c].name == strings.TrimSpace(name) {
			return c
		}
	}
	return columns
}

func names() string {
	var all []string
	for _, c := range table {
		all = append(all, c.name)
	}
	return strings.Join(all, ", ")
}
