package gallery_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"limen/biometric"
	"limen/gallery"
	"limen/match"
	"limen/travel"
)

// TestSearchIsExact holds Search to the plain way of doing it: compare with
// every reference, keep each passenger's best, sort.
func TestSearchIsExact(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		g := empty(r)
		held := map[travel.PassengerID][]biometric.Template{}
		for range rapid.IntRange(0, 60).Draw(r, "steps") {
			p := travel.PassengerID(fmt.Sprint("p", rapid.IntRange(0, 15).Draw(r, "passenger")))
			if rapid.IntRange(0, 4).Draw(r, "remove") == 0 {
				if n := g.Remove(p); n != len(held[p]) {
					r.Fatalf("%d references removed of %d", n, len(held[p]))
				}
				delete(held, p)
				continue
			}
			tpl := template(r, append(rapid.SliceOfN(rapid.Float32Range(-1, 1), 1, features-1).Draw(r, "face"), 1)...)
			switch err := g.Add(p, tpl); {
			case len(held[p]) == gallery.MaxReferences && err == nil:
				r.Fatal("a ninth reference")
			case err == nil:
				held[p] = append(held[p], tpl)
			}
		}
		probe := template(r, append(rapid.SliceOfN(rapid.Float32Range(-1, 1), 1, features-1).Draw(r, "probe"), 1)...)
		want := plain(r, held, probe)
		// 12 passengers of 8 references each are the longest list that Search gives.
		k := rapid.IntRange(1, 12).Draw(r, "k")
		got, err := g.Search(atGate, probe, k)
		if err != nil || len(got) != min(k, len(want)) {
			r.Fatalf("%d found of %d, %v", len(got), len(want), err)
		}
		for i, c := range got {
			if best := scoreOf(want, c.Passenger); math.Abs(float64(c.Score-best)) > 1e-6 || math.Abs(float64(c.Score-want[i].Score)) > 1e-6 {
				r.Fatalf("place %d: %+v, want %+v and %v for that passenger", i, c, want[i], best)
			}
			if slices.ContainsFunc(got[:i], func(o gallery.Candidate) bool { return o.Passenger == c.Passenger }) {
				r.Fatalf("%s is named twice", c.Passenger)
			}
		}
	})
}

func plain(t rapid.TB, held map[travel.PassengerID][]biometric.Template, probe biometric.Template) (out []gallery.Candidate) {
	for p, ts := range held {
		best := gallery.Candidate{Passenger: p, Score: -2}
		for _, tpl := range ts {
			s, err := match.Verify(tpl, probe)
			if err != nil {
				t.Fatal(err)
			}
			best.Score = max(best.Score, float32(s))
		}
		if len(ts) > 0 {
			out = append(out, best)
		}
	}
	slices.SortFunc(out, func(a, b gallery.Candidate) int {
		if a.Score > b.Score {
			return -1
		}
		return 1
	})
	return out
}

func scoreOf(cs []gallery.Candidate, p travel.PassengerID) float32 {
	i := slices.IndexFunc(cs, func(c gallery.Candidate) bool { return c.Passenger == p })
	if i < 0 {
		return -2
	}
	return cs[i].Score
}
