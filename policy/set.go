package policy

import (
	"slices"

	"limen/travel"
)

// Jurisdiction is whose law a rule set is: "US", "EU".
type Jurisdiction string

// The jurisdictions of the embedded rule sets.
const (
	US Jurisdiction = "US"
	EU Jurisdiction = "EU"
)

// Set is a rule set: the law of a jurisdiction between two days, as ordered
// rules. It is immutable and safe for concurrent use.
type Set struct {
	ID           string
	Title        string
	Jurisdiction Jurisdiction
	// From is the first day in force; Until the first day it is not any more,
	// zero if open. A set that was never in force has neither, but Proposed.
	From, Until, Proposed travel.Day
	InForce               bool
	Citation, Source      string
	// Home are the countries whose citizens are citizens here.
	Home  []travel.Country
	Notes []string
	Rules []Rule
	// Hash is the SHA-256 of the set in canonical form, in hexadecimal: layout
	// and comments of the file do not count.
	Hash string
	// File is where it was read from.
	File string

	// What Decide walks, by direction: entry, exit.
	photo, other [2][]step
	idAt, fromAt position
}

// Rule is one rule of a set: the first that holds decides.
type Rule struct {
	ID     string
	Duties []Duty
	When   string // the condition, in CEL
	Result Result
	// Clause is by direction, for the law says the same of entry and exit in
	// different places.
	Clause   map[travel.Direction]string
	Citation string
	Text     string
	Note     string
	Ask      string

	condition node
}

// step is a rule as it decides on one duty in one direction: its answer, made
// up front, so that deciding copies and does not build.
type step struct {
	when   *node
	answer Decision
}

// steps makes the steps of a duty and a direction.
func (s *Set) steps(duty Duty, d travel.Direction) []step {
	var out []step
	for i := range s.Rules {
		if r := &s.Rules[i]; slices.Contains(r.Duties, duty) {
			out = append(out, step{&r.condition, Decision{Result: r.Result, RuleSet: s.ID, Rule: r.ID, Clause: r.Clause[d],
				Citation: r.Citation, Text: r.Text, Note: r.Note, Ask: r.Ask}})
		}
	}
	return out
}

// prepare makes what Decide walks.
func (s *Set) prepare() {
	for i, d := range [2]travel.Direction{travel.Entry, travel.Exit} {
		s.photo[i], s.other[i] = s.steps(Photo, d), s.steps(OtherBiometrics, d)
	}
}

// Decide answers on every duty, by this set, in force that day or not. It
// allocates nothing unless something that matters is unknown. It returns an
// Invalid error (code "policy-question") if the day or the direction is
// missing, the birth is after the day, or what is stated contradicts itself.
func (s *Set) Decide(q Question) (Decisions, error) {
	if err := q.check(); err != nil {
		return Decisions{}, err
	}
	if err := q.checkStatus(s.Jurisdiction); err != nil {
		return Decisions{}, err
	}
	f := q.facts(s)
	d := 0
	if q.Direction == travel.Exit {
		d = 1
	}
	return Decisions{decide(s.photo[d], &f), decide(s.other[d], &f)}, nil
}

// IsHome reports whether citizens of c are citizens here.
func (s *Set) IsHome(c travel.Country) bool { return isHome(c, s.Home) }

// decide returns the answer of the first rule that holds. A rule before it that
// may or may not hold matters only if it would ask something else of the person.
func decide(steps []step, f *facts) (d Decision) {
	undecided, used := -1, Inputs(1)<<InDirection
	for i := range steps {
		v, from := steps[i].when.eval(f)
		if v == Unknown {
			if undecided < 0 {
				undecided = i
			}
			continue
		}
		used |= from
		if v == Yes {
			d = steps[i].answer
			if undecided >= 0 {
				d = settle(steps[undecided:i], d, f)
			}
			d.Standing = f.standing()
			d.Inputs |= used
			return d
		}
	}
	return d // not reached: the last rule of a duty holds always
}

// settle answers when rules before the one that holds are undecided: as that
// one, if they all ask the same of the person, or with the question that must
// be answered first.
func settle(before []step, holds Decision, f *facts) Decision {
	last := -1 // that would ask something else
	for i := range before {
		if v, _ := before[i].when.eval(f); v == Unknown && !before[i].answer.Result.same(holds.Result) {
			last = i
		}
	}
	d := holds
	for i := range before[:last+1] {
		s := &before[i]
		v, from := s.when.eval(f)
		if v != Unknown {
			continue
		}
		if d.Missing == 0 {
			d = s.answer
			d.Result, d.Ask = NeedsOfficer, s.when.first(f).Ask()
		}
		d.Missing |= from &^ f.known
		d.Inputs |= from
	}
	return d
}
