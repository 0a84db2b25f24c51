package scene

import (
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"limen/internal/phantoms"
)

// TestLookAtFrames writes a frame of every kind as PNG into the folder that
// LIMEN_FRAMES names, for a person to look at: whether they are plausible no
// assertion can say.
func TestLookAtFrames(t *testing.T) {
	dir := os.Getenv("LIMEN_FRAMES")
	if dir == "" {
		t.Skip("set LIMEN_FRAMES to a folder to get frames to look at")
	}
	people := phantoms.All()
	for i, k := range kinds() {
		for n := range 2 {
			id := people[(i*17+n*61+5)%len(people)].ID
			l := Layers{Hall: NewHall(uint64(10*n + i)), Subject: live(t, id)}
			if k.behind {
				l.Behind = live(t, people[(i*31+n*7+90)%len(people)].ID)
			}
			if k.print {
				data, err := phantoms.Portrait(people[(i+n*40)%len(people)].ID)
				l.Print = Printed(decode(t, data, err), uint64(n))
			}
			s := plain()
			s.Seed = uint64(100*i + n)
			k.change(&s)
			data, err := Frame(l, s)
			writePNG(t, filepath.Join(dir, fmt.Sprintf("%s-%d.png", k.name, n)), decode(t, data, err))
		}
	}
}

type kind struct {
	name          string
	behind, print bool
	change        func(*Shot)
}

func kinds() []kind {
	return []kind{
		{name: "normal", change: func(s *Shot) { s.Roll, s.Side, s.Warmth = 5, 0.5, 0.4 }},
		{name: "near", change: func(s *Shot) { s.FaceHeight, s.Roll, s.Warmth = 420, -6, -0.5 }},
		{name: "far", change: func(s *Shot) { s.FaceHeight = 140 }},
		{name: "tilted", change: func(s *Shot) { s.Yaw, s.Roll = 12, -8 }},
		{name: "behind", behind: true, change: func(s *Shot) { s.FaceHeight, s.X = 300, 0.45 }},
		{name: "dark", change: func(s *Shot) { s.Gain, s.Gamma, s.Noise = 0.4, 1.5, 5 }},
		{name: "motion", change: func(s *Shot) { s.Motion = 60 }},
		{name: "turned", change: func(s *Shot) { s.Yaw = 60 }},
		{name: "toofar", behind: true, change: func(s *Shot) { s.FaceHeight, s.Y = 60, 0.55 }},
		{name: "outside", change: func(s *Shot) { s.X = 0.99 }},
		{name: "print", print: true, change: func(s *Shot) { s.FaceHeight, s.Roll = 240, 5 }},
	}
}

func writePNG(t *testing.T, path string, img image.Image) {
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
