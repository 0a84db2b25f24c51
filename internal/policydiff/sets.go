package policydiff

import (
	"fmt"
	"slices"
	"strings"

	"limen/errs"
	"limen/policy"
	"limen/travel"
)

// Side is one of the two rule sets, and the first day on which it is not the
// law any more: its own end or the first day of its successor, zero if open.
type Side struct {
	*policy.Set
	Until travel.Day
}

// Comparable returns an Invalid error if two rule sets are the law of two
// jurisdictions: nobody is asked for both at one border.
func Comparable(from, to Side) error {
	if from.Jurisdiction != to.Jurisdiction {
		return errs.New(errs.Invalid, "policy-diff", "%s is law of %s and %s of %s: a diff compares what one border asks for", from.ID, from.Jurisdiction, to.ID, to.Jurisdiction)
	}
	return nil
}

func newRuleSet(s Side) RuleSet {
	r := RuleSet{ID: s.ID, Title: s.Title, InForce: inForce(s), Citation: s.Citation, Hash: s.Hash, Notes: s.Notes, Rules: []Rule{}}
	for _, rule := range s.Rules {
		out := Rule{ID: rule.ID, Result: string(rule.Result), When: rule.When, Clauses: clauses(rule.Clause), Citation: rule.Citation, Text: rule.Text, Note: rule.Note}
		for _, d := range rule.Duties {
			out.Duties = append(out.Duties, string(d))
		}
		r.Rules = append(r.Rules, out)
	}
	return r
}

// clauses lists the clauses of a rule, once where entry and exit share one.
func clauses(by map[travel.Direction]string) []string {
	out := []string{}
	entry, exit := by[travel.Entry], by[travel.Exit]
	switch {
	case entry == exit && entry != "":
		out = append(out, entry)
	default:
		if entry != "" {
			out = append(out, "entry: "+entry)
		}
		if exit != "" {
			out = append(out, "exit: "+exit)
		}
	}
	return out
}

// inForce says when a rule set was the law.
func inForce(s Side) string {
	switch {
	case !s.InForce && s.Proposed.IsZero():
		return "never in force"
	case !s.InForce:
		return fmt.Sprintf("proposed on %s, never in force", s.Proposed)
	case s.From.IsZero() && s.Until.IsZero():
		return "in force"
	case s.Until.IsZero():
		return fmt.Sprintf("in force from %s", s.From)
	case s.From.IsZero():
		return fmt.Sprintf("in force until %s", s.Until.AddDays(-1))
	}
	return fmt.Sprintf("in force from %s until %s", s.From, s.Until.AddDays(-1))
}

// asIf says that both rule sets are asked as if they were the law, and on which
// days of the traffic they are not.
func asIf(from, to Side, first, last travel.Day) []string {
	out := []string{fmt.Sprintf("Both rule sets are asked about the same persons, each as if it were the law on the day of the crossing (%s: %s; %s: %s).",
		from.ID, inForce(from), to.ID, inForce(to))}
	if first.IsZero() {
		return out
	}
	var not []string
	for _, s := range []Side{from, to} {
		if days := daysInForce(s, first, last); days != "" && !slices.Contains(not, days) {
			not = append(not, days)
		}
	}
	if len(not) > 0 {
		out = append(out, fmt.Sprintf("Of the days of this traffic, %s to %s, %s.", first, last, strings.Join(not, ", ")))
	}
	return out
}

// daysInForce says on which of the days a set is not the law, or "" if it is on
// all of them.
func daysInForce(s Side, first, last travel.Day) string {
	from, until := first, last.AddDays(1)
	if !s.From.IsZero() && s.From.After(from) {
		from = s.From
	}
	if !s.Until.IsZero() && s.Until.Before(until) {
		until = s.Until
	}
	n, all := max(0, from.DaysUntil(until)), first.DaysUntil(last)+1
	switch {
	case !s.InForce || n == 0:
		return s.ID + " is the law on none"
	case n == all:
		return ""
	case n == 1:
		return fmt.Sprintf("%s is the law on one of %d", s.ID, all)
	}
	return fmt.Sprintf("%s is the law on %d of %d", s.ID, n, all)
}
