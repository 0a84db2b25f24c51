package stay

import (
	"strings"

	"limen/travel"
)

// State is what can be said of a stay on a day. Its zero value is unspecified.
type State string

// The states. None of them is a verdict: the two overstays are leads.
const (
	NotBegun             State = "not-begun"                 // the day is before the entry
	Current              State = "current"                   // within the authorized stay
	NoDate               State = "duration-of-status"        // D/S: no date to overstay
	InTime               State = "closed-in-time"            // left on the last authorized day or before
	OutOfCountryOverstay State = "overstay-out-of-country"   // left after it
	SuspectedInCountry   State = "suspected-overstay"        // it has passed, and no departure is on record
	EndedByAdjustment    State = "ended-by-adjustment"       // permanent resident since
	Undecided            State = "application-pending"       // it has passed, an application filed in time is not decided
	UnknownDate          State = "admit-until-not-on-record" // nobody can say
	OnPermit             State = "under-permit"              // in by a residence permit or a long-stay visa: the days do not count
	UncertainOverstay    State = "overstay-not-certain"      // an overstay only if a missing crossing was as it may have been
	UnknownExit          State = "exit-not-on-record"        // admitted anew after it has passed: left, but nobody knows when
)

// Status is the state of a stay on a day, with what it rests on.
type Status struct {
	State State `json:"state"`
	// Days is how many days past the last authorized day: to the departure, or
	// to the day asked for if none is on record by then.
	Days   int    `json:"days,omitempty"`
	Period Period `json:"period"`
	// Clause says in words what the state rests on, Citation where that is
	// written. [check] in it marks what is known from secondary sources only.
	Clause   string `json:"clause"`
	Citation string `json:"citation"`
	// Ask is the question an officer has to answer first; "" if there is none.
	Ask string `json:"ask,omitempty"`
}

// NeedsOfficer reports whether the records alone cannot say.
func (s Status) NeedsOfficer() bool { return s.Ask != "" }

// StatusOn returns the state of a stay on a day, as far as the records on it
// and its changes say now. A departure after that day is not yet known to it.
func StatusOn(s Stay, day travel.Day, changes ...Change) Status {
	left := !s.Open() && !s.Closed.After(day)
	if left {
		day = s.Closed
	}
	p := Authorized(s.Admission, day, changes...)
	out := Status{Period: p, Days: p.DaysOver(day)}
	out.Clause, out.Citation = basis(p)
	switch {
	case day.Before(s.Day):
		out.State = NotBegun
	case p.Ended():
		out.State = EndedByAdjustment
	case out.Days > 0 && p.Application != "":
		out.State, out.Ask = Undecided, "Has the application "+p.Application+" been decided, and from which day?"
		out.Clause, out.Citation = "an application that was filed in time is pending", "8 CFR 214.1(c)(4), 248.1(b)"
		if !p.Granted.IsZero() {
			out.Ask = "The application " + p.Application + " was granted from " + p.Granted.String() + " on: was the time from its filing until then authorized?"
			out.Clause = "an application that was filed in time was granted after that day"
		}
	case out.Days > 0 && left && s.ClosedBy == "":
		out.State, out.Days, out.Ask = UnknownExit, 0, "When did the traveler leave? At the latest on "+s.Closed.String()+"."
		out.Clause, out.Citation = "a later admission shows that the traveler left, not when", "8 USC 1365a(b)(3)"
	case out.Days > 0 && left:
		out.State, out.Citation = OutOfCountryOverstay, out.Citation+"; 8 USC 1365a(b)(4)"
	case out.Days > 0:
		out.State, out.Citation = SuspectedInCountry, out.Citation+"; 8 USC 1365a(b)(4)"
	case p.Until.IsZero() && !p.DurationOfStatus:
		out.State, out.Ask = UnknownDate, "Until which day was the traveler admitted?"
	case left:
		out.State = InTime
	case p.DurationOfStatus:
		out.State = NoDate
	default:
		out.State = Current
	}
	return out
}

// basis returns the clause that a period rests on, and where it is written.
func basis(p Period) (clause, citation string) {
	switch p.Kind {
	case Adjustment:
		return "a permanent resident has no nonimmigrant stay to overstay", "8 USC 1255(b)"
	case Parole:
		return "parole ends on departure, or with the time it was authorized for", "8 USC 1182(d)(5)(A); 8 CFR 212.5(e)"
	}
	if p.DurationOfStatus {
		return "admitted for duration of status: no date ends the stay", durationOfStatus(p.Class)
	}
	switch p.Kind {
	case Extension:
		return "an extension runs from the day the stay before it ended", "8 CFR 214.1(c)(4)"
	case ChangeOfStatus:
		return "a change of status sets class and date anew", "8 USC 1258; 8 CFR 248.1"
	}
	return "an alien is admitted in a class and until a date", "8 USC 1184(a)(1); 8 CFR 235.1(h)"
}

// durationOfStatus returns where D/S is granted to a class.
func durationOfStatus(c ClassOfAdmission) string {
	family, _, _ := strings.Cut(string(c), "-")
	switch family {
	case "A":
		return "8 CFR 214.2(a)(1)"
	case "F":
		return "8 CFR 214.2(f)(5)(i)"
	case "G":
		return "8 CFR 214.2(g)(1)"
	case "J":
		return "8 CFR 214.2(j)(1)(ii) [check]"
	}
	return "8 CFR 214.2 [check]"
}
