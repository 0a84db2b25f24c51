package face

import (
	"context"
	"sync"
	"testing"
	"time"
)

// BenchmarkScaling compares the throughput of all workers with that of one, in
// turns, so that what else the machine does falls on both alike. The ratio is
// per worker: 1 is perfect.
func BenchmarkScaling(b *testing.B) {
	e := openEngine(b)
	if err := e.Ready(); err != nil {
		b.Fatal(err)
	}
	frame := gateFrame(b)
	run := func(callers int) time.Duration {
		const each = 10
		start := time.Now()
		var wg sync.WaitGroup
		for range callers {
			wg.Go(func() {
				for range each {
					if _, err := e.Extract(context.Background(), frame); err != nil {
						b.Error(err)
					}
				}
			})
		}
		wg.Wait()
		return time.Since(start)
	}
	var alone, together time.Duration
	for b.Loop() {
		alone += run(1)
		together += run(e.Workers())
	}
	b.ReportMetric(float64(alone)/float64(together), "scaling")
}
