package report

import "math"

// Rate is a share with its interval; Known is false where there is none.
type Rate struct {
	Known          bool
	Value          float64
	Lower, Upper   float64 // Wilson's interval at 95 %
	Events, Trials int64
}

func rate(events, trials Figure) Rate {
	if events.Withheld || trials.Withheld || trials.N == 0 {
		return Rate{}
	}
	lower, upper := Wilson(events.N, trials.N)
	return Rate{Known: true, Value: float64(events.N) / float64(trials.N), Lower: lower, Upper: upper, Events: events.N, Trials: trials.N}
}

// Wilson returns the interval at 95 % of a share of k in n, n > 0. It says how
// far a rate may lie from the next year's by chance alone, if each person
// overstays or not by himself; it knows nothing of departures that were not
// recorded.
//
// Source: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209–212.
func Wilson(k, n int64) (lower, upper float64) {
	const z = 1.959963984540054
	p, m := float64(k)/float64(n), float64(n)
	mid := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return max(0, mid-half), min(1, mid+half)
}
