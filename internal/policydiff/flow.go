package policydiff

import "encoding/json"

// Outcome is what a rule set says of one duty of one person, as an index into
// a Flow. Its zero value is unspecified and is never counted.
type Outcome uint8

// The outcomes, in the order in which tables and plots show them.
const (
	Unspecified Outcome = iota
	Required
	NeedsOfficer
	Exempt
	NotInScope
	outcomes
)

// Outcomes are those that are counted.
var Outcomes = []Outcome{Required, NeedsOfficer, Exempt, NotInScope}

var outcomeNames = [outcomes]string{"unspecified", "required", "needs_officer", "exempt", "not_in_scope"}

// String returns the name that answers of policy have.
func (o Outcome) String() string { return outcomeNames[o] }

// Words returns the name as it stands in a sentence.
func (o Outcome) Words() string {
	return [...]string{"unspecified", "required", "needs an officer", "exempt", "not in scope"}[o]
}

// Flow counts persons by what the one rule set says and what the other says.
type Flow [outcomes][outcomes]int64

// Add adds the persons of g.
func (f *Flow) Add(g *Flow) {
	for i := range f {
		for j := range f[i] {
			f[i][j] += g[i][j]
		}
	}
}

// Persons returns how many persons were counted.
func (f *Flow) Persons() (n int64) {
	for i := range f {
		for _, v := range f[i] {
			n += v
		}
	}
	return n
}

// Before returns how many persons have this outcome under the first rule set.
func (f *Flow) Before(o Outcome) (n int64) {
	for _, v := range f[o] {
		n += v
	}
	return n
}

// After returns how many persons have this outcome under the second rule set.
func (f *Flow) After(o Outcome) (n int64) {
	for i := range f {
		n += f[i][o]
	}
	return n
}

// In returns how many persons the duty is new for: exempt or out of scope
// before, required after.
func (f *Flow) In() int64 { return f[Exempt][Required] + f[NotInScope][Required] }

// Out returns how many persons the duty ends for.
func (f *Flow) Out() int64 { return f[Required][Exempt] + f[Required][NotInScope] }

// ToOfficer returns for how many persons an answer is newly missing.
func (f *Flow) ToOfficer() int64 { return f.After(NeedsOfficer) - f[NeedsOfficer][NeedsOfficer] }

// FromOfficer returns for how many persons the second rule set no longer needs
// the answer that the first one lacks.
func (f *Flow) FromOfficer() int64 { return f.Before(NeedsOfficer) - f[NeedsOfficer][NeedsOfficer] }

// Regrounded returns how many persons owe nothing either way, for another
// reason: exempt before and out of scope after, or the other way round.
func (f *Flow) Regrounded() int64 { return f[Exempt][NotInScope] + f[NotInScope][Exempt] }

// Same returns how many persons nothing changes for.
func (f *Flow) Same() (n int64) {
	for i := range f {
		n += f[i][i]
	}
	return n
}

// step is one cell of a Flow in JSON.
type step struct {
	From    string  `json:"from"`
	To      string  `json:"to"`
	Persons int64   `json:"persons"`
	Percent float64 `json:"percent"`
}

// MarshalJSON writes the sums that people ask for, then the cells that are not
// empty. Percent is of the persons of this Flow.
func (f Flow) MarshalJSON() ([]byte, error) {
	n, steps := f.Persons(), []step{}
	for _, i := range Outcomes {
		for _, j := range Outcomes {
			if v := f[i][j]; v > 0 {
				steps = append(steps, step{i.String(), j.String(), v, percent(v, n)})
			}
		}
	}
	return json.Marshal(struct {
		Persons     int64   `json:"persons"`
		In          int64   `json:"newly_required"`
		InPercent   float64 `json:"newly_required_percent"`
		Out         int64   `json:"no_longer_required"`
		OutPercent  float64 `json:"no_longer_required_percent"`
		ToOfficer   int64   `json:"newly_needs_officer"`
		FromOfficer int64   `json:"no_longer_needs_officer"`
		Regrounded  int64   `json:"free_on_another_ground"`
		Same        int64   `json:"same"`
		Steps       []step  `json:"transitions"`
	}{n, f.In(), percent(f.In(), n), f.Out(), percent(f.Out(), n), f.ToOfficer(), f.FromOfficer(), f.Regrounded(), f.Same(), steps})
}

// percent returns 100 n/of, and 0 of nobody.
func percent(n, of int64) float64 {
	if of == 0 {
		return 0
	}
	return 100 * float64(n) / float64(of)
}
