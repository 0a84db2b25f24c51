package stay_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"limen/stay"
)

// twenty returns histories of 20 crossings under the rule of 90 days in any
// 180, and a day to ask each about: within the last window.
func twenty(n int) (cs []counter, ons []int) {
	r := rand.New(rand.NewPCG(1, 2))
	for range n {
		c := counter{limit: 90, window: 180}
		day := 0
		for i := range 20 {
			c.crossings = append(c.crossings, toyCrossing{day: day, exit: i%2 == 1})
			day += 1 + r.IntN(30)
		}
		cs, ons = append(cs, c), append(ons, day+r.IntN(60)-30)
	}
	return cs, ons
}

// BenchmarkCompute is one answer on a history of 20 crossings. As a ratio: how
// many times as long the counter takes, in the same run.
func BenchmarkCompute(b *testing.B) {
	const n = 256
	cs, ons := twenty(n)
	ks := make([]*calculated, n)
	for i := range ks {
		ks[i] = newCalculated()
		ks[i].take(&cs[i])
	}
	rule, sum := stay.Schengen(), 0
	byDay := func() time.Duration {
		begun := time.Now()
		for i := range cs {
			sum += cs[i].tell(ons[i]).used
		}
		return time.Since(begun) / n
	}
	b.Run("answer", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			k := ks[i%n]
			sum += rule.Compute(k.history, k.days[ons[i%n]]).DaysUsed
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "answers/s")
		b.ReportMetric(float64(byDay())/(float64(b.Elapsed())/float64(b.N)), "×counter")
	})
	b.Run("history+answer", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			k := ks[i%n]
			h, err := stay.NewHistory(k.scratch, nil)
			if err != nil {
				b.Fatal(err)
			}
			sum += rule.Compute(h, k.days[ons[i%n]]).DaysUsed
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "answers/s")
		b.ReportMetric(float64(byDay())/(float64(b.Elapsed())/float64(b.N)), "×counter")
	})
	_ = sum
}
