package stay

import (
	"limen/errs"
	"limen/travel"
)

// Rule is a short-stay rule: at most Limit days of presence in any Window days.
// For each day of presence the window is that day and the days before it.
type Rule struct {
	Limit  int `json:"limit"`
	Window int `json:"window"`
}

// Schengen is 90 days in any 180-day period.
// Source: Regulation (EU) 2016/399 art. 6(1) and (2).
func Schengen() Rule { return Rule{Limit: 90, Window: 180} }

// Check returns an Invalid error (code "stay-rule") unless the limit is at
// least a day and less than the window.
func (r Rule) Check() error {
	if r.Limit < 1 || r.Window <= r.Limit {
		return errs.New(errs.Invalid, "stay-rule", "a short-stay rule allows at least 1 day, and fewer than its window has")
	}
	return nil
}

// Answer is what an authority sees of a person's short stay at the end of a
// day: no visit that began later is in it, no exit that came later.
type Answer struct {
	On travel.Day `json:"on"`
	// State is NotBegun for who was never here by then; then OverstayDays
	// decides, and whether the person is in. Citation is what it rests on.
	State    State  `json:"state"`
	Citation string `json:"citation"`
	// WindowStart is the first day of the window that ends on the day.
	WindowStart travel.Day `json:"window_start"`
	// InCountry reports whether the last crossing by then is an entry. Present
	// reports whether the day itself counts: so it does on the day of exit.
	InCountry bool `json:"in_country"`
	Present   bool `json:"present"`
	// DaysUsed are the days of presence that count in the window, the day
	// itself with them if Present.
	DaysUsed int `json:"days_used"`
	// DaysLeft is how many more days the person can stay without a break:
	// counted from the next day if Present, from the day itself if not. It is the
	// maximum stay at entry for who is out, the remaining stay for who is in.
	// Days that leave the window meanwhile are given back, so it can be more
	// than the limit less DaysUsed.
	DaysLeft int `json:"days_left"`
	// LastDay is the last of those days; if none is left, the day itself if it
	// was Present and no overstay, and who is out could enter again on it; or no
	// day. OnPermit has none: the record does not say until when the permit is.
	LastDay travel.Day `json:"last_day"`
	// OverstayDays counts the days of the present stay, or of the last one if
	// the person is out, on which the limit was passed. FirstOverstay is the
	// first of them.
	OverstayDays  int        `json:"overstay_days"`
	FirstOverstay travel.Day `json:"first_overstay_day"`
	// NextEntry is the first day on which an entry leaves at least that day to
	// stay: from the day itself on, or from the next if Present. For who is in,
	// as if they left on the day. No day if the visa has run out.
	NextEntry travel.Day `json:"next_entry"`
}

// Compute returns the answer for the end of a day. A missing crossing is taken
// at its latest or earliest (Visit); of h.Certain() only what is on record
// counts. It allocates nothing; its cost grows with the visits up to the day,
// and no day is looked at by itself. A term of a permit within the last stay
// costs a look at its window.
//
// The rule speaks of third-country nationals; whether a person is one is for
// package policy to say.
//
// Rule and day are valid (Check, IsZero).
// Source: Regulation (EU) 2016/399 art. 6(1), (2); (EU) 2017/2226 art. 11(2).
func (r Rule) Compute(h History, on travel.Day) Answer {
	a, _ := compute(h.visits, h.counted, number(on), noVisa, bound{rule: r})
	return a
}

// compute returns the answer on day n within all bounds and the term of a visa,
// and how many of its entries were used by then.
func compute(visits []Visit, counted []span, n int32, t term, bounds ...bound) (a Answer, entries int) {
	p := presence{counted, n}
	at := p.trim(visits)
	a = Answer{On: dayOf(n), WindowStart: dayOf(n - int32(bounds[0].rule.Window) + 1), Present: p.has(n), DaysUsed: int(bounds[0].used(p, n))}
	if at >= 0 {
		a.InCountry = visits[at].last > n
	}
	entries = t.entered(visits[:at+1])
	start := n // the first day that may be used yet
	if a.Present {
		start++
	}
	left, next := t.room(start, a.InCountry, entries)
	for _, b := range bounds {
		left, next = min(left, b.left(p, start)), max(next, b.next(p, start))
	}
	a.DaysLeft = int(max(0, left))
	fine := a.Present && (a.InCountry || t.admits(n, entries)) // and no overstay
	if at >= 0 && !visits[at].Permit {
		days, first, last := over(p, visits[at].span, t.ends(visits[at].first, entries), bounds)
		a.OverstayDays, a.FirstOverstay, fine = days, first, fine && last < n
	}
	onPermit := a.InCountry && visits[at].Permit
	if !onPermit && (left > 0 || fine) {
		a.LastDay = dayOf(start + max(0, left) - 1)
	}
	if t.admits(next, entries) {
		a.NextEntry = dayOf(next)
	}
	a.State, a.Citation = shortState(at >= 0, a.InCountry, a.OverstayDays > 0)
	if onPermit {
		a.State, a.Citation = OnPermit, "Regulation (EU) 2016/399 art. 6(2)"
	}
	return a, entries
}

// shortState returns what can be said of a short stay, and where it is written.
// An overstay is a lead here, too.
func shortState(begun, in, over bool) (State, string) {
	switch {
	case !begun:
		return NotBegun, "Regulation (EU) 2016/399 art. 6(1)"
	case in && over:
		return SuspectedInCountry, "Regulation (EU) 2016/399 art. 6(1); (EU) 2017/2226 art. 11(2)(b), 12"
	case in:
		return Current, "Regulation (EU) 2016/399 art. 6(1), (2); (EU) 2017/2226 art. 11(2)(b)"
	case over:
		return OutOfCountryOverstay, "Regulation (EU) 2016/399 art. 6(1); (EU) 2017/2226 art. 11(2)(c)"
	}
	return InTime, "Regulation (EU) 2016/399 art. 6(1), (2)"
}

// over returns how many days of a visit passed a bound, or came on the day end
// or later, the first of them, and the number of the last.
func over(p presence, visit span, end int32, bounds []bound) (days int, first travel.Day, last int32) {
	for _, s := range p.days {
		s = span{max(s.first, visit.first), min(s.last, visit.last, p.on)}
		if s.first > s.last {
			continue
		}
		from := max(end, s.first)
		for _, b := range bounds {
			if b.floor <= visit.first { // a stay is not judged by a visa that came later
				from = min(from, b.passed(p, s.first))
			}
		}
		if from > s.last {
			continue
		}
		if days == 0 {
			first = dayOf(from)
		}
		days, last = days+int(s.last-from+1), s.last
	}
	return days, first, last
}
