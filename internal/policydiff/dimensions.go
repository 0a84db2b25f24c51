package policydiff

import (
	"fmt"
	"slices"

	"limen/policy"
	"limen/travel"
)

// The dimensions, in the order in which they are shown.
const (
	byAge         = "age"
	byBand        = "age in bands"
	byClass       = "class of admission"
	byMode        = "mode"
	byDirection   = "direction"
	byNationality = "nationality"
)

// notStated names the group of those of whom the traffic does not say.
const notStated = "not stated"

// ordered reports whether the groups of a dimension have an order of their own.
func ordered(dimension string) bool { return dimension == byAge || dimension == byBand }

// bands part ages: each begins at a year and ends before the next.
type bands struct {
	starts []int
	names  []string
}

func newBands(starts ...int) bands {
	b := bands{starts: starts}
	for i, s := range starts[:len(starts)-1] {
		b.names = append(b.names, fmt.Sprintf("%d–%d", s, starts[i+1]-1))
	}
	b.names = append(b.names, fmt.Sprintf("%d and older", starts[len(starts)-1]))
	return b
}

// of names the band of somebody of this age, notStated where it is not known.
func (b bands) of(age int) string {
	for i := len(b.starts) - 1; i >= 0; i-- {
		if age >= b.starts[i] {
			return b.names[i]
		}
	}
	return notStated
}

// The coarse bands are those of the rule, the fine ones show what happens
// within them and at their edges.
//
// Source: 8 CFR 215.8(a)(2)(i) and 235.1(f)(1)(iv)(A): younger than 14, older
// than 79; Regulation (EU) 2017/2226 Art. 17: younger than 12 [check].
var (
	coarse = newBands(0, 14, 80)
	fine   = newBands(0, 6, 12, 14, 18, 30, 45, 60, 70, 80, 90)
)

// bandRank puts the groups of a dimension of age in order.
func bandRank(name string) int {
	for _, b := range []bands{coarse, fine} {
		if i := slices.Index(b.names, name); i >= 0 {
			return i
		}
	}
	return len(fine.names)
}

// dimension is one way to part persons: every person is in one group of it.
type dimension struct {
	name string
	of   func(q *policy.Question, citizen bool) string
}

var dimensions = []dimension{
	{byAge, func(q *policy.Question, _ bool) string { return coarse.of(age(q)) }},
	{byBand, func(q *policy.Question, _ bool) string { return fine.of(age(q)) }},
	{byClass, classOf},
	{byMode, func(q *policy.Question, _ bool) string { return stated(string(q.Mode)) }},
	{byDirection, func(q *policy.Question, _ bool) string { return string(q.Direction) }},
	{byNationality, func(q *policy.Question, _ bool) string { return stated(nationality(q)) }},
}

func stated(s string) string {
	if s == "" {
		return notStated
	}
	return s
}

// age returns the age on the day, or -1 if the birth date is not known.
func age(q *policy.Question) int {
	if q.Birth.IsZero() {
		return -1
	}
	return travel.AgeOn(q.Birth, q.Day)
}

// classOf returns the class of admission. Citizens have none.
func classOf(q *policy.Question, citizen bool) string {
	switch {
	case citizen:
		return "citizen"
	case q.Class == "" && q.Resident == policy.Yes:
		return "LPR"
	}
	return stated(string(q.Class))
}

// nationality returns the citizenship that the person presents.
func nationality(q *policy.Question) string {
	c := q.PresentsAs
	switch {
	case c == "" && len(q.Citizenships) == 1:
		c = q.Citizenships[0]
	case c == "" && len(q.Citizenships) > 1:
		return "several, none presented"
	}
	return string(c)
}
