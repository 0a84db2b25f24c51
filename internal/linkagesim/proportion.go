package linkagesim

import "math"

// Proportion is a share of a count, with its 95 % interval.
type Proportion struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Wilson returns hits of n with the score interval at 95 %; of nothing it is
// anything from 0 to 1, and the value 0.
//
// Source: E. B. Wilson, Probable Inference, the Law of Succession, and
// Statistical Inference, JASA 22 (1927) 209-212.
func Wilson(hits, n int) Proportion {
	if n == 0 {
		return Proportion{High: 1}
	}
	const z = 1.959964
	p, m := float64(hits)/float64(n), float64(n)
	middle := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return Proportion{Value: p, Low: max(middle-half, 0), High: min(middle+half, 1)}
}
