package policy_test

import (
	"testing"

	"limen/errs"
	"limen/policy"
	"limen/travel"
)

func day(t testing.TB, s string) travel.Day {
	t.Helper()
	d, err := travel.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// 90 FR 48604 is in force from 2025-12-26: every alien, entry and exit, at any
// age; never a US citizen.
func TestPhotograph(t *testing.T) {
	for _, c := range []struct {
		name        string
		citizenship travel.Country
		direction   travel.Direction
		day         string
		want        policy.Scope
		clause      string
		code        string
	}{
		{"alien leaves", "GBR", travel.Exit, "2026-11-23", policy.InScope, "8 CFR 215.8(a)(1)", ""},
		{"alien enters", "GBR", travel.Entry, "2026-11-23", policy.InScope, "8 CFR 235.1(f)(1)(ii)", ""},
		{"Canadian: an alien", "CAN", travel.Exit, "2026-11-23", policy.InScope, "8 CFR 215.8(a)(1)", ""},
		{"stateless: an alien", "XXA", travel.Exit, "2026-11-23", policy.InScope, "8 CFR 215.8(a)(1)", ""},
		{"citizen leaves", "USA", travel.Exit, "2026-11-23", policy.NotInScope, "US citizens are outside the rule and may decline", ""},
		{"citizen enters", "USA", travel.Entry, "2026-11-23", policy.NotInScope, "US citizens are outside the rule and may decline", ""},
		{"nobody said", "", travel.Exit, "2026-11-23", policy.NeedsOfficer, "", ""},
		{"first day in force", "GBR", travel.Exit, "2025-12-26", policy.InScope, "8 CFR 215.8(a)(1)", ""},
		{"the day before", "GBR", travel.Exit, "2025-12-25", "", "", "policy-day"},
		{"no day", "GBR", travel.Exit, "", "", "", "policy-question"},
		{"no direction", "GBR", "", "2026-11-23", "", "", "policy-question"},
		{"a direction that does not exist", "GBR", "transit", "2026-11-23", "", "", "policy-question"},
	} {
		q := policy.Question{Citizenship: c.citizenship, Direction: c.direction}
		if c.day != "" {
			q.Day = day(t, c.day)
		}
		a, err := policy.Photograph(q)
		if errs.CodeOf(err) != c.code || a.Scope != c.want || a.Clause != c.clause {
			t.Errorf("%s: %+v, %v", c.name, a, err)
		}
		if err == nil && (a.RuleSet == "" || a.Citation == "") {
			t.Errorf("%s: the answer does not say what it rests on: %+v", c.name, a)
		}
		if (a.Scope == policy.NeedsOfficer) != (a.Ask != "") {
			t.Errorf("%s: the officer is asked %q", c.name, a.Ask)
		}
	}
}

// Unknown is never taken for a citizen, nor is a code that looks like one.
func TestIsCitizen(t *testing.T) {
	today := day(t, "2026-11-23")
	for c, want := range map[travel.Country]bool{"USA": true, "GBR": false, "": false, "US": false, "usa": false, "UMI": false} {
		if got := policy.IsCitizen(c, today); got != want {
			t.Errorf("%q is a citizen: %v", c, got)
		}
	}
	if policy.IsCitizen("USA", travel.Day{}) {
		t.Error("a citizen on no day")
	}
}
