package stay_test

import (
	"testing"

	"limen/stay"
	"limen/travel"
)

// mutants are ways to be off by one. Each changes what the calculator is given,
// or what it says, for a history of toy crossings.
var mutants = map[string]func(k *calculated, crossings []stay.Crossed) (history []stay.Crossed, said func(told) told){
	"a window one day shorter": func(k *calculated, xs []stay.Crossed) ([]stay.Crossed, func(told) told) {
		k.rule.Window--
		return xs, nil
	},
	"a window one day longer": func(k *calculated, xs []stay.Crossed) ([]stay.Crossed, func(told) told) {
		k.rule.Window++
		return xs, nil
	},
	"a limit one day lower": func(k *calculated, xs []stay.Crossed) ([]stay.Crossed, func(told) told) {
		k.rule.Limit--
		return xs, nil
	},
	"a limit one day higher": func(k *calculated, xs []stay.Crossed) ([]stay.Crossed, func(told) told) {
		k.rule.Limit++
		return xs, nil
	},
	"the day of exit does not count": func(_ *calculated, xs []stay.Crossed) ([]stay.Crossed, func(told) told) {
		return moved(xs, travel.Exit, -1), nil
	},
	"the day after the exit counts": func(_ *calculated, xs []stay.Crossed) ([]stay.Crossed, func(told) told) {
		return moved(xs, travel.Exit, 1), nil
	},
	"the day of entry does not count": func(_ *calculated, xs []stay.Crossed) ([]stay.Crossed, func(told) told) {
		return moved(xs, travel.Entry, 1), nil
	},
	"the day before the entry counts": func(_ *calculated, xs []stay.Crossed) ([]stay.Crossed, func(told) told) {
		return moved(xs, travel.Entry, -1), nil
	},
	"a day of exit and entry counts twice": func(_ *calculated, xs []stay.Crossed) ([]stay.Crossed, func(told) told) {
		twice := 0
		for i := 1; i < len(xs); i++ {
			if xs[i].Direction == travel.Entry && xs[i].Day == xs[i-1].Day {
				twice++
			}
		}
		return xs, func(t told) told { t.used += twice; return t }
	},
	"a missing exit ends the stay at once": func(_ *calculated, xs []stay.Crossed) (out []stay.Crossed, _ func(told) told) {
		for i, x := range xs {
			if out = append(out, x); i+1 < len(xs) && x.Direction == travel.Entry && xs[i+1].Direction == travel.Entry {
				out = append(out, stay.Crossed{Day: x.Day, Direction: travel.Exit})
			}
		}
		return out, nil
	},
	"the last day of the limit is an overstay": func(_ *calculated, xs []stay.Crossed) ([]stay.Crossed, func(told) told) {
		return xs, func(t told) told {
			if t.in && t.left == 0 && t.over == 0 {
				t.over = 1
			}
			return t
		}
	},
	"days left do not count those given back": func(k *calculated, xs []stay.Crossed) ([]stay.Crossed, func(told) told) {
		limit := k.rule.Limit
		return xs, func(t told) told { t.left = max(0, limit-t.used); return t }
	},
	"the next entry is a day early": func(_ *calculated, xs []stay.Crossed) ([]stay.Crossed, func(told) told) {
		return xs, func(t told) told { t.next--; return t }
	},
}

// moved moves the crossings of one direction by a day, where their order stays.
func moved(xs []stay.Crossed, d travel.Direction, by int) []stay.Crossed {
	out := append([]stay.Crossed(nil), xs...)
	for i := range out {
		day := out[i].Day.AddDays(by)
		if out[i].Direction != d || i > 0 && day.Before(out[i-1].Day) || i+1 < len(xs) && day.After(xs[i+1].Day) {
			continue
		}
		out[i].Day = day
	}
	return out
}

// TestMutants: the comparison of calculator and counter catches each of them,
// on histories of at most 3 crossings in 14 days (2 under the race detector). Without it a test that finds
// no difference says nothing.
func TestMutants(t *testing.T) {
	const crossings, days = 3 - raced, 14
	for name, mutate := range mutants {
		c, k := &counter{limit: 4, window: 7}, newCalculated()
		caught, asked := 0, 0
		histories(c, crossings, 0, days, func() {
			if len(c.crossings) == 0 {
				return
			}
			k.take(c)
			history, said := mutate(k, k.scratch)
			var err error
			if k.history, err = stay.NewHistory(history, nil); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for on := c.crossings[0].day; on < days+7; on++ {
				got := k.tell(on, false)
				if said != nil {
					got = said(got)
				}
				if asked++; got != c.tell(on) {
					caught++
				}
			}
		})
		if caught == 0 {
			t.Errorf("%s: not caught in %d answers", name, asked)
		}
		t.Logf("%s: caught in %d of %d answers", name, caught, asked)
	}
}
