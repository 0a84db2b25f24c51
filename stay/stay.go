// Package stay follows authorized stays: an admission opens one, a departure
// closes it, and a stay that ran past its day is a lead for an officer, never
// a verdict.
//
// All functions are pure and count calendar days of the port.
//
// Source: 8 CFR 214.1, 235.1(h) (admission, class, admit-until date or
// duration of status); 8 USC 1365a (overstays).
package stay

import (
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
	// Crossing is the entry it was granted at; "" if limen was told of it by
	// another system.
	Crossing travel.CrossingID `json:"crossing,omitempty"`
}

// Check returns an Invalid error (code "admission") unless there is a
// traveler, a day, a class, and exactly one of an admit-until date, not before
// the day, and D/S.
func (a Admission) Check() error {
	why := ""
	switch {
	case a.ID == "" || a.Traveler == "" || a.Day.IsZero():
		why = "needs its id, traveler and day"
	case a.Class == "":
		why = "needs a class"
	case a.DurationOfStatus == !a.AdmitUntil.IsZero():
		why = "needs either an admit-until date or D/S"
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
// clears nor makes an overstay. A departure after the admit-until date returns
// the closed stay and an out-of-country lead.
func Depart(open *Stay, traveler travel.TravelerID, by travel.CrossingID, day travel.Day) (closed *Stay, lead *Lead) {
	if open == nil {
		return nil, &Lead{Kind: UnmatchedDeparture, Traveler: traveler, Crossing: by, Day: day}
	}
	s := *open
	s.Closed, s.ClosedBy = day, by
	if n := s.daysOver(day); n > 0 {
		lead = &Lead{Kind: OverstayOutOfCountry, Traveler: traveler, Admission: s.ID, Crossing: by, Days: n, Day: day}
	}
	return &s, lead
}

// Overdue returns a suspected in-country lead for a stay that is still open
// the day after its admit-until date or later, or nil.
func Overdue(s Stay, today travel.Day) *Lead {
	if n := s.daysOver(today); s.Open() && n > 0 {
		return &Lead{Kind: OverstayInCountry, Traveler: s.Traveler, Admission: s.ID, Days: n, Day: today}
	}
	return nil
}

func (s Stay) daysOver(day travel.Day) int {
	if s.DurationOfStatus || s.AdmitUntil.IsZero() {
		return 0 // no date, or none that is known: nobody overstays it
	}
	return s.AdmitUntil.DaysUntil(day)
}
