package matrix

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"limen/biometric"
	"limen/errs"
	"pgregory.net/rapid"
)

// Any sequence of changes leaves what a plain map would hold, and nothing of
// what was removed.
func TestChangesAgainstMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const features = 40
		m, _ := New(testModel, features)
		model := map[int]biometric.Template{}
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		row := func() int { return rapid.IntRange(-1, m.end+1).Draw(t, "row") }
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				for range rapid.IntRange(1, 200).Draw(t, "n") {
					c := gaussian(r, features)
					got, err := m.Add(c)
					if err != nil {
						t.Fatal(err)
					}
					if _, used := model[got]; used {
						t.Fatalf("row %d given twice", got)
					}
					model[got] = c
				}
			},
			"set": func(t *rapid.T) {
				at, c := row(), gaussian(r, features)
				_, used := model[at]
				if err := m.Set(at, c); (err == nil) != used {
					t.Fatalf("row %d in use %v: %v", at, used, err)
				}
				if used {
					model[at] = c
				}
			},
			"remove": func(t *rapid.T) {
				for range rapid.IntRange(1, 100).Draw(t, "n") {
					at := row()
					_, used := model[at]
					if err := m.Remove(at); (err == nil) != used {
						t.Fatalf("row %d in use %v: %v", at, used, err)
					}
					delete(model, at)
				}
			},
			"clear": func(t *rapid.T) {
				if rapid.IntRange(0, 9).Draw(t, "really") == 0 {
					m.Clear()
					clear(model)
				}
			},
			"": func(t *rapid.T) { compare(t, m, model) },
		})
	})
}

func compare(t *rapid.T, m *Matrix, model map[int]biometric.Template) {
	if m.Len() != len(model) {
		t.Fatalf("%d templates, want %d", m.Len(), len(model))
	}
	for i := range len(m.chunks) * chunkRows {
		c := m.chunks[i/chunkRows]
		row := c.row(i%chunkRows, m.stride)
		want, used := model[i]
		if m.Has(i) != used {
			t.Fatalf("row %d: in use %v, want %v", i, m.Has(i), used)
		}
		if used {
			if !slices.Equal(row[:m.features], want.AppendFeatures(nil)) {
				t.Fatalf("row %d is not what was put there", i)
			}
			continue
		}
		j := i % chunkRows
		codes := c.codes[j*m.stride : (j+1)*m.stride]
		if slices.Max(row) != 0 || slices.Min(row) != 0 || slices.Max(codes) != 0 || slices.Min(codes) != 0 || c.scale[j] != 0 {
			t.Fatalf("row %d is not in use and not all zeros", i)
		}
	}
}

func TestRefuses(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{-1, 0, biometric.MaxFeatures + 1} {
		if _, err := New(testModel, n); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%d features: %v", n, err)
		}
	}
	if _, err := New(biometric.ModelID{}, 5); errs.CodeOf(err) != "template-model" {
		t.Errorf("no model: %v", err)
	}
	m := filled(t, r, 1, 8)
	other := template(biometric.ModelID{Name: "test"}, make1(8))
	for _, bad := range []biometric.Template{other, gaussian(r, 9), {}} {
		if _, err := m.Add(bad); errs.CodeOf(err) != "template-model" {
			t.Errorf("add: %v", err)
		}
		if err := m.Set(0, bad); errs.CodeOf(err) != "template-model" {
			t.Errorf("set: %v", err)
		}
	}
	m.end = MaxRows
	if _, err := m.Add(gaussian(r, 8)); errs.KindOf(err) != errs.TooLarge {
		t.Errorf("full: %v", err)
	}
}

func make1(n int) []float32 {
	raw := make([]float32, n)
	raw[0] = 1
	return raw
}

// Removal must reach the bytes that were there, not a copy, and so must Clear
// and the end of a search.
func TestErases(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	m := filled(t, r, 300, 512)
	c := m.chunks[0]
	features, codes := c.row(7, m.stride), c.codes[7*m.stride:8*m.stride]
	if err := m.Remove(7); err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(features, func(x float32) bool { return x != 0 }) || slices.ContainsFunc(codes, func(x int8) bool { return x != 0 }) {
		t.Error("removed, yet still there")
	}
	last := m.chunks[1]
	m.Clear()
	for _, c := range []*chunk{c, last} {
		if slices.ContainsFunc(c.features, func(x float32) bool { return x != 0 }) || slices.ContainsFunc(c.codes, func(x int8) bool { return x != 0 }) {
			t.Error("cleared, yet still there")
		}
	}
	p := probeOf(gaussian(r, 512))
	p.erase()
	if slices.ContainsFunc(p.features, func(x float32) bool { return x != 0 }) || slices.ContainsFunc(p.codes, func(x int16) bool { return x != 0 }) {
		t.Error("a probe outlives its search")
	}
}

// Searches run side by side, changes between them under the caller's lock.
func TestConcurrentSearches(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	m := filled(t, r, 2*WorkerRows, 32)
	probe := gaussian(r, 32)
	var lock sync.RWMutex
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 50 {
				lock.RLock()
				_, err := m.Top(probe, 10, func(row int) bool { return row&1 == 0 })
				lock.RUnlock()
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range 200 {
		c := gaussian(r, 32)
		lock.Lock()
		err := m.Remove(i)
		if err == nil {
			_, err = m.Add(c)
		}
		lock.Unlock()
		if err != nil {
			t.Fatal(err)
		}
	}
	wg.Wait()
}
