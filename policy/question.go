package policy

import (
	"strings"

	"limen/errs"
	"limen/travel"
)

// Fact is a yes or a no that may be unknown, which is its zero value.
type Fact uint8

// The values of Fact.
const (
	Unknown Fact = iota
	No
	Yes
)

// Mode is how a person crosses. Its zero value is that nobody said.
type Mode string

// The modes of 90 FR 48604: air, land (by vehicle and on foot), sea, private
// aircraft, any other authorized point.
const (
	Air             Mode = "air"
	Sea             Mode = "sea"
	Land            Mode = "land" // by vehicle
	Pedestrian      Mode = "pedestrian"
	PrivateAircraft Mode = "private_aircraft"
	OtherMode       Mode = "other"
)

// Document is the kind of travel document presented. Its zero value is that
// nobody said.
type Document string

// The kinds of document.
const (
	Passport           Document = "passport"
	PassportCard       Document = "passport_card"
	IDCard             Document = "id_card"
	ResidentCard       Document = "resident_card"
	BorderCrossingCard Document = "border_crossing_card"
	OtherDocument      Document = "other"
)

// Class is a class of admission as the law writes it: "B-2", "A-1", "NATO-6",
// "LPR" for a lawful permanent resident. The empty string is that nobody said.
type Class string

// permanentResident is the class that no rule calls a class of admission.
const permanentResident Class = "LPR"

// Question is what a rule may look at of one person at one crossing. Day and
// Direction are needed; whatever else is left out is unknown, save where a
// field says what its absence means.
type Question struct {
	Day       travel.Day // local day of the port
	Direction travel.Direction
	Port      travel.Port
	Mode      Mode
	// PilotPort: the port, or the land crossing, is in a program by which exits
	// are recorded, as designated under 8 CFR 215.8(a)(1) until 2025-12-25.
	PilotPort Fact

	// Citizenships are all that are known. PresentsAs is the one the person
	// presents as here; with one citizenship it is that one.
	Citizenships []travel.Country
	PresentsAs   travel.Country
	Birth        travel.Day
	// Class is the class the person is admitted in, or asks to be admitted in.
	Class Class
	// StatusEnded: that status is not maintained any more. Where a class is
	// stated, unknown is presumed to be No at entry, and stays unknown at exit.
	StatusEnded Fact
	// Attendant: attendant, servant or personal employee of an accredited
	// official (C-3).
	Attendant Fact
	// TaiwanOfficial: one of the Taiwan officials who hold E-1 visas, or of
	// their immediate family.
	TaiwanOfficial Fact
	// Resident: a lawful permanent resident; in the EU, who holds a residence
	// permit or a long-stay visa.
	Resident     Fact
	VisaRequired Fact // a visa is needed, or was issued
	I94Issued    Fact // Form I-94 or I-95 was issued
	Document     Document

	// ExemptionGranted: an exemption of a class or a person by the Secretaries
	// or the Director is on record; none on record is a known no.
	// ExemptionClaimed: the person claims one that is not.
	ExemptionGranted, ExemptionClaimed bool
	// Refused: the person was asked and declines to give it.
	Refused bool
}

// check returns an Invalid error if the question lacks what every rule needs, or
// contradicts itself: no rule frees a person by a contradiction.
func (q Question) check() error {
	if q.Day.IsZero() || q.Direction != travel.Entry && q.Direction != travel.Exit {
		return errs.New(errs.Invalid, "policy-question", "a scope needs the day and the direction of the crossing")
	}
	if q.Birth.After(q.Day) {
		return errs.New(errs.Invalid, "policy-question", "the birth date is after the day of the crossing")
	}
	if q.PresentsAs != "" && len(q.Citizenships) > 0 && !isHome(q.PresentsAs, q.Citizenships) {
		return errs.New(errs.Invalid, "policy-question", "the citizenship that the traveler presents is not among those stated")
	}
	return nil
}

// checkStatus returns an Invalid error if class and residence contradict each
// other under the law of the United States.
func (q *Question) checkStatus(law Jurisdiction) error {
	if law == US && q.Class != "" && q.Resident != Unknown && (q.Class == permanentResident) != (q.Resident == Yes) {
		return errs.New(errs.Invalid, "policy-question", "a lawful permanent resident is in the class LPR and in no other")
	}
	return nil
}

// ParseClass reads a class of admission, in any case, with or without hyphen:
// "b2" is "B-2". It returns false if s is none.
func ParseClass(s string) (Class, bool) {
	s = strings.ReplaceAll(strings.ToUpper(s), "-", "")
	i := strings.IndexAny(s, "0123456789")
	letters, rest := s, ""
	if i >= 0 {
		letters, rest = s[:i], "-"+s[i:]
	}
	if len(letters) < 1 || len(letters) > 6 || len(rest) > 4 {
		return "", false
	}
	for _, c := range s {
		if !(c >= 'A' && c <= 'Z' || c >= '0' && c <= '9') {
			return "", false
		}
	}
	return Class(letters + rest), true
}
