package retention

import (
	"time"
	"unicode"
	"unicode/utf8"

	"limen/errs"
)

// SubjectKind is the kind of thing that data belongs to. Its zero value is
// unspecified and is refused.
type SubjectKind string

// The kinds of subject.
const (
	OfTraveler  SubjectKind = "traveler"
	OfVoyage    SubjectKind = "voyage"
	OfEncounter SubjectKind = "encounter"
	OfPassenger SubjectKind = "passenger"
	// These stand in plans; no hold names them.
	OfCrossing SubjectKind = "crossing"
	OfEntry    SubjectKind = "log entry"
)

// Subject is what data belongs to, by an id that limen made: no personal data.
type Subject struct {
	Kind SubjectKind `json:"kind"`
	ID   string      `json:"id"`
}

// String returns kind and id, such as "voyage ZZ12-2026-03-02".
func (s Subject) String() string { return string(s.Kind) + " " + s.ID }

// Limits of a hold's texts, in characters.
const (
	MaxHoldID     = 64
	MaxHoldOwner  = 100
	MaxHoldReason = 500
)

// Hold suspends the erasure of what belongs to a subject. It has an owner, a
// reason and an end, and it never keeps what Holdable refuses.
type Hold struct {
	ID      string    `json:"id"`
	Subject Subject   `json:"subject"`
	Owner   string    `json:"owner"`  // the office or officer who answers for it
	Reason  string    `json:"reason"` // why; it is printed in plans, so no personal data
	Placed  time.Time `json:"placed"`
	Until   time.Time `json:"until"` // from this instant on it keeps nothing
	// Lifted is set if it was ended before its time, with LiftedBy.
	Lifted   time.Time `json:"lifted,omitzero"`
	LiftedBy string    `json:"lifted_by,omitempty"`
}

// Check returns an Invalid error (code "hold") that names the first thing that
// is missing or cannot be; it repeats no value.
func (h Hold) Check() error {
	why := ""
	switch {
	case !text(h.ID, MaxHoldID):
		why = "needs an id of at most 64 printable characters"
	case !h.Subject.valid():
		why = "needs the kind and the id of what it keeps"
	case !text(h.Owner, MaxHoldOwner):
		why = "needs an owner of at most 100 printable characters"
	case !text(h.Reason, MaxHoldReason):
		why = "needs a reason of at most 500 printable characters"
	case h.Placed.IsZero():
		why = "needs the instant it was placed"
	case h.Until.IsZero():
		why = "needs an end"
	case !h.Until.After(h.Placed):
		why = "cannot end before it was placed"
	case h.Lifted.IsZero() != (h.LiftedBy == ""):
		why = "is lifted by somebody at an instant, or not at all"
	case !h.Lifted.IsZero() && (h.Lifted.Before(h.Placed) || !text(h.LiftedBy, MaxHoldOwner)):
		why = "cannot be lifted before it was placed, nor by a name that is no text"
	default:
		return nil
	}
	return errs.New(errs.Invalid, "hold", "a hold %s", why)
}

func (s Subject) valid() bool {
	switch s.Kind {
	case OfTraveler, OfVoyage, OfEncounter, OfPassenger:
		return s.ID != ""
	}
	return false
}

// text reports whether s is 1 to most printable characters.
func text(s string, most int) bool {
	for _, c := range s {
		if !unicode.IsPrint(c) {
			return false
		}
	}
	return s != "" && utf8.ValidString(s) && utf8.RuneCountInString(s) <= most
}

// Active reports whether the hold keeps data at now: from the instant it was
// placed until its end, or until it was lifted.
func (h Hold) Active(now time.Time) bool {
	return !now.Before(h.Placed) && now.Before(h.Until) && (h.Lifted.IsZero() || now.Before(h.Lifted))
}

// Holdable reports whether a hold may keep data of a class, and if not, why. A
// citizen's image, and whatever may be one, is never held.
func Holdable(c Class) (ok bool, why string) {
	r, err := RuleOf(c)
	if err != nil {
		return false, "there is no such class"
	}
	return r.NoHold == "", r.NoHold
}

// Held returns the hold that keeps data of a class longest, among those that
// are active at now and speak of one of the subjects the data belongs to; nil
// if there is none, or if the class is not holdable.
func Held(holds []Hold, now time.Time, c Class, of ...Subject) *Hold {
	if ok, _ := Holdable(c); !ok {
		return nil
	}
	var longest *Hold
	for i, h := range holds {
		for _, s := range of {
			if h.Subject == s && h.Active(now) && (longest == nil || h.Until.After(longest.Until)) {
				longest = &holds[i]
			}
		}
	}
	return longest
}
