package matrix

import (
	"math"

	"limen/biometric"
)

// A row x has a sketch: codes c of one byte and a scale s with x = s·c + e,
// where the length of the residual e is kept, too. A probe q has a finer
// sketch t·p + f of two bytes. For their score,
//
//	q·x = s·t·(p·c) + q·e + f·(s·c)
//
// and by Cauchy and Schwarz the last two terms are at most |q||e| + |f|(|x|+|e|).
// So the estimate s·t·(p·c), which reads a quarter of the bytes, bounds the
// score from above: a row whose bound does not beat the list's last score
// needs no exact score. Which rows are found does not depend on the sketch,
// only how many exact scores it takes to find them.

// rounding covers what the bound must allow for beyond algebra: the rounding
// of the exact score in float32, at most (MaxFeatures/32 + 6) steps of 2⁻²⁴
// and so under 1e-5, and the rounding of the bound itself, under 1e-6.
const rounding = 3e-5

// sketchRow writes the codes of a unit-length row and returns their scale and
// the row's part of the bound.
func sketchRow(codes []int8, row []float32) (scale, slack float32) {
	s := step32(row, math.MaxInt8)
	var residual float64
	for i, x := range row {
		c := math.Round(float64(x) / s)
		codes[i] = int8(c)
		e := float64(x) - s*c
		residual += e * e
	}
	// |q| is 1 but for rounding; the factor covers that.
	return float32(s), float32(math.Sqrt(residual) * 1.0001)
}

// probe is a probe template made ready for a scan. It holds features: erase
// it after use.
type probe struct {
	features []float32 // stride values
	codes    []int16   // stride values
	scale    float32
	slack    float32 // the probe's part of the bound
}

func newProbe(t biometric.Template, stride int) *probe {
	p := &probe{features: make([]float32, stride), codes: make([]int16, stride)}
	t.AppendFeatures(p.features[:0])
	// The dot product of the codes must fit in 32 bits whatever the values:
	// with 512 features the full range of 16 bits does.
	limit := min(math.MaxInt16, math.MaxInt32/(math.MaxInt8*stride))
	s := step32(p.features, limit)
	var residual float64
	for i, x := range p.features {
		c := math.Round(float64(x) / s)
		p.codes[i] = int16(c)
		e := float64(x) - s*c
		residual += e * e
	}
	p.scale = float32(s)
	// |s·c| is at most |x|+|e|, and |e| is at most half a step in each
	// feature, under 1: hence the 2.
	p.slack = float32(2*math.Sqrt(residual) + rounding)
	return p
}

func (p *probe) erase() {
	clear(p.features)
	clear(p.codes)
}

// step32 returns the step with which the largest magnitude of values becomes
// at most limit, exactly representable as a float32.
func step32(values []float32, limit int) float64 {
	var largest float32
	for _, x := range values {
		largest = max(largest, x, -x)
	}
	s := float32(float64(largest) / float64(limit))
	// Rounding to float32 may fall by a part in 2²⁴, less than half a step at
	// the limits used here, so codes still round to within the limit.
	return float64(s)
}
