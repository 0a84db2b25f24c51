// Package checktest makes a record with a rich history for tests: people of
// every standing who entered and left, declined, were not found, were erased,
// corrected and held.
package checktest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"image"
	"image/color"
	"math/rand/v2"

	"limen/biometric"
	"limen/errs"
	"limen/match"
)

var model = biometric.ModelID{Name: "told", SHA256: sha256.Sum256([]byte("told"))}

// told is an engine whose images are sentences: "face 3 1" is person 3 for the
// first time, "dark 3 1" the same in the dark, "nobody" an empty hall.
type told struct{}

func (told) Model() biometric.ModelID { return model }
func (told) Features() int            { return 64 }
func (told) Close() error             { return nil }

func (told) Extract(_ context.Context, sentence []byte) (biometric.Sample, error) {
	var kind string
	var who, time uint64
	if _, err := fmt.Sscan(string(sentence), &kind, &who, &time); kind != "nobody" && err != nil {
		return biometric.Sample{}, errs.New(errs.Invalid, "image-format", "not a sentence")
	}
	s := biometric.Sample{Width: 1280, Height: 720}
	if kind == "nobody" {
		return s, errs.New(errs.Invalid, "no-face", "no face")
	}
	s.Faces, s.Face = 1, biometric.Box{X: 500, Y: 200, W: 200, H: 260}
	s.Quality = biometric.Quality{FaceHeight: 260, EyeDistance: 90, Exposure: 120, Contrast: 40, Sharpness: 300, Detector: 1, Norm: 20}
	if kind == "dark" {
		s.Quality.Exposure = 10
	}
	if kind == "fake" {
		s.AttackScore = 1
	}
	s.Subject = image.NewRGBA(image.Rect(0, 0, 32, 32))
	draw := rand.New(rand.NewPCG(who, time))
	for i := range s.Subject.Pix {
		s.Subject.Pix[i] = byte(draw.Uint32())
	}
	s.Subject.Set(0, 0, color.White)
	features := make([]float32, 64)
	person, moment := rand.New(rand.NewPCG(who, 1)), rand.New(rand.NewPCG(who, 2+time))
	for i := range features {
		features[i] = float32(person.NormFloat64() + 0.2*moment.NormFloat64())
	}
	var err error
	s.Template, err = biometric.NewTemplate(model, features)
	return s, err
}

func calibration() *match.Calibration {
	c, err := match.ParseCalibration(fmt.Appendf(nil, `{"model":"told","sha256":"%x","measured_on":"nobody","pairs":1000000,
		"fmr":[{"score":0.5,"fmr":1e-2},{"score":0.7,"fmr":1e-5}],"floor":{"verify":0.5,"identify":0.6}}`, model.SHA256))
	if err != nil {
		panic(err)
	}
	return c
}
