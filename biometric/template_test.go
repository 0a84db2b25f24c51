package biometric_test

import (
	"crypto/sha256"
	"math"
	"testing"

	"pgregory.net/rapid"

	"limen/biometric"
	"limen/errs"
)

func model(name string) biometric.ModelID {
	return biometric.ModelID{Name: name, SHA256: sha256.Sum256([]byte(name))}
}

func TestModelID(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		m := model(rapid.StringN(1, 40, 80).Draw(r, "name")) // "@" and colons included
		var back biometric.ModelID
		text, err := m.MarshalText()
		if err != nil || back.UnmarshalText(text) != nil || back != m {
			r.Fatalf("%s came back as %s (%v)", m, back, err)
		}
	})
	if !(biometric.ModelID{}).IsZero() || model("a").IsZero() {
		t.Error("which model is no model?")
	}
	sum := model("a").String()[2:]
	for _, s := range []string{"", "a", "@" + sum, "a" + sum, "a@" + sum[1:], "a@g" + sum[1:], "a@" + sum + "0", "a:" + sum} {
		m := model("before")
		if err := m.UnmarshalText([]byte(s)); errs.CodeOf(err) != "model-id" || m != model("before") {
			t.Errorf("%q is read as %v (%v)", s, m, err)
		}
	}
}

// The same name over another file is another model.
func TestModelIsNameAndFile(t *testing.T) {
	a := model("a")
	b := a
	b.SHA256[31] ^= 1
	if a == b || a.String() == b.String() {
		t.Error("two files are one model")
	}
}

func TestNewTemplate(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, c := range []struct {
		name  string
		model biometric.ModelID
		raw   []float32
		code  string
	}{
		{"good", model("a"), []float32{3, 4}, ""},
		{"one feature", model("a"), []float32{-2}, ""},
		{"as long as allowed", model("a"), filled(biometric.MaxFeatures), ""},
		{"no model", biometric.ModelID{}, []float32{3, 4}, "template-model"},
		{"no features", model("a"), nil, "template-length"},
		{"too long", model("a"), filled(biometric.MaxFeatures + 1), "template-length"},
		{"all zero", model("a"), make([]float32, 8), "template-values"},
		{"not a number", model("a"), []float32{1, nan}, "template-values"},
		{"infinite", model("a"), []float32{1, inf}, "template-values"},
	} {
		tpl, err := biometric.NewTemplate(c.model, c.raw)
		if errs.CodeOf(err) != c.code || (err == nil) == tpl.IsZero() {
			t.Errorf("%s: %v, want code %q", c.name, err, c.code)
		}
	}
	tpl, _ := biometric.NewTemplate(model("a"), []float32{3, 4})
	// The length of (3, 4) is 5, so the features are 3/5 and 4/5.
	if f := tpl.AppendFeatures([]float32{9}); tpl.Norm() != 5 || tpl.Len() != 2 || f[0] != 9 || f[1] != 0.6 || f[2] != 0.8 || tpl.Model() != model("a") {
		t.Errorf("norm %v, features %v, model %v", tpl.Norm(), f, tpl.Model())
	}
}

func filled(n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = 1
	}
	return v
}

// A template comes back from its bytes as it was, but for rounding, and only
// under the model that is stored beside them.
func TestTemplateRoundTrip(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		raw := rapid.SliceOfN(rapid.Float32Range(-1e3, 1e3), 1, 64).Draw(r, "raw")
		raw = append(raw, 1) // never all zero
		tpl, err := biometric.NewTemplate(model("a"), raw)
		if err != nil {
			r.Fatal(err)
		}
		b, err := tpl.MarshalBinary()
		if err != nil || len(b) != 4+4*tpl.Len() {
			r.Fatalf("%d bytes, %v", len(b), err)
		}
		back, err := biometric.UnmarshalTemplate(model("b"), b)
		if err != nil || back.Norm() != tpl.Norm() || back.Len() != tpl.Len() || back.Model() != model("b") {
			r.Fatalf("%v %v", back, err)
		}
		x, y := tpl.AppendFeatures(nil), back.AppendFeatures(nil)
		for i := range x {
			if math.Abs(float64(x[i]-y[i])) > 1e-6 {
				r.Fatalf("feature %d: %v came back as %v", i, x[i], y[i])
			}
		}
	})
}

func TestTemplateBytesCutShort(t *testing.T) {
	tpl, err := biometric.NewTemplate(model("a"), []float32{3, 4})
	if err != nil {
		t.Fatal(err)
	}
	b, _ := tpl.MarshalBinary()
	for n := range b {
		if n == 8 {
			continue // norm and one feature: a template of one, as far as bytes can say
		}
		if _, err := biometric.UnmarshalTemplate(model("a"), b[:n]); errs.CodeOf(err) != "template-bytes" {
			t.Errorf("%d of %d bytes: %v", n, len(b), err)
		}
	}
	if _, err := biometric.UnmarshalTemplate(biometric.ModelID{}, b); errs.CodeOf(err) != "template-model" {
		t.Errorf("bytes without a model: %v", err)
	}
}
