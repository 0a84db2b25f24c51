package main

import (
	"fmt"
	goio "io"
	"maps"
	"slices"
	"strings"

	"limen/policy"
	"limen/travel"
)

// explanation is what limen policy explain prints.
type explanation struct {
	ID              string           `json:"rule_set"`
	Title           string           `json:"title"`
	Citation        string           `json:"citation"`
	InForce         bool             `json:"in_force"` // on that day
	On              travel.Day       `json:"on"`
	Direction       travel.Direction `json:"direction"`
	Photo           explained        `json:"photo"`
	OtherBiometrics explained        `json:"other_biometrics"`
	Notes           []string         `json:"notes"`

	law *policy.Set
	q   policy.Question
}

// explained is the answer on one duty.
type explained struct {
	Result   policy.Result   `json:"result"`
	Standing policy.Standing `json:"standing,omitempty"`
	Clause   string          `json:"clause"`
	Citation string          `json:"citation"`
	RuleSet  string          `json:"rule_set"`
	Rule     string          `json:"rule"`
	Text     string          `json:"text"`
	Inputs   map[string]any  `json:"inputs"` // null: not stated
	Missing  []string        `json:"missing,omitempty"`
	Presumed []string        `json:"presumed,omitempty"` // of the inputs: nobody stated them
	Note     string          `json:"note,omitempty"`
	Ask      string          `json:"ask,omitempty"`
}

func explain(law *policy.Set, q policy.Question, d policy.Decision) explained {
	return explained{d.Result, d.Standing, d.Clause, d.Citation, d.RuleSet, d.Rule, d.Text, law.Values(q, d.Inputs), names(d.Missing), names(law.Presumed(q, d.Inputs)), d.Note, d.Ask}
}

func names(of policy.Inputs) (out []string) {
	for _, i := range of.List() {
		out = append(out, i.String())
	}
	return out
}

// writeText writes the explanation as sentences.
func (e explanation) writeText(w goio.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, under %s: %s (%s).\n", e.occasion(), e.ID, e.Title, e.Citation)
	switch {
	case !e.law.InForce:
		fmt.Fprintf(&b, "It was proposed on %s and was never in force.\n", e.law.Proposed)
	case !e.InForce:
		fmt.Fprintf(&b, "It was not in force on that day.\n")
	}
	e.Photo.write(&b, "photograph", "be photographed")
	e.OtherBiometrics.write(&b, "other biometrics", "give other biometrics, such as fingerprints,")
	if len(e.Notes) > 0 {
		fmt.Fprintf(&b, "\nOn %s:\n", e.ID)
	}
	for _, n := range e.Notes {
		fmt.Fprintf(&b, "  %s.\n", capital(n))
	}
	_, err := goio.WriteString(w, b.String())
	return err
}

// occasion names the crossing.
func (e explanation) occasion() string {
	s := "Entry"
	if e.Direction == travel.Exit {
		s = "Departure"
	}
	switch e.q.Mode {
	case policy.Air, policy.Sea, policy.Land:
		s += " by " + string(e.q.Mode)
	case policy.Pedestrian:
		s += " on foot"
	case policy.PrivateAircraft:
		s += " by private aircraft"
	}
	if e.q.Port != "" {
		s += " at " + string(e.q.Port)
	}
	return s + " on " + e.On.String()
}

// write writes one duty: the answer, the rule, its clause, what it rests on.
func (x explained) write(b *strings.Builder, duty, what string) {
	fmt.Fprintf(b, "\n%s: %s.\n", capital(duty), strings.ReplaceAll(string(x.Result), "_", " "))
	under := fmt.Sprintf("  Under %s (%s) the traveler", x.Clause, x.Citation)
	switch {
	case x.Result == policy.NeedsOfficer && len(x.Missing) > 0:
		fmt.Fprintf(b, "  Whether the traveler is required to %s depends on what is not stated. An officer asks:\n    %s\n", what, x.Ask)
		fmt.Fprintf(b, "  The answer decides whether this applies, %s (%s): %s\n", x.Clause, x.Citation, x.Text)
	case x.Result == policy.NeedsOfficer:
		fmt.Fprintf(b, "  Under %s (%s) an officer decides. %s\n    %s\n", x.Clause, x.Citation, x.Text, x.Ask)
	case x.Result == policy.Required:
		fmt.Fprintf(b, "%s is required to %s. %s\n", under, strings.TrimSuffix(what, ","), x.Text)
	case x.Result == policy.Exempt:
		fmt.Fprintf(b, "%s is exempt, and not required to %s. %s\n", under, strings.TrimSuffix(what, ","), x.Text)
	default:
		fmt.Fprintf(b, "%s is not in scope, and not required to %s. %s\n", under, strings.TrimSuffix(what, ","), x.Text)
	}
	if x.Note != "" {
		fmt.Fprintf(b, "  Not settled: %s.\n", x.Note)
	}
	var rests []string
	for _, k := range slices.Sorted(maps.Keys(x.Inputs)) {
		rest := strings.ReplaceAll(k, "_", " ") + ": " + value(x.Inputs[k])
		if slices.Contains(x.Presumed, k) {
			rest += " (presumed at entry, nobody stated it)"
		}
		rests = append(rests, rest)
	}
	fmt.Fprintf(b, "  Rule %s of %s. It follows from %s.\n", x.Rule, x.RuleSet, strings.Join(rests, "; "))
}

// value writes an input for a person.
func value(v any) string {
	switch v := v.(type) {
	case nil:
		return "not stated"
	case bool:
		return yesNo(v)
	}
	return fmt.Sprint(v)
}
