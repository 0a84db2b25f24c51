package policy

// Result is the answer on one duty. Its zero value is unspecified and is
// refused wherever a result matters.
type Result string

// The results. NeedsOfficer comes with the question to ask.
const (
	Required     Result = "required"
	Exempt       Result = "exempt"
	NotInScope   Result = "not_in_scope"
	NeedsOfficer Result = "needs_officer"
)

// Duty is something that a person may have to give. Its zero value is
// unspecified.
type Duty string

// The duties.
const (
	Photo           Duty = "photo"
	OtherBiometrics Duty = "other_biometrics" // fingerprints
)

// Standing says whether a person crosses as a citizen of the rule's own
// country. The zero value is that it is not known.
type Standing string

// The standings.
const (
	Citizen Standing = "citizen"
	Alien   Standing = "alien"
)

// Decision is the answer on one duty and all that it rests on. It holds no
// personal data: inputs are named, without their values.
type Decision struct {
	Result   Result   `json:"result"`
	Standing Standing `json:"standing,omitempty"`
	RuleSet  string   `json:"rule_set,omitempty"`
	Rule     string   `json:"rule,omitempty"`
	Clause   string   `json:"clause,omitempty"`
	Citation string   `json:"citation,omitempty"`
	// Text is the rule as a sentence; it is found again by rule set and rule.
	Text string `json:"-"`
	// Note says what about the rule is not settled: "[check] …".
	Note string `json:"note,omitempty"`
	// Ask is the question for the officer when Result is NeedsOfficer.
	Ask string `json:"ask,omitempty"`
	// Inputs are those that the answer rests on; Missing those among them that
	// nobody stated and that would change it.
	Inputs  Inputs `json:"inputs,omitempty"`
	Missing Inputs `json:"missing,omitempty"`
}

// Decisions are the answers on every duty.
type Decisions struct {
	Photo           Decision `json:"photo"`
	OtherBiometrics Decision `json:"other_biometrics"`
}

// free reports whether a result asks nothing of the person.
func (r Result) free() bool { return r == Exempt || r == NotInScope }

// same reports whether two results ask the same of the person. Two rules that
// send to an officer ask different questions.
func (r Result) same(o Result) bool {
	return r == o && r != NeedsOfficer || r.free() && o.free()
}
