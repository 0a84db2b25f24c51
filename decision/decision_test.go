package decision_test

import (
	"testing"

	"limen/decision"
	"limen/errs"
	"limen/travel"
)

var (
	exit  = travel.Encounter{ID: "e-exit", Direction: travel.Exit}
	entry = travel.Encounter{ID: "e-entry", Direction: travel.Entry}
)

var outcomes = []decision.Outcome{decision.Departed, decision.Admitted, decision.Entered, decision.Refused, decision.Referred, "", "denied"}

// TestAgainstAPersonNeedsAPerson is promise 12: there is no way to an outcome
// against a person, or to one that no machine confirmed, without an officer's
// name and a reason of more than spaces; and no rule decides anything but a
// confirmed exit.
func TestAgainstAPersonNeedsAPerson(t *testing.T) {
	for _, e := range []travel.Encounter{exit, entry, {ID: "e-none"}} {
		for _, o := range outcomes {
			for _, officer := range []string{"", " \t", "A. Officer"} {
				for _, reason := range []string{"", "  \n", "passport does not match the person"} {
					for _, confirmed := range []bool{false, true} {
						for _, p := range []travel.PassengerID{"", "p1"} {
							d, err := decision.ByPerson("d1", e, p, o, officer, reason, confirmed)
							against := o == decision.Refused || o == decision.Referred
							name := officer == "A. Officer"
							why := reason != "" && reason[0] != ' '
							want := name && (why || !against && confirmed) && exists(o, e.Direction) && (o == decision.Referred || p != "")
							if (err == nil) != want {
								t.Errorf("%s at %q by %q because %q, confirmed %v, passenger %q: %v", o, e.Direction, officer, reason, confirmed, p, err)
							}
							if err != nil && (errs.KindOf(err) != errs.Invalid || d != (decision.Decision{})) {
								t.Errorf("%+v beside %v", d, err)
							}
							if err == nil && (d.Rule != "" || d.Officer == "" || against && d.Reason == "") {
								t.Errorf("nobody stands for %+v", d)
							}
						}
					}
				}
			}
		}
	}
	for _, e := range []travel.Encounter{exit, entry, {}} {
		for _, a := range []decision.Action{decision.Confirmed, decision.CaptureAgain, decision.ManualInspection, ""} {
			for _, p := range []travel.PassengerID{"", "p1"} {
				d, err := decision.ByRule("d1", e, decision.Recommendation{Action: a, Passenger: p})
				want := e.Direction == travel.Exit && a == decision.Confirmed && p != ""
				if (err == nil) != want || err == nil && (d.Outcome != decision.Departed || d.Officer != "" || d.Rule != decision.RuleExitConfirmed) {
					t.Errorf("a rule made %+v of %s at %q (%v)", d, a, e.Direction, err)
				}
				if err != nil && (errs.KindOf(err) != errs.Forbidden || errs.CodeOf(err) != "decision-rule") {
					t.Error(err)
				}
			}
		}
	}
}

// exists is the table of outcomes by direction, once more by hand.
func exists(o decision.Outcome, d travel.Direction) bool {
	return map[travel.Direction]map[decision.Outcome]bool{
		travel.Exit:  {decision.Departed: true, decision.Referred: true},
		travel.Entry: {decision.Admitted: true, decision.Entered: true, decision.Refused: true, decision.Referred: true},
	}[d][o]
}

// The first thing that is missing is named by its code.
func TestByPersonSaysWhy(t *testing.T) {
	for _, c := range []struct {
		e               travel.Encounter
		p               travel.PassengerID
		o               decision.Outcome
		officer, reason string
		confirmed       bool
		code            string
	}{
		{exit, "p1", decision.Departed, "", "", true, "decision-officer"},
		{exit, "p1", decision.Departed, "A", "", false, "decision-reason"},
		{entry, "p1", decision.Refused, "A", "", true, "decision-reason"},
		{exit, "p1", decision.Refused, "A", "x", true, "decision-direction"},
		{exit, "p1", "", "A", "x", true, "decision-direction"},
		{exit, "", decision.Departed, "A", "x", true, "decision-passenger"},
		{entry, "", decision.Refused, "A", "x", false, "decision-passenger"},
		{entry, "", decision.Referred, "A", "x", false, ""}, // whoever it is
	} {
		if _, err := decision.ByPerson("d1", c.e, c.p, c.o, c.officer, c.reason, c.confirmed); errs.CodeOf(err) != c.code {
			t.Errorf("%+v: %v", c, err)
		}
	}
	d, err := decision.ByPerson("d1", exit, "p1", decision.Departed, " A. Officer ", " compared ", false)
	if err != nil || d.Officer != "A. Officer" || d.Reason != "compared" || d.ID != "d1" || d.Encounter != "e-exit" || d.Passenger != "p1" {
		t.Errorf("%+v, %v", d, err)
	}
}

func TestCrosses(t *testing.T) {
	want := map[decision.Outcome]bool{decision.Departed: true, decision.Admitted: true, decision.Entered: true}
	for _, o := range outcomes {
		if o.Crosses() != want[o] {
			t.Errorf("%q crosses: %v", o, o.Crosses())
		}
	}
}
