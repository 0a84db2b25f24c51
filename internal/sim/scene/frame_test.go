package scene

import (
	"bytes"
	"image"
	"image/jpeg"
	"testing"

	"limen/internal/phantoms"
)

// plain is an ordinary capture: near enough, lit well enough.
func plain() Shot {
	return Shot{Seed: 1, FaceHeight: 260, X: 0.5, Y: 0.42, Gain: 1, Gamma: 1, Noise: 3, Quality: 85}
}

func decode(t testing.TB, data []byte, err error) image.Image {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func live(t testing.TB, id string) *Cutout {
	data, err := phantoms.Live(id, 1)
	return Cut(decode(t, data, err), image.Rectangle{})
}

func TestFrameIsDeterministicAndFullSize(t *testing.T) {
	layers := Layers{Hall: NewHall(3), Subject: live(t, "017"), Behind: live(t, "050")}
	a, err := Frame(layers, plain())
	img := decode(t, a, err)
	if img.Bounds() != image.Rect(0, 0, Width, Height) {
		t.Errorf("frame is %v", img.Bounds())
	}
	again := Layers{Hall: NewHall(3), Subject: live(t, "017"), Behind: live(t, "050")}
	if b, _ := Frame(again, plain()); !bytes.Equal(a, b) {
		t.Error("the same layers and shot gave other bytes")
	}
	other := plain()
	other.Seed++
	if b, _ := Frame(layers, other); bytes.Equal(a, b) {
		t.Error("another seed gave the same bytes")
	}
}

// A face beyond every border must leave the hall alone and not panic.
func TestFrameWithSubjectOutside(t *testing.T) {
	layers := Layers{Hall: NewHall(1), Subject: live(t, "001"), Print: Printed(image.NewGray(image.Rect(0, 0, 9, 9)), 1)}
	for _, at := range [][2]float64{{-3, 0.5}, {3, 0.5}, {0.5, -3}, {0.5, 4}, {0, 0}, {1, 1}} {
		s := plain()
		s.X, s.Y, s.Roll, s.Motion = at[0], at[1], 8, 40
		data, err := Frame(layers, s)
		decode(t, data, err)
	}
}

func BenchmarkFrame(b *testing.B) {
	data, err := phantoms.Live("017", 1)
	img := decode(b, data, err)
	layers := Layers{Hall: NewHall(3), Behind: live(b, "050")}
	s := plain()
	s.Motion = 4
	for b.Loop() {
		layers.Subject = Cut(img, image.Rectangle{})
		if _, err := Frame(layers, s); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCut(b *testing.B) {
	data, err := phantoms.Live("017", 1)
	img := decode(b, data, err)
	for b.Loop() {
		Cut(img, image.Rectangle{})
	}
}
