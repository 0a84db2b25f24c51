package reportfile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"limen/report"
)

// rates is a dot plot, one row each, that is also a table.
type rates struct {
	Caption string
	Head    string  // of the column of names
	Max     float64 // right end of the axis
	Ticks   []tick
	Rows    []rateRow
	Cut     bool   // some interval goes on beyond the axis
	Left    string // what is not drawn, as a sentence
}

type tick struct{ At, Label string }

type rateRow struct {
	Name               string
	Rate, In, Interval string
	X, Low, High, InX  string // positions, in percent of the axis
	Cut                bool   // the interval goes on beyond the axis
}

// mostRows are drawn. A country with fewer expected departures than leastDrawn
// is not: its rate is chance, and would be the highest or none.
const (
	mostRows   = 40
	leastDrawn = 100
)

// countryRates draws the countries with the most expected departures, whose
// rates say most, by falling rate, and says which ones it leaves out.
func countryRates(s *report.Sheet) *rates {
	var lines []report.Line
	withheld, few := 0, 0
	for i, p := range places(s) {
		switch l := linesOf(s, i)[0]; {
		case p.Sum:
		case isWithheld(l):
			withheld++
		case l.Rate().Known && l.Expected.N < leastDrawn:
			few++
		case l.Rate().Known:
			lines = append(lines, l)
		}
	}
	slices.SortStableFunc(lines, func(a, b report.Line) int { return cmp.Compare(b.Expected.N, a.Expected.N) })
	left := max(0, len(lines)-mostRows)
	lines = lines[:len(lines)-left]
	slices.SortStableFunc(lines, func(a, b report.Line) int { return cmp.Compare(b.Rate().Value, a.Rate().Value) })
	r := ratesOf(lines, func(l report.Line) string { return l.Name })
	r.Caption, r.Head = "Overstay rates by country of citizenship, all classes of admission", "Country"
	r.Left = notDrawn(part{withheld, "whose rate is withheld, high or low"}, part{few, fmt.Sprintf("with fewer than %d expected departures", leastDrawn)},
		part{left, "with fewer expected departures than each of these"})
	return r.orNil()
}

// classRates draws the groups of all countries.
func classRates(s *report.Sheet) *rates {
	var lines []report.Line
	withheld := 0
	for _, l := range linesOf(s, 0) {
		if isWithheld(l) {
			withheld++
		} else if l.Rate().Known {
			lines = append(lines, l)
		}
	}
	r := ratesOf(lines, func(l report.Line) string { return capital(l.Group.String()) })
	r.Caption, r.Head = "Overstay rates by class of admission, all countries", "Classes"
	if withheld > 0 {
		r.Left = fmt.Sprintf("Not drawn, since the rate is withheld: %d of %d rows.", withheld, withheld+len(lines))
	}
	return r.orNil()
}

func isWithheld(l report.Line) bool { return l.Expected.Withheld || l.Total.Withheld }

// part is how many countries are not drawn, and why.
type part struct {
	n   int
	why string
}

func notDrawn(parts ...part) string {
	var out []string
	for _, p := range parts {
		switch {
		case p.n == 1:
			out = append(out, "1 country "+p.why)
		case p.n > 1:
			out = append(out, fmt.Sprintf("%d countries %s", p.n, p.why))
		}
	}
	if out == nil {
		return ""
	}
	return "Not drawn: " + strings.Join(out, "; ") + "."
}

// orNil is nil where there is nothing to draw and nothing to say.
func (r *rates) orNil() *rates {
	if len(r.Rows) == 0 && r.Left == "" {
		return nil
	}
	return r
}

func ratesOf(lines []report.Line, name func(report.Line) string) *rates {
	if len(lines) == 0 {
		return &rates{}
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
		cut := x.Upper > r.Max
		r.Cut = r.Cut || cut
		r.Rows = append(r.Rows, rateRow{Cut: cut, Name: name(l), Rate: percent(x), In: percent(l.InCountryRate()),
			Interval: fmt.Sprintf("%.2f–%.2f %%", 100*x.Lower, 100*x.Upper),
			X:        r.at(x.Value), Low: r.at(x.Lower), High: r.at(min(x.Upper, r.Max)), InX: r.at(l.InCountryRate().Value)})
	}
	return r
}

func (r *rates) at(v float64) string { return fmt.Sprintf("%.3f%%", 100*v/r.Max) }
