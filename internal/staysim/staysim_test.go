package staysim_test

import (
	"testing"

	"limen/errs"
	"limen/internal/staysim"
	"limen/report"
	"limen/travel"
)

// TestSamePopulation: the same seed makes the same people, both streams speak
// of the same ones, and every row is one the report takes.
func TestSamePopulation(t *testing.T) {
	period, err := report.FiscalYear(2026)
	if err != nil {
		t.Fatal(err)
	}
	rows := func(seed uint64) (out []report.Stay, departures, matched int) {
		p, err := staysim.New(5000, seed, period)
		if err != nil {
			t.Fatal(err)
		}
		for s, err := range p.Stays() {
			if err != nil || s.Check() != nil {
				t.Fatalf("row %d: %v, %v", len(out), err, s.Check())
			}
			out = append(out, s)
		}
		for d, err := range p.Departures() {
			if err != nil || d.Check() != nil {
				t.Fatalf("%v, %v", err, d.Check())
			}
			if d.Category != report.Immigrant {
				departures++
				if d.Matched {
					matched++
				}
			}
		}
		return out, departures, matched
	}
	a, departures, matched := rows(7)
	b, _, _ := rows(7)
	other, _, _ := rows(8)
	left, differ := 0, 0
	for i := range a {
		if a[i] != b[i] {
			t.Fatalf("row %d differs", i)
		}
		if a[i] != other[i] {
			differ++
		}
		if !a[i].Departed.IsZero() {
			left++
		}
	}
	if len(a) != 5000 || left != matched || departures <= matched || differ < 4000 {
		t.Errorf("%d rows, %d departed, %d of %d departures matched, %d differ with another seed", len(a), left, matched, departures, differ)
	}
	for _, n := range []int{0, -1, staysim.Most + 1} {
		if _, err := staysim.New(n, 1, period); errs.CodeOf(err) != "sim-size" {
			t.Errorf("%d: %v", n, err)
		}
	}
}

// TestSizesArePlausible: great countries are great with every seed, and small
// ones small.
func TestSizesArePlausible(t *testing.T) {
	period, err := report.FiscalYear(2026)
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(3) {
		p, err := staysim.New(50_000, seed, period)
		if err != nil {
			t.Fatal(err)
		}
		n := map[travel.Country]int{}
		for s := range p.Stays() {
			n[s.Citizenship]++
		}
		for _, great := range []travel.Country{"CHN", "IND", "BRA", "GBR", "MEX", "DEU"} {
			for _, small := range []travel.Country{"AZE", "BWA", "TUV"} {
				if n[great] < 1000 || n[great] < 20*n[small] {
					t.Errorf("seed %d: %d of %s, %d of %s", seed, n[great], great, n[small], small)
				}
			}
		}
	}
}
