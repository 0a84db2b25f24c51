package bench

import (
	"context"
	"slices"
	"time"

	"limen/errs"
)

// Ratio compares two things measured by turns. The zero value says nothing
// was measured.
type Ratio struct {
	// Median is the median, over the rounds, of numerator over denominator.
	Median float64 `json:"median"`
	// Low and High are the quartiles: half of the rounds lie between them.
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	// Numerator and Denominator are each one's own median, in the unit of the
	// function that measured them.
	Numerator   float64 `json:"numerator"`
	Denominator float64 `json:"denominator"`
	Rounds      int     `json:"rounds"`
}

// MaxRounds bounds the rounds of one comparison.
const MaxRounds = 10_000

// Overhead compares run with raw, say a request to a service with a direct
// call of the engine inside it: rounds pairs, after one of each that does not
// count. Each of the two returns the time that it took, measured inside it so
// that its preparations do not count. Which of a pair goes first alternates.
// Numerator and Denominator are nanoseconds.
//
// It returns an Invalid error with code "bench-rounds" if rounds is not 1 to
// MaxRounds, the first error of run or raw, a Broken error with code
// "bench-time" if one of them took no time, and ctx's error when it ends.
func Overhead(ctx context.Context, run, raw func() (time.Duration, error), rounds int) (Ratio, error) {
	nanoseconds := func(f func() (time.Duration, error)) func() (float64, error) {
		return func() (float64, error) {
			d, err := f()
			return float64(d.Nanoseconds()), err
		}
	}
	return compare(ctx, nanoseconds(run), nanoseconds(raw), rounds)
}

// compare measures two by turns in pairs.
func compare(ctx context.Context, a, b func() (float64, error), rounds int) (Ratio, error) {
	if rounds < 1 || rounds > MaxRounds {
		return Ratio{}, errs.New(errs.Invalid, "bench-rounds", "a comparison takes 1 to %d rounds, not %d", MaxRounds, rounds)
	}
	var as, bs []float64
	for i := range rounds + 1 { // the first pair warms up
		if err := ctx.Err(); err != nil {
			return Ratio{}, err
		}
		x, y, err := pair(a, b, i%2 == 1)
		if err != nil {
			return Ratio{}, err
		}
		if i > 0 {
			as, bs = append(as, x), append(bs, y)
		}
	}
	return ratioOf(as, bs), nil
}

// pair measures both, b first if swap, and refuses what cannot be divided.
func pair(a, b func() (float64, error), swap bool) (x, y float64, err error) {
	first, second := a, b
	if swap {
		first, second = b, a
	}
	if x, err = first(); err != nil {
		return 0, 0, err
	}
	if y, err = second(); err != nil {
		return 0, 0, err
	}
	if x <= 0 || y <= 0 {
		return 0, 0, errs.New(errs.Broken, "bench-time", "a measurement of nothing cannot be compared")
	}
	if swap {
		x, y = y, x
	}
	return x, y, nil
}

// ratioOf pairs two series of one length, at least 1.
func ratioOf(as, bs []float64) Ratio {
	ratios := make([]float64, len(as))
	for i := range as {
		ratios[i] = as[i] / bs[i]
	}
	return Ratio{
		Median: quantile(ratios, 0.5), Low: quantile(ratios, 0.25), High: quantile(ratios, 0.75),
		Numerator: quantile(as, 0.5), Denominator: quantile(bs, 0.5), Rounds: len(as),
	}
}

// quantile returns the q-quantile of values, at least one, by linear
// interpolation between neighbors. It leaves values as they are.
func quantile(values []float64, q float64) float64 {
	s := slices.Sorted(slices.Values(values))
	at := q * float64(len(s)-1)
	i := min(int(at), len(s)-1)
	if i == len(s)-1 {
		return s[i]
	}
	return s[i] + (at-float64(i))*(s[i+1]-s[i])
}
