package report_test

import (
	"errors"
	"iter"
	"testing"

	"limen/errs"
	"limen/report"
	"limen/stay"
	"limen/travel"
)

func day(t testing.TB, s string) travel.Day {
	t.Helper()
	if s == "" {
		return travel.Day{}
	}
	d, err := travel.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// of2026 is a report of fiscal year 2026.
func of2026(t testing.TB, on string) report.Options {
	t.Helper()
	p, err := report.FiscalYear(2026)
	if err != nil {
		t.Fatal(err)
	}
	return report.Options{Period: p, On: day(t, on), Home: "USA"}
}

func each[T any](rows ...T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func TestPeriods(t *testing.T) {
	for year, want := range map[int][4]string{
		2026: {"2025-10-01", "2026-09-30", "2026-01-01", "2026-12-31"},
		2000: {"1999-10-01", "2000-09-30", "2000-01-01", "2000-12-31"},
	} {
		f, err1 := report.FiscalYear(year)
		c, err2 := report.CalendarYear(year)
		if got := [4]string{f.First.String(), f.Last.String(), c.First.String(), c.Last.String()}; err1 != nil || err2 != nil || got != want {
			t.Errorf("%d: %v, want %v (%v, %v)", year, got, want, err1, err2)
		}
	}
	if _, err := report.FiscalYear(26); errs.CodeOf(err) != "report-year" {
		t.Errorf("year 26: %v", err)
	}
}

// Each row by hand: where an expected departure of fiscal year 2026 is counted
// in a report of 2027-01-15.
func TestWhereAStayIsCounted(t *testing.T) {
	type where = string
	for _, c := range []struct {
		name                    string
		until, departed         string
		status                  report.Status
		statusOn                string
		want                    where
		octoberFirst, octoberND bool // in the series on 2026-10-01, on 2026-10-31
	}{
		{"left before the last day", "2026-03-01", "2026-02-01", "", "", "in time", false, false},
		{"left on the last day", "2026-03-01", "2026-03-01", "", "", "in time", false, false},
		{"left the day after", "2026-03-01", "2026-03-02", "", "", "out of country", false, false},
		{"has not left", "2026-03-01", "", "", "", "in country", true, true},
		{"left on October 1", "2026-03-01", "2026-10-01", "", "", "out of country", false, false},
		{"left on October 2", "2026-03-01", "2026-10-02", "", "", "out of country", true, false},
		{"left on the day of the report", "2026-03-01", "2027-01-15", "", "", "out of country", true, true},
		{"left after the day of the report", "2026-03-01", "2027-01-16", "", "", "in country", true, true},
		{"first day of the year", "2025-10-01", "", "", "", "in country", true, true},
		{"last day of the year", "2026-09-30", "", "", "", "in country", true, true},
		{"the year before", "2025-09-30", "", "", "", "", false, false},
		{"the year after", "2026-10-01", "", "", "", "", false, false},
		{"adjusted before the last day", "2026-03-01", "", report.Adjusted, "2026-02-01", "ended otherwise", false, false},
		{"changed on the last day, left later", "2026-03-01", "2026-05-01", report.Changed, "2026-03-01", "ended otherwise", false, false},
		{"paroled after the last day", "2026-03-01", "", report.Paroled, "2026-03-02", "settled", false, false},
		{"adjusted in October", "2026-03-01", "", report.Adjusted, "2026-10-15", "settled", true, false},
		{"adjusted after the day of the report", "2026-03-01", "", report.Adjusted, "2027-01-16", "in country", true, true},
		{"left late, adjusted abroad later", "2026-03-01", "2026-04-01", report.Adjusted, "2026-05-01", "out of country", false, false},
		{"adjusted late, left later still", "2026-03-01", "2026-06-01", report.Adjusted, "2026-05-01", "settled", false, false},
		{"left in time, adjusted abroad before the last day", "2026-03-01", "2026-01-01", report.Adjusted, "2026-02-01", "in time", false, false},
		{"adjusted late and left that day", "2026-03-01", "2026-05-01", report.Adjusted, "2026-05-01", "settled", false, false},
	} {
		s := report.Stay{Citizenship: "FRA", Class: "B-2", Mode: report.Air, Arrived: day(t, "2025-06-01"), Until: day(t, c.until),
			Departed: day(t, c.departed), Status: c.status, StatusOn: day(t, c.statusOn)}
		if s.Status == "" {
			s.Status = report.Running
		}
		got, err := report.Take(of2026(t, "2027-01-15"), each(s), each[report.Departure]())
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var n report.Count
		for _, country := range got.Countries {
			n = country.Stays[report.BusinessPleasure]
		}
		is := where("")
		switch {
		case n == report.Count{InTime: 1}:
			is = "in time"
		case n == report.Count{OutOfCountry: 1}:
			is = "out of country"
		case n == report.Count{InCountry: 1}:
			is = "in country"
		case n == report.Count{Settled: 1}:
			is = "settled"
		case got.NotCounted == report.NotCounted{EndedOtherwise: 1}:
			is = "ended otherwise"
		case n != report.Count{} || got.NotCounted != report.NotCounted{}:
			t.Errorf("%s: %+v, %+v", c.name, n, got.NotCounted)
		}
		if is != c.want {
			t.Errorf("%s: counted as %q, want %q", c.name, is, c.want)
		}
		if len(got.Series) != 5 || got.Series[0].Day.String() != "2026-10-01" || got.Series[1].Day.String() != "2026-10-31" || got.Series[4].Day.String() != "2027-01-15" {
			t.Fatalf("series %+v", got.Series)
		}
		one := func(b bool) int64 {
			if b {
				return 1
			}
			return 0
		}
		if a, b := got.Series[0].InCountry[report.BusinessPleasure], got.Series[1].InCountry[report.BusinessPleasure]; a != one(c.octoberFirst) || b != one(c.octoberND) {
			t.Errorf("%s: series %d, %d", c.name, a, b)
		}
	}
}

func TestNotCounted(t *testing.T) {
	ok := report.Stay{Citizenship: "FRA", Class: "B-2", Mode: report.Air, Arrived: day(t, "2025-06-01"), Until: day(t, "2026-03-01"), Status: report.Running}
	ds, land, citizen, due, dateless := ok, ok, ok, ok, ok
	dateless.Until = travel.Day{}
	ds.Until, ds.DurationOfStatus = travel.Day{}, true
	land.Mode = report.Land
	citizen.Citizenship = "USA"
	due.Until = day(t, "2026-09-30")
	o := of2026(t, "2026-09-30") // its last day is not over
	got, err := report.Take(o, each(ok, ds, land, citizen, due, dateless), each(report.Departure{Citizenship: "USA", Category: report.CategoryUnknown, Day: day(t, "2026-02-01")}))
	if err != nil {
		t.Fatal(err)
	}
	if want := (report.NotCounted{DurationOfStatus: 1, Land: 1, Citizens: 2, NotYetDue: 1, NoDate: 1}); got.NotCounted != want {
		t.Errorf("%+v, want %+v", got.NotCounted, want)
	}
	if len(got.Countries) != 1 || got.Countries[0].Stays[report.BusinessPleasure] != (report.Count{InCountry: 1}) || got.Series != nil {
		t.Errorf("%+v", got)
	}
	o.Land = true
	if got, err = report.Take(o, each(land), each[report.Departure]()); err != nil || got.NotCounted != (report.NotCounted{}) || len(got.Countries) != 1 {
		t.Errorf("with land: %+v, %v", got, err)
	}
}

// A row that contradicts itself ends the report: nothing is left out unseen.
func TestBadRowsEndTheReport(t *testing.T) {
	ok := report.Stay{Citizenship: "FRA", Class: "B-2", Mode: report.Air, Arrived: day(t, "2025-06-01"), Until: day(t, "2026-03-01"), Status: report.Running}
	for name, change := range map[string]func(*report.Stay){
		"no mode":          func(s *report.Stay) { s.Mode = "" },
		"a mode unknown":   func(s *report.Stay) { s.Mode = "rail" },
		"no arrival":       func(s *report.Stay) { s.Arrived = travel.Day{} },
		"both":             func(s *report.Stay) { s.DurationOfStatus = true },
		"ends first":       func(s *report.Stay) { s.Until = day(t, "2025-05-31") },
		"leaves first":     func(s *report.Stay) { s.Departed = day(t, "2025-05-31") },
		"unseen, no day":   func(s *report.Stay) { s.Unseen = true },
		"no status":        func(s *report.Stay) { s.Status = "" },
		"a day for none":   func(s *report.Stay) { s.StatusOn = day(t, "2025-07-01") },
		"a status undated": func(s *report.Stay) { s.Status = report.Adjusted },
	} {
		s := ok
		change(&s)
		if got, err := report.Take(of2026(t, "2027-01-15"), each(ok, s), each[report.Departure]()); errs.CodeOf(err) != "report-stay" || got != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, d := range []report.Departure{{Category: report.Immigrant}, {Day: day(t, "2026-01-01")}} {
		if _, err := report.Take(of2026(t, "2027-01-15"), each(ok), each(d)); errs.CodeOf(err) != "report-departure" {
			t.Errorf("%+v: %v", d, err)
		}
	}
	broken := errors.New("the disk is gone")
	failing := func(yield func(report.Stay, error) bool) { _ = yield(ok, nil) && yield(report.Stay{}, broken) }
	if got, err := report.Take(of2026(t, "2027-01-15"), failing, each[report.Departure]()); !errors.Is(err, broken) || got != nil {
		t.Errorf("%v, %v", got, err)
	}
	for _, o := range []report.Options{{}, of2026(t, "2025-10-01"), {Period: of2026(t, "2027-01-15").Period, On: day(t, "2027-01-15")}} {
		if _, err := report.NewCounter(o); errs.CodeOf(err) != "report-options" {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

func TestGroups(t *testing.T) {
	for group, classes := range map[report.Group][]stay.ClassOfAdmission{
		report.BusinessPleasure: {"B-1", "B-2", "B2", "b-1", "WB", "WT", " WT "},
		report.StudentExchange:  {"F-1", "F-2", "F3", "M-1", "J-1", "J-2"},
		report.OtherNonimmigrant: {"A-1", "C-1", "C-1/D", "C-3", "D-1", "E-3D", "G-5", "H-1B", "H1B", "H-2A", "H-1B1", "I", "K-3", "L-1A", "NATO-6", "NATO6", "O-1",
			"P-3S", "Q-1", "R-1", "S-5", "T-1", "TN", "TN-1", "TD", "U-5", "V-2", "CW-1"},
		report.ClassUnknown: {"", "B-3", "B-0", "X-1", "LPR", "NATO-8", "F-1 visa", "1", "-", "WB-1", "Ä"},
	} {
		for _, c := range classes {
			if got := report.GroupOf(c); got != group {
				t.Errorf("%q is %s, want %s", c, got, group)
			}
		}
	}
}
