// Package decision turns what the machine measured into a recommendation, and
// what a person or a written rule said into a decision.
//
// The rules are pure: the same facts give the same answer. No rule here can
// refuse anybody: a search that finds no one sends the traveler to an officer,
// and an outcome against a person exists only with a person's name and reason
// on it (promise 12).
package decision

import (
	"strings"

	"limen/errs"
	"limen/travel"
)

// Outcome is what became of an encounter. Its zero value is unspecified.
type Outcome string

// The outcomes.
const (
	// Departed: the person left; identity was confirmed.
	Departed Outcome = "departed"
	// Admitted: an officer admitted an alien for a class and a period.
	Admitted Outcome = "admitted"
	// Entered: a citizen or permanent resident came home; nothing is granted.
	Entered Outcome = "entered"
	// Refused: an officer refused entry, on a legal ground.
	Refused Outcome = "refused"
	// Referred: an officer sent the person to secondary.
	Referred Outcome = "referred"
)

// Crosses reports whether the outcome ends in a crossing.
func (o Outcome) Crosses() bool { return o == Departed || o == Admitted || o == Entered }

// against reports whether the outcome is one against the person.
func (o Outcome) against() bool { return o == Refused || o == Referred }

// Decision ends an encounter. Make one with ByRule or ByPerson; the zero value
// decides nothing.
type Decision struct {
	ID        travel.DecisionID
	Encounter travel.EncounterID
	Passenger travel.PassengerID
	Outcome   Outcome
	// Rule is set if a written rule decided, Officer if a person did; never
	// both, never neither.
	Rule    string
	Officer string
	Reason  string
}

// RuleExitConfirmed is the one written rule that decides without a person: an
// exit is recorded when the traveler's identity was confirmed in the voyage's
// gallery. It is in the traveler's favor, or it would not be a rule.
const RuleExitConfirmed = "exit-confirmed"

// ByRule decides an encounter by a written rule. It refuses (Forbidden, code
// "decision-rule") every outcome but a confirmed exit: all others need a person.
func ByRule(id travel.DecisionID, e travel.Encounter, r Recommendation) (Decision, error) {
	if e.Direction != travel.Exit || r.Action != Confirmed || r.Passenger == "" {
		return Decision{}, errs.New(errs.Forbidden, "decision-rule", "only a confirmed exit is decided by rule; this one needs an officer")
	}
	return Decision{ID: id, Encounter: e.ID, Passenger: r.Passenger, Outcome: Departed, Rule: RuleExitConfirmed}, nil
}

// ByPerson decides an encounter in an officer's name. Errors are Invalid:
// "decision-officer" without a name, "decision-reason" without a reason where
// the outcome is against the person or the machine did not confirm them,
// "decision-direction" for an outcome that the direction does not have,
// "decision-passenger" for a crossing or a refusal of nobody.
func ByPerson(id travel.DecisionID, e travel.Encounter, passenger travel.PassengerID, o Outcome, officer, reason string, confirmed bool) (Decision, error) {
	officer, reason = strings.TrimSpace(officer), strings.TrimSpace(reason)
	invalid := func(code, detail string) (Decision, error) {
		return Decision{}, errs.New(errs.Invalid, code, "%s", detail)
	}
	switch {
	case officer == "":
		return invalid("decision-officer", "a decision needs the name of the officer who makes it")
	case reason == "" && (o.against() || !confirmed):
		return invalid("decision-reason", "a decision against a person, or without biometric confirmation, needs a reason")
	case !possible(o, e.Direction):
		return invalid("decision-direction", "this outcome does not exist for this direction of crossing")
	case (o.Crosses() || o == Refused) && passenger == "":
		return invalid("decision-passenger", "a crossing or a refusal needs the passenger it is about")
	}
	return Decision{ID: id, Encounter: e.ID, Passenger: passenger, Outcome: o, Officer: officer, Reason: reason}, nil
}

// mismatchAge is the age from which a facial mismatch at entry binds primary.
const mismatchAge = 14

// MustRefer reports whether an officer at primary may only refer: at an entry
// where the face was captured, a reference was there, and they did not match,
// the traveler being 14 or older, or of unknown age.
//
// Source: OIG-22-48 (mandatory referral of facial mismatches).
func MustRefer(d travel.Direction, mismatched bool, birth, today travel.Day) bool {
	return d == travel.Entry && mismatched && (birth.IsZero() || travel.AgeOn(birth, today) >= mismatchAge)
}

func possible(o Outcome, d travel.Direction) bool {
	switch o {
	case Departed:
		return d == travel.Exit
	case Admitted, Entered, Refused:
		return d == travel.Entry
	case Referred:
		return d == travel.Entry || d == travel.Exit
	}
	return false
}
