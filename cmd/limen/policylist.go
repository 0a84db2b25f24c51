package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"limen/policy"
	"limen/travel"
)

// listedSet is a rule set as limen policy list prints it.
type listedSet struct {
	ID           string              `json:"id"`
	Title        string              `json:"title"`
	Jurisdiction policy.Jurisdiction `json:"jurisdiction"`
	From         travel.Day          `json:"from,omitzero"`
	Until        travel.Day          `json:"until,omitzero"` // the first day that it is not in force
	Proposed     travel.Day          `json:"proposed,omitzero"`
	InForce      bool                `json:"in_force"` // on the day asked
	Citation     string              `json:"citation"`
	Source       string              `json:"source"`
	Notes        []string            `json:"notes"`
	Rules        int                 `json:"rules"`
	File         string              `json:"file"`
	SHA256       string              `json:"sha256"`
}

// Run prints the rule sets.
func (c *policyListCmd) Run(io *streams) error {
	day, err := dayOr(c.On, "--on")
	if err != nil {
		return err
	}
	book, err := c.book()
	if err != nil {
		return err
	}
	var out []listedSet
	for _, s := range book.Sets() {
		now, err := book.On(s.Jurisdiction, day)
		out = append(out, listedSet{s.ID, s.Title, s.Jurisdiction, s.From, book.Until(s), s.Proposed, err == nil && now == s, s.Citation, s.Source, s.Notes, len(s.Rules), s.File, s.Hash})
	}
	if c.JSON {
		return printJSON(io.Out, out)
	}
	t := tabwriter.NewWriter(io.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "rule set\tlaw of\tin force\ton %s\tcitation\tSHA-256\n", day)
	for _, s := range out {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", s.ID, s.Jurisdiction, s.period(), yesNo(s.InForce), s.Citation, s.SHA256[:16])
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, s := range out {
		fmt.Fprintf(io.Out, "\n%s: %s.\n  %s\n", s.ID, s.Title, s.Source)
		for _, n := range s.Notes {
			fmt.Fprintf(io.Out, "  %s\n", n)
		}
	}
	return nil
}

// period says from when to when a set is in force.
func (s listedSet) period() string {
	switch {
	case s.From.IsZero():
		return "never (proposed " + s.Proposed.String() + ")"
	case s.Until.IsZero():
		return "from " + s.From.String()
	}
	return s.From.String() + " to " + s.Until.AddDays(-1).String()
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// capital writes the first letter large.
func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
