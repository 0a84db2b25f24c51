package stay

import (
	"cmp"
	"fmt"
	"slices"

	"limen/errs"
	"limen/travel"
)

// Crossed is one crossing of a person, as a history has it.
type Crossed struct {
	Day       travel.Day       `json:"day"`
	Direction travel.Direction `json:"direction"`
	// Permit says that the stay which this entry begins, or this exit ends, is
	// authorized by a residence permit or a long-stay visa. An entry that has
	// it says so of the whole stay; an exit may say it only after such an entry.
	Permit bool `json:"permit,omitempty"`
}

// Term is a number of days in a row, both ends counted; no day as Until is no
// end.
type Term struct {
	From  travel.Day `json:"from"`
	Until travel.Day `json:"until"`
}

// Visit is one presence in the territory. The day of entry and the day of exit
// are days of presence.
type Visit struct {
	Entry travel.Day `json:"entry"`
	Exit  travel.Day `json:"exit"` // no day while no exit is on record
	// NoEntry and NoExit mark a visit of which only the other crossing is on
	// record. Entry is then the day of the exit before it, Exit the day of the
	// entry after it: the visit was at most that long, and at least one day.
	NoEntry bool `json:"no_entry,omitempty"`
	NoExit  bool `json:"no_exit,omitempty"`
	Permit  bool `json:"permit,omitempty"`

	span // of both days; without an end while no exit is on record
}

// History is what is on record of one person's presence: of all of the
// person's passports together. It is made by NewHistory and never changes; its
// zero value is of a person who was never here.
type History struct {
	visits []Visit
	// counted are the days of presence that no permit authorizes: in order and
	// apart. certain are those of them that do not rest on a missing crossing;
	// it is counted itself where none is missing.
	counted, certain []span
}

// Visits returns the visits in their order. The caller does not change them.
func (h History) Visits() []Visit { return h.visits }

// Sure reports whether no crossing is missing between two others.
func (h History) Sure() bool {
	return !slices.ContainsFunc(h.visits, func(v Visit) bool { return v.NoEntry || v.NoExit })
}

// Certain returns the same visits with only the days that rest on no missing
// crossing: at least so many count. Of a visit with a missing crossing that is
// the day of the other.
func (h History) Certain() History { return History{h.visits, h.certain, h.certain} }

// Questions returns what to ask about crossings that are missing and may matter
// to an answer for a day: those of visits with a day in the terms given.
func (h History) Questions(in Term) (ask []string) {
	for _, v := range h.visits {
		if !v.NoEntry && !v.NoExit || v.Exit.Before(in.From) || v.Entry.After(in.Until) {
			continue
		}
		what := "No exit is on record between the entries of %s and %s: when did the traveler leave?"
		if v.NoEntry {
			what = "No entry is on record between the exits of %s and %s: when did the traveler come?"
		}
		ask = append(ask, fmt.Sprintf(what, v.Entry, v.Exit))
	}
	return ask
}

// NewHistory pairs crossings to visits. They come in the order in which they
// happened; those of one day in the order of that day. Permits are the terms of
// residence permits and long-stay visas, in any order; they may overlap.
//
// Two entries, or two exits, in a row are two visits of which a crossing is
// missing (Visit). An exit before any entry says nothing of when the person
// came and is refused.
//
// Calendar days are those of the ports. Across the date line, or between two
// zones of one territory, an exit can bear an earlier date than its entry: it is
// given here with the day of its entry (DepartureDay).
//
// Errors: Invalid (code "stay-history") that names the crossing or permit,
// counted from 1.
func NewHistory(crossings []Crossed, permits []Term) (History, error) {
	visits, err := pair(crossings)
	if err != nil {
		return History{}, err
	}
	under, err := terms(permits)
	if err != nil {
		return History{}, err
	}
	h := History{visits: visits, counted: days(visits, under, false)}
	if h.certain = h.counted; !h.Sure() {
		h.certain = days(visits, under, true)
	}
	return h, nil
}

// CrossingError says which crossing of a history is wrong, counted from 0, so
// that a reader of a file can name its line.
type CrossingError struct {
	Index int
	Why   string
}

// Error says what is wrong with which crossing.
func (e *CrossingError) Error() string { return e.Why }

func pair(crossings []Crossed) (visits []Visit, err error) {
	visits = make([]Visit, 0, len(crossings)/2+1)
	var v *Visit // the last
	before := int32(0)
	for i := range crossings {
		c := &crossings[i]
		day, exit := number(c.Day), c.Direction == travel.Exit
		if why := c.wrong(exit, day < before, v); why != "" {
			return nil, errs.New(errs.Invalid, "stay-history", "crossing %d: %w", i+1, &CrossingError{i, why})
		}
		before = day
		open := v != nil && v.last == forever
		if open {
			v.Exit, v.last, v.NoExit = c.Day, day, !exit
		}
		switch {
		case !exit:
			visits = append(visits, Visit{Entry: c.Day, Permit: c.Permit, span: span{day, forever}})
		case !open:
			visits = append(visits, Visit{Entry: v.Exit, Exit: c.Day, NoEntry: true, span: span{v.last, day}})
		}
		v = &visits[len(visits)-1]
	}
	return visits, nil
}

// wrong returns why a crossing cannot follow the last visit, nil if there is
// none; "" if it can. Earlier says that its day is.
func (c *Crossed) wrong(exit, earlier bool, last *Visit) string {
	switch {
	case c.Day.IsZero():
		return "needs a day"
	case earlier:
		return "is earlier than the one before it; an exit that the date line or a time zone makes earlier than its entry is written with the day of the entry"
	case !exit && c.Direction != travel.Entry:
		return "is an entry or an exit"
	case exit && last == nil:
		return "is an exit before any entry"
	case exit && c.Permit && (last.last != forever || !last.Permit):
		return "is an exit under a permit, and the entry before it is not: say from which day the permit holds"
	}
	return ""
}

// terms returns the days of permits in order and apart.
func terms(permits []Term) ([]span, error) {
	if len(permits) == 0 {
		return nil, nil
	}
	all := make([]span, 0, len(permits))
	for i, p := range permits {
		if p.From.IsZero() || !p.Until.IsZero() && p.Until.Before(p.From) {
			return nil, errs.New(errs.Invalid, "stay-history", "permit %d: it needs a first day, and a last day that is not before it", i+1)
		}
		s := span{number(p.From), forever}
		if !p.Until.IsZero() {
			s.last = number(p.Until)
		}
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b span) int { return cmp.Compare(a.first, b.first) })
	out := all[:0]
	for _, s := range all {
		out = join(out, s)
	}
	return out, nil
}

// days returns the days of presence that count; of a visit with a missing
// crossing all that it can have had, or if certain only the day on record.
func days(visits []Visit, under []span, certain bool) []span {
	out := make([]span, 0, len(visits)+len(under))
	for i := range visits {
		v := &visits[i]
		if v.Permit {
			continue
		}
		s := v.span
		if certain && v.NoExit {
			s.last = s.first
		}
		if certain && v.NoEntry {
			s.first = s.last
		}
		for len(under) > 0 && under[0].last < s.first { // no later visit reaches back to it
			under = under[1:]
		}
		out = s.without(under, out)
	}
	return out
}
