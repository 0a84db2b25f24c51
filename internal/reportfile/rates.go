package reportfile

import (
	"cmp"
	"fmt"
	"slices"

	"limen/report"
)

// rates is a dot plot, one row each, that is also a table.
type rates struct {
	Caption string
	Head    string  // of the column of names
	Max     float64 // right end of the axis
	Ticks   []tick
	Rows    []rateRow
	Left    int // countries that are not drawn
}

type tick struct{ At, Label string }

type rateRow struct {
	Name               string
	Rate, In, Interval string
	X, Low, High, InX  string // positions, in percent of the axis
}

const mostRows = 40

// countryRates draws the countries with the most expected departures, whose
// rates say most, by falling rate.
func countryRates(s *report.Sheet) *rates {
	var lines []report.Line
	for i, p := range places(s) {
		if l := linesOf(s, i)[0]; !p.Sum && l.Rate().Known {
			lines = append(lines, l)
		}
	}
	slices.SortStableFunc(lines, func(a, b report.Line) int { return cmp.Compare(b.Expected.N, a.Expected.N) })
	left := max(0, len(lines)-mostRows)
	lines = lines[:len(lines)-left]
	slices.SortStableFunc(lines, func(a, b report.Line) int { return cmp.Compare(b.Rate().Value, a.Rate().Value) })
	r := ratesOf(lines, func(l report.Line) string { return l.Name })
	if r != nil {
		r.Caption, r.Head, r.Left = "Overstay rates by country of citizenship, all classes of admission", "Country", left
	}
	return r
}

// classRates draws the groups of all countries.
func classRates(s *report.Sheet) *rates {
	var lines []report.Line
	for _, l := range linesOf(s, 0) {
		if l.Rate().Known {
			lines = append(lines, l)
		}
	}
	r := ratesOf(lines, func(l report.Line) string { return capital(l.Group.String()) })
	if r != nil {
		r.Caption, r.Head = "Overstay rates by class of admission, all countries", "Classes"
	}
	return r
}

func ratesOf(lines []report.Line, name func(report.Line) string) *rates {
	if len(lines) == 0 {
		return nil
	}
	// The widest interval of a country with few departures would press all others
	// to the left: the axis ends with the highest rate, and intervals are cut.
	highest := 0.0
	for _, l := range lines {
		highest = max(highest, l.Rate().Value)
	}
	r := &rates{Max: 1}
	step := niceStep(highest * 1.15)
	r.Max = min(1, step*ceil(highest*1.15/step))
	for i := 0; float64(i)*step <= r.Max+1e-9; i++ {
		at := float64(i) * step
		r.Ticks = append(r.Ticks, tick{r.at(at), shortPercent(at)})
	}
	for _, l := range lines {
		x := l.Rate()
		r.Rows = append(r.Rows, rateRow{Name: name(l), Rate: percent(x), In: percent(l.InCountryRate()),
			Interval: fmt.Sprintf("%.2f–%.2f %%", 100*x.Lower, 100*x.Upper),
			X:        r.at(x.Value), Low: r.at(x.Lower), High: r.at(min(x.Upper, r.Max)), InX: r.at(l.InCountryRate().Value)})
	}
	return r
}

func (r *rates) at(v float64) string { return fmt.Sprintf("%.3f%%", 100*v/r.Max) }
