package matrix

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"limen/biometric"
	"limen/errs"
	"pgregory.net/rapid"
)

// naive is the slow truth: every row's dot product in float64, sorted.
func naive(rows map[int]biometric.Template, probe biometric.Template, keep func(int) bool) []Hit {
	var hits []Hit
	q := probe.AppendFeatures(nil)
	for row, t := range rows {
		if keep != nil && !keep(row) {
			continue
		}
		var sum float64
		for i, x := range t.AppendFeatures(nil) {
			sum += float64(x) * float64(q[i])
		}
		hits = append(hits, Hit{row, float32(sum)})
	}
	sortHits(hits)
	return hits
}

// every is the exact truth: every row's Score, sorted.
func every(rows map[int]biometric.Template, probe biometric.Template, keep func(int) bool) []Hit {
	var hits []Hit
	for row, t := range rows {
		if keep == nil || keep(row) {
			s, err := Score(probe, t)
			if err != nil {
				panic(err)
			}
			hits = append(hits, Hit{row, s})
		}
	}
	sortHits(hits)
	return hits
}

func sortHits(hits []Hit) {
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Row, b.Row))
	})
}

// drawTemplate favors what is hard: few distinct values (ties, residuals of
// zero), a lone large feature (a coarse sketch), all features of one size
// (the largest dot product of codes), and plain random ones.
func drawTemplate(t *rapid.T, features int) biometric.Template {
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	raw := make([]float32, features)
	switch rapid.IntRange(0, 4).Draw(t, "shape") {
	case 0:
		for i := range raw {
			raw[i] = float32(r.IntN(3) - 1)
		}
	case 1:
		for i := range raw {
			raw[i] = float32(r.NormFloat64())
		}
		raw[r.IntN(features)] = 50
	case 2:
		for i := range raw {
			raw[i] = 1
		}
	case 3:
		raw[r.IntN(features)] = -1
	default:
		for i := range raw {
			raw[i] = float32(r.NormFloat64())
		}
	}
	raw[0] += 1e-3 // never all zero
	return template(testModel, raw)
}

func TestTopIsExact(t *testing.T) {
	for name, set := range kernelSets() {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { checkExact(t, set) })
		})
	}
}

func checkExact(t *rapid.T, set kernels) {
	features := rapid.SampledFrom([]int{1, 2, 31, 32, 33, 128, 512, 4096}).Draw(t, "features")
	m, err := New(testModel, features)
	if err != nil {
		t.Fatal(err)
	}
	m.kernels = set
	distinct := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) biometric.Template {
		return drawTemplate(t, features)
	}), 1, 20).Draw(t, "distinct")
	rows := map[int]biometric.Template{}
	n := rapid.IntRange(0, 700).Draw(t, "rows")
	r := rand.New(rand.NewPCG(uint64(n), 1))
	for range n { // repeats make ties
		c := distinct[r.IntN(len(distinct))]
		if r.IntN(3) == 0 {
			c = near(r, c, 1e-4)
		}
		row, err := m.Add(c)
		if err != nil {
			t.Fatal(err)
		}
		rows[row] = c
	}
	for row := range n {
		if r.IntN(5) == 0 {
			if err := m.Remove(row); err != nil {
				t.Fatal(err)
			}
			delete(rows, row)
		}
	}
	var keep func(int) bool
	if rapid.Bool().Draw(t, "filtered") {
		keep = func(row int) bool { return row%3 != 1 }
	}
	k := rapid.IntRange(1, MaxHits).Draw(t, "k")
	workers := rapid.IntRange(1, 4).Draw(t, "workers")
	pt := distinct[0]
	if rapid.Bool().Draw(t, "other probe") {
		pt = drawTemplate(t, features)
	}

	got := m.search(probeOf(pt), k, keep, workers)
	want := every(rows, pt, keep)
	if !slices.Equal(got, want[:min(k, len(want))]) {
		t.Fatalf("got %v\nwant %v", got, want[:min(k, len(want))])
	}
	// Against float64 the order may differ where scores are all but equal;
	// place by place the scores may not.
	for i, h := range naive(rows, pt, keep)[:len(got)] {
		if math.Abs(float64(h.Score-got[i].Score)) > 1e-5 {
			t.Fatalf("place %d: score %v, in float64 %v", i, got[i].Score, h.Score)
		}
	}
}

// The fast kernels must give the bits of the portable ones.
func TestKernelsAgree(t *testing.T) {
	fast := fastest()
	rapid.Check(t, func(t *rapid.T) {
		stride := step * rapid.IntRange(1, biometric.MaxFeatures/step).Draw(t, "steps")
		groups := rapid.IntRange(1, 5).Draw(t, "groups")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		limit := min(math.MaxInt16, math.MaxInt32/(math.MaxInt8*stride))
		extreme := rapid.Bool().Draw(t, "extreme")
		codes, probe := make([]int8, groups*4*stride), make([]int16, stride)
		a, b := make([]float32, stride), make([]float32, stride)
		for i := range codes {
			codes[i] = int8(r.IntN(255) - 127)
			if extreme {
				codes[i] = 127
			}
		}
		for i := range probe {
			probe[i] = int16(r.IntN(2*limit+1) - limit)
			if extreme {
				probe[i] = int16(-limit)
			}
			a[i], b[i] = float32(r.NormFloat64()), float32(r.NormFloat64())
		}
		got, want := make([]int32, groups*4), make([]int32, groups*4)
		fast.dots(got, codes, probe, groups)
		portable.dots(want, codes, probe, groups)
		if !slices.Equal(got, want) {
			t.Fatalf("dots %v, portable %v", got, want)
		}
		if extreme && want[0] != int32(-127*limit*stride) {
			t.Fatalf("overflow: %d", want[0])
		}
		if x, y := fast.dot(a, b), portable.dot(a, b); x != y {
			t.Fatalf("dot %v, portable %v", x, y)
		}
	})
}

// A gallery large enough to be split gives the same list as a small one.
func TestTopSplits(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const features = 16
	m := filled(t, r, 3*WorkerRows+77, features)
	probe := gaussian(r, features)
	want := m.search(probeOf(probe), MaxHits, nil, 1)
	for range 3 {
		got, err := m.Top(probe, MaxHits, nil)
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("%v, split and whole differ", err)
		}
	}
}

func TestTopRefuses(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	m := filled(t, r, 3, 64)
	good := gaussian(r, 64)
	other := template(biometric.ModelID{Name: "other"}, good.AppendFeatures(nil))
	for _, c := range []struct {
		probe biometric.Template
		k     int
		code  string
	}{
		{other, 1, "template-model"},
		{gaussian(r, 65), 1, "template-model"},
		{biometric.Template{}, 1, "template-model"},
		{good, 0, "top-k"},
		{good, MaxHits + 1, "top-k"},
	} {
		if _, err := m.Top(c.probe, c.k, nil); errs.CodeOf(err) != c.code || errs.KindOf(err) != errs.Invalid {
			t.Errorf("%s: %v", c.code, err)
		}
	}
	if _, err := Score(good, other); errs.CodeOf(err) != "template-model" {
		t.Errorf("score across models: %v", err)
	}
	if _, err := Score(biometric.Template{}, good); errs.CodeOf(err) != "template-model" {
		t.Errorf("score of nothing: %v", err)
	}
	change := func(row int) bool { m.changes++; return true }
	if _, err := m.Top(good, 1, change); errs.CodeOf(err) != "matrix-changed" {
		t.Errorf("changed meanwhile: %v", err)
	}
}

func ExampleMatrix_Top() {
	m, _ := New(testModel, 2)
	m.Add(template(testModel, []float32{1, 0}))
	m.Add(template(testModel, []float32{3, 4}))
	hits, _ := m.Top(template(testModel, []float32{0, 1}), 2, nil)
	fmt.Println(hits)
	// Output: [{1 0.8} {0 0}]
}
