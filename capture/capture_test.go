package capture_test

import (
	"slices"
	"testing"

	"limen/biometric"
	"limen/capture"
)

func good(t *testing.T) biometric.Sample {
	t.Helper()
	tpl, err := biometric.NewTemplate(biometric.ModelID{Name: "a"}, []float32{3, 4})
	if err != nil {
		t.Fatal(err)
	}
	return biometric.Sample{Faces: 1, Template: tpl, Quality: biometric.Quality{
		FaceHeight: 90, EyeDistance: 32, Yaw: 25, Pitch: -40, Roll: 35, Exposure: 40, Contrast: 20, Sharpness: 40, Norm: 3.2}}
}

// Each limit at its bound, and a step past it.
func TestAssess(t *testing.T) {
	l := capture.Limits{MinFaceHeight: 90, MinEyeDistance: 32, MaxYaw: 25, MaxPitch: 40, MaxRoll: 35, MinExposure: 40, MaxExposure: 225,
		MinContrast: 20, MinSharpness: 40, MinNorm: 3.2, MaxRival: 0.8}
	for _, c := range []struct {
		name   string
		change func(*biometric.Sample)
		want   []capture.Problem
	}{
		{"every figure at its bound", func(*biometric.Sample) {}, nil},
		{"the other bounds", func(s *biometric.Sample) {
			s.Quality.Exposure, s.Quality.Yaw, s.Quality.Pitch, s.Quality.Roll, s.Rival = 225, -25, 40, -35, 0.8
		}, nil},
		{"smaller faces behind", func(s *biometric.Sample) { s.Faces, s.Rival = 5, 0.5 }, nil},
		{"no face", func(s *biometric.Sample) { s.Faces = 0 }, []capture.Problem{capture.NoFace}},
		{"a face that gave no template", func(s *biometric.Sample) { s.Template = biometric.Template{} }, []capture.Problem{capture.NoFace}},
		{"no face, whatever else", func(s *biometric.Sample) { *s = biometric.Sample{Rival: 1} }, []capture.Problem{capture.NoFace}},
		{"low", func(s *biometric.Sample) { s.Quality.FaceHeight = 89 }, []capture.Problem{capture.TooFar}},
		{"narrow", func(s *biometric.Sample) { s.Quality.EyeDistance = 31 }, []capture.Problem{capture.TooFar}},
		{"yaw", func(s *biometric.Sample) { s.Quality.Yaw = -26 }, []capture.Problem{capture.TurnedAway}},
		{"pitch", func(s *biometric.Sample) { s.Quality.Pitch = 41 }, []capture.Problem{capture.TurnedAway}},
		{"roll", func(s *biometric.Sample) { s.Quality.Roll = -36 }, []capture.Problem{capture.TurnedAway}},
		{"dark", func(s *biometric.Sample) { s.Quality.Exposure = 39 }, []capture.Problem{capture.TooDark}},
		{"bright", func(s *biometric.Sample) { s.Quality.Exposure = 226 }, []capture.Problem{capture.TooBright}},
		{"flat", func(s *biometric.Sample) { s.Quality.Contrast = 19 }, []capture.Problem{capture.LowContrast}},
		{"moved", func(s *biometric.Sample) { s.Quality.Sharpness = 39 }, []capture.Problem{capture.Blurred}},
		{"masked", func(s *biometric.Sample) { s.Quality.Norm = 3.1 }, []capture.Problem{capture.LowNorm}},
		{"a pair", func(s *biometric.Sample) { s.Rival = 0.81 }, []capture.Problem{capture.TwoSubjects}},
		{"worst first", func(s *biometric.Sample) { s.Quality.Norm, s.Quality.Exposure, s.Rival = 0, 0, 1 },
			[]capture.Problem{capture.TwoSubjects, capture.TooDark, capture.LowNorm}},
	} {
		s := good(t)
		c.change(&s)
		if got := l.Assess(s); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// Every problem has its own advice, and none speaks of the machine.
func TestAdvice(t *testing.T) {
	for _, p := range []capture.Problem{capture.NoFace, capture.TooFar, capture.TurnedAway, capture.TooDark, capture.TooBright,
		capture.LowContrast, capture.Blurred, capture.LowNorm, capture.TwoSubjects} {
		if p.Advice() == "" {
			t.Errorf("%s has no advice", p)
		}
	}
	if got := capture.Problem("").Advice(); got != "" {
		t.Errorf("advice about nothing: %q", got)
	}
}

// Every limit of the default is set: a zero would switch its check off, or
// refuse everyone.
func TestDefaultsAreSet(t *testing.T) {
	d := capture.Defaults()
	for name, v := range map[string]float32{"face height": d.MinFaceHeight, "eye distance": d.MinEyeDistance, "yaw": d.MaxYaw, "pitch": d.MaxPitch,
		"roll": d.MaxRoll, "exposure": d.MinExposure, "brightest": d.MaxExposure, "contrast": d.MinContrast, "sharpness": d.MinSharpness,
		"norm": d.MinNorm, "rival": d.MaxRival} {
		if v <= 0 {
			t.Errorf("%s has the limit %v", name, v)
		}
	}
}
