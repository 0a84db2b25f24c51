// Package retention says how long each class of biometric data may be kept,
// from when, and on whose authority.
//
// The worker that erases is elsewhere; here are only classes, clocks and
// periods, so that a lawyer can read them in one place.
package retention

import (
	"time"

	"limen/errs"
)

// Class names a kind of data with one period. Its zero value is unspecified
// and is refused: data without a class is not stored.
type Class string

// The classes in use.
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
)

// Rule is the period of a class.
type Rule struct {
	Class  Class
	Period time.Duration
	Clock  string // what starts the clock
	Source string
	Note   string // what is not known at first hand
}

// rules lists every class once.
var rules = []Rule{
	{CitizenImage, 12 * time.Hour, "capture; at once when identity is verified", "CBP biometric exit FAQ", "12 hours is the outer limit, not the plan"},
	{Unresolved, 12 * time.Hour, "capture", "the limit for a citizen, who it may be", ""},
	{AlienImage, 14 * 24 * time.Hour, "capture", "DHS PIA for TVS", "[check] known through the trade press"},
	{VoyageGallery, 12 * time.Hour, "end of the voyage", "limen's own choice", ""},
}

// Rules returns every rule, one a class.
func Rules() []Rule { return append([]Rule(nil), rules...) }

// Due returns the instant at which data of a class must be gone, if its clock
// started at start. It returns an Invalid error for an unknown class.
func Due(c Class, start time.Time) (time.Time, error) {
	for _, r := range rules {
		if r.Class == c {
			return start.Add(r.Period), nil
		}
	}
	return time.Time{}, errs.New(errs.Invalid, "retention-class", "%q is not a retention class", string(c))
}
