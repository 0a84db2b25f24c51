package decision_test

import (
	"fmt"
	"slices"
	"testing"

	"limen/capture"
	"limen/decision"
	"limen/match"
	"limen/travel"
)

// result returns a search of n references with so many candidates over the
// threshold and one under it.
func result(n, over int) match.Result {
	r := match.Result{GallerySize: n, Threshold: 0.6}
	for i := range over {
		r.Candidates = append(r.Candidates, match.Candidate{Passenger: travel.PassengerID(fmt.Sprint("p", i)), Score: 0.9})
	}
	if n > over {
		r.Candidates = append(r.Candidates, match.Candidate{Passenger: "under", Score: 0.59})
	}
	return r
}

// TestRecommendNeverDenies goes through every combination of what a capture can
// have been. Only the facts that name one person for sure confirm anybody.
func TestRecommendNeverDenies(t *testing.T) {
	rules := decision.Rules{Attempts: 3, AttackScore: 0.9}
	combinations := 0
	for attempt := 1; attempt <= 5; attempt++ {
		for _, problems := range [][]capture.Problem{nil, {capture.TooDark}, {capture.TwoSubjects, capture.TooFar}} {
			for _, attack := range []float32{0, 0.89, 0.9, 1} {
				for over := 0; over <= 3; over++ {
					for _, size := range []int{0, 4} {
						for _, crossed := range []bool{false, true} {
							f := decision.Facts{Attempt: attempt, Problems: problems, AttackScore: attack, Result: result(size, min(over, size)),
								Crossed: func(travel.PassengerID) bool { return crossed }}
							checkRecommendation(t, f, rules, crossed)
							combinations++
						}
					}
				}
			}
		}
	}
	if combinations != 5*3*4*4*2*2 {
		t.Errorf("%d combinations", combinations)
	}
}

func checkRecommendation(t *testing.T, f decision.Facts, rules decision.Rules, crossed bool) {
	t.Helper()
	r := rules.Recommend(f)
	name := fmt.Sprintf("attempt %d, problems %v, attack %v, %d matched of %d, crossed %v: %+v",
		f.Attempt, f.Problems, f.AttackScore, len(f.Result.Matched()), f.Result.GallerySize, crossed, r)
	sure := len(f.Problems) == 0 && f.AttackScore < rules.AttackScore && len(f.Result.Matched()) == 1 && !crossed
	switch r.Action {
	case decision.Confirmed:
		if !sure || r.Passenger != "p0" {
			t.Errorf("confirmed without being sure: %s", name)
		}
	case decision.CaptureAgain:
		if f.Attempt >= rules.Attempts || r.Advice == "" {
			t.Errorf("repeated without end or advice: %s", name)
		}
	case decision.ManualInspection:
		if r.Advice != "" {
			t.Errorf("the traveler is given advice, the officer takes over: %s", name)
		}
	default:
		t.Errorf("an action outside the three: %s", name)
	}
	if sure != (r.Action == decision.Confirmed) {
		t.Errorf("sure %v: %s", sure, name)
	}
	if len(r.Reasons) == 0 || r.Passenger != "" && r.Action != decision.Confirmed && !slices.Contains(r.Reasons, decision.AlreadyCrossed) {
		t.Errorf("no reason, or a name without one: %s", name)
	}
}

// Which of several things is said first.
func TestRecommendOrder(t *testing.T) {
	rules := decision.Rules{Attempts: 3, AttackScore: 0.9}
	crossed := func(travel.PassengerID) bool { return true }
	for _, c := range []struct {
		name    string
		facts   decision.Facts
		action  decision.Action
		reasons []decision.Reason
	}{
		{"a poor capture, whatever else", decision.Facts{Attempt: 1, Problems: []capture.Problem{capture.Blurred}, AttackScore: 1},
			decision.CaptureAgain, []decision.Reason{decision.CaptureUnacceptable, "blurred"}},
		{"no gallery: trying again is no use", decision.Facts{Attempt: 1, AttackScore: 1}, decision.ManualInspection, []decision.Reason{decision.NoGallery}},
		{"a suspect capture of a match", decision.Facts{Attempt: 1, AttackScore: 0.9, Result: result(2, 1)}, decision.CaptureAgain, []decision.Reason{decision.AttackSuspected}},
		{"suspect to the end: an officer", decision.Facts{Attempt: 3, AttackScore: 0.9, Result: result(2, 1)}, decision.ManualInspection, []decision.Reason{decision.AttackSuspected}},
		{"nobody", decision.Facts{Attempt: 2, Result: result(2, 0)}, decision.CaptureAgain, []decision.Reason{decision.NoMatch}},
		{"nobody to the end: an officer", decision.Facts{Attempt: 3, Result: result(2, 0)}, decision.ManualInspection, []decision.Reason{decision.NoMatch}},
		{"twins", decision.Facts{Attempt: 1, Result: result(4, 2)}, decision.CaptureAgain, []decision.Reason{decision.SeveralMatches}},
		{"who has crossed", decision.Facts{Attempt: 1, Result: result(2, 1), Crossed: crossed}, decision.ManualInspection, []decision.Reason{decision.AlreadyCrossed}},
		{"at the last attempt, still sure", decision.Facts{Attempt: 3, Result: result(2, 1)}, decision.Confirmed, []decision.Reason{decision.IdentityConfirmed}},
	} {
		r := rules.Recommend(c.facts)
		if r.Action != c.action || !slices.Equal(r.Reasons, c.reasons) {
			t.Errorf("%s: %s %v, want %s %v", c.name, r.Action, r.Reasons, c.action, c.reasons)
		}
	}
}
