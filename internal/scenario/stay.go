package scenario

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"limen/errs"
	"limen/stay"
	"limen/travel"
)

// runStay answers what a stay was on a day, under `rule us` (stayus.go) or
// `rule eu-ees` (stayeu.go). A day may be written as an instant of the port's
// clock, such as 2026-11-24T06:30+10:00: its local day counts.
func runStay(c Case) ([]string, error) {
	s := &stayCase{traveler: "t1"}
	read := map[string]func([]string) error{
		"rule":  One(func(v string) error { s.rule = v; return nil }),
		"on":    One(func(v string) (err error) { s.on, err = travel.ParseDay(v); return err }),
		"holds": func(docs []string) error { s.holds = docs; return nil },
	}
	for _, l := range c.Given {
		if l.Words[0] == "rule" && len(l.Words) == 2 {
			s.rule = l.Words[1]
		}
	}
	switch s.rule {
	case "us":
		s.wordsUS(read)
	case "eu-ees":
		s.wordsEU(read)
	default:
		return nil, bad(c.File, c.Line, "the case needs rule us or rule eu-ees")
	}
	if err := Words(c, read); err != nil {
		return nil, err
	}
	if s.on.IsZero() {
		return nil, bad(c.File, c.Line, "the case needs the day it asks for: on 2026-05-01")
	}
	if s.rule == "us" {
		return s.answerUS(), nil
	}
	return s.answerEU(), nil
}

// stayCase is what is given of a person's stays.
type stayCase struct {
	rule     string
	on       travel.Day
	traveler travel.TravelerID
	// holds are the documents known to be this person's; all, if none is named.
	holds []string

	// eu-ees
	crossings []stay.Crossed
	permits   []stay.Term
	visa      *stay.Visa

	// us
	changes []stay.Change
	events  []event
}

// refusal is what an answer says of an error.
func refusal(err error) []string {
	_, why, _ := strings.Cut(err.Error(), ": ")
	return []string{"refused " + errs.CodeOf(err), "because " + why}
}

// own reports whether a crossing was on a document of this person; a crossing
// without one is.
func (s *stayCase) own(doc string) bool {
	if doc == "" || len(s.holds) == 0 {
		return true
	}
	for _, d := range s.holds {
		if d == doc {
			return true
		}
	}
	return false
}

// moment is a day, with its instant if it was written as one.
type moment struct {
	day travel.Day
	at  time.Time
}

func parseMoment(s string) (m moment, err error) {
	if !strings.Contains(s, "T") {
		m.day, err = travel.ParseDay(s)
		return m, err
	}
	if m.at, err = time.Parse("2006-01-02T15:04Z07:00", s); err != nil {
		return m, fmt.Errorf("an instant is written as 2026-11-24T06:30+10:00")
	}
	m.day = travel.DayOf(m.at)
	return m, nil
}

// clauses takes words in pairs, such as `until 2026-06-30 filed 2026-05-01`; set
// has a reader for each first one.
func clauses(words []string, set map[string]func(string) error) error {
	for i := 0; i < len(words); i += 2 {
		f, known := set[words[i]]
		if !known || i+1 == len(words) {
			return fmt.Errorf("%q is not understood here", strings.Join(words[i:], " "))
		}
		if err := f(words[i+1]); err != nil {
			return err
		}
	}
	return nil
}

func intoDay(d *travel.Day) func(string) error {
	return func(v string) (err error) {
		*d, err = travel.ParseDay(v)
		return err
	}
}

// intoEnd reads a day or D/S.
func intoEnd(d *travel.Day, ds *bool) func(string) error {
	return func(v string) (err error) {
		if v == "D/S" {
			*ds = true
			return nil
		}
		*d, err = travel.ParseDay(v)
		return err
	}
}

func into[T ~string](s *T) func(string) error {
	return func(v string) error { *s = T(v); return nil }
}

func intoNumber(n *int) func(string) error {
	return func(v string) (err error) {
		*n, err = strconv.Atoi(v)
		return err
	}
}
