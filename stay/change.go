package stay

import (
	"slices"

	"limen/errs"
	"limen/travel"
)

// ChangeKind says what a change does to a stay. Its zero value is unspecified
// and is refused.
type ChangeKind string

// The kinds of change.
const (
	Extension      ChangeKind = "extension"        // the same class, until a later day
	ChangeOfStatus ChangeKind = "change-of-status" // another class, with its own day or D/S
	Adjustment     ChangeKind = "adjustment"       // to lawful permanent resident: no nonimmigrant stay any more
	Parole         ChangeKind = "parole"           // let in, or let stay on, without being admitted
)

// Outcome is what became of an application. Its zero value is unspecified and
// is refused.
type Outcome string

// The outcomes.
const (
	Pending Outcome = "pending"
	Granted Outcome = "granted"
	Denied  Outcome = "denied" // withdrawn and abandoned are denied, too
)

// Change is one record that changes what an admission granted. It never
// replaces the admission: all of them together say what is authorized on a day
// (Authorized).
//
// A parole without an admission is an entry of its own: Opens returns the stay
// that begins with it. A parole with an admission prolongs that stay, which
// was a parole itself.
type Change struct {
	ID       string            `json:"id"`
	Traveler travel.TravelerID `json:"traveler"`
	// Admission is the id of the stay that changes: of its admission, or of
	// the parole that opened it.
	Admission string     `json:"admission,omitempty"`
	Kind      ChangeKind `json:"kind"`
	Outcome   Outcome    `json:"outcome"`
	// Filed is the day it was applied for. A pending one has it.
	Filed travel.Day `json:"filed"`
	// Day is the first day that it holds, or the day it was denied; no day
	// while it is pending.
	Day travel.Day `json:"day"`
	// Class, AdmitUntil and DurationOfStatus are what was granted, or what was
	// applied for. An extension may leave the class out; an adjustment has
	// neither date nor D/S.
	Class            ClassOfAdmission `json:"class,omitempty"`
	AdmitUntil       travel.Day       `json:"admit_until"`
	DurationOfStatus bool             `json:"duration_of_status,omitempty"`
	// Crossing is the entry at which a parole was granted; "" if limen was
	// told of it by another system.
	Crossing travel.CrossingID `json:"crossing,omitempty"`
}

// Check returns an Invalid error (code "stay-change") that names the first
// thing that is missing or cannot be. It looks at the change alone; CheckAll
// looks at it beside the stay it changes.
func (c Change) Check() error {
	why := ""
	switch {
	case c.ID == "" || c.Traveler == "":
		why = "needs its id and traveler"
	case !slices.Contains([]ChangeKind{Extension, ChangeOfStatus, Adjustment, Parole}, c.Kind):
		why = "is an extension, change-of-status, adjustment or parole"
	case !slices.Contains([]Outcome{Pending, Granted, Denied}, c.Outcome):
		why = "is pending, granted or denied"
	case c.Admission == "" && c.Kind != Parole:
		why = "needs the admission that it changes"
	case c.Admission == "" && c.Outcome != Granted:
		why = "without an admission is a parole that was granted"
	case c.Outcome == Pending && (c.Filed.IsZero() || !c.Day.IsZero()):
		why = "that is pending has the day it was filed, and no other yet"
	case c.Outcome != Pending && c.Day.IsZero():
		why = "that was decided has the day from which that holds"
	case !c.Filed.IsZero() && c.Outcome == Denied && c.Day.Before(c.Filed):
		why = "cannot be denied before it was filed"
	case c.Outcome == Granted:
		why = c.grant()
	}
	if why == "" {
		return nil
	}
	return errs.New(errs.Invalid, "stay-change", "a change of a stay %s", why)
}

// grant returns what is wrong with what was granted, or "".
func (c Change) grant() string {
	dated := !c.AdmitUntil.IsZero()
	switch {
	case c.Kind == Adjustment && (dated || c.DurationOfStatus):
		return "to permanent residence has neither an admit-until date nor D/S"
	case c.Kind == Adjustment:
		return ""
	case c.DurationOfStatus == dated:
		return "needs either an admit-until date or D/S"
	case c.Kind == Parole && !dated:
		return "by parole needs a date"
	case dated && c.AdmitUntil.Before(c.Day):
		return "cannot end before it begins"
	case c.Class == "" && (c.Kind == ChangeOfStatus || c.Admission == ""):
		return "needs a class"
	}
	return ""
}

// Opens returns the stay that a parole at entry begins. Its id is the
// parole's; Parole is set in it. Errors as Check, and Invalid (code
// "stay-change") for any other change.
func (c Change) Opens() (Stay, error) {
	if err := c.Check(); err != nil {
		return Stay{}, err
	}
	if c.Kind != Parole || c.Admission != "" {
		return Stay{}, errs.New(errs.Invalid, "stay-change", "only a parole without an admission opens a stay")
	}
	return Stay{Admission: Admission{ID: c.ID, Traveler: c.Traveler, Day: c.Day, Class: c.Class, AdmitUntil: c.AdmitUntil, Parole: true, Crossing: c.Crossing}}, nil
}

// CheckAll returns an Invalid error that names the first of the changes, in the
// order given, that cannot be: alone (Check), or beside the stay that it
// changes and the changes before it. Error codes: "stay-change", "admission".
func CheckAll(a Admission, changes []Change) error {
	if err := a.Check(); err != nil {
		return err
	}
	for i, c := range changes {
		if err := c.Check(); err != nil {
			return err
		}
		before := Authorized(a, c.Day, changes[:i]...)
		why := ""
		switch {
		case c.Admission != a.ID:
			why = "is of another admission"
		case c.Traveler != a.Traveler:
			why = "is of another traveler than its admission"
		case !c.Filed.IsZero() && c.Filed.Before(a.Day):
			why = "cannot be filed before the entry"
		case c.Outcome != Granted:
		case c.Day.Before(a.Day):
			why = "cannot hold before the entry"
		case before.Ended():
			why = "comes after the adjustment that ended the stay"
		case c.Kind == ChangeOfStatus && a.Parole:
			why = "of status needs an admission, and a parole is none"
		case c.Kind == Parole && !a.Parole:
			why = "by parole cannot prolong an admission"
		case c.Kind == Extension && !before.Until.IsZero() && !c.AdmitUntil.IsZero() && c.AdmitUntil.Before(before.Until):
			why = "that extends a stay cannot end before what it extends"
		}
		if why != "" {
			return errs.New(errs.Invalid, "stay-change", "a change of a stay %s (change %d)", why, i+1)
		}
	}
	return nil
}
