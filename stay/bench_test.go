package stay_test

import (
	"math/rand/v2"
	"syscall"
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

// BenchmarkCompute is one answer on a history of 20 crossings, with and without
// pairing them first. It says how many answers a second of one core gives, by
// the process's own time, and how many times as long the counter takes for the
// same answers in the same run.
func BenchmarkCompute(b *testing.B) {
	const n = 256
	cs, ons := twenty(n)
	ks := make([]*calculated, n)
	for i := range ks {
		ks[i] = newCalculated()
		ks[i].take(&cs[i])
	}
	rule, sum := stay.Schengen(), 0
	measure := func(b *testing.B, answer func(k *calculated, on int) stay.Answer) {
		b.ReportAllocs()
		begun := spent()
		for i := 0; b.Loop(); i++ {
			sum += answer(ks[i%n], ons[i%n]).DaysUsed
		}
		each := float64(spent()-begun) / float64(b.N)
		begun = spent()
		for i := range cs {
			sum += cs[i].tell(ons[i]).used
		}
		b.ReportMetric(1e9/each, "answers/core-s")
		b.ReportMetric(float64(spent()-begun)/n/each, "×counter")
	}
	b.Run("answer", func(b *testing.B) {
		measure(b, func(k *calculated, on int) stay.Answer { return rule.Compute(k.history, k.days[on]) })
	})
	b.Run("crossings+answer", func(b *testing.B) {
		measure(b, func(k *calculated, on int) stay.Answer {
			h, err := stay.NewHistory(k.scratch, nil)
			if err != nil {
				b.Fatal(err)
			}
			return rule.Compute(h, k.days[on])
		})
	})
	b.Run("authorized", func(b *testing.B) {
		a := admitted(b, "2026-01-01", "2026-06-30").Admission
		changes := []stay.Change{granted(b, "c1", "2026-07-01", "2026-12-31"), granted(b, "c2", "2027-01-01", "2027-06-30")}
		b.ReportAllocs()
		begun := spent()
		for b.Loop() {
			sum += stay.Authorized(a, changes[1].Day, changes...).DaysOver(changes[1].Day)
		}
		b.ReportMetric(1e9*float64(b.N)/float64(spent()-begun), "answers/core-s")
	})
	if sum == 1 {
		b.Log(sum) // nothing is left out because nobody looks
	}
}

// spent is the processor time of this process.
func spent() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
