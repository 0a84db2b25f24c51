package traffic

import (
	"bytes"
	"strings"
	"testing"

	"limen/errs"
)

func TestBuiltInAssumptions(t *testing.T) {
	a := BuiltIn()
	var out bytes.Buffer
	if err := WriteBuiltIn(&out); err != nil {
		t.Fatal(err)
	}
	again, err := ParseAssumptions(&out)
	if err != nil || len(again.List()) != len(a.List()) || len(a.List()) < 300 {
		t.Fatalf("%d shares, %d after writing: %v", len(a.List()), len(again.List()), err)
	}
	named := map[string]bool{}
	for _, s := range a.List() {
		if named[s.Table] = true; s.Table == rateTable {
			named[s.Key] = true
		}
		if !strings.Contains(s.Source, "assumption of limen") && !strings.Contains(s.Source, "[check") {
			t.Errorf("%s %s: the source is neither marked as an assumption nor as one to check", s.Table, s.Key)
		}
	}
	if want := len(neededTables()) + len(neededRates) + 2; len(named) != want {
		t.Errorf("%d tables and rates have shares, want %d", len(named), want)
	}
	pilots := 0
	for _, s := range a.List() {
		if s.Table == pilotTable && s.Percent > 0 {
			pilots++
		}
	}
	if pilots > 15 { // 8 CFR 215.8(a)(1) before 90 FR 48604: up to fifteen air and sea ports
		t.Errorf("%d pilot ports", pilots)
	}
}

func TestAssumptionsRefuse(t *testing.T) {
	good := string(builtIn)
	swap := func(from, to string) string {
		if !strings.Contains(good, from) {
			t.Fatalf("the assumptions have no %q", from)
		}
		return strings.Replace(good, from, to, 1)
	}
	for _, c := range []struct{ name, csv, code, says string }{
		{"nothing", "", "assumptions-missing", "direction"},
		{"three columns", "table,key,percent\n", "assumptions-form", "line 1"},
		{"no number", swap("direction,entry,50", "direction,entry,half"), "assumptions-percent", "line 2"},
		{"not a number", swap("direction,entry,50", "direction,entry,NaN"), "assumptions-percent", "line 2"},
		{"over 100", swap("direction,entry,50", "direction,entry,150"), "assumptions-percent", "line 2"},
		{"no source", "table,key,percent,source\ndirection,entry,50,\n", "assumptions-source", "line 2"},
		{"no such table", swap("direction,exit", "directions,exit"), "assumptions-key", "line 3"},
		{"no such key", swap("direction,exit", "direction,sideways"), "assumptions-key", "line 3"},
		{"no such rate", swap("rate,class-unknown", "rate,class-lost"), "assumptions-key", "line "},
		{"ages from back to front", swap("age/visitor,14-17", "age/visitor,17-14"), "assumptions-key", "line "},
		{"twice", swap("direction,exit", "direction,entry"), "assumptions-twice", "line 3"},
		{"90 percent", swap("direction,exit,50", "direction,exit,40"), "assumptions-sum", `"direction" make 90 percent`},
		{"a rate that is missing", swap("rate,refused", "pilot,REFU"), "assumptions-missing", `"refused"`},
		{"too large", strings.Repeat("x", maxAssumptions+1), "assumptions-too-large", "1024 kB"},
	} {
		if _, err := ParseAssumptions(strings.NewReader(c.csv)); errs.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %s: …%s…", c.name, err, c.code, c.says)
		}
	}
}

// FuzzAssumptions: whatever the bytes, shares are read whole or refused, and
// what was read can be drawn from.
func FuzzAssumptions(f *testing.F) {
	f.Add([]byte("table,key,percent,source\ndirection,entry,50,ours\n"))
	f.Add(builtIn)
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := ParseAssumptions(bytes.NewReader(data))
		if err != nil {
			if k := errs.KindOf(err); k != errs.Invalid && k != errs.TooLarge {
				t.Fatalf("error of kind %v", k)
			}
			return
		}
		s, err := NewSim(Sim{Assumptions: a, Persons: 50, Year: 2026})
		if err != nil {
			t.Fatal(err)
		}
		if err := Write(&bytes.Buffer{}, s, nil); err != nil {
			t.Fatal(err)
		}
	})
}
