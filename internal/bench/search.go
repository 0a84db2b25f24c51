package bench

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"github.com/viterin/vek/vek32"

	"limen/biometric"
	"limen/biometric/matrix"
	"limen/errs"
)

const (
	searchFeatures = 512
	searchRounds   = 15
	searchHits     = 10
	// searchTime is the least time of one measurement; small galleries are
	// searched many times over for it.
	searchTime = 20 * time.Millisecond
)

// SearchRow is what Search measured on a gallery of one size.
type SearchRow struct {
	// References is the gallery's size; each has 512 features.
	References int `json:"references"`
	// Cores is how many processors the search, and the read that it is
	// compared with, were given.
	Cores int `json:"cores"`
	// Templates compares a search with reading the templates' bytes, 2,048 a
	// reference: what a search without a sketch cannot do without. Numerator
	// and Denominator are nanoseconds per reference.
	Templates Ratio `json:"templates"`
	// Scanned compares a search with reading only as many bytes as the search
	// reads, ScannedBytes, 520 a reference.
	Scanned      Ratio `json:"scanned"`
	ScannedBytes int64 `json:"scanned_bytes"`
	// GalleryBytes is the memory of the gallery's matrix.
	GalleryBytes int64 `json:"gallery_bytes"`
	// PeakBytes is the most memory that the process had resident while it
	// filled the gallery and searched it once, 0 if unknown.
	PeakBytes int64 `json:"peak_bytes"`
}

// Search measures the exact 1:N search of random galleries of the given sizes
// (1 to matrix.MaxRows) for the ten best, the probe having a mate in the
// gallery: on one core, and on all where the search splits the gallery. The
// pure read is a sum by the processor's vector unit over one contiguous
// block, on as many cores. Search writes a line to out before each size. It
// needs some 4.7 KB a reference and takes some 10 s for 500,000.
//
// It sets GOMAXPROCS while it runs. It returns an Invalid error with code
// "bench-size" for a size out of range and ctx's error when it ends.
func Search(ctx context.Context, out io.Writer, sizes []int) ([]SearchRow, error) {
	for _, n := range sizes {
		if n < 1 || n > matrix.MaxRows {
			return nil, errs.New(errs.Invalid, "bench-size", "a gallery has 1 to %d references, not %d", matrix.MaxRows, n)
		}
	}
	cores := runtime.GOMAXPROCS(0)
	defer runtime.SetDefaultGOMAXPROCS()
	var rows []SearchRow
	for _, n := range sizes {
		fmt.Fprintf(out, "searching %d references\n", n)
		one, err := searchSize(ctx, n, cores)
		if err != nil {
			return nil, err
		}
		rows = append(rows, one...)
	}
	return rows, nil
}

func searchSize(ctx context.Context, n, cores int) ([]SearchRow, error) {
	runtime.GOMAXPROCS(cores)
	debug.FreeOSMemory()
	resetPeak()
	m, probe, err := gallery(ctx, n)
	if err != nil {
		return nil, err
	}
	search := func() error {
		_, err := m.Top(probe, searchHits, nil)
		return err
	}
	if err := search(); err != nil {
		return nil, err
	}
	peak := PeakMemory(0)
	block := make([]float32, n*searchFeatures)
	for i := range block {
		block[i] = 1 // untouched memory would be one page read again and again
	}
	var rows []SearchRow
	for _, c := range []int{1, cores} {
		if len(rows) > 0 && (c == 1 || n < 2*matrix.WorkerRows) {
			continue
		}
		runtime.GOMAXPROCS(c)
		row := SearchRow{References: n, Cores: c, ScannedBytes: m.ScanBytes(), GalleryBytes: m.Bytes(), PeakBytes: peak}
		if row.Templates, err = againstRead(ctx, n, search, block, c); err != nil {
			return nil, err
		}
		if row.Scanned, err = againstRead(ctx, n, search, block[:m.ScanBytes()/4], c); err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// againstRead compares a search with a read of block by as many cores, in
// nanoseconds per reference.
func againstRead(ctx context.Context, n int, search func() error, block []float32, cores int) (Ratio, error) {
	per := func(f func() error) func() (float64, error) {
		return func() (float64, error) {
			times, start := 0, time.Now()
			for times == 0 || time.Since(start) < searchTime {
				if err := f(); err != nil {
					return 0, err
				}
				times++
			}
			return float64(time.Since(start).Nanoseconds()) / float64(times) / float64(n), nil
		}
	}
	read := func() error { readAll(block, cores); return nil }
	return compare(ctx, per(search), per(read), searchRounds)
}

// readAll reads every byte of block, a part on each core.
func readAll(block []float32, cores int) {
	var wg sync.WaitGroup
	for c := 1; c < cores; c++ {
		wg.Go(func() { vek32.Sum(block[len(block)*c/cores : len(block)*(c+1)/cores]) })
	}
	vek32.Sum(block[:len(block)/cores])
	wg.Wait()
}

// gallery makes n random templates and a probe that is a noisy copy of one,
// with a score of some 0.75, as another photograph of the same person gives.
func gallery(ctx context.Context, n int) (*matrix.Matrix, biometric.Template, error) {
	model := biometric.ModelID{Name: "bench"}
	m, err := matrix.New(model, searchFeatures)
	if err != nil {
		return nil, biometric.Template{}, err
	}
	r := rand.New(rand.NewPCG(1, uint64(n)))
	var probe biometric.Template
	for i := range n {
		if i%1000 == 0 && ctx.Err() != nil {
			return nil, biometric.Template{}, ctx.Err()
		}
		raw := make([]float32, searchFeatures)
		for j := range raw {
			raw[j] = float32(r.NormFloat64())
		}
		t, err := biometric.NewTemplate(model, raw)
		if err != nil {
			return nil, biometric.Template{}, err
		}
		if _, err := m.Add(t); err != nil {
			return nil, biometric.Template{}, err
		}
		if i == n/2 {
			mate := t.AppendFeatures(nil)
			for j := range mate {
				mate[j] += float32(r.NormFloat64() * 0.04)
			}
			if probe, err = biometric.NewTemplate(model, mate); err != nil {
				return nil, biometric.Template{}, err
			}
		}
	}
	return m, probe, nil
}
