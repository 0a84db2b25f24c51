package report

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"limen/travel"
)

// drawTally makes a tally like those of the field: few great countries, many
// small ones, overstays of a few in a hundred, many zeros.
func drawTally(rnd *rand.Rand, countries int, scale float64) *Tally {
	p, _ := FiscalYear(2026)
	t := &Tally{Options: Options{Period: p, On: p.Last.AddDays(100), Home: "USA"}}
	var codes []travel.Country
	for code := range countryNames {
		if code != "USA" && code != "CAN" && code != "MEX" {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	rnd.Shuffle(len(codes), func(i, j int) { codes[i], codes[j] = codes[j], codes[i] })
	codes = append([]travel.Country{"CAN", "MEX"}, codes...)[:countries]
	for _, code := range codes {
		c := Country{Code: code}
		size := math.Exp(rnd.NormFloat64()*2) * scale
		for _, g := range []Group{BusinessPleasure, StudentExchange, OtherNonimmigrant, ClassUnknown, ImmigrantGroup} {
			n := int64(size * math.Exp(rnd.NormFloat64()))
			if rnd.IntN(4) == 0 {
				n = int64(rnd.IntN(15))
			}
			if g != ImmigrantGroup && (g != ClassUnknown || rnd.IntN(10) == 0) {
				out, in := int64(float64(n)*rnd.Float64()*0.05), int64(float64(n)*rnd.Float64()*0.1)
				if rnd.IntN(20) == 0 {
					in = n - out // everybody overstays
				}
				c.Stays[g] = Count{InTime: n - out - in, OutOfCountry: out, InCountry: in}
			}
			un := int64(float64(n) * rnd.Float64() * 0.05)
			c.Departures[g] = Flow{Matched: n - un, Unmatched: un}
		}
		t.Countries = append(t.Countries, c)
	}
	return t
}

// tablesOf returns both tables of a tally with what is withheld.
func tablesOf(tb testing.TB, t *Tally, threshold int64) []*table {
	tb.Helper()
	_, parent := t.places()
	all := []Group{AllGroups, BusinessPleasure, StudentExchange, OtherNonimmigrant, ClassUnknown}
	stays := t.table(parent, all, stayFigures, func(c Country, g Group) cell {
		n := c.Stays[g]
		return cell{n.None(), n.OutOfCountry, n.InCountry}
	})
	flows := t.table(parent, append(all, ImmigrantGroup), flowFigures, func(c Country, g Group) cell {
		return cell{c.Departures[g].Matched, c.Departures[g].Unmatched}
	})
	for _, table := range []*table{stays, flows} {
		if err := table.withhold(threshold); err != nil {
			tb.Fatal(err)
		}
	}
	return []*table{stays, flows}
}

// TestEveryWithheldFigureHasAnother makes, for each withheld figure, whole other
// tables that would have been printed alike, and in which the figure differs:
// however clever an attacker is, these cannot be told from the truth.
func TestEveryWithheldFigureHasAnother(t *testing.T) {
	looked := 0
	for seed := range uint64(30) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		threshold := int64(5 + rnd.IntN(16))
		tally := drawTally(rnd, 1+rnd.IntN(8), []float64{3, 30, 3000}[rnd.IntN(3)])
		for _, table := range tablesOf(t, tally, threshold) {
			looked += alternatives(t, table, threshold)
		}
	}
	if looked < 1000 {
		t.Errorf("only %d withheld figures were looked at", looked)
	}
}

func alternatives(r *testing.T, t *table, threshold int64) (looked int) {
	n := newNetwork(t)
	for e := range t.cells {
		if need := t.primary(e, threshold); t.levels[e] < need {
			r.Fatalf("cell %d with a small count is at level %d", e, t.levels[e])
		}
		if t.levels[e] == shown {
			continue
		}
		for _, f := range t.figuresOf(e) {
			looked++
			need := n.needed(e, f, threshold)
			if half := min(threshold, t.cells[e].sum()+1) / 2; need < max(1, half) {
				r.Fatalf("cell %d of %d needs only %d of %d", e, t.cells[e].sum(), need, threshold)
			}
			low, high := t.value(e, f), t.value(e, f)
			for _, m := range t.movesOf(e, f) {
				if m.level() > t.levels[e] {
					continue
				}
				for _, up := range []bool{true, false} {
					other := alternative(r, t, n.push(e, m, up, threshold, false, math.Inf(1)), m)
					low, high = min(low, other.value(e, f)), max(high, other.value(e, f))
				}
			}
			if high-low < need {
				r.Fatalf("a figure of cell %d is between %d and %d, wanted a range of %d", e, low, high, need)
			}
		}
	}
	return looked
}

// alternative applies a plan and checks the outcome from first principles: it
// is a table, and it prints as the true one does.
func alternative(r *testing.T, t *table, p plan, m move) *table {
	other := &table{parent: t.parent, columns: t.columns, levels: t.levels, figures: t.figures}
	for _, c := range t.cells {
		other.cells = append(other.cells, slices.Clone(c))
	}
	for _, c := range p.changes {
		other.cells[c.edge][m.a] += c.by
		if m.b != outside {
			other.cells[c.edge][m.b] -= c.by
		}
	}
	for part := range t.cells[0] {
		rows, columns := make([]int64, len(t.parent)), make([]int64, len(t.cells))
		for e, c := range other.cells {
			if c[part] < 0 {
				r.Fatalf("cell %d has %d", e, c[part])
			}
			place, column := e/t.columns, e%t.columns
			if column > 0 {
				rows[place] += c[part]
			}
			if up := t.parent[place]; up >= 0 {
				columns[up*t.columns+column] += c[part]
			}
		}
		leaf := t.leaves()
		for e, c := range other.cells {
			if e%t.columns == 0 && rows[e/t.columns] != c[part] || !leaf[e/t.columns] && columns[e] != c[part] {
				r.Fatalf("cell %d has %d, which is not the sum", e, c[part])
			}
		}
	}
	for e, c := range t.cells {
		all := []int{0, 1, 2}[:len(c)]
		for _, f := range append([][]int{all}, t.figures...) {
			if t.figure(e, f...) != other.figure(e, f...) {
				r.Fatalf("cell %d prints otherwise", e)
			}
		}
	}
	return other
}

// TestNothingNeededNothingWithheld: where no count is small, all is printed.
func TestNothingNeededNothingWithheld(t *testing.T) {
	tally := drawTally(rand.New(rand.NewPCG(1, 1)), 20, 1e6)
	for i := range tally.Countries {
		for g := range groups {
			c := &tally.Countries[i]
			c.Stays[g] = Count{InTime: c.Stays[g].InTime*10 + 1000, OutOfCountry: 30, InCountry: 20}
			c.Departures[g] = Flow{Matched: 100, Unmatched: 0}
		}
	}
	for _, table := range tablesOf(t, tally, 10) {
		if slices.Max(table.levels) != shown {
			t.Errorf("levels %v", table.levels)
		}
	}
}

// BenchmarkWithhold is a report of 200 countries.
func BenchmarkWithhold(b *testing.B) {
	tally := drawTally(rand.New(rand.NewPCG(1, 1)), 200, 300)
	for b.Loop() {
		tables := tablesOf(b, tally, 10)
		var at, own [3]int
		for e := range tables[0].cells {
			own[tables[0].primary(e, 10)]++
		}
		b.ReportMetric(100*float64(own[parts])/float64(len(tables[0].levels)), "%primary-parts")
		b.ReportMetric(100*float64(own[whole])/float64(len(tables[0].levels)), "%primary-whole")
		for _, l := range tables[0].levels {
			at[l]++
		}
		b.ReportMetric(100*float64(at[parts])/float64(len(tables[0].levels)), "%parts")
		b.ReportMetric(100*float64(at[whole])/float64(len(tables[0].levels)), "%whole")
	}
}
