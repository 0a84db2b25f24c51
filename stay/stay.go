// Package stay follows authorized stays: an admission opens one, a departure
// closes it, and a stay that ran past its day is a lead for an officer, never
// a verdict.
//
// Two laws are here. In the United States an Admission, and each Change of it,
// says until when (Authorized, StatusOn). In the Schengen area a Rule counts the
// days of presence of a History: 90 in any 180 (Rule.Compute), within a Visa
// where one is needed.
//
// All functions are pure and count calendar days of the port.
//
// Source: 8 CFR 214.1, 235.1(h) (admission, class, admit-until date or
// duration of status); 8 USC 1365a (overstays); Regulation (EU) 2016/399 art. 6
// and (EU) 2017/2226 art. 11 to 13 (short stays).
package stay

import (
	"time"

	"limen/errs"
	"limen/travel"
)

// ClassOfAdmission is the class an alien was admitted in, such as "B-2".
type ClassOfAdmission string

// Admission is what an officer granted: a class, and an admit-until date or
// duration of status (D/S), which has no date.
type Admission struct {
	ID               string            `json:"id"`
	Traveler         travel.TravelerID `json:"traveler"`
	Day              travel.Day        `json:"day"`
	Class            ClassOfAdmission  `json:"class"`
	AdmitUntil       travel.Day        `json:"admit_until"`
	DurationOfStatus bool              `json:"duration_of_status"`
	// Parole marks an entry that is no admission (8 USC 1101(a)(13)(B)): the
	// class is the parole's, AdmitUntil the day until which it was granted.
	Parole bool `json:"parole,omitempty"`
	// Crossing is the entry it was granted at; "" if limen was told of it by
	// another system.
	Crossing travel.CrossingID `json:"crossing,omitempty"`
}

// Check returns an Invalid error (code "admission") unless there is a
// traveler, a day, a class, and exactly one of an admit-until date, not before
// the day, and D/S; a parole has a date.
func (a Admission) Check() error {
	why := ""
	switch {
	case a.ID == "" || a.Traveler == "" || a.Day.IsZero():
		why = "needs its id, traveler and day"
	case a.Class == "":
		why = "needs a class"
	case a.DurationOfStatus == !a.AdmitUntil.IsZero():
		why = "needs either an admit-until date or D/S"
	case a.Parole && a.DurationOfStatus:
		why = "by parole needs a date"
	case !a.DurationOfStatus && a.AdmitUntil.Before(a.Day):
		why = "cannot end before it begins"
	default:
		return nil
	}
	return errs.New(errs.Invalid, "admission", "an admission %s", why)
}

// Stay is one authorized stay, open until a departure closes it.
type Stay struct {
	Admission
	Closed   travel.Day        `json:"closed"`
	ClosedBy travel.CrossingID `json:"closed_by,omitempty"`
}

// Open reports whether no departure has closed the stay.
func (s Stay) Open() bool { return s.Closed.IsZero() }

// LeadKind says what a lead is about. Its zero value is unspecified.
type LeadKind string

// The kinds of lead.
const (
	OverstayOutOfCountry LeadKind = "overstay-out-of-country" // left after the date
	OverstayInCountry    LeadKind = "overstay-in-country"     // date passed, no departure found
	UnmatchedDeparture   LeadKind = "unmatched-departure"     // left, no admission found
	PossibleMatch        LeadKind = "possible-match"          // left; whose arrival it ends is for a person to say
	EarlyDeparture       LeadKind = "early-departure"         // left on a day before the admission on record
	ApplicationPending   LeadKind = "application-pending"     // date passed, an application filed in time is undecided
	MissingExit          LeadKind = "missing-exit"            // admitted anew, no departure found
	OffLoaded            LeadKind = "off-loaded"              // left the list after the crossing was recorded
	SharedDocument       LeadKind = "shared-document"         // one document, two birth dates
	Voided               LeadKind = "crossing-voided"         // an officer said that a recorded crossing did not happen
)

// Lead is something for an officer to look at, with its evidence. It is never
// an action by itself.
type Lead struct {
	Kind     LeadKind          `json:"kind"`
	Traveler travel.TravelerID `json:"traveler"`
	// Admission and Crossing are the evidence; either may be missing.
	Admission string            `json:"admission,omitempty"`
	Crossing  travel.CrossingID `json:"crossing,omitempty"`
	// Days is how many days past the admit-until date: to the departure, or
	// to Day if the person has not left.
	Days int        `json:"days,omitempty"`
	Day  travel.Day `json:"day"`
	// Change is the id of the change of the stay that the lead turns on: the
	// last one granted, or the application that is pending. "" if none.
	Change string `json:"change,omitempty"`
}

// Admit opens a stay. Where one is open already, its departure was missed: the
// later admission proves that the person left, but not when. The earlier of
// the two is closed on the day the later began, with a lead if it is the one
// on record; an admission that is only told late closes nothing.
func Admit(open *Stay, g Admission) (fresh Stay, closed *Stay, lead *Lead) {
	fresh = Stay{Admission: g}
	switch {
	case open == nil:
	case g.Day.Before(open.Day):
		fresh.Closed = open.Day
	default:
		s := *open
		s.Closed = g.Day
		closed = &s
		lead = &Lead{Kind: MissingExit, Traveler: g.Traveler, Admission: s.ID, Crossing: g.Crossing, Day: g.Day}
	}
	return fresh, closed, lead
}

// Depart closes a traveler's open stay with a departure on day. With no open
// stay (open is nil) it returns an unmatched-departure lead; that neither
// clears nor makes an overstay. A departure after the last authorized day, all
// changes of the stay considered, returns the closed stay and an out-of-country
// lead, or an application-pending lead while nobody can say.
//
// A departure on a day before the admission's closes nothing: an early-departure
// lead says so. Where the two instants prove that it came after the admission,
// the caller counts it on DepartureDay.
func Depart(open *Stay, traveler travel.TravelerID, by travel.CrossingID, day travel.Day, changes ...Change) (closed *Stay, lead *Lead) {
	if open == nil {
		return nil, &Lead{Kind: UnmatchedDeparture, Traveler: traveler, Crossing: by, Day: day}
	}
	if day.Before(open.Day) {
		return nil, &Lead{Kind: EarlyDeparture, Traveler: traveler, Admission: open.ID, Crossing: by, Day: day}
	}
	s := *open
	s.Closed, s.ClosedBy = day, by
	if lead = s.over(OverstayOutOfCountry, day, changes); lead != nil {
		lead.Crossing = by
	}
	return &s, lead
}

// DepartureDay returns the day on which a departure counts: its local day, or
// the admission's if the departure was later in time although its calendar says
// an earlier day. That happens to who crosses the date line eastward within the
// country: admitted in Guam on the 24th, out of Honolulu on the 23rd.
func DepartureDay(admitted travel.Day, at time.Time, departed travel.Day, left time.Time) travel.Day {
	if departed.Before(admitted) && left.After(at) {
		return admitted
	}
	return departed
}

// Overdue returns a suspected in-country lead for a stay that is still open
// the day after its last authorized day or later, all changes of it considered,
// or nil. While an application that was filed in time is undecided, the lead is
// application-pending.
func Overdue(s Stay, today travel.Day, changes ...Change) *Lead {
	if !s.Open() {
		return nil
	}
	return s.over(OverstayInCountry, today, changes)
}

// over returns a lead if day is after the last authorized day, or nil.
func (s Stay) over(kind LeadKind, day travel.Day, changes []Change) *Lead {
	p := Authorized(s.Admission, day, changes...)
	n := p.DaysOver(day)
	if n == 0 {
		return nil
	}
	l := &Lead{Kind: kind, Traveler: s.Traveler, Admission: s.ID, Days: n, Day: day}
	if p.Record != s.ID {
		l.Change = p.Record
	}
	if p.Application != "" {
		l.Kind, l.Change = ApplicationPending, p.Application
	}
	return l
}
