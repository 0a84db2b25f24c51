package sim

import (
	"context"
	"testing"

	"limen/biometric"
	"limen/internal/face"
)

// The frames must be fair: from one that the plan did not spoil, the default
// engine has to find the person's own portrait and nobody else's. One in nine
// is tried, of every voyage.
func TestGoodFramesMatchTheirPortrait(t *testing.T) {
	engine, err := face.Open(face.Config{})
	if err != nil {
		t.Skipf("without the face models there is nothing to compare with: %v", err)
	}
	defer engine.Close()
	plan, studio := fullPlan(t), NewStudio()
	var tried []*Visit
	var probes []biometric.Template
	for _, v := range plan.Voyages {
		for i, visit := range v.Visits {
			if i%9 != 0 || len(visit.Frames) == 0 || visit.Fate == HoldsPicture || visit.Frames[0].Spoil != "" {
				continue
			}
			frame, err := studio.Frame(v, visit, 0)
			if err != nil {
				t.Fatal(err)
			}
			tried, probes = append(tried, visit), append(probes, extract(t, engine, frame))
		}
	}
	for i, visit := range tried {
		portrait, err := visit.TruePerson.Portrait()
		if err != nil {
			t.Fatal(err)
		}
		reference := extract(t, engine, portrait)
		for k, probe := range probes {
			score := cosine(probe, reference)
			if k == i && score < 0.65 {
				t.Errorf("%s against the own portrait: %.3f, want at least 0.65", visit.TruePerson.ID, score)
			}
			if k != i && score > 0.55 {
				t.Errorf("%s against the portrait of %s: %.3f, want at most 0.55", tried[k].TruePerson.ID, visit.TruePerson.ID, score)
			}
		}
	}
	if len(tried) < 15 {
		t.Errorf("only %d frames were tried", len(tried))
	}
}

func extract(t *testing.T, engine *face.Engine, image []byte) biometric.Template {
	t.Helper()
	sample, err := engine.Extract(context.Background(), image)
	if err != nil {
		t.Fatal(err)
	}
	return sample.Template
}

func cosine(a, b biometric.Template) (sum float32) {
	x, y := a.AppendFeatures(nil), b.AppendFeatures(nil)
	for i := range x {
		sum += x[i] * y[i]
	}
	return sum
}
