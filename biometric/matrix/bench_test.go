package matrix

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"

	"github.com/viterin/vek/vek32"
	"limen/biometric"
)

// The galleries that benchmarks search: a flight's and up.
var sizes = []int{500, 5_000, 50_000, 500_000}

// BenchmarkTop searches for a mated probe, on one processor and on as many as
// Top itself would take; next to it what it is to be compared with: reading
// the templates' bytes, and plain dot products by vek.
func BenchmarkTop(b *testing.B) {
	const features = 512
	for _, n := range sizes {
		r := rand.New(rand.NewPCG(1, uint64(n)))
		m := filled(b, r, n, features)
		var mate biometric.Template
		mate, _ = biometric.NewTemplate(testModel, append([]float32(nil), m.chunks[0].row(3, m.stride)...))
		t := near(r, mate, 0.04)
		run := func(name string, f func()) {
			b.Run(fmt.Sprintf("%s/rows=%d", name, n), func(b *testing.B) {
				for b.Loop() {
					f()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/row")
			})
		}
		top := func(workers int) func() {
			return func() {
				p := probeOf(t)
				if hits := m.search(p, 10, nil, workers); hits[0].Row != 3 {
					b.Fatal("the mate was not found")
				}
			}
		}
		read := func(from, to int) {
			for _, c := range m.chunks[from:to] {
				vek32.Sum(c.features)
			}
		}
		run("read", func() { read(0, len(m.chunks)) })
		run("top", top(1))
		run("vek", func() { vekScan(m, t) })
		if n > WorkerRows && runtime.GOMAXPROCS(0) > 1 {
			run("read2", func() {
				var wg sync.WaitGroup
				half := len(m.chunks) / 2
				wg.Go(func() { read(0, half) })
				read(half, len(m.chunks))
				wg.Wait()
			})
			run("top2", top(2))
		}
	}
}

func vekScan(m *Matrix, t biometric.Template) {
	q := t.AppendFeatures(nil)
	l := newList(10)
	for i := range m.end {
		if s := vek32.Dot(q, m.chunks[i/chunkRows].row(i%chunkRows, m.stride)[:len(q)]); s > l.floor {
			l.insert(Hit{i, s})
		}
	}
}

// BenchmarkTopAlike is the worst case: a gallery of copies of one face, each
// better than the one before, in which the sketch rules nobody out.
func BenchmarkTopAlike(b *testing.B) {
	const rows, features = 50_000, 512
	r := rand.New(rand.NewPCG(1, 2))
	m := filled(b, r, 0, features)
	t := gaussian(r, features)
	for i := range rows {
		if _, err := m.Add(near(r, t, 0.001-0.0009*float64(i)/rows)); err != nil {
			b.Fatal(err)
		}
	}
	p := probeOf(t)
	for b.Loop() {
		m.search(p, 10, nil, 1)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
}
