package report_test

import (
	"errors"
	"iter"
	"testing"

	"pgregory.net/rapid"

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

// The counts are those of a naive recount, row by row and day by day.
func TestTallyIsARecount(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		o := of2026(t, "")
		o.On = o.Period.First.AddDays(rapid.IntRange(1, 900).Draw(r, "on"))
		o.Land = rapid.Bool().Draw(r, "land")
		stays := rapid.SliceOfN(rapid.Custom(drawStay), 0, 60).Draw(r, "stays")
		departures := rapid.SliceOfN(rapid.Custom(drawDeparture), 0, 30).Draw(r, "departures")
		got, err := report.Take(o, each(stays...), each(departures...))
		if err != nil {
			r.Fatal(err)
		}
		recount(r, got, stays, departures)
	})
}

var someCountries = rapid.SampledFrom([]travel.Country{"FRA", "D", "DEU", "MEX", "CAN", "USA", "", "ZZZ"})
var someClasses = rapid.SampledFrom([]stay.ClassOfAdmission{"B-2", "WT", "F-1", "H-1B", "", "X-9"})

func drawStay(r *rapid.T) report.Stay {
	first := travel.Day{Year: 2025, Month: 8, Date: 1}
	at := func(label string, from, to int) travel.Day {
		return first.AddDays(rapid.IntRange(from, to).Draw(r, label))
	}
	s := report.Stay{Citizenship: someCountries.Draw(r, "country"), Class: someClasses.Draw(r, "class"), Arrived: first, Status: report.Running,
		Mode: rapid.SampledFrom([]report.Mode{report.Air, report.Sea, report.Land}).Draw(r, "mode")}
	if s.DurationOfStatus = rapid.IntRange(0, 9).Draw(r, "D/S") == 0; !s.DurationOfStatus {
		s.Until = at("until", 0, 500)
	}
	if rapid.IntRange(0, 19).Draw(r, "no date") == 0 {
		s.Until = travel.Day{}
	}
	if rapid.Bool().Draw(r, "left") {
		s.Departed = at("departed", 0, 900)
		s.Unseen = rapid.IntRange(0, 9).Draw(r, "unseen") == 0
	}
	s.Undecided = rapid.IntRange(0, 9).Draw(r, "undecided") == 0
	if rapid.IntRange(0, 3).Draw(r, "ended") == 0 {
		s.Status, s.StatusOn = rapid.SampledFrom([]report.Status{report.Adjusted, report.Changed, report.Paroled}).Draw(r, "status"), at("status on", 0, 900)
	}
	return s
}

func drawDeparture(r *rapid.T) report.Departure {
	return report.Departure{Citizenship: someCountries.Draw(r, "country"), Class: someClasses.Draw(r, "class"), Matched: rapid.Bool().Draw(r, "matched"),
		Day:      travel.Day{Year: 2025, Month: 8, Date: 1}.AddDays(rapid.IntRange(0, 500).Draw(r, "day")),
		Category: rapid.SampledFrom([]report.Category{report.Immigrant, report.Nonimmigrant, report.CategoryUnknown}).Draw(r, "category")}
}

// present says whether who has the stay is overdue and in the country at the
// end of a day, by walking from its last authorized day to that day.
func present(s report.Stay, at travel.Day) (overdue, settled, left bool) {
	for d := s.Until.AddDays(1); !d.After(at); d = d.AddDays(1) {
		overdue = true
		switch {
		case !s.StatusOn.IsZero() && !s.StatusOn.After(d):
			return true, true, false
		case s.Departed == d:
			return true, false, true
		}
	}
	return overdue, false, false
}

// endedBefore says whether something other than a departure ended the stay by
// its last day.
func endedBefore(s report.Stay) bool {
	gone := !s.Departed.IsZero() && s.Departed.Before(s.StatusOn)
	return s.Status != report.Running && !gone && !s.StatusOn.After(s.Until)
}

func recount(r *rapid.T, got *report.Tally, stays []report.Stay, departures []report.Departure) {
	type key struct {
		code travel.Country
		g    report.Group
	}
	counts, series := map[key]report.Count{}, make([]int64, len(got.Series))
	for _, s := range stays {
		over := !s.Until.IsZero() && s.Until.Before(got.On) && !s.Until.Before(got.Period.First) && !s.Until.After(got.Period.Last)
		if !over || s.Citizenship == "USA" || s.Mode == report.Land && !got.Land || endedBefore(s) {
			continue
		}
		k := key{report.Nationality(s.Citizenship), report.GroupOf(s.Class)}
		n := counts[k]
		inTime := !s.Departed.IsZero() && !s.Departed.After(s.Until)
		_, settled, left := present(s, got.On)
		switch {
		case inTime:
			n.InTime++
		case s.Undecided:
			n.Undecided++
		case settled:
			n.Settled++
		case left && s.Unseen:
			n.Unseen++
		case left:
			n.OutOfCountry++
		default:
			n.InCountry++
		}
		counts[k] = n
		for i, a := range got.Series {
			if overdue, settled, left := present(s, a.Day); !inTime && !s.Undecided && overdue && !settled && !left {
				series[i]++
			}
		}
	}
	var all report.Count
	flows := map[key]report.Flow{}
	for _, d := range departures {
		if d.Citizenship == "USA" || d.Day.Before(got.Period.First) || d.Day.After(got.Period.Last) || d.Day.After(got.On) {
			continue
		}
		g := map[report.Category]report.Group{report.Immigrant: report.ImmigrantGroup, report.Nonimmigrant: report.GroupOf(d.Class), report.CategoryUnknown: report.ClassUnknown}[d.Category]
		k := key{report.Nationality(d.Citizenship), g}
		f := flows[k]
		if d.Matched {
			f.Matched++
		} else {
			f.Unmatched++
		}
		flows[k] = f
	}
	cells := 0
	for _, c := range got.Countries {
		for g, n := range c.Stays {
			k := key{c.Code, report.Group(g)}
			if n != counts[k] || c.Departures[g] != flows[k] {
				r.Fatalf("%s, %s: %+v %+v, want %+v %+v", k.code, k.g, n, c.Departures[g], counts[k], flows[k])
			}
			if n != (report.Count{}) || c.Departures[g] != (report.Flow{}) {
				cells++
			}
			all.InCountry += n.InCountry
		}
	}
	for k := range flows {
		if _, ok := counts[k]; !ok {
			counts[k] = report.Count{}
		}
	}
	if cells != len(counts) {
		r.Fatalf("%d cells, want %d", cells, len(counts))
	}
	for i, a := range got.Series {
		sum := int64(0)
		for _, n := range a.InCountry {
			sum += n
		}
		if sum != series[i] {
			r.Fatalf("on %s %d in country, want %d", a.Day, sum, series[i])
		}
	}
	if n := len(series); n > 0 && series[n-1] != all.InCountry {
		r.Fatalf("the series ends with %d, the table has %d", series[n-1], all.InCountry)
	}
}
