package gallery

import (
	"limen/biometric"
	"limen/errs"
	"limen/travel"
)

// Source says where a reference comes from.
type Source string

// The sources of references.
const (
	ChipPortrait     Source = "chip-portrait"     // DG2 of the document's chip
	DocumentPortrait Source = "document-portrait" // the printed photograph
	VisaPhoto        Source = "visa-photo"
	EarlierEncounter Source = "earlier-encounter"
)

// ParseSource returns the source named s, or an Invalid error.
func ParseSource(s string) (Source, error) {
	switch v := Source(s); v {
	case ChipPortrait, DocumentPortrait, VisaPhoto, EarlierEncounter:
		return v, nil
	}
	return "", errs.New(errs.Invalid, "reference-source", "a reference's source is chip-portrait, document-portrait, visa-photo or earlier-encounter")
}

// Readiness says whether a passenger can be identified at the gate, and if
// not, why. Its zero value is unspecified.
type Readiness string

// The values of Readiness.
const (
	Ready       Readiness = "ready"
	NoReference Readiness = "no-reference" // none was sent
	NoFace      Readiness = "no-face"      // the photo shows no usable face
	TooSmall    Readiness = "too-small"
	Blurred     Readiness = "blurred"
	PoorLight   Readiness = "poor-light"
	NotFrontal  Readiness = "not-frontal"
	Erased      Readiness = "erased" // its time was over
)

// Limits are the bounds of a usable reference, in the units of
// biometric.Quality.
type Limits struct {
	MinEyeDistance           float32
	MinSharpness             float32
	MinExposure, MaxExposure float32
	MaxYaw, MaxPitch         float32
}

// Defaults returns the limits for the default engine. They are stricter than
// for a capture: a bad reference makes every probe of the voyage less sure.
func Defaults() Limits {
	return Limits{MinEyeDistance: 36, MinSharpness: 15, MinExposure: 40, MaxExposure: 230, MaxYaw: 30, MaxPitch: 30}
}

// Assess returns Ready, or the first reason why a sample cannot serve as a
// reference.
func (l Limits) Assess(s biometric.Sample) Readiness {
	q := s.Quality
	switch {
	case s.Template.IsZero():
		return NoFace
	case q.EyeDistance < l.MinEyeDistance:
		return TooSmall
	case q.Exposure < l.MinExposure || q.Exposure > l.MaxExposure:
		return PoorLight
	case q.Yaw > l.MaxYaw || q.Yaw < -l.MaxYaw || q.Pitch > l.MaxPitch || q.Pitch < -l.MaxPitch:
		return NotFrontal
	case q.Sharpness < l.MinSharpness:
		return Blurred
	}
	return Ready
}

// Reference is what is recorded of a stored sample that probes are compared
// against; image and template are sealed elsewhere.
type Reference struct {
	Passenger travel.PassengerID
	Source    Source
	Readiness Readiness
	Model     biometric.ModelID
	Quality   biometric.Quality
}
