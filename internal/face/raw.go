package face

import (
	"slices"
	"time"

	"limen/biometric"
	"limen/errs"
)

// runner is a stage that can repeat its model's last run and nothing else.
type runner interface{ infer() error }

// RawStages measures what cannot be saved: the median time, over n rounds, of
// decoding data and of each model's bare run on it, on one worker alone. What
// Extract takes on top of their sum is the engine's own overhead. Align is 0:
// it has no model. The rounds go through the stages in order, as Extract does,
// so that each finds the caches as the one before left them. It returns what
// Extract returns for data, and an Invalid error with code "raw-stages" if the
// engine's stages are not the default ones.
func (e *Engine) RawStages(data []byte, n int) (biometric.Stages, error) {
	start := time.Now()
	return e.rawStages(data, n, func() time.Duration { return time.Since(start) })
}

func (e *Engine) rawStages(data []byte, n int, clock func() time.Duration) (biometric.Stages, error) {
	w := <-e.free
	defer func() {
		w.forget()
		e.free <- w
	}()
	if _, err := w.extract(data); err != nil {
		return biometric.Stages{}, err
	}
	steps := []func() error{func() error { return w.Decoder.Decode(&w.image, data) }}
	for _, stage := range []any{w.Detector, w.Landmarker, w.Attack, w.Embedder} {
		r, ok := stage.(runner)
		if !ok {
			return biometric.Stages{}, errs.New(errs.Invalid, "raw-stages", "only the default stages can be run bare")
		}
		steps = append(steps, r.infer)
	}
	took, err := medians(steps, n, clock)
	if err != nil {
		return biometric.Stages{}, err
	}
	return biometric.Stages{Decode: took[0], Detect: took[1], Landmarks: took[2], Attack: took[3], Template: took[4]}, nil
}

// medians runs all steps in order n times, at least once, and returns the
// median time of each by clock.
func medians(steps []func() error, n int, clock func() time.Duration) ([]time.Duration, error) {
	n = max(n, 1)
	took := make([][]time.Duration, len(steps))
	for range n {
		for i, step := range steps {
			start := clock()
			if err := step(); err != nil {
				return nil, err
			}
			took[i] = append(took[i], clock()-start)
		}
	}
	result := make([]time.Duration, len(steps))
	for i, t := range took {
		slices.Sort(t)
		result[i] = t[n/2]
	}
	return result, nil
}
