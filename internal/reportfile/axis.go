package reportfile

import (
	"fmt"
	"math"
	"strconv"

	"limen/report"
)

// niceStep returns 1, 2 or 5 times a power of ten, so that an axis up to most
// has at most five steps.
func niceStep(most float64) float64 {
	if most <= 0 {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(most/5)))
	for _, f := range []float64{1, 2, 5, 10} {
		if most/(f*power) <= 5 {
			return f * power
		}
	}
	return 10 * power
}

func ceil(f float64) float64 { return math.Ceil(f - 1e-9) }

func shortPercent(v float64) string {
	return strconv.FormatFloat(math.Round(1e6*v)/1e4, 'f', -1, 64) + " %"
}

// series is the plot of suspected in-country overstays over the days since the
// end of the year.
type series struct {
	Lines  []segment
	Dots   []dot
	Y, X   []tick
	Rows   []seriesRow
	Change string
}

type segment struct{ X1, Y1, X2, Y2 string }

type dot struct{ X, Y string }

type seriesRow struct{ Day, InCountry, Left string }

// seriesOf draws days to scale, from zero.
func seriesOf(s *report.Sheet) *series {
	if len(s.Series) < 2 {
		return nil
	}
	first, last := s.Series[0], s.Series[len(s.Series)-1]
	most := int64(1)
	for _, p := range s.Series {
		most = max(most, p.InCountry)
	}
	step := max(1, niceStep(float64(most)))
	top := step * ceil(float64(most)/step)
	days := float64(max(1, first.Day.DaysUntil(last.Day)))
	x := func(p report.Point) string {
		return fmt.Sprintf("%.3f%%", 100*float64(first.Day.DaysUntil(p.Day))/days)
	}
	y := func(n float64) string { return fmt.Sprintf("%.3f%%", 100*(1-n/top)) }
	out := &series{X: []tick{{"0%", first.Day.String()}, {"100%", last.Day.String()}}}
	for v := 0.0; v <= top+1e-9; v += step {
		out.Y = append(out.Y, tick{y(v), thousands(int64(v))})
	}
	for i, p := range s.Series {
		out.Dots = append(out.Dots, dot{x(p), y(float64(p.InCountry))})
		row := seriesRow{Day: p.Day.String(), InCountry: thousands(p.InCountry)}
		if i > 0 {
			before := s.Series[i-1]
			out.Lines = append(out.Lines, segment{x(before), y(float64(before.InCountry)), x(p), y(float64(p.InCountry))})
			row.Left = thousands(before.InCountry - p.InCountry)
		}
		out.Rows = append(out.Rows, row)
	}
	out.Change = fmt.Sprintf("From %s on %s to %s on %s.", thousands(first.InCountry), first.Day, thousands(last.InCountry), last.Day)
	return out
}
