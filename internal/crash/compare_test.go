package crash

import (
	"slices"
	"testing"

	"limen/travel"
)

// sound is a store and the ledger of what was asked of it: an alien who came in
// by an officer's decision and went out by face, and a citizen who went out by
// face and has not been answered.
func sound() (*state, *ledger) {
	s := &state{
		crossings: []crossingRow{
			{"x1", "p1", "v1", "entry", "", "d1"},
			{"x2", "p2", "v2", "exit", "c2", "d2"},
			{"x3", "p3", "v2", "exit", "c3", "d3"},
		},
		decisions: map[string]decisionRow{"e1": {"d1", "p1", "admitted"}, "e2": {"d2", "p2", "departed"}, "e3": {"d3", "p3", "departed"}},
		encounter: map[string]string{"e1": "d1", "e2": "d2", "e3": "d3"},
		leaves:    map[string]int{"x1": 1, "x2": 1, "x3": 1},
		judged:    map[string]int{"d1": 1, "d2": 1, "d3": 1},
		once:      map[string]int{"x1": 1, "x2": 2, "x3": 2},
		outbox:    map[string]int{"x1": 1, "x2": 1, "x3": 1},
		opened:    map[string]int{"x1": 1},
		closed:    map[string]int{"x2": 1},
		confirmed: map[string]bool{"c2": true, "c3": true},
	}
	l := newLedger()
	l.deeds = []*deed{
		{passenger: "p1", voyage: "v1", direction: travel.Entry, tries: []try{{"e1", ""}}, alien: true, crossing: "x1", decision: "d1"},
		{passenger: "p2", voyage: "v2", direction: travel.Exit, tries: []try{{"e2", "c2"}}, alien: true, crossing: "x2"},
		{passenger: "p3", voyage: "v2", direction: travel.Exit, tries: []try{{"e3", "c3"}}},
		{passenger: "p4", voyage: "v2", direction: travel.Exit, tries: []try{{"e4", "c4"}}},
	}
	return s, l
}

// drop takes the crossing at i out of the store, with all that belongs to it.
func drop(s *state, i int) {
	c := s.crossings[i]
	s.crossings = slices.Delete(s.crossings, i, i+1)
	delete(s.leaves, c.id)
	delete(s.judged, c.decision)
	delete(s.once, c.id)
	delete(s.outbox, c.id)
	delete(s.opened, c.id)
	delete(s.closed, c.id)
	delete(s.confirmed, c.capture)
	e := "e" + c.passenger[1:]
	delete(s.decisions, e)
	delete(s.encounter, e)
}

// TestCompareFinds breaks a sound store in every way that counts and looks
// whether the comparison sees it.
func TestCompareFinds(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(*state, *ledger)
		want findings
	}{
		{"sound", func(*state, *ledger) {}, findings{}},
		{"in doubt and absent", func(s *state, _ *ledger) { drop(s, 2) }, findings{}},
		{"at another gate, and on record", func(_ *state, l *ledger) {
			l.deeds[2].tries, l.deeds[2].earlier = append(l.deeds[2].tries, try{"e5", "c5"}), true
		}, findings{}},
		{"at another gate, and absent", func(s *state, l *ledger) { drop(s, 2); l.deeds[2].earlier = true }, findings{lost: 1}},
		{"decided at two gates", func(s *state, l *ledger) {
			l.deeds[2].tries = append(l.deeds[2].tries, try{"e5", "c5"})
			s.encounter["e5"] = "d3"
		}, findings{torn: 1}},
		{"acknowledged and absent", func(s *state, _ *ledger) { drop(s, 1) }, findings{lost: 1}},
		{"another id than acknowledged", func(_ *state, l *ledger) { l.deeds[0].crossing = "x9" }, findings{lost: 1}},
		{"another decision than acknowledged", func(_ *state, l *ledger) { l.deeds[0].decision = "d9" }, findings{lost: 1}},
		{"in the other direction", func(s *state, _ *ledger) { s.crossings[0].direction = "exit" }, findings{lost: 1}},
		{"on another voyage", func(s *state, _ *ledger) { s.crossings[0].voyage = "v9" }, findings{lost: 1}},
		{"crossed twice", func(s *state, _ *ledger) {
			s.crossings = append(s.crossings, crossingRow{"x9", "p1", "v1", "entry", "", "d1"})
			s.outbox["x9"], s.opened["x9"], s.leaves["x9"], s.once["x9"] = 1, 1, 1, 1
		}, findings{doubled: 1, lost: 1}},
		{"nobody's crossing", func(_ *state, l *ledger) { l.deeds = slices.Delete(l.deeds, 2, 3) }, findings{doubled: 1}},
		{"two leaves", func(s *state, _ *ledger) { s.leaves["x2"] = 2 }, findings{doubled: 1}},
		{"two leaves of the decision", func(s *state, _ *ledger) { s.judged["d2"] = 2 }, findings{doubled: 1}},
		{"announced twice", func(s *state, _ *ledger) { s.outbox["x2"] = 2 }, findings{doubled: 2}},
		{"no leaf", func(s *state, _ *ledger) { delete(s.leaves, "x2") }, findings{bare: 1}},
		{"no leaf of the decision", func(s *state, _ *ledger) { delete(s.judged, "d2") }, findings{bare: 1}},
		{"a leaf alone", func(s *state, _ *ledger) { s.leaves["x9"] = 1 }, findings{orphan: 1}},
		{"a decision's leaf alone", func(s *state, _ *ledger) { drop(s, 2); s.judged["d3"] = 1 }, findings{orphan: 1}},
		{"a key missing", func(s *state, _ *ledger) { s.once["x2"] = 1 }, findings{torn: 1}},
		{"a key alone", func(s *state, _ *ledger) { s.once["x9"] = 1 }, findings{torn: 1}},
		{"a gap in the log", func(s *state, _ *ledger) { s.broken = []string{"leaf 7"} }, findings{torn: 1}},
		{"not announced", func(s *state, _ *ledger) { delete(s.outbox, "x2") }, findings{torn: 1}},
		{"announced alone", func(s *state, _ *ledger) { s.outbox["x9"] = 1 }, findings{torn: 1}},
		{"no decision", func(s *state, _ *ledger) { delete(s.decisions, "e3") }, findings{torn: 2}},
		{"a decision alone", func(s *state, _ *ledger) { s.decisions["e4"] = decisionRow{"d4", "p4", "departed"} }, findings{torn: 2}},
		{"the encounter goes on", func(s *state, _ *ledger) { delete(s.encounter, "e3") }, findings{torn: 2}},
		{"no capture", func(s *state, _ *ledger) { delete(s.confirmed, "c3") }, findings{torn: 1}},
		{"a capture alone", func(s *state, _ *ledger) { s.confirmed["c4"] = true }, findings{torn: 1}},
		{"no stay", func(s *state, _ *ledger) { delete(s.opened, "x1") }, findings{torn: 1}},
		{"stay not closed", func(s *state, _ *ledger) { delete(s.closed, "x2") }, findings{torn: 1}},
		{"a stay of nobody", func(s *state, _ *ledger) { s.opened["x9"] = 1 }, findings{torn: 1}},
		{"a citizen's stay", func(s *state, _ *ledger) { s.closed["x3"] = 1 }, findings{torn: 1}},
	} {
		s, l := sound()
		c.do(s, l)
		got := compare(s, l)
		c.want.first = got.first
		if got.String() != c.want.String() {
			t.Errorf("%s: %v %v, want %v", c.name, got, got.first, &c.want)
		}
	}
}
