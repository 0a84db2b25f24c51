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
	s := stepOf(row, math.MaxInt8)
	residual := quantize(codes, row, s)
	// |q| is 1 but for rounding; the factor covers that.
	return float32(s), float32(residual * 1.0001)
}

// quantize writes the multiple of s nearest to each value, as a code, and
// returns the length of what is left.
func quantize[C int8 | int16](codes []C, values []float32, s float64) (residual float64) {
	inverse := 1 / s
	codes = codes[:len(values)]
	var sum float64
	for i, x := range values {
		c := math.RoundToEven(float64(x) * inverse)
		codes[i] = C(c)
		e := float64(x) - s*c
		sum += e * e
	}
	return math.Sqrt(sum)
}

// probe is a probe template made ready for a scan. It holds features: erase
// it after use, then it may be set again.
type probe struct {
	features []float32 // stride values
	codes    []int16   // stride values
	scale    float32
	slack    float32 // the probe's part of the bound
}

func newProbe(stride int) *probe {
	return &probe{features: make([]float32, stride), codes: make([]int16, stride)}
}

// set expects an erased probe, or the padding would not be zero.
func (p *probe) set(t biometric.Template) {
	t.AppendFeatures(p.features[:0])
	// The dot product of the codes must fit in 32 bits whatever the values:
	// with 512 features the full range of 16 bits does.
	limit := min(math.MaxInt16, math.MaxInt32/(math.MaxInt8*len(p.features)))
	s := stepOf(p.features, limit)
	residual := quantize(p.codes, p.features, s)
	p.scale = float32(s)
	// |s·c| is at most |x|+|e|, and |e| is at most half a step in each
	// feature, under 1: hence the 2.
	p.slack = float32(2*residual + rounding)
}

func (p *probe) erase() {
	clear(p.features)
	clear(p.codes)
}

// stepOf returns the step, exact in float32, at which the largest magnitude
// of values becomes the code limit. Its rounding moves that code by a part in
// 2²⁴, too little to lift it over the limit.
func stepOf(values []float32, limit int) float64 {
	// Bits without the sign order as magnitudes do, and compare faster.
	var largest uint32
	for _, x := range values {
		largest = max(largest, math.Float32bits(x)&^(1<<31))
	}
	return float64(float32(float64(math.Float32frombits(largest)) / float64(limit)))
}
