package report

import (
	"limen/errs"
	"limen/stay"
	"limen/travel"
)

// Mode is how a person came. Its zero value is unspecified and is refused.
type Mode string

// The modes. The overstay report counts who was admitted at air and sea ports;
// who was admitted at a land port is counted only when asked for, since
// departures by land are not all recorded.
//
// Source: DHS Entry/Exit Overstay Reports, in-scope population.
const (
	Air  Mode = "air"
	Sea  Mode = "sea"
	Land Mode = "land"
)

// Status says what became of an authorized stay other than a departure. Its
// zero value is unspecified and is refused. An extension is no status of its
// own: it moves Stay.Until.
type Status string

// The statuses.
const (
	Running  Status = "running"  // nothing but a departure or its last day ends it
	Adjusted Status = "adjusted" // to that of a lawful permanent resident (8 USC 1255)
	Changed  Status = "changed"  // to another nonimmigrant class (8 USC 1258); the new stay is a row of its own
	Paroled  Status = "paroled"  // 8 USC 1182(d)(5): not admitted, or not any more
)

// Stay is one authorized stay, as the overstay report needs it: no name, no
// number, no id. There is one for each admission (or later authorization) of an
// alien who is not a lawful permanent resident.
type Stay struct {
	// Citizenship is the country of citizenship under which the person was
	// admitted; "" or "XXX" is counted as not known.
	Citizenship travel.Country
	// Class is the class of admission; "" is counted as not known.
	Class stay.ClassOfAdmission
	// Mode is that of the admission.
	Mode Mode
	// Arrived is the day of admission.
	Arrived travel.Day
	// Until is the last authorized day, with the extensions that were granted;
	// none with D/S, or if nobody knows it.
	Until            travel.Day
	DurationOfStatus bool
	// Departed is the day of the departure that was matched to the stay, in
	// time or not; zero if none was found.
	Departed travel.Day
	// Unseen says that only a later admission shows that the person had left,
	// at the latest on Departed.
	Unseen bool
	// Undecided says that an application to extend or change the stay, filed by
	// its last day, is not decided on the day of the report (8 CFR 214.1(c)(4)).
	Undecided bool
	// Status, and for all but Running the day on which it took effect.
	Status   Status
	StatusOn travel.Day
}

// Check returns an Invalid error (code "report-stay") that says which field is
// missing or contradicts another. It never quotes a value.
func (s Stay) Check() error {
	why := ""
	switch {
	case s.Mode != Air && s.Mode != Sea && s.Mode != Land:
		why = "has no mode"
	case s.Arrived.IsZero():
		why = "has no day of arrival"
	case s.DurationOfStatus && !s.Until.IsZero():
		why = "has both a last day and D/S"
	case s.Unseen && s.Departed.IsZero():
		why = "has no day of its unseen departure"
	case !s.Until.IsZero() && ordinal(s.Until) < ordinal(s.Arrived):
		why = "ends before it begins"
	case !s.Departed.IsZero() && ordinal(s.Departed) < ordinal(s.Arrived):
		why = "has a departure before its arrival"
	case s.Status != Running && s.Status != Adjusted && s.Status != Changed && s.Status != Paroled:
		why = "has no status"
	case (s.Status == Running) != s.StatusOn.IsZero():
		why = "needs the day of its status, and only if the status is not running"
	default:
		return nil
	}
	return errs.New(errs.Invalid, "report-stay", "a stay %s", why)
}

// Category tells whom 8 USC 1365a(e)(1)(B) tells apart. Its zero value is
// unspecified and is refused.
type Category string

// The categories. A citizen is neither and is not counted.
const (
	Immigrant       Category = "immigrant" // a lawful permanent resident
	Nonimmigrant    Category = "nonimmigrant"
	CategoryUnknown Category = "unknown" // a departure that no arrival was found for
)

// Departure is one recorded departure of an alien.
type Departure struct {
	Citizenship travel.Country
	Category    Category
	// Class is that of the arrival it was matched to; "" if there is none.
	Class stay.ClassOfAdmission
	Day   travel.Day
	// Matched says that the departure was matched to an arrival.
	Matched bool
}

// Check returns an Invalid error (code "report-departure") that says which
// field is missing. It never quotes a value.
func (d Departure) Check() error {
	why := ""
	switch {
	case d.Day.IsZero():
		why = "has no day"
	case d.Category != Immigrant && d.Category != Nonimmigrant && d.Category != CategoryUnknown:
		why = "has no category"
	default:
		return nil
	}
	return errs.New(errs.Invalid, "report-departure", "a departure %s", why)
}

// ordinal orders days as numbers; it is not a count of days.
func ordinal(d travel.Day) int32 {
	return int32(d.Year)<<9 | int32(d.Month)<<5 | int32(d.Date)
}
