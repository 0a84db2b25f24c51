package face

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"limen/biometric"
)

// The Face Research Lab London Set (DeBruine and Jones, 2017, CC BY 4.0) lies
// beside the checkout and is no part of it.
const londonFolder = "../../../shared/data/london"

// The bounds that a sound chain keeps on the London set and that each known
// mistake breaks.
const (
	goldenGenuine  = 0.74
	goldenImpostor = 0.56
)

func TestGoldenLondon(t *testing.T) {
	needLondon(t)
	lowest, highest, pairs := extremes(londonShots(t, openEngine(t)))
	t.Logf("%d pairs: lowest genuine %.3f, highest impostor %.3f", pairs, lowest, highest)
	if want := 204 * 203 / 2; pairs != want {
		t.Errorf("compared %d pairs, want %d: 102 people, two photographs each", pairs, want)
	}
	if lowest < goldenGenuine || highest > goldenImpostor {
		t.Errorf("lowest genuine %.3f, want >= %.2f; highest impostor %.3f, want <= %.2f", lowest, goldenGenuine, highest, goldenImpostor)
	}
}

// TestGoldenMutants proves that the bounds above would notice the two mistakes
// that the models' own JavaScript makes.
func TestGoldenMutants(t *testing.T) {
	needLondon(t)
	for name, mutate := range map[string]func(*Stages){
		"red first":             func(s *Stages) { s.Embedder = redFirst{s.Embedder} },
		"three-point alignment": func(s *Stages) { s.Aligner = threePoint{} },
	} {
		t.Run(name, func(t *testing.T) {
			e := mutant(t, mutate)
			defer e.Close()
			lowest, highest, _ := extremes(londonShots(t, e))
			t.Logf("lowest genuine %.3f, highest impostor %.3f", lowest, highest)
			if lowest >= goldenGenuine && highest <= goldenImpostor {
				t.Errorf("the mistake keeps the golden bounds: they prove nothing")
			}
		})
	}
}

func needLondon(t *testing.T) {
	if _, err := os.Stat(filepath.Join(londonFolder, "info.csv")); err != nil {
		t.Skip("the London set is not beside the checkout (shared/data/london): golden scores not checked")
	}
	if raceDetector {
		t.Skip("the race detector slows decoding too much for a whole population; run without it")
	}
}

func londonShots(t *testing.T, e *Engine) []shot {
	return extractFiles(t, e, func(path string) string { return filepath.Base(filepath.Dir(path)) }, londonFolder+"/*/*.jpg")
}

// mutant is an engine whose default stages were changed. The attack detector
// has no part in scores and is left out for speed.
func mutant(t *testing.T, mutate func(*Stages)) *Engine {
	t.Helper()
	dir, err := FindAssets()
	if err != nil {
		t.Fatal(err)
	}
	models, err := LoadModels(dir)
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(0, func() (Stages, error) {
		s, err := models.Stages()
		if err == nil {
			err = s.Attack.(io.Closer).Close()
			s.Attack, s.Check = noAttack{}, nil
			mutate(&s)
		}
		return s, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

type noAttack struct{}

func (noAttack) Attack(*Image, biometric.Box) (float32, error) { return 0, nil }

// redFirst feeds the template model red, green, blue.
type redFirst struct{ Embedder }

func (r redFirst) Embed(face *Aligned) (biometric.Template, error) {
	swapped := *face
	for i := 0; i < len(swapped); i += 3 {
		swapped[i], swapped[i+2] = swapped[i+2], swapped[i]
	}
	return r.Embedder.Embed(&swapped)
}

func (r redFirst) Close() error {
	if c, ok := r.Embedder.(io.Closer); ok {
		return c.Close()
	}
	return errors.New("the default embedder holds a session and must be closable")
}

// threePoint maps eyes and nose exactly to the template's, shearing the rest.
type threePoint struct{}

func (threePoint) Align(dst *Aligned, img *Image, at Landmarks) {
	a, b, c := template5[0], template5[1], template5[2]
	bx, by, cx, cy := b.X-a.X, b.Y-a.Y, c.X-a.X, c.Y-a.Y
	det := bx*cy - by*cx
	solve := func(pa, pb, pc float32) (kx, ky, k float32) {
		kx = ((pb-pa)*cy - by*(pc-pa)) / det
		ky = (bx*(pc-pa) - (pb-pa)*cx) / det
		return kx, ky, pa - kx*a.X - ky*a.Y
	}
	var m affine
	m.xx, m.xy, m.tx = solve(at.LeftEye.X, at.RightEye.X, at.Nose.X)
	m.yx, m.yy, m.ty = solve(at.LeftEye.Y, at.RightEye.Y, at.Nose.Y)
	warp(dst, img, m)
}
