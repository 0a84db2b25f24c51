package sim

import (
	"limen/internal/sim/scene"
	"limen/travel"
)

// Plan is the truth about one day. The system under test never sees it.
type Plan struct {
	Faces   *Faces
	Seed    uint64
	Day     travel.Day
	Port    travel.Port
	Voyages []*Voyage
	// Strangers are on no voyage of the day.
	Strangers []*Face
}

// Voyage is one voyage with its passengers, and those who come to its gate.
type Voyage struct {
	travel.Voyage
	Point      travel.PointID
	Passengers []*Passenger
	// Visits are in the order in which people come, opt-outs included, no-shows
	// not.
	Visits []*Visit
	hall   uint64
}

// Passenger is somebody on a voyage's manifest.
type Passenger struct {
	*Member
	Embark, Debark     travel.Port
	Reference, Locator string // the carrier's
	OnFile             OnFile
	Fate               Fate
}

// InScope reports whether the rule in force on the day (8 CFR 215.8 and 235.1
// as amended by 90 FR 48604) asks the passenger for a photograph: every alien.
func (p *Passenger) InScope() bool { return !p.Citizen() }

// Visit is one contact of somebody with a gate.
type Visit struct {
	// Encounter is the place in the order of the voyage, from 1.
	Encounter int
	// TruePerson stands there.
	TruePerson *Face
	// Passenger is who the person is on this voyage; nil for a stranger.
	Passenger *Passenger
	Fate      Fate
	// Frames are what the camera sees at each attempt, for as many attempts as
	// the person has patience. Empty for an opt-out.
	Frames []Shot
}

// FaceInView reports whether any frame shows the person's own face.
func (v *Visit) FaceInView() bool {
	for _, s := range v.Frames {
		if s.Spoil != OutOfFrame && s.PrintOf == nil {
			return true
		}
	}
	return false
}

// Fate is what befalls a passenger or a stranger. The zero value is none and
// is never planned.
type Fate string

// The fates.
const (
	Plain         Fate = "plain"         // comes, looks into the camera, goes
	SpoiltOnce    Fate = "spoilt-once"   // the first capture is no good, the next are
	SpoiltAlways  Fate = "spoilt-always" // no capture is any good
	OptsOut       Fate = "opts-out"      // a citizen who declines before capture
	NoShow        Fate = "no-show"       // on the manifest, not at the gate
	StrangerComes Fate = "stranger"      // not on the voyage, at the gate all the same
	HoldsPicture  Fate = "holds-picture" // a stranger holds up a passenger's portrait
	LendsPicture  Fate = "lends-picture" // the passenger of that portrait, who stays away
)

// OnFile is what the system gets as a passenger's portrait.
type OnFile string

// The portraits on file. All but Usable are no use as a reference.
const (
	Usable   OnFile = "usable"
	Missing  OnFile = "missing"
	TooSmall OnFile = "too-small"
	Blurred  OnFile = "blurred"
	NotAFace OnFile = "not-a-face"
)

// Spoil is what is wrong with a capture. The zero value is nothing.
type Spoil string

// The ways in which a capture is spoilt.
const (
	TooDark    Spoil = "too-dark"
	Moved      Spoil = "moved"
	Turned     Spoil = "turned-away"
	TooFar     Spoil = "too-far"
	OutOfFrame Spoil = "out-of-frame"
)

// Shot is one frame: how it is taken, and of whom.
type Shot struct {
	scene.Shot
	// Live is which live image of the person is in it.
	Live int
	// Behind stands behind the person, or nil.
	Behind *Face
	// PrintOf is whose portrait is held up, or nil.
	PrintOf *Face
	Spoil   Spoil
}
