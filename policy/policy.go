// Package policy answers who must give a photograph at a crossing on a day,
// from rule sets with effective dates, and says on which clause the answer
// rests.
//
// An unknown input never widens a duty or an exemption: the answer is then
// NeedsOfficer with the question to ask.
//
// Source: 8 CFR 215.8 and 235.1 as amended by 90 FR 48604 (2025-10-27),
// effective 2025-12-26.
package policy

import (
	"limen/errs"
	"limen/travel"
)

// Scope is the answer on one duty. Its zero value is unspecified and is
// refused wherever a scope matters.
type Scope string

// The values of Scope.
const (
	InScope      Scope = "in_scope"
	NotInScope   Scope = "not_in_scope"
	NeedsOfficer Scope = "needs_officer"
)

// Question is what a rule looks at.
type Question struct {
	Citizenship travel.Country
	Direction   travel.Direction
	Day         travel.Day // local day of the port
}

// Answer is a scope and what it rests on.
type Answer struct {
	Scope    Scope  `json:"scope"`
	RuleSet  string `json:"rule_set"`
	Clause   string `json:"clause"`
	Citation string `json:"citation"`
	// Ask is the question for the officer when Scope is NeedsOfficer.
	Ask string `json:"ask,omitempty"`
}

type ruleSet struct {
	id          string
	from, until travel.Day // until is exclusive; zero is open
	home        travel.Country
	citation    string
	aliens      map[travel.Direction]string // clause by direction
	citizens    string
}

var ruleSets = []ruleSet{{
	id:       "us-2025",
	from:     travel.Day{Year: 2025, Month: 12, Date: 26},
	home:     "USA",
	citation: "90 FR 48604 (2025-10-27)",
	aliens: map[travel.Direction]string{
		travel.Exit:  "8 CFR 215.8(a)(1)",
		travel.Entry: "8 CFR 235.1(f)(1)(ii)",
	},
	citizens: "US citizens are outside the rule and may decline",
}}

// Photograph answers whether a person is in scope for facial photograph
// collection. It returns an Invalid error if day or direction is unspecified,
// and NotFound if no rule set was in force that day.
func Photograph(q Question) (Answer, error) {
	if q.Day.IsZero() || q.Direction != travel.Entry && q.Direction != travel.Exit {
		return Answer{}, errs.New(errs.Invalid, "policy-question", "a scope needs the day and the direction of the crossing")
	}
	for _, r := range ruleSets {
		if !q.Day.Before(r.from) && (r.until.IsZero() || q.Day.Before(r.until)) {
			return r.photograph(q), nil
		}
	}
	return Answer{}, errs.New(errs.NotFound, "policy-day", "no rule set is in force on %s", q.Day)
}

func (r ruleSet) photograph(q Question) Answer {
	a := Answer{RuleSet: r.id, Citation: r.citation}
	switch q.Citizenship {
	case "":
		a.Scope, a.Ask = NeedsOfficer, "Of which country is the traveler a citizen?"
	case r.home:
		a.Scope, a.Clause = NotInScope, r.citizens
	default:
		a.Scope, a.Clause = InScope, r.aliens[q.Direction]
	}
	return a
}

// IsCitizen reports whether a person of this citizenship is a citizen of the
// country whose rule is in force on day: one whose image and template leave at
// once when identity is verified.
func IsCitizen(citizenship travel.Country, day travel.Day) bool {
	a, err := Photograph(Question{Citizenship: citizenship, Direction: travel.Exit, Day: day})
	return err == nil && a.Scope == NotInScope
}
