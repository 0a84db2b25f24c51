package gallery_test

import (
	"testing"

	"limen/biometric"
	"limen/errs"
	"limen/gallery"
)

// Each limit at its bound and a step past it; the first reason that applies is
// the one a carrier is told.
func TestAssess(t *testing.T) {
	l := gallery.Limits{MinEyeDistance: 36, MinSharpness: 15, MinExposure: 40, MaxExposure: 230, MaxYaw: 30, MaxPitch: 20}
	good := biometric.Quality{EyeDistance: 36, Sharpness: 15, Exposure: 40, Yaw: 30, Pitch: -20}
	for _, c := range []struct {
		name   string
		change func(*biometric.Sample)
		want   gallery.Readiness
	}{
		{"every figure at its bound", func(*biometric.Sample) {}, gallery.Ready},
		{"the other bounds", func(s *biometric.Sample) { s.Quality.Exposure, s.Quality.Yaw, s.Quality.Pitch = 230, -30, 20 }, gallery.Ready},
		{"no template", func(s *biometric.Sample) { s.Template = biometric.Template{} }, gallery.NoFace},
		{"eyes too close", func(s *biometric.Sample) { s.Quality.EyeDistance = 35.9 }, gallery.TooSmall},
		{"too dark", func(s *biometric.Sample) { s.Quality.Exposure = 39.9 }, gallery.PoorLight},
		{"too bright", func(s *biometric.Sample) { s.Quality.Exposure = 230.1 }, gallery.PoorLight},
		{"turned left", func(s *biometric.Sample) { s.Quality.Yaw = 30.1 }, gallery.NotFrontal},
		{"turned right", func(s *biometric.Sample) { s.Quality.Yaw = -30.1 }, gallery.NotFrontal},
		{"looks up", func(s *biometric.Sample) { s.Quality.Pitch = 20.1 }, gallery.NotFrontal},
		{"looks down", func(s *biometric.Sample) { s.Quality.Pitch = -20.1 }, gallery.NotFrontal},
		{"blurred", func(s *biometric.Sample) { s.Quality.Sharpness = 14.9 }, gallery.Blurred},
		{"small and blurred", func(s *biometric.Sample) { s.Quality.EyeDistance, s.Quality.Sharpness = 1, 1 }, gallery.TooSmall},
		{"a roll is turned back", func(s *biometric.Sample) { s.Quality.Roll = 90 }, gallery.Ready},
	} {
		s := biometric.Sample{Quality: good, Template: template(t, 1), Faces: 1}
		c.change(&s)
		if got := l.Assess(s); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestParseSource(t *testing.T) {
	for _, s := range []gallery.Source{gallery.ChipPortrait, gallery.DocumentPortrait, gallery.VisaPhoto, gallery.EarlierEncounter} {
		if got, err := gallery.ParseSource(string(s)); got != s || err != nil {
			t.Errorf("%s: %s, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "social-media", "Visa-Photo"} {
		if got, err := gallery.ParseSource(s); got != "" || errs.CodeOf(err) != "reference-source" {
			t.Errorf("%q: %s, %v", s, got, err)
		}
	}
}
