package stay

import "limen/travel"

// Period is what is authorized on a day, and the record it rests on.
type Period struct {
	// Kind is "" for what the admission itself granted.
	Kind   ChangeKind       `json:"kind,omitempty"`
	Record string           `json:"record"` // id of the admission or change
	Class  ClassOfAdmission `json:"class,omitempty"`
	From   travel.Day       `json:"from"`
	// Until is the last authorized day. It is no day for D/S, for a permanent
	// resident, and where nobody knows it.
	Until            travel.Day `json:"until"`
	DurationOfStatus bool       `json:"duration_of_status,omitempty"`
	// Application is the id of a change that was filed in time and was not
	// decided on that day; "" if there is none.
	Application string `json:"application,omitempty"`
	// Granted is from when the Application holds, if it was granted since.
	Granted travel.Day `json:"granted,omitzero"`
}

// Ended reports whether the nonimmigrant stay has ended by adjustment to
// permanent residence: it cannot be overstayed any more.
func (p Period) Ended() bool { return p.Kind == Adjustment }

// DaysOver returns how many days after the last authorized day a day is, 0 if
// none. Nobody overstays D/S, or a date that nobody knows.
func (p Period) DaysOver(day travel.Day) int {
	if p.DurationOfStatus || p.Ended() || p.Until.IsZero() {
		return 0
	}
	return max(0, p.Until.DaysUntil(day))
}

// Authorized returns what is authorized on a day: what was granted last of the
// admission and the changes of it that hold by then. Changes of other
// admissions are left out, so a caller may pass all of a traveler's. The order
// of the changes matters only between two that begin on one day: the later in
// the list holds. It allocates nothing.
//
// An extension joins what it extends, even if it was granted later: the days
// between are authorized. A change that was filed on the last authorized day or
// before, and was not decided on the day asked for, is the period's
// Application. Source: 8 CFR 214.1(c)(4), 248.1(b).
func Authorized(a Admission, day travel.Day, changes ...Change) Period {
	p := Period{Record: a.ID, Class: a.Class, From: a.Day, Until: a.AdmitUntil, DurationOfStatus: a.DurationOfStatus}
	if a.Parole {
		p.Kind = Parole
	}
	for at := following(a, p, -1, day, changes); at >= 0; at = following(a, p, at, day, changes) {
		p = p.then(changes[at])
	}
	for _, c := range changes {
		undecided := c.Outcome == Pending || c.Day.After(day)
		if c.Admission == a.ID && undecided && !c.Filed.IsZero() && !c.Filed.After(day) && (p.Until.IsZero() || !c.Filed.After(p.Until)) {
			p.Application, p.Granted = c.ID, travel.Day{}
			if c.Outcome == Granted {
				p.Granted = c.Day
			}
		}
	}
	return p
}

// following returns the index of the granted change that comes next after the
// one at index at, which made p, and holds on a day; -1 if there is none.
func following(a Admission, p Period, at int, day travel.Day, changes []Change) int {
	next := -1
	for i, c := range changes {
		switch {
		case c.Admission != a.ID || c.Outcome != Granted || c.begins(p).After(day):
		case c.Day.Before(p.From) || c.Day == p.From && i <= at:
		case next < 0 || c.Day.Before(changes[next].Day):
			next = i
		}
	}
	return next
}

// begins returns the first day on which a granted change holds after p.
func (c Change) begins(p Period) travel.Day {
	if c.Kind == Extension && !p.Until.IsZero() && p.Until.Before(c.Day) {
		return p.Until.AddDays(1)
	}
	return c.Day
}

// then returns what a granted change makes of a period.
func (p Period) then(c Change) Period {
	class := c.Class
	if class == "" && c.Kind != Adjustment {
		class = p.Class
	}
	return Period{Kind: c.Kind, Record: c.ID, Class: class, From: c.Day, Until: c.AdmitUntil, DurationOfStatus: c.DurationOfStatus}
}
