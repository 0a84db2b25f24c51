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

// The answers' frame: which set is in force, what a question needs, that an
// answer says what it rests on. The law itself is in internal/scenario/cases.
func TestDecide(t *testing.T) {
	book := policy.Default()
	for _, c := range []struct {
		name        string
		citizenship travel.Country
		direction   travel.Direction
		day         string
		want        policy.Result
		set, clause string
		code        string
	}{
		{"alien leaves", "GBR", travel.Exit, "2026-11-23", policy.Required, "us-2025", "8 CFR 215.8(a)(1)", ""},
		{"alien enters", "GBR", travel.Entry, "2026-11-23", policy.Required, "us-2025", "8 CFR 235.1(f)(1)(ii)", ""},
		{"stateless: an alien", "XXA", travel.Exit, "2026-11-23", policy.Required, "us-2025", "8 CFR 215.8(a)(1)", ""},
		{"citizen leaves", "USA", travel.Exit, "2026-11-23", policy.NotInScope, "us-2025", "8 CFR 215.8(a)(1)", ""},
		{"nobody said", "", travel.Exit, "2026-11-23", policy.NeedsOfficer, "us-2025", "8 CFR 215.8(a)(1)", ""},
		{"first day in force", "GBR", travel.Exit, "2025-12-26", policy.Required, "us-2025", "8 CFR 215.8(a)(1)", ""},
		{"the day before", "USA", travel.Exit, "2025-12-25", policy.NotInScope, "us-2004", "8 CFR 215.8(a)(1)", ""},
		{"before any rule", "GBR", travel.Exit, "2004-01-04", "", "", "", "policy-day"},
		{"no day", "GBR", travel.Exit, "", "", "", "", "policy-question"},
		{"no direction", "GBR", "", "2026-11-23", "", "", "", "policy-question"},
		{"a direction that does not exist", "GBR", "transit", "2026-11-23", "", "", "", "policy-question"},
	} {
		q := policy.Question{PresentsAs: c.citizenship, Direction: c.direction}
		if c.day != "" {
			q.Day = day(t, c.day)
		}
		ds, err := book.Decide(policy.US, q)
		a := ds.Photo
		if errs.CodeOf(err) != c.code || a.Result != c.want || a.Clause != c.clause || a.RuleSet != c.set {
			t.Errorf("%s: %+v, %v", c.name, a, err)
		}
		if err == nil && (a.Rule == "" || a.Citation == "" || a.Text == "" || a.Inputs == 0) {
			t.Errorf("%s: the answer does not say what it rests on: %+v", c.name, a)
		}
		if (a.Result == policy.NeedsOfficer) != (a.Ask != "") {
			t.Errorf("%s: the officer is asked %q", c.name, a.Ask)
		}
	}
	q := policy.Question{Day: day(t, "2026-01-01"), Direction: travel.Entry, Birth: day(t, "2026-01-02")}
	if _, err := book.Decide(policy.US, q); errs.CodeOf(err) != "policy-question" {
		t.Errorf("born after the crossing: %v", err)
	}
	if _, err := book.Decide("GB", policy.Question{Day: day(t, "2026-01-01"), Direction: travel.Entry}); errs.CodeOf(err) != "policy-day" {
		t.Errorf("a jurisdiction without rules: %v", err)
	}
}

// Unknown is never taken for a citizen, nor is a code that looks like one.
func TestIsHome(t *testing.T) {
	for id, countries := range map[string]map[travel.Country]bool{
		"us-2025": {"USA": true, "GBR": false, "": false, "US": false, "usa": false, "UMI": false},
		"eu-ees":  {"FRA": true, "DEU": true, "D": true, "CHE": true, "GBR": false, "": false},
	} {
		law, err := policy.Default().Set(id)
		if err != nil {
			t.Fatal(err)
		}
		for c, want := range countries {
			if got := law.IsHome(c); got != want {
				t.Errorf("%s: %q is home: %v", id, c, got)
			}
		}
	}
}
