package stay

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"limen/errs"
	"limen/travel"
)

// MaxFile is the most bytes that a file of crossings may have.
const MaxFile = 1 << 20

// File is a file of one person's crossings: comma-separated lines
//
//	date,entry|exit[,permit]
//
// in the order in which they happened, such as 2026-05-01,entry. The word permit
// on an entry says that the stay is under a residence permit or a long-stay
// visa. Blank lines and lines that begin with # are left out, and so is a first
// line that begins with the word date. A byte order mark, CR LF and quoted
// fields are read as spreadsheets write them.
type File struct {
	Crossings []Crossed
	// Places are where the crossings stand, such as "line 3".
	Places []string
}

// ParseFile reads a file of crossings. Nothing of a file with a mistake is
// returned. Errors: TooLarge, Invalid (both code "stay-file") with the line; no
// value of the file is in them.
func ParseFile(data []byte) (File, error) {
	if len(data) > MaxFile {
		return File{}, errs.New(errs.TooLarge, "stay-file", "a file of crossings has at most %d bytes", MaxFile)
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	r.Comment, r.TrimLeadingSpace, r.FieldsPerRecord, r.ReuseRecord = '#', true, -1, true
	var f File
	for first := true; ; first = false {
		fields, err := r.Read()
		if err == io.EOF {
			return f, nil
		}
		if err != nil {
			return File{}, unreadable(err)
		}
		for i := range fields {
			fields[i] = strings.ToLower(strings.TrimSpace(fields[i]))
		}
		if first && fields[0] == "date" || len(fields) == 1 && fields[0] == "" {
			continue
		}
		line, _ := r.FieldPos(0)
		place := fmt.Sprint("line ", line)
		c, why := crossed(fields)
		if why != "" {
			return File{}, errs.New(errs.Invalid, "stay-file", "%s: %s", place, why)
		}
		f.Crossings, f.Places = append(f.Crossings, c), append(f.Places, place)
	}
}

// unreadable says where a file is not comma-separated.
func unreadable(err error) error {
	var p *csv.ParseError
	if errors.As(err, &p) {
		return errs.New(errs.Invalid, "stay-file", "line %d: %w", p.Line, p.Err)
	}
	return errs.New(errs.Invalid, "stay-file", "the file cannot be read: %w", err)
}

// crossed reads the fields of a line, or says what is wrong.
func crossed(fields []string) (c Crossed, why string) {
	day, err := travel.ParseDay(fields[0])
	switch {
	case err != nil:
		return c, "the first field is a day of the calendar, written as 2006-01-02"
	case len(fields) < 2 || fields[1] != "entry" && fields[1] != "exit":
		return c, "the second field is entry or exit"
	case len(fields) > 2 && fields[2] != "" && fields[2] != "permit":
		return c, "the third field is permit, or nothing"
	case len(fields) > 3:
		return c, "there are at most three fields"
	}
	c = Crossed{Day: day, Direction: travel.Entry, Permit: len(fields) > 2 && fields[2] == "permit"}
	if fields[1] == "exit" {
		c.Direction = travel.Exit
	}
	return c, ""
}

// History pairs the file's crossings (NewHistory). Errors: Invalid (code
// "stay-file") with the line, or as NewHistory for a permit.
func (f File) History(permits []Term) (History, error) {
	h, err := NewHistory(f.Crossings, permits)
	var wrong *CrossingError
	if errors.As(err, &wrong) {
		return History{}, errs.New(errs.Invalid, "stay-file", "%s: the crossing %s", f.Places[wrong.Index], wrong.Why)
	}
	return h, err
}

// MergeFiles makes one file of those of a person's passports, by day; the order
// within each stays. Of crossings of one day an exit comes first if the person
// is in, an entry if not. Places say which file, counted from 1.
func MergeFiles(files ...File) (all File) {
	if len(files) == 1 {
		return files[0]
	}
	next, in := make([]int, len(files)), false
	for {
		of := -1
		for i, f := range files {
			if next[i] == len(f.Crossings) {
				continue
			}
			c := f.Crossings[next[i]]
			fits := (c.Direction == travel.Exit) == in
			if of < 0 || c.Day.Before(files[of].Crossings[next[of]].Day) || fits && c.Day == files[of].Crossings[next[of]].Day {
				of = i
			}
		}
		if of < 0 {
			return all
		}
		c := files[of].Crossings[next[of]]
		all.Crossings = append(all.Crossings, c)
		all.Places = append(all.Places, fmt.Sprintf("file %d, %s", of+1, files[of].Places[next[of]]))
		next[of]++
		in = c.Direction == travel.Entry
	}
}
