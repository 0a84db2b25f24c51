package stay

import "limen/travel"

// span is a run of calendar days, both ends in it, as day numbers.
type span struct{ first, last int32 }

// forever is the last day of what has no end on record.
const forever = 1 << 30

// number counts the days of the proleptic Gregorian calendar from March 1 of
// the year 0, so that a leap day is the last of its year. It is the same
// calendar as travel.Day's, several times faster, and a test compares the two.
func number(d travel.Day) int32 {
	y, m := int32(d.Year), int32(d.Month)
	if m <= 2 {
		y, m = y-1, m+12
	}
	return 365*y + y/4 - y/100 + y/400 + (153*(m-3)+2)/5 + int32(d.Date) - 1
}

// dayOf returns the day with a number; no day for a number out of the calendar.
func dayOf(n int32) travel.Day {
	const century, fourCenturies = 36524, 146097
	if n < number(firstDay) || n > number(lastDay) {
		return travel.Day{}
	}
	era := n / fourCenturies
	in := n - era*fourCenturies
	y := (in - in/1460 + in/century - in/(fourCenturies-1)) / 365
	in -= 365*y + y/4 - y/100
	m := (5*in + 2) / 153
	d := in - (153*m+2)/5 + 1
	y += 400 * era
	if m += 3; m > 12 {
		y, m = y+1, m-12
	}
	return travel.Day{Year: int16(y), Month: uint8(m), Date: uint8(d)}
}

// The days that a history may speak of. What is computed from it may lie a
// window outside.
var (
	firstDay = travel.Day{Year: 1, Month: 1, Date: 1}
	lastDay  = travel.Day{Year: 9999, Month: 12, Date: 31}
)

// without appends what is left of s without the days of cut to out. Cut is in
// order and apart, and the first of it does not end before s.
func (s span) without(cut []span, out []span) []span {
	for _, c := range cut {
		if c.first > s.last {
			break
		}
		if c.first > s.first {
			out = join(out, span{s.first, c.first - 1})
		}
		if s.first = c.last + 1; s.first > s.last {
			return out
		}
	}
	return join(out, s)
}

// join appends s, which does not begin before the last of out, and makes one
// of the two where they meet: a day that both have counts once.
func join(out []span, s span) []span {
	if n := len(out); n > 0 && s.first <= out[n-1].last+1 {
		out[n-1].last = max(out[n-1].last, s.last)
		return out
	}
	return append(out, s)
}
