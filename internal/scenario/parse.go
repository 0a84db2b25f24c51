package scenario

import (
	"fmt"
	"path"
	"strings"

	"golang.org/x/tools/txtar"

	"limen/errs"
	"limen/policy"
)

// Limits of a file of cases.
const (
	MaxBytes = 1 << 20
	MaxCases = 10000
)

// Case is one named case of a file.
type Case struct {
	// Kind is the first word of the file's name: scope, stay, overstay, linkage.
	Kind string
	File string
	Line int // of the marker with the name
	Name string
	// Given are the facts in their order, Want the lines that must be among the
	// answer's.
	Given, Want []Line

	book *policy.Book // the rule sets it is run by
}

// Line is one line of a case.
type Line struct {
	N     int // in the file, from 1
	Words []string
	Text  string // the words with one space between
}

// Bad returns an Invalid error (code "case") that names the file and the line.
func (c Case) Bad(l Line, format string, args ...any) error {
	return bad(c.File, l.N, format, args...)
}

func bad(file string, line int, format string, args ...any) error {
	return errs.New(errs.Invalid, "case", "%s:%d: %w", file, line, fmt.Errorf(format, args...))
}

// Parse reads the cases of a file; name is its name, which says the kind.
// Errors: TooLarge (code "cases-size"), Invalid (code "case") with file and
// line: no case, two of one name, one that wants nothing, a broken marker.
func Parse(name string, data []byte) ([]Case, error) {
	if len(data) > MaxBytes {
		return nil, errs.New(errs.TooLarge, "cases-size", "%s: a file of cases has at most %d bytes", name, MaxBytes)
	}
	kind, _, _ := strings.Cut(strings.TrimSuffix(path.Base(name), ".txtar"), "-")
	archive := txtar.Parse(data)
	if err := markers(name, archive.Comment); err != nil {
		return nil, err
	}
	if len(archive.Files) == 0 {
		return nil, bad(name, 1, "no case: one begins with a line such as -- turns 14 on the day of crossing --")
	}
	if len(archive.Files) > MaxCases {
		return nil, errs.New(errs.TooLarge, "cases-size", "%s: a file has at most %d cases", name, MaxCases)
	}
	line, seen := 1+strings.Count(string(archive.Comment), "\n"), map[string]int{}
	var cases []Case
	for _, f := range archive.Files {
		c := Case{Kind: kind, File: name, Line: line, Name: f.Name}
		if at, twice := seen[f.Name]; twice {
			return nil, bad(name, line, "the case %q stands in line %d already", f.Name, at)
		}
		seen[f.Name] = line
		if err := c.read(string(f.Data)); err != nil {
			return nil, err
		}
		cases = append(cases, c)
		line += 1 + strings.Count(string(f.Data), "\n")
	}
	return cases, nil
}

// markers refuses a comment that seems to hold a case: its marker is broken,
// and it would never be run.
func markers(name string, comment []byte) error {
	for i, l := range strings.Split(string(comment), "\n") {
		if strings.HasPrefix(l, "--") || strings.HasPrefix(l, "=>") {
			return bad(name, i+1, "a case begins with a line such as -- name of the case --")
		}
	}
	return nil
}

// read takes the lines of the case, which begin after its marker.
func (c *Case) read(text string) error {
	for i, raw := range strings.Split(text, "\n") {
		words := strings.Fields(raw)
		for j, w := range words {
			if strings.HasPrefix(w, "#") {
				words = words[:j]
				break
			}
		}
		if len(words) == 0 {
			continue
		}
		l := Line{N: c.Line + 1 + i, Words: words, Text: strings.Join(words, " ")}
		switch {
		case strings.HasPrefix(l.Text, "--"):
			return c.Bad(l, "a case begins with a line such as -- name of the case --")
		case words[0] != "=>":
			c.Given = append(c.Given, l)
		case len(words) == 1:
			return c.Bad(l, "=> is followed by the line that is wanted")
		default:
			l.Words, l.Text = words[1:], strings.TrimPrefix(l.Text, "=> ")
			c.Want = append(c.Want, l)
		}
	}
	if len(c.Want) == 0 {
		return bad(c.File, c.Line, "the case %q wants nothing: a wanted line begins with =>", c.Name)
	}
	return nil
}
