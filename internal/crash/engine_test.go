package crash

import (
	"context"
	"crypto/sha256"
	"fmt"
	"image"
	"math/rand/v2"

	"limen/biometric"
	"limen/errs"
	"limen/match"
)

var model = biometric.ModelID{Name: "scripted", SHA256: sha256.Sum256([]byte("scripted"))}

// engine is an engine whose images are sentences: "face N" is person N, "dark
// N" the same in too little light.
type engine struct{}

func (engine) Model() biometric.ModelID { return model }
func (engine) Features() int            { return 256 }
func (engine) Close() error             { return nil }

func (e engine) Extract(_ context.Context, img []byte) (biometric.Sample, error) {
	var kind string
	var n uint64
	if _, err := fmt.Sscanf(string(img), "%s %d", &kind, &n); err != nil {
		return biometric.Sample{}, errs.New(errs.Invalid, "image-format", "neither JPEG nor PNG")
	}
	s := biometric.Sample{Width: 1920, Height: 1080, Faces: 1, Face: biometric.Box{X: 800, Y: 300, W: 200, H: 260},
		Quality: biometric.Quality{FaceHeight: 260, EyeDistance: 90, Exposure: 120, Contrast: 40, Sharpness: 300, Detector: 1, Norm: 20},
		Subject: image.NewRGBA(image.Rect(0, 0, 8, 8))}
	if kind == "dark" {
		s.Quality.Exposure = 10
	}
	who := rand.New(rand.NewPCG(n, 1))
	raw := make([]float32, e.Features())
	for i := range raw {
		raw[i] = float32(who.NormFloat64())
	}
	var err error
	s.Template, err = biometric.NewTemplate(model, raw)
	return s, err
}

func calibration() (*match.Calibration, error) {
	return match.ParseCalibration(fmt.Appendf(nil, `{"model":"scripted","sha256":"%x","measured_on":"sentences","pairs":1000000,
		"fmr":[{"score":0.5,"fmr":1e-2},{"score":0.7,"fmr":1e-5}],"floor":{"verify":0.5,"identify":0.6}}`, model.SHA256))
}
