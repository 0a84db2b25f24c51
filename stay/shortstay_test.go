package stay_test

import (
	"errors"
	"testing"

	"limen/errs"
	"limen/stay"
	"limen/travel"
)

// TestComputeAllocatesNothing: answers for many people cost no garbage.
func TestComputeAllocatesNothing(t *testing.T) {
	cs, ons := twenty(1)
	k := newCalculated()
	k.take(&cs[0])
	visa := stay.Visa{Entries: stay.MultipleEntry, From: k.days[0], Until: k.days[400], Days: 90}
	changes := []stay.Change{granted(t, "c1", "2026-07-01", "2026-12-31"), granted(t, "c2", "2027-01-01", "2027-06-30")}
	a := admitted(t, "2026-01-01", "2026-06-30").Admission
	for name, f := range map[string]func(){
		"the rule":           func() { stay.Schengen().Compute(k.history, k.days[ons[0]]) },
		"the rule, a visa":   func() { stay.Schengen().ComputeVisa(k.history, visa, k.days[ons[0]]) },
		"what is authorized": func() { stay.Authorized(a, changes[1].Day, changes...) },
	} {
		if n := testing.AllocsPerRun(100, f); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func TestRuleCheck(t *testing.T) {
	if err := stay.Schengen().Check(); err != nil {
		t.Error(err)
	}
	for _, r := range []stay.Rule{{}, {Limit: 0, Window: 180}, {Limit: 180, Window: 180}, {Limit: -1, Window: 5}} {
		if errs.CodeOf(r.Check()) != "stay-rule" {
			t.Errorf("%+v passed", r)
		}
	}
}

// What cannot be a history is refused, and the crossing named.
func TestHistoryRefuses(t *testing.T) {
	in := func(s string) stay.Crossed { return stay.Crossed{Day: day(t, s), Direction: travel.Entry} }
	out := func(s string) stay.Crossed { return stay.Crossed{Day: day(t, s), Direction: travel.Exit} }
	for name, c := range map[string]struct {
		crossings []stay.Crossed
		at        int
	}{
		"an exit before any entry":     {[]stay.Crossed{out("2026-01-01"), in("2026-01-02")}, 0},
		"days out of order":            {[]stay.Crossed{in("2026-01-02"), out("2026-01-01")}, 1},
		"no day":                       {[]stay.Crossed{in("2026-01-02"), {Direction: travel.Exit}}, 1},
		"no direction":                 {[]stay.Crossed{in("2026-01-02"), out("2026-01-03"), {Day: day(t, "2026-01-03")}}, 2},
		"an exit under another permit": {[]stay.Crossed{in("2026-01-02"), {Day: day(t, "2026-01-03"), Direction: travel.Exit, Permit: true}}, 1},
	} {
		_, err := stay.NewHistory(c.crossings, nil)
		var wrong *stay.CrossingError
		if errs.CodeOf(err) != "stay-history" || !errors.As(err, &wrong) || wrong.Index != c.at {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, p := range map[string]stay.Term{"a permit without a first day": {Until: day(t, "2026-01-01")}, "one that ends too early": {From: day(t, "2026-01-02"), Until: day(t, "2026-01-01")}} {
		if _, err := stay.NewHistory(nil, []stay.Term{p}); errs.CodeOf(err) != "stay-history" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The marks of a window are as many as its days, and those that count are the
// days used.
func TestMarks(t *testing.T) {
	cs, ons := twenty(50)
	for i := range cs {
		k := newCalculated()
		k.take(&cs[i])
		on, counts := k.days[ons[i]], 0
		marks := k.rule.See(k.history, nil, on).Marks
		for _, m := range marks {
			if m == stay.Stayed || m == stay.Overstayed {
				counts++
			}
		}
		if a := k.rule.Compute(k.history, on); len(marks) != 180 || counts != a.DaysUsed {
			t.Errorf("%d marks, %d count, %d used", len(marks), counts, a.DaysUsed)
		}
	}
}

// A day beyond a visa is marked like one beyond the rule.
func TestMarksOfAVisa(t *testing.T) {
	h, err := stay.NewHistory([]stay.Crossed{{Day: day(t, "2026-05-01"), Direction: travel.Entry}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	v := stay.Visa{Entries: stay.SingleEntry, From: day(t, "2026-05-01"), Until: day(t, "2026-07-31"), Days: 20}
	over := 0
	for _, m := range stay.Schengen().See(h, &v, day(t, "2026-06-10")).Marks {
		if m == stay.Overstayed {
			over++
		}
	}
	if over != 21 { // 41 days from May 1 to June 10, of which 20 were granted
		t.Errorf("%d days are marked as overstayed", over)
	}
}
