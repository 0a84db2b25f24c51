package retention

import (
	"fmt"
	"strings"
	"time"
)

// Period is a length of time as a law words it: years and months are those of
// the calendar, a day is 24 hours. The zero Period is none.
type Period struct{ Years, Months, Days, Hours int }

// After returns the instant at which a period that began at t ends, in UTC.
//
// Years and months come first and keep the day of the month and the time of
// day; where the last month has no such day, its last day is taken: 15 years
// from 2024-02-29 end on 2039-02-28, and a month from January 31 ends on the
// last of February. So a period never runs into the month after. Days and
// hours are added then.
//
// Source: Regulation 1182/71, Article 3(2)(c), for the day that is missing.
func (p Period) After(t time.Time) time.Time { return p.from(t, 1) }

// Before returns the instant from which a period ends at t, in UTC, by the rule
// of After backwards: 3 months before May 31 is the last of February.
func (p Period) Before(t time.Time) time.Time { return p.from(t, -1) }

func (p Period) from(t time.Time, sign int) time.Time {
	t = t.UTC()
	year, month, date := t.Date()
	first := time.Date(year, month+time.Month(sign*(12*p.Years+p.Months)), 1, 0, 0, 0, 0, time.UTC)
	date = min(date, first.AddDate(0, 1, -1).Day())
	clock := t.Sub(time.Date(year, month, t.Day(), 0, 0, 0, 0, time.UTC))
	return first.AddDate(0, 0, date-1+sign*p.Days).Add(clock + time.Duration(sign*p.Hours)*time.Hour)
}

type part struct {
	n      int
	name   string
	letter string
}

// parts returns what the period is made of, largest first.
func (p Period) parts() []part {
	return []part{{p.Years, "year", "Y"}, {p.Months, "month", "M"}, {p.Days, "day", "D"}, {p.Hours, "hour", "H"}}
}

// String returns the period in words, such as "3 years and 1 day".
func (p Period) String() string {
	var words []string
	for _, u := range p.parts() {
		if u.n != 0 {
			words = append(words, count(u.n, u.name))
		}
	}
	if len(words) == 0 {
		return "no time"
	}
	return strings.Join(words, " and ")
}

// MarshalText writes the ISO 8601 form, such as P3Y1D or PT12H.
func (p Period) MarshalText() ([]byte, error) {
	s := "P"
	for _, u := range p.parts() {
		if u.n == 0 {
			continue
		}
		if u.letter == "H" {
			s += "T"
		}
		s += fmt.Sprint(u.n, u.letter)
	}
	if s == "P" {
		s = "P0D"
	}
	return []byte(s), nil
}

// count is a number with its noun, such as "1 day" or "2 days".
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprint(n, " ", noun)
}
