package linkagesim

import "limen/report"

// Proportion is a share of a count, with its 95 % interval.
type Proportion struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Wilson returns hits of n with the score interval at 95 %; of nothing it is
// anything from 0 to 1, and the value 0.
func Wilson(hits, n int) Proportion {
	if n == 0 {
		return Proportion{High: 1}
	}
	low, high := report.Wilson(int64(hits), int64(n))
	return Proportion{Value: float64(hits) / float64(n), Low: low, High: high}
}
