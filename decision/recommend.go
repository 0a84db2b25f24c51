package decision

import (
	"limen/capture"
	"limen/match"
	"limen/travel"
)

// Action is what the machine suggests to do next. Its zero value is
// unspecified.
type Action string

// The actions. There is none that denies.
const (
	Confirmed        Action = "confirmed"
	CaptureAgain     Action = "capture_again"
	ManualInspection Action = "manual_inspection"
)

// Reason says why an action was recommended.
type Reason string

// The reasons beside the problems of a capture, which are reasons as well.
const (
	IdentityConfirmed   Reason = "identity-confirmed"
	NoMatch             Reason = "no-match"
	SeveralMatches      Reason = "several-matches"
	NoGallery           Reason = "no-gallery"
	AttackSuspected     Reason = "presentation-attack-suspected"
	AlreadyCrossed      Reason = "already-crossed"
	NotOnManifest       Reason = "not-on-manifest" // taken off the list meanwhile
	CaptureUnacceptable Reason = "capture-unacceptable"
)

// Rules are the figures of the recommendation, set by the deployment.
type Rules struct {
	// Attempts is how many captures one encounter may have before an officer
	// takes over.
	Attempts int
	// AttackScore is the presentation-attack score, 0 to 1, from which a
	// capture counts as suspect. The signal is advisory: a suspect capture is
	// repeated, and what stays suspect goes to an officer who sees why.
	AttackScore float32
}

// Defaults returns three attempts, and an attack score for the default engine,
// whose signal is weak: one live face in twenty scores over 0.995 in a gate's
// frame, while a print may score next to nothing. Plug in a better model and
// set this lower.
func Defaults() Rules { return Rules{Attempts: 3, AttackScore: 0.995} }

// Facts are all that a recommendation rests on.
type Facts struct {
	Attempt     int // of this encounter, from 1
	Problems    []capture.Problem
	AttackScore float32
	Result      match.Result
	// Crossed reports whether a passenger has already crossed on this voyage.
	Crossed func(travel.PassengerID) bool
}

// Recommendation is what the machine suggests. Passenger is set only if Action
// is Confirmed, or if the reason is about that passenger.
type Recommendation struct {
	Action    Action
	Reasons   []Reason
	Advice    string // one sentence for the traveler, with CaptureAgain
	Passenger travel.PassengerID
}

// Recommend applies the rules, in this order: a capture that is not good
// enough is repeated; a suspect one is repeated; nobody or several found is
// repeated; then, or when the attempts are used up, an officer takes over. One
// match of a passenger who has not crossed yet is a confirmation.
func (r Rules) Recommend(f Facts) Recommendation {
	if len(f.Problems) > 0 {
		reasons := []Reason{CaptureUnacceptable}
		for _, p := range f.Problems {
			reasons = append(reasons, Reason(p))
		}
		return r.again(f, f.Problems[0].Advice(), reasons...)
	}
	if f.Result.GallerySize == 0 {
		return Recommendation{Action: ManualInspection, Reasons: []Reason{NoGallery}}
	}
	if f.AttackScore >= r.AttackScore {
		return r.again(f, "Look straight at the camera.", AttackSuspected)
	}
	matched := f.Result.Matched()
	switch {
	case len(matched) == 0:
		return r.again(f, "Look straight at the camera.", NoMatch)
	case len(matched) > 1:
		return r.again(f, "Look straight at the camera.", SeveralMatches)
	}
	p := matched[0].Passenger
	if f.Crossed != nil && f.Crossed(p) {
		return Recommendation{Action: ManualInspection, Reasons: []Reason{AlreadyCrossed}, Passenger: p}
	}
	return Recommendation{Action: Confirmed, Reasons: []Reason{IdentityConfirmed}, Passenger: p}
}

func (r Rules) again(f Facts, advice string, reasons ...Reason) Recommendation {
	if f.Attempt >= r.Attempts {
		return Recommendation{Action: ManualInspection, Reasons: reasons}
	}
	return Recommendation{Action: CaptureAgain, Reasons: reasons, Advice: advice}
}
