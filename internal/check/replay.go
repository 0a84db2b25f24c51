package check

import (
	"slices"

	"limen/capture"
	"limen/decision"
	"limen/internal/app"
	"limen/internal/store"
	"limen/travel"
)

// Replay rebuilds the recommendation of every capture that a decision rests
// on from what the audit log has of it, and returns the first capture whose
// recommendation is not the one that was made; "" if all are.
//
// It is promise 12: what the machine said can be said again, from the record
// alone, by the same pure rules.
func Replay(x app.Explained) travel.CaptureID {
	for _, c := range x.Captures {
		got := Recommended(x.Rules, c)
		if got.Action != c.Action || got.Advice != c.Advice || got.Passenger != c.Passenger || !slices.Equal(got.Reasons, c.Reasons) {
			return c.ID
		}
	}
	return ""
}

// Recommended applies the rules to the facts in the record of a capture. Two
// of the facts are in its reasons: the problems of an image that was not good
// enough, and that the passenger had crossed, or had left the list, when the
// capture was recorded.
func Recommended(r decision.Rules, c store.Capture) decision.Recommendation {
	f := decision.Facts{Attempt: c.Attempt, AttackScore: c.AttackScore, Result: c.Result,
		Crossed: func(travel.PassengerID) bool {
			return slices.Equal(c.Reasons, []decision.Reason{decision.AlreadyCrossed})
		}}
	if !c.Acceptable && len(c.Reasons) > 0 {
		for _, problem := range c.Reasons[1:] {
			f.Problems = append(f.Problems, capture.Problem(problem))
		}
	}
	rec := r.Recommend(f)
	if rec.Action == decision.Confirmed && slices.Equal(c.Reasons, []decision.Reason{decision.NotOnManifest}) {
		rec.Action, rec.Reasons = decision.ManualInspection, c.Reasons
	}
	return rec
}
