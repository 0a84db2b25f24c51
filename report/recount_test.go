package report_test

import (
	"testing"

	"pgregory.net/rapid"

	"limen/report"
	"limen/stay"
	"limen/travel"
)

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
