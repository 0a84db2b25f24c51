package face

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"limen/biometric"
)

// shot is one photograph of one person and what the engine made of it.
type shot struct {
	person, path string
	sample       biometric.Sample
	features     []float32
}

// extractFiles runs every file through e, all workers busy, and fails the test
// for each in which no face was found. person tells who is on it.
func extractFiles(t *testing.T, e *Engine, person func(path string) string, pattern string) []shot {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	shots := make([]shot, len(paths))
	next := make(chan int)
	var wg sync.WaitGroup
	for range e.Workers() {
		wg.Go(func() {
			for i := range next {
				data, err := os.ReadFile(paths[i])
				if err != nil {
					t.Error(err)
					continue
				}
				s, err := e.Extract(context.Background(), data)
				if err != nil {
					t.Errorf("%s: %v", filepath.Base(paths[i]), err)
					continue
				}
				shots[i] = shot{person(paths[i]), paths[i], s, s.Template.AppendFeatures(nil)}
			}
		})
	}
	for i := range paths {
		next <- i
	}
	close(next)
	wg.Wait()
	if t.Failed() {
		t.FailNow()
	}
	return shots
}

// compareAll calls mated and nonMated with every pair of shots once.
func compareAll(shots []shot, mated, nonMated func(a, b *shot, score float64)) {
	for i := range shots {
		for j := range i {
			score := cosine(shots[i].features, shots[j].features)
			if shots[i].person == shots[j].person {
				mated(&shots[j], &shots[i], score)
			} else {
				nonMated(&shots[j], &shots[i], score)
			}
		}
	}
}

func cosine(a, b []float32) float64 {
	var sum float64
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

// extremes are the lowest mated and the highest non-mated score.
func extremes(shots []shot) (lowest, highest float64, pairs int) {
	lowest, highest = math.Inf(1), math.Inf(-1)
	compareAll(shots,
		func(_, _ *shot, s float64) { lowest = min(lowest, s); pairs++ },
		func(_, _ *shot, s float64) { highest = max(highest, s); pairs++ })
	return lowest, highest, pairs
}

// quantile is the smallest value of sorted that at least a share f of it does
// not exceed.
func quantile(values []float64, f float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[min(len(sorted)-1, int(f*float64(len(sorted))))]
}
