package reportfile_test

import (
	"strings"
	"testing"

	"limen/internal/reportfile"
	"limen/report"
	"limen/travel"
)

// drawn is a page of countries with so many stays, of which so many in-country.
func drawn(t *testing.T, public bool, of map[travel.Country][2]int64) string {
	t.Helper()
	period, err := report.FiscalYear(2026)
	if err != nil {
		t.Fatal(err)
	}
	tally := &report.Tally{Options: report.Options{Period: period, On: period.Last.AddDays(90), Home: "USA"}}
	for _, code := range report.Nationalities() {
		if n, ok := of[code]; ok {
			c := report.Country{Code: code}
			c.Stays[report.BusinessPleasure] = report.Count{InTime: n[0] - n[1], InCountry: n[1]}
			tally.Countries = append(tally.Countries, c)
		}
	}
	s := tally.Full()
	if public {
		if s, err = tally.PublicForm(report.DefaultThreshold); err != nil {
			t.Fatal(err)
		}
	}
	return string(written(t, reportfile.HTML, s))
}

// TestPlotSaysWhatItLeavesOut: a withheld rate and one of few stays are not
// drawn, are counted, and an interval beyond the axis has a mark.
func TestPlotSaysWhatItLeavesOut(t *testing.T) {
	of := map[travel.Country][2]int64{"FRA": {100, 20}, "IND": {90_000, 900}, "BRA": {50_000, 1000}, "TUV": {99, 40}, "NGA": {30_000, 8}, "GHA": {30_000, 9}}
	page := drawn(t, true, of)
	plot, _, _ := strings.Cut(page[strings.Index(page, `<h2 id="countries"`):], "</section>")
	for _, want := range []string{"Not drawn: 2 countries whose rate is withheld, high or low; 1 country with fewer than 100 expected departures.",
		"the interval goes on beyond the axis", `<th scope="row">France</th>`} {
		if !strings.Contains(plot, want) {
			t.Errorf("the plot lacks %q", want)
		}
	}
	for _, bad := range []string{"Tuvalu", "Nigeria", "Ghana"} {
		if strings.Contains(plot, bad) {
			t.Errorf("the plot draws %s", bad)
		}
	}
	if n := strings.Count(plot, `class="beyond"`); n != 1 {
		t.Errorf("%d intervals are marked as cut, want that of France", n)
	}
	page = drawn(t, false, map[travel.Country][2]int64{"FRA": {90_000, 900}})
	if strings.Contains(page, "Not drawn") || strings.Contains(page, "beyond the axis") {
		t.Error("a page that leaves out nothing says otherwise")
	}
	page = drawn(t, false, map[travel.Country][2]int64{"TUV": {30, 9}})
	if !strings.Contains(page, "Not drawn: 1 country with fewer than 100 expected departures.") || strings.Contains(page, `Overstay rates by country of citizenship, all classes`) {
		t.Error("a page with nothing to draw does not say so")
	}
}
