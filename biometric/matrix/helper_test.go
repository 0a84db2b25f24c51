package matrix

import (
	"math/rand/v2"
	"testing"

	"limen/biometric"
)

var testModel = biometric.ModelID{Name: "test", SHA256: [32]byte{1}}

// gaussian returns a random template, its features normally distributed as
// those of a face model nearly are.
func gaussian(r *rand.Rand, features int) biometric.Template {
	raw := make([]float32, features)
	for i := range raw {
		raw[i] = float32(r.NormFloat64())
	}
	return template(testModel, raw)
}

func template(model biometric.ModelID, raw []float32) biometric.Template {
	t, err := biometric.NewTemplate(model, raw)
	if err != nil {
		panic(err)
	}
	return t
}

// near returns a template close to t, as of another photograph of one person.
func near(r *rand.Rand, t biometric.Template, noise float64) biometric.Template {
	raw := t.AppendFeatures(nil)
	for i := range raw {
		raw[i] += float32(r.NormFloat64() * noise)
	}
	return template(t.Model(), raw)
}

func probeOf(t biometric.Template) *probe {
	p := newProbe((t.Len() + step - 1) / step * step)
	p.set(t)
	return p
}

func filled(tb testing.TB, r *rand.Rand, rows, features int) *Matrix {
	tb.Helper()
	m, err := New(testModel, features)
	if err != nil {
		tb.Fatal(err)
	}
	for range rows {
		if _, err := m.Add(gaussian(r, features)); err != nil {
			tb.Fatal(err)
		}
	}
	return m
}

// kernelSets are the kernels to test, by name.
func kernelSets() map[string]kernels {
	return map[string]kernels{"fastest": fastest(), "portable": portable}
}
