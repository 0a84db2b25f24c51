// Package capture decides whether an image from a gate is good enough to
// search with, and what to tell the traveler if it is not.
//
// It judges one face, the subject's; of the others in the frame nothing is
// kept but their number. A capture that is not good enough is an answer, not
// an error: the gate is told what to change, and after a few tries an officer
// takes over.
//
// Source: ISO/IEC 29794-5:2025 (face image quality) in kind.
package capture

import (
	"limen/biometric"
)

// Problem is one thing that is wrong with a capture. Its zero value is no
// problem.
type Problem string

// The problems, each with the advice a traveler can act on.
const (
	NoFace      Problem = "no-face"      // no face, or none that is upright and whole
	TooFar      Problem = "too-far"      // the face is too small
	TurnedAway  Problem = "turned-away"  // yaw or pitch
	TooDark     Problem = "too-dark"     // exposure too low
	TooBright   Problem = "too-bright"   // exposure too high
	LowContrast Problem = "low-contrast" // flat light, fog on the lens
	Blurred     Problem = "blurred"      // motion or focus
	LowNorm     Problem = "low-norm"     // the template's own quality is poor
	TwoSubjects Problem = "two-subjects" // no face stands out
)

var advice = map[Problem]string{
	NoFace:      "Look at the camera.",
	TooFar:      "Come closer.",
	TurnedAway:  "Face the camera.",
	TooDark:     "Step into the light.",
	TooBright:   "Step out of the bright light.",
	LowContrast: "Look at the camera once more.",
	Blurred:     "Hold still.",
	LowNorm:     "Take off what covers your face and look at the camera.",
	TwoSubjects: "One person at a time, please.",
}

// Advice returns one sentence for the traveler, or "" for no problem.
func (p Problem) Advice() string { return advice[p] }

// Limits are the bounds of an acceptable capture, in the units of
// biometric.Quality. They depend on camera and model, so a deployment sets its
// own; Defaults suits the default engine.
type Limits struct {
	MinFaceHeight, MinEyeDistance float32 // pixels
	MaxYaw, MaxPitch, MaxRoll     float32 // degrees
	MinExposure, MaxExposure      float32 // gray levels
	MinContrast, MinSharpness     float32
	MinNorm                       float32
	MaxRival                      float32 // size of the next face, 0 to 1
}

// Defaults returns the limits for the default engine at a gate camera.
func Defaults() Limits {
	return Limits{
		MinFaceHeight: 90, MinEyeDistance: 32,
		MaxYaw: 25, MaxPitch: 40, MaxRoll: 35,
		MinExposure: 40, MaxExposure: 225,
		MinContrast: 20, MinSharpness: 40, MinNorm: 3.2,
		MaxRival: 0.8,
	}
}

// Assess returns what is wrong with a sample, worst first, or nothing if it
// is good enough to search with.
func (l Limits) Assess(s biometric.Sample) []Problem {
	q := s.Quality
	var ps []Problem
	add := func(bad bool, p Problem) {
		if bad {
			ps = append(ps, p)
		}
	}
	add(s.Faces == 0 || s.Template.IsZero(), NoFace)
	if len(ps) > 0 {
		return ps
	}
	add(s.Rival > l.MaxRival, TwoSubjects)
	add(q.FaceHeight < l.MinFaceHeight || q.EyeDistance < l.MinEyeDistance, TooFar)
	add(q.Exposure < l.MinExposure, TooDark)
	add(q.Exposure > l.MaxExposure, TooBright)
	add(beyond(q.Yaw, l.MaxYaw) || beyond(q.Pitch, l.MaxPitch) || beyond(q.Roll, l.MaxRoll), TurnedAway)
	add(q.Sharpness < l.MinSharpness, Blurred)
	add(q.Contrast < l.MinContrast, LowContrast)
	add(q.Norm < l.MinNorm, LowNorm)
	return ps
}

func beyond(v, limit float32) bool { return v > limit || v < -limit }
