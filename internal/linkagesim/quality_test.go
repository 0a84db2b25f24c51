package linkagesim

import (
	"context"
	"errors"
	"math"
	"testing"
)

// Promise 27 in small, on people that nothing was tuned on; limen bench linkage
// has it for a million.
func TestMatchingQuality(t *testing.T) {
	q, err := NewFile(12_000, 4711).Quality(t.Context(), func(int64, int64) {})
	if err != nil {
		t.Fatal(err)
	}
	if p, r := q.All.Precision().Value, q.All.Recall().Value; p < .999 || r < .95 {
		t.Errorf("precision %.5f, recall %.4f: %+v", p, r, q.All)
	}
	sum := Tally{}
	for _, k := range q.Kinds {
		if k.Mated == 0 {
			t.Errorf("%s: nobody", k.Kind)
		}
		sum.Departures, sum.Mated, sum.Right, sum.Wrong = sum.Departures+k.Departures, sum.Mated+k.Mated, sum.Right+k.Right, sum.Wrong+k.Wrong
	}
	if a := q.All; sum.Departures != a.Departures || sum.Mated != a.Mated || sum.Right != a.Right || sum.Wrong != a.Wrong || a.Mated != 12_000 {
		t.Errorf("the kinds sum up to %+v, all are %+v", sum, a)
	}
	if a := q.All; a.Mated+a.Unmated != a.Departures || a.FalseMerges().Value > .005 || a.PrecisionAt(.5).Value > a.Precision().Value {
		t.Errorf("without an arrival: %+v", a)
	}
	if q.All.Seen < q.All.Right || q.All.Departures <= q.All.Mated {
		t.Errorf("%+v", q.All)
	}
}

// The measure can fail: with the arrivals in another order everything is wrong.
func TestMatchingQualityCatches(t *testing.T) {
	f := NewFile(1000, 1)
	for i := range f.World.at {
		if f.World.at[i] >= 0 {
			f.World.at[i] = (f.World.at[i] + 1) % 1000
		}
	}
	q, err := f.Quality(t.Context(), func(int64, int64) {})
	if err != nil || q.All.Right > 10 || q.All.Wrong < 800 || q.All.Precision().Value > .01 {
		t.Errorf("%+v, %v", q, err)
	}
}

func TestMeasuringStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f := NewFile(2000, 1)
	if _, err := f.Quality(ctx, func(int64, int64) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("quality: %v", err)
	}
	if _, err := MeasureGrowth(ctx, []*File{f}, func(int64, int64) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("growth: %v", err)
	}
}

// The number of comparisons hardly grows with the file: that of candidates is
// counted, so this does not depend on the machine.
func TestCandidatesHardlyGrow(t *testing.T) {
	each := func(n int) float64 {
		q, err := NewFile(n, 12).Quality(t.Context(), func(int64, int64) {})
		if err != nil {
			t.Fatal(err)
		}
		return float64(q.Candidates) / float64(q.All.Departures)
	}
	small, large := each(1000), each(16_000)
	if limit := small * math.Log(16_000) / math.Log(1000); large > limit {
		t.Errorf("%.3f candidates among 1,000, %.3f among 16,000: n log n allows %.3f", small, large, limit)
	}
}

// Worked by hand from Wilson's formula.
func TestWilson(t *testing.T) {
	for _, c := range []struct {
		hits, n          int
		value, low, high float64
	}{{0, 0, 0, 0, 1}, {10, 10, 1, .7225, 1}, {0, 10, 0, 0, .2775}, {5, 10, .5, .2366, .7634}, {9990, 10000, .999, .99816, .99946}} {
		p := Wilson(c.hits, c.n)
		if math.Abs(p.Value-c.value) > 1e-9 || math.Abs(p.Low-c.low) > 5e-5 || math.Abs(p.High-c.high) > 5e-5 {
			t.Errorf("%d of %d: %+v", c.hits, c.n, p)
		}
	}
}

// By hand: of 1000 mated 900 right and 1 wrong, of 100 others 2 merged.
func TestPrecisionAt(t *testing.T) {
	y := Tally{Departures: 1100, Mated: 1000, Unmated: 100, Right: 900, Wrong: 3, Merged: 2}
	for share, want := range map[float64]float64{0: .9 / .901, .5: .9 / .921, .9: .09 / .1081, 1: 0} {
		if p := y.PrecisionAt(share); math.Abs(p.Value-want) > 1e-9 || p.Low > p.Value || p.High < p.Value {
			t.Errorf("with %g unmated: %+v, want %g", share, p, want)
		}
	}
}
