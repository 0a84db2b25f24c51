// Package retention says how long each class of data may be kept, from when, on
// whose authority, and what a hold may keep longer.
//
// rules.go is the table, one rule a class, for a lawyer to check. Due is the
// instant at which data must be gone, Plan the dry run that a records officer
// reads. The worker that erases is elsewhere: here is no clock, no file and no
// database.
//
// Periods are counted in UTC, from the instant that starts the clock (see
// Period); where a law counts days of the port, see DueDay. A period whose
// source was not read at first hand has [check] in its note, and the note is
// shown wherever the rule is.
//
// Source: for each rule, its own. Counting: Regulation (EEC, Euratom) No
// 1182/71, Article 3.
package retention

import (
	"time"

	"limen/errs"
	"limen/travel"
)

// Class names a kind of data with one period. Its zero value is unspecified
// and is refused: data without a class is not stored.
type Class string

// The classes.
const (
	// CitizenImage is the image and template of a citizen of the home country.
	CitizenImage Class = "citizen-image"
	// Unresolved is a capture whose person is not known yet: it may be a
	// citizen's, so it is kept no longer than one.
	Unresolved Class = "unresolved-capture"
	// AlienImage is the image and template of a non-citizen in the matching
	// service.
	AlienImage Class = "alien-image"
	// VoyageGallery is a reference bound to a voyage.
	VoyageGallery Class = "voyage-gallery"
	// SystemOfRecordImage is an alien's facial image that is handed over to the
	// system of record.
	SystemOfRecordImage Class = "system-of-record-image"

	// CrossingResident is the crossing record of a citizen or a lawful
	// permanent resident.
	CrossingResident Class = "crossing-citizen-or-resident"
	// CrossingNonimmigrant is the crossing record of a nonimmigrant.
	CrossingNonimmigrant Class = "crossing-nonimmigrant"
	// Listing is a passenger on a manifest who never crossed.
	Listing Class = "listing"

	// EURecord is an entry/exit record or a record of refusal of entry.
	EURecord Class = "eu-record"
	// EUFile is an individual file.
	EUFile Class = "eu-file"
	// EUNoExit is an entry without an exit.
	EUNoExit Class = "eu-no-exit"
	// EUFamily is the entry/exit record of a family member of an EU citizen.
	EUFamily Class = "eu-family-member"
	// EUFamilyNoExit is such a family member's entry without an exit.
	EUFamilyNoExit Class = "eu-family-member-no-exit"

	// AccessLog is who saw a person's data, and why.
	AccessLog Class = "access-log"
)

// Rules returns every rule, one a class, in the order of the table.
func Rules() []Rule { return append([]Rule(nil), rules...) }

// RuleOf returns the rule of a class, or an Invalid error (code
// "retention-class") for an unknown one.
func RuleOf(c Class) (Rule, error) {
	for _, r := range rules {
		if r.Class == c {
			return r, nil
		}
	}
	return Rule{}, errs.New(errs.Invalid, "retention-class", "%q is not a retention class", string(c))
}

// Due returns the instant, in UTC, at which data of a class must be gone, if
// its clock started at start. It returns an Invalid error for an unknown class
// (code "retention-class") and for the zero time (code "retention-start"): a
// clock that has not started is never taken for one that has run out.
func Due(c Class, start time.Time) (time.Time, error) {
	r, err := RuleOf(c)
	if err != nil {
		return time.Time{}, err
	}
	if start.IsZero() {
		return time.Time{}, errs.New(errs.Invalid, "retention-start", "the clock of %s has not started", c)
	}
	return r.Period.After(start), nil
}

// DueDay is Due where the law counts calendar days of the port: the day of the
// event is not counted, and the last day is kept to its end in zone. It returns
// the errors of Due, and an Invalid error (code "retention-day") for a class
// whose period is in hours.
//
// Source: Regulation 1182/71, Article 3(1) and 3(2)(c).
func DueDay(c Class, event travel.Day, zone *time.Location) (time.Time, error) {
	r, err := RuleOf(c)
	switch {
	case err != nil:
		return time.Time{}, err
	case event.IsZero():
		return time.Time{}, errs.New(errs.Invalid, "retention-start", "the clock of %s has not started", c)
	case r.Period.Hours != 0:
		return time.Time{}, errs.New(errs.Invalid, "retention-day", "the period of %s is counted in hours, not in days", c)
	}
	last := travel.DayOf(r.Period.After(travel.LocalTime{Day: event}.In(time.UTC)))
	return travel.LocalTime{Day: last.AddDays(1)}.In(zone), nil
}

// Warning returns the instant at which the erasure of data of a class, due at
// due, must have been announced; false if the class asks for no announcement.
func Warning(c Class, due time.Time) (time.Time, bool) {
	r, err := RuleOf(c)
	if err != nil || r.Warn == (Period{}) {
		return time.Time{}, false
	}
	return r.Warn.Before(due), true
}
