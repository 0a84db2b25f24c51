package policydiff

import (
	"limen/internal/traffic"
	"limen/travel"
)

// The duties that are compared.
const (
	Photo           = "photo"
	OtherBiometrics = "other_biometrics"
)

// Diff is what a diff found. Every person of the traffic is counted once in
// Total of each duty, and once in each of its dimensions.
type Diff struct {
	From    RuleSet `json:"from"`
	To      RuleSet `json:"to"`
	Traffic Traffic `json:"traffic"`
	// AsIf says on which days each rule set was not the law.
	AsIf   []string `json:"as_if"`
	Duties []Duty   `json:"duties"`
}

// RuleSet says which rules were compared.
type RuleSet struct {
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	InForce  string   `json:"in_force"`
	Citation string   `json:"citation"`
	Hash     string   `json:"hash"`
	Notes    []string `json:"notes,omitempty"`
	Rules    []Rule   `json:"rules"`
}

// Rule is one rule of a set, as a reader needs it.
type Rule struct {
	ID       string   `json:"rule"`
	Duties   []string `json:"duties"`
	Result   string   `json:"result"`
	When     string   `json:"when,omitempty"`
	Clauses  []string `json:"clauses"`
	Citation string   `json:"citation"`
	Text     string   `json:"text"`
	Note     string   `json:"note,omitempty"`
}

// Traffic says whose crossings were looked at.
type Traffic struct {
	Name    string     `json:"name"`
	Persons int64      `json:"persons"`
	First   travel.Day `json:"first_day"`
	Last    travel.Day `json:"last_day"`
	// Simulated is set for persons who do not exist.
	Simulated *Simulated `json:"simulated,omitempty"`
}

// Simulated says how simulated traffic was made.
type Simulated struct {
	Seed        uint64               `json:"seed"`
	Year        int                  `json:"year"`
	Assumptions []traffic.Assumption `json:"assumptions"`
}

// Duty is what changes for one duty.
type Duty struct {
	ID    string      `json:"duty"`
	Total Flow        `json:"total"`
	By    []Dimension `json:"by"`
	// InBy and OutBy say by which rules persons move in and out; Why has every
	// ground, also of those for whom nothing changes.
	InBy  []Mover  `json:"newly_required_by"`
	OutBy []Mover  `json:"no_longer_required_by"`
	Why   []Reason `json:"why"`
}

// Title names the duty in a heading.
func (d *Duty) Title() string {
	if d.ID == Photo {
		return "Photograph"
	}
	return "Other biometrics (fingerprints)"
}

// Dimension splits the persons of a duty by what they have in common.
type Dimension struct {
	Name   string  `json:"dimension"`
	Values []Value `json:"values"`
}

// Value is one group of a dimension.
type Value struct {
	Name string `json:"value"`
	Flow Flow   `json:"flow"`
}

// Reason is how many persons went from one ground to another. Where the
// outcome needs an officer, Ask is the question.
type Reason struct {
	From    Ground `json:"from"`
	To      Ground `json:"to"`
	Persons int64  `json:"persons"`
}

// Ground is an outcome and the clause it rests on.
type Ground struct {
	Outcome  string `json:"outcome"`
	Rule     string `json:"rule"`
	Clause   string `json:"clause,omitempty"`
	Citation string `json:"citation,omitempty"`
	Text     string `json:"text,omitempty"`
	Note     string `json:"note,omitempty"`
	Ask      string `json:"ask,omitempty"`
}

// Dimension returns the one of that name, or an empty one.
func (d *Duty) Dimension(name string) Dimension {
	for _, x := range d.By {
		if x.Name == name {
			return x
		}
	}
	return Dimension{Name: name}
}
