package app

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"limen/errs"
	"limen/internal/store"
	"limen/manifest"
	"limen/policy"
	"limen/travel"
)

// nextRule is a rule set to come: nobody is photographed any more.
const nextRule = `id: us-next
title: A rule to come
jurisdiction: US
effective: {from: 2026-12-24}
citation: 92 FR 1
source: a test
home: [USA]
rules:
  - id: nobody
    duties: [photo, other_biometrics]
    when: "true"
    result: exempt
    clause: 8 CFR 0
    citation: 92 FR 1
    text: Nobody gives anything.
`

func rules(t *testing.T, text string) *policy.Book {
	t.Helper()
	b, err := policy.Default().With(policy.File{Name: "next.yaml", Data: []byte(text)})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// reopen starts the system again with another configuration.
func (s *site) reopen(change func(*Config)) error {
	s.t.Helper()
	c := s.App.Config
	change(&c)
	if err := s.App.Close(); err != nil {
		s.t.Fatal(err)
	}
	a, err := Open(s.t.Context(), c)
	if err == nil {
		s.App = a
	}
	return err
}

// arriving is a manifest of a child who arrives at a port at a local time.
func arriving(reference string, at travel.Port, when string) manifest.Message {
	l := leg("LHR", at)
	if err := l.Arrival.UnmarshalText([]byte(when)); err != nil {
		panic(err)
	}
	l.Departure = travel.LocalTime{Day: l.Arrival.Day.AddDays(-1), Minute: 12 * 60}
	l.Number = reference
	child := person(0, "GBR")
	child.BirthDate, child.Embark, child.Debark = travel.Day{Year: 2016, Month: 6, Date: 1}, "LHR", at
	return message("M"+reference, manifest.Original, l, child)
}

// The law changes at local midnight of the port: a child who arrives at 23:59 on
// 2025-12-25 is exempt under us-2004, one who arrives a minute later is in scope
// under us-2025, in ports of different zones.
func TestLawChangesAtLocalMidnight(t *testing.T) {
	s := newSite(t)
	s.clock = time.Date(2025, 12, 24, 12, 0, 0, 0, time.UTC)
	zone := func(name string) *time.Location {
		z, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		return z
	}
	if err := s.reopen(func(c *Config) {
		c.Ports = map[travel.Port]*time.Location{"BGR": zone("America/New_York"), "LAX": zone("America/Los_Angeles")}
	}); err != nil {
		t.Fatal(err)
	}
	ends := map[string]time.Time{}
	for i, port := range []travel.Port{"BGR", "LAX"} {
		for j, c := range []struct {
			when, set string
			result    policy.Result
		}{{"2025-12-25T23:59", "us-2004", policy.Exempt}, {"2025-12-26T00:00", "us-2025", policy.Required}} {
			r := s.send(arriving(string(rune('1'+i))+string(rune('1'+j)), port, c.when))
			if p := r.Passengers[0].Scope; p.RuleSet != c.set || p.Result != c.result || p.Rule == "" || p.Standing != policy.Alien {
				t.Errorf("%s at %s: %+v", port, c.when, p)
			}
			v := read(s, func(tx *store.Tx) (*store.Voyage, error) { return tx.Voyage(r.Voyage) })
			ends[string(port)+c.when] = v.Ends
		}
	}
	if !ends["BGR2025-12-26T00:00"].Before(ends["LAX2025-12-25T23:59"]) {
		t.Errorf("the new law in the east is not in force while the old one is in the west: %v", ends)
	}
}

// A new rule is a new file: it takes over on its first day, and voyages that are
// listed already are asked again when the system starts with it.
func TestNewRuleSetTakesOver(t *testing.T) {
	s := newSite(t)
	today, then := s.send(arriving("11", "BGR", "2026-12-23T23:59")), s.send(arriving("12", "BGR", "2026-12-24T00:00"))
	if a, b := today.Passengers[0].Scope, then.Passengers[0].Scope; a.RuleSet != "us-2025" || b != a {
		t.Fatalf("before: %+v, %+v", a, b)
	}
	if err := s.reopen(func(c *Config) { c.Policy = rules(t, nextRule) }); err != nil {
		t.Fatal(err)
	}
	by := func(v travel.VoyageID, want string) {
		t.Helper()
		ps := read(s, func(tx *store.Tx) ([]store.Passenger, error) { return tx.Passengers(v) })
		if len(ps) != 1 || ps[0].Scope.RuleSet != want || ps[0].InScope() != (want == "us-2025") {
			t.Errorf("%s: %+v", want, ps[0].Scope)
		}
	}
	by(today.Voyage, "us-2025")
	by(then.Voyage, "us-next")
	if err := s.reopen(func(c *Config) { c.Policy = nil }); err != nil { // without it again
		t.Fatal(err)
	}
	by(then.Voyage, "us-2025")
}

// Every rule set stands in the audit log once, with its hash. One that was
// published and is another now keeps the system from starting.
func TestRuleSetsAreImmutable(t *testing.T) {
	s := newSite(t)
	s.restart()
	ours := len(policy.Default().Sets())
	if n := len(s.logged("rule-set")); n != ours {
		t.Fatalf("%d entries of %d rule sets after a restart", n, ours)
	}
	if err := s.reopen(func(c *Config) { c.Policy = rules(t, nextRule) }); err != nil {
		t.Fatal(err)
	}
	all := s.logged("rule-set")
	if len(all) != ours+1 {
		t.Fatalf("%d entries after a new rule set", len(all))
	}
	var said PublishedRules
	next, _ := s.Policy.Set("us-next")
	if err := json.Unmarshal(all[ours].Detail, &said); err != nil || said.SHA256 != next.Hash || said.From != next.From || all[ours].Subject != "us-next" {
		t.Errorf("%+v, %v", said, err)
	}
	if n := len(s.logged("configuration")); n != 2 {
		t.Errorf("%d configurations", n)
	}
	for name, text := range map[string]string{"a word": strings.Replace(nextRule, "Nobody gives", "Everybody gives", 1), "a result": strings.Replace(nextRule, "result: exempt", "result: required", 1),
		"a day": strings.Replace(nextRule, "12-24", "12-25", 1)} {
		err := s.reopen(func(c *Config) { c.Policy = rules(t, text) })
		if errs.CodeOf(err) != "policy-changed" || !strings.Contains(err.Error(), "us-next") || !strings.Contains(err.Error(), "next.yaml") {
			t.Errorf("%s was changed: %v", name, err)
		}
		s.start() // without the file: it stays published, and is asked no more
	}
	if err := s.reopen(func(c *Config) { c.Policy = rules(t, "# a comment changes nothing\n"+nextRule) }); err != nil {
		t.Error(err)
	}
	if n := len(s.logged("rule-set")); n != ours+1 {
		t.Errorf("%d entries in the end", n)
	}
}

// A system of another jurisdiction answers by its law.
func TestJurisdiction(t *testing.T) {
	s := newSite(t)
	if err := s.reopen(func(c *Config) { c.Jurisdiction = policy.EU }); err != nil {
		t.Fatal(err)
	}
	french := person(1, "FRA")
	r := s.send(message("M1", manifest.Original, leg("BGR", "LHR"), person(0, "USA"), french))
	if a := r.Passengers[0].Scope; a.RuleSet != "eu-ees" || a.Result != policy.NeedsOfficer || a.Note == "" {
		t.Errorf("an American at an exit of the Union: %+v", a)
	}
	if !r.Passengers[1].Citizen() || !r.Passengers[1].Free() {
		t.Errorf("a French citizen: %+v", r.Passengers[1].Scope)
	}
}
