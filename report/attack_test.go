package report_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"limen/report"
	"limen/travel"
)

// The attacker has the published sheet and nothing of ours: what is withheld
// becomes unknowns, every sum that a reader can see an equation, and a linear
// program gives the lowest and the highest value each unknown can have.
type attack struct {
	names  []string
	rows   [][]float64
	right  []float64
	unseen map[string]int
}

func (a *attack) unknown(name string) int {
	if at, ok := a.unseen[name]; ok {
		return at
	}
	a.unseen[name] = len(a.names)
	a.names = append(a.names, name)
	return len(a.names) - 1
}

// term is a figure in an equation, times its sign.
type term struct {
	sign float64
	name string
	f    report.Figure
}

func (a *attack) equation(terms ...term) {
	row, right, any := map[int]float64{}, 0.0, false
	for _, t := range terms {
		if t.f.Withheld {
			row[a.unknown(t.name)] += t.sign
			any = true
		} else {
			right -= t.sign * float64(t.f.N)
		}
	}
	if !any {
		return
	}
	dense := make([]float64, 0, 64)
	for at, v := range row {
		for len(dense) <= at {
			dense = append(dense, 0)
		}
		dense[at] = v
	}
	a.rows, a.right = append(a.rows, dense), append(a.right, right)
}

// figures are those of a row of either table that a reader sees or infers.
func figures(l report.Line) map[string]report.Figure {
	return map[string]report.Figure{"expected": l.Expected, "out": l.OutOfCountry, "in": l.InCountry, "total": l.Total}
}

type addressed struct {
	place report.Place
	group report.Group
	f     map[string]report.Figure
}

// read writes down what the sheet says.
func read(s *report.Sheet) *attack {
	a := &attack{unseen: map[string]int{}}
	var stays, flows []addressed
	for _, l := range s.Lines {
		stays = append(stays, addressed{l.Place, l.Group, figures(l)})
	}
	for _, l := range s.Departures {
		flows = append(flows, addressed{l.Place, l.Group, map[string]report.Figure{"all": l.All, "matched": l.Matched}})
	}
	a.sums("stays", stays)
	a.sums("flows", flows)
	hidden := report.Figure{Withheld: true} // what nobody prints: who did not overstay, who was not matched
	for _, l := range stays {
		n := func(what string) string { return fmt.Sprint("stays ", l.place.Name, l.group, what) }
		a.equation(term{1, n("out"), l.f["out"]}, term{1, n("in"), l.f["in"]}, term{-1, n("total"), l.f["total"]})
		a.equation(term{1, n("total"), l.f["total"]}, term{1, n("none"), hidden}, term{-1, n("expected"), l.f["expected"]})
	}
	for _, l := range flows {
		n := func(what string) string { return fmt.Sprint("flows ", l.place.Name, l.group, what) }
		a.equation(term{1, n("matched"), l.f["matched"]}, term{1, n("unmatched"), hidden}, term{-1, n("all"), l.f["all"]})
	}
	a.readAside(s)
	return a
}

// sums writes down that groups add up, and places.
func (a *attack) sums(table string, lines []addressed) {
	rows, columns := map[string][]term{}, map[string][]term{}
	for _, l := range lines {
		for what, f := range l.f {
			name := fmt.Sprint(table, " ", l.place.Name, l.group, what)
			sign := 1.0
			if l.group == report.AllGroups {
				sign = -1
			}
			row := fmt.Sprint(l.place.Name, what)
			rows[row] = append(rows[row], term{sign, name, f})
			if l.place.Sum {
				k := fmt.Sprint(l.place.Name, l.group, what)
				columns[k] = append(columns[k], term{-1, name, f})
			}
			if l.place.Of != "" {
				k := fmt.Sprint(l.place.Of, l.group, what)
				columns[k] = append(columns[k], term{1, name, f})
			}
		}
	}
	for _, set := range []map[string][]term{rows, columns} {
		for _, terms := range set {
			a.equation(terms...)
		}
	}
}

// TestAttackBySolvingTheSystem solves the published tables for every withheld
// figure. The same attack on a sheet from which the complementary withholding
// is taken away finds figures, so it can.
func TestAttackBySolvingTheSystem(t *testing.T) {
	rnd := rand.New(rand.NewPCG(4, 4))
	withheld, broken := 0, 0
	for i := range 10 {
		tally := drawSmall(rnd, 2+i%4)
		const threshold = 10
		public, err := tally.PublicForm(threshold)
		if err != nil {
			t.Fatal(err)
		}
		a := read(public)
		lp := a.program()
		for at, name := range a.names {
			low, high := lp.bounds(at)
			if low > high+1e-6 {
				t.Fatalf("%s is from %g to %g: the attack itself is wrong", name, low, high)
			}
			withheld++
			switch {
			case published(public, name) && high-low < threshold/2-1e-6:
				t.Errorf("table %d: %s is from %g to %g", i, name, low, high)
			case tooNarrow(name, low, high, threshold):
				t.Errorf("table %d: %s is from %g to %g", i, name, low, high)
			case high-low < 1-1e-6 && math.Round(low) > 0 && math.Round(low) < threshold:
				t.Errorf("table %d: %s follows, and is %g", i, name, low)
			}
		}
		naive := read(primaryOnly(tally.Full(), threshold))
		lp = naive.program()
		for at, name := range naive.names {
			if low, high := lp.bounds(at); published(public, name) && high-low < 1-1e-6 {
				broken++
			}
		}
	}
	if withheld < 200 || broken < 20 {
		t.Errorf("%d unknowns, and %d found where only small figures are withheld: the attack is none", withheld, broken)
	}
}

// published says whether an unknown is a figure of the sheet, and not one that
// no form prints and that is great enough to be found.
func published(s *report.Sheet, name string) bool {
	for _, l := range s.Lines {
		for what, f := range figures(l) {
			if f.Withheld && name == fmt.Sprint("stays ", l.Name, l.Group, what) {
				return true
			}
		}
	}
	for _, l := range s.Departures {
		if l.All.Withheld && name == fmt.Sprint("flows ", l.Name, l.Group, "all") || l.Matched.Withheld && name == fmt.Sprint("flows ", l.Name, l.Group, "matched") {
			return true
		}
	}
	return false
}

// primaryOnly withholds small figures and nothing else.
func primaryOnly(s *report.Sheet, threshold int64) *report.Sheet {
	small := func(f *report.Figure) { f.Withheld = f.N > 0 && f.N < threshold }
	for i := range s.Lines {
		l := &s.Lines[i]
		for _, f := range []*report.Figure{&l.Expected, &l.OutOfCountry, &l.InCountry, &l.Total} {
			small(f)
		}
	}
	for i := range s.Departures {
		small(&s.Departures[i].All)
		small(&s.Departures[i].Matched)
	}
	return s
}

func drawSmall(rnd *rand.Rand, countries int) *report.Tally {
	p, _ := report.FiscalYear(2026)
	t := &report.Tally{Options: report.Options{Period: p, On: p.Last.AddDays(90), Home: "USA"}}
	few := rnd.IntN(2) == 0 // left in time
	for _, days := range []int{1, 31, 90} {
		t.Series = append(t.Series, report.AsOf{Day: p.Last.AddDays(days)})
	}
	codes := []travel.Country{"CAN", "FRA", "MEX", "BRA", "IND", "NGA"}
	for _, c := range codes[:countries] {
		n := report.Country{Code: c}
		size := math.Exp(rnd.Float64()*6) + 3
		for _, g := range []report.Group{report.BusinessPleasure, report.StudentExchange, report.OtherNonimmigrant} {
			all := int64(size * rnd.Float64() * 2)
			out, in := int64(float64(all)*rnd.Float64()*0.2), int64(float64(all)*rnd.Float64()*0.3)
			n.Stays[g] = report.Count{InTime: all - out - in, OutOfCountry: out, InCountry: in}
			drawAside(rnd, t, &n.Stays[g], g, few)
			n.Departures[g] = report.Flow{Matched: all - out, Unmatched: out}
		}
		t.Countries = append(t.Countries, n)
	}
	return t
}
