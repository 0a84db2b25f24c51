package bench

import (
	"context"
	"sync"
	"time"

	"limen/errs"
)

// scalingRounds is the number of pairs that Scaling measures.
const scalingRounds = 7

// MaxCores bounds the workers of Scaling.
const MaxCores = 1024

// Scaling compares the throughput of cores workers with cores times that of
// one: a Median of 1 is perfect scaling. op is one operation, safe for
// concurrent use, working on one processor; d is how long each of the 7 pairs
// of measurements (and one pair before, to warm up) lasts on each side: take
// at least twenty times op's own time. Numerator is the operations per second
// of all workers, Denominator those of one times cores.
//
// It returns an Invalid error with code "bench-cores" if cores is not 1 to
// MaxCores or d is not positive, op's first error, and ctx's error when it
// ends; op is not called again after either.
func Scaling(ctx context.Context, cores int, op func() error, d time.Duration) (Ratio, error) {
	if cores < 1 || cores > MaxCores || d <= 0 {
		return Ratio{}, errs.New(errs.Invalid, "bench-cores", "scaling needs 1 to %d cores and a time", MaxCores)
	}
	all := func() (float64, error) { return throughput(ctx, cores, op, d) }
	one := func() (float64, error) {
		t, err := throughput(ctx, 1, op, d)
		return t * float64(cores), err
	}
	return compare(ctx, all, one, scalingRounds)
}

// throughput runs op in workers for d and returns operations per second. Each
// worker divides by its own time, which ends with its last operation: else a
// worker that ends early would count as slow.
func throughput(ctx context.Context, workers int, op func() error, d time.Duration) (float64, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	rates := make([]float64, workers)
	var wg sync.WaitGroup
	start := time.Now()
	for w := range workers {
		wg.Go(func() {
			n := 0
			for n == 0 || time.Since(start) < d {
				if ctx.Err() != nil {
					return
				}
				if err := op(); err != nil {
					cancel(err)
					return
				}
				n++
			}
			rates[w] = float64(n) / time.Since(start).Seconds()
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return 0, context.Cause(ctx)
	}
	var sum float64
	for _, r := range rates {
		sum += r
	}
	return sum, nil
}
