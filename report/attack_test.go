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
	for i := range 24 {
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
	if withheld < 500 || broken < 50 {
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
	codes := []travel.Country{"CAN", "FRA", "MEX", "BRA", "IND", "NGA"}
	for _, c := range codes[:countries] {
		n := report.Country{Code: c}
		size := math.Exp(rnd.Float64()*6) + 3
		for _, g := range []report.Group{report.BusinessPleasure, report.StudentExchange, report.OtherNonimmigrant} {
			all := int64(size * rnd.Float64() * 2)
			out, in := int64(float64(all)*rnd.Float64()*0.2), int64(float64(all)*rnd.Float64()*0.3)
			n.Stays[g] = report.Count{InTime: all - out - in, OutOfCountry: out, InCountry: in}
			n.Departures[g] = report.Flow{Matched: all - out, Unmatched: out}
		}
		t.Countries = append(t.Countries, n)
	}
	return t
}

// program is a linear program in standard form, Ax = b and x ≥ 0, brought to a
// feasible corner by the two-phase simplex method with Bland's rule.
type program struct {
	tableau [][]float64 // rows of [A | b]
	basis   []int
	vars    int
}

const eps = 1e-7

func (a *attack) program() *program {
	n, m := len(a.names), len(a.rows)
	p := &program{vars: n}
	for i, row := range a.rows {
		full := make([]float64, n+m+1)
		copy(full, row)
		full[n+m] = a.right[i]
		if a.right[i] < 0 {
			for j := range full {
				full[j] = -full[j]
			}
		}
		full[n+i] = 1
		p.tableau, p.basis = append(p.tableau, full), append(p.basis, n+i)
	}
	cost := make([]float64, n+m+1)
	for j := n; j < n+m; j++ {
		cost[j] = 1
	}
	p.minimize(cost, n+m)
	var kept [][]float64
	var basis []int
	for i, b := range p.basis { // drive what is left of the artificial ones out
		for j := 0; b >= n && j < n; j++ {
			if math.Abs(p.tableau[i][j]) > eps {
				p.pivot(i, j)
				b = j
			}
		}
		if b < n {
			kept, basis = append(kept, append(append([]float64{}, p.tableau[i][:n]...), p.tableau[i][n+m])), append(basis, b)
		}
	}
	p.tableau, p.basis = kept, basis
	return p
}

func (p *program) pivot(row, col int) {
	r := p.tableau[row]
	d := r[col]
	for j := range r {
		r[j] /= d
	}
	for i, other := range p.tableau {
		if f := other[col]; i != row && f != 0 {
			for j := range other {
				other[j] -= f * r[j]
			}
		}
	}
	p.basis[row] = col
}

// minimize goes from corner to corner; it returns false if there is no lowest
// value.
func (p *program) minimize(cost []float64, columns int) bool {
	for {
		reduced := append([]float64{}, cost[:columns]...)
		for i, b := range p.basis {
			if c := cost[b]; c != 0 {
				for j := range columns {
					reduced[j] -= c * p.tableau[i][j]
				}
			}
		}
		enter := -1
		for j, r := range reduced {
			if r < -eps {
				enter = j
				break
			}
		}
		if enter < 0 {
			return true
		}
		leave, best := -1, math.Inf(1)
		for i, row := range p.tableau {
			if row[enter] > eps {
				ratio := row[len(row)-1] / row[enter]
				if ratio < best-eps || ratio < best+eps && leave >= 0 && p.basis[i] < p.basis[leave] {
					leave, best = i, ratio
				}
			}
		}
		if leave < 0 {
			return false
		}
		p.pivot(leave, enter)
	}
}

// bounds returns the lowest and highest value of an unknown.
func (p *program) bounds(at int) (low, high float64) {
	value := func() float64 {
		for i, b := range p.basis {
			if b == at {
				return p.tableau[i][len(p.tableau[i])-1]
			}
		}
		return 0
	}
	cost := make([]float64, p.vars)
	cost[at] = 1
	p.minimize(cost, p.vars)
	low = value()
	cost[at] = -1
	if !p.minimize(cost, p.vars) {
		return low, math.Inf(1)
	}
	return low, value()
}
