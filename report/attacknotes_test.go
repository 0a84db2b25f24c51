package report_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"limen/report"
)

// inNotes finds what the notes say of those who are expected and did not
// overstay, other than by leaving in time.
var inNotes = map[string]*regexp.Regexp{
	"settled":   regexp.MustCompile(`parole \(([^)]*)\)`),
	"undecided": regexp.MustCompile(`is undecided \(([^)]*)\)`),
	"unseen":    regexp.MustCompile(`nobody knows when \(([^)]*)\)`),
}

// aside names an unknown that only notes and series speak of.
func aside(what string) string { return "aside " + what }

// readAside adds what a reader infers from the notes and the series: how many
// left in time, were settled and so on, and who was gone by which day. The
// stays that the notes call not counted are in no sum of the tables.
func (a *attack) readAside(s *report.Sheet) {
	all, hidden := s.Lines[0], report.Figure{Withheld: true}
	n := func(what string) string { return fmt.Sprint("stays ", all.Name, all.Group, what) }
	none := []term{{-1, n("none"), hidden}, {1, aside("intime"), hidden}}
	notes := strings.Join(s.Notes, "\n")
	for what, says := range inNotes {
		none = append(none, term{1, aside(what), hidden})
		if m := says.FindStringSubmatch(notes); m != nil {
			a.told(what, m[1])
		}
	}
	a.equation(none...)
	late := []term{{-1, n("out"), all.OutOfCountry}, {1, aside("out before"), hidden}}
	gone := map[string][]term{}
	for i, p := range s.Series {
		last := term{-1, n("in"), all.InCountry}
		if i+1 < len(s.Series) {
			last = term{-1, "", report.Figure{N: s.Series[i+1].InCountry}}
		}
		now := []term{{1, "", report.Figure{N: p.InCountry}}, last}
		for _, what := range []string{"out", "settled", "unseen"} {
			name := aside(fmt.Sprint(what, " after ", i))
			now = append(now, term{-1, name, hidden})
			gone[what] = append(gone[what], term{1, name, hidden})
		}
		a.equation(now...)
	}
	a.equation(append(late, gone["out"]...)...)
	for _, what := range []string{"settled", "unseen"} {
		a.equation(append(gone[what], term{-1, aside(what), hidden}, term{1, aside(what + " before"), hidden})...)
	}
}

// told writes down a number of the notes, or its bound.
func (a *attack) told(what, says string) {
	hidden, least := report.Figure{Withheld: true}, strings.TrimPrefix(says, "fewer than ")
	n, err := strconv.ParseInt(least, 10, 64)
	if err != nil {
		return
	}
	terms := []term{{1, aside(what), hidden}, {-1, "", report.Figure{N: n}}}
	if least != says {
		terms = append(terms, term{1, aside("fewer " + what), hidden}, term{1, "", report.Figure{N: 1}})
	}
	a.equation(terms...)
}

// tooNarrow says of an unknown of notes and series that it is small and known
// too well.
func tooNarrow(name string, low, high float64, threshold int64) bool {
	const eps = 1e-6
	return strings.HasPrefix(name, "aside ") && high > eps && high < float64(threshold)-eps && high-low < float64(threshold)/2-eps
}

// TestAttackThroughNotesAndSeries: what stands beside the tables adds no small
// figure. Read together with the notes of the exact form, it does.
func TestAttackThroughNotesAndSeries(t *testing.T) {
	rnd := rand.New(rand.NewPCG(24, 1))
	const threshold = 10
	looked, broken, days := 0, 0, 0
	for i := range 60 {
		tally := drawSmall(rnd, 1+i%2)
		public, err := tally.PublicForm(threshold)
		if err != nil {
			t.Fatal(err)
		}
		days += len(public.Series)
		a := read(public)
		lp := a.program()
		for at, name := range a.names {
			if !strings.HasPrefix(name, "aside ") {
				continue
			}
			looked++
			if low, high := lp.bounds(at); tooNarrow(name, low, high, threshold) {
				t.Errorf("table %d: %s is from %g to %g", i, name, low, high)
			}
		}
		exact := tally.Full()
		public.Notes, public.Series = exact.Notes, exact.Series
		a = read(public)
		lp = a.program()
		for at, name := range a.names {
			if low, high := lp.bounds(at); tooNarrow(name, low, high, threshold) {
				broken++
			}
		}
	}
	if looked < 400 || broken < 20 || days < 40 {
		t.Errorf("%d unknowns, %d days of the series, and %d found by the exact form's notes: the attack is none", looked, days, broken)
	}
}

// drawAside divides who left late, was settled or was unseen over the days of
// the series, and those not overstaying over the reasons.
func drawAside(rnd *rand.Rand, t *report.Tally, n *report.Count, g report.Group, few bool) {
	all := n.InTime
	if n.InTime = all * 3 / 5; few {
		n.InTime = min(all, rnd.Int64N(4))
	}
	n.Settled = (all - n.InTime) * rnd.Int64N(11) / 10
	n.Unseen = (all - n.InTime - n.Settled) * rnd.Int64N(11) / 10
	n.Undecided = all - n.InTime - n.Settled - n.Unseen
	for _, of := range []int64{n.OutOfCountry, n.Settled, n.Unseen} {
		left := of
		for i := range t.Series {
			left = left * int64(rnd.IntN(12)) / 11
			if i == len(t.Series)-1 {
				left = 0
			}
			t.Series[i].InCountry[g] += left
		}
	}
	for i := range t.Series {
		t.Series[i].InCountry[g] += n.InCountry
	}
}
