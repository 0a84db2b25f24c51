package face

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"golang.org/x/image/draw"
)

// testEngine is one engine for all tests of the package; the assets are a
// precondition, not an option.
var testEngine = sync.OnceValues(func() (*Engine, error) { return Open(Config{}) })

func openEngine(t testing.TB) *Engine {
	t.Helper()
	e, err := testEngine()
	if err != nil {
		t.Fatalf("run `make assets`: %v", err)
	}
	return e
}

// phantomFile reads one image of phantom id: "portrait", "live1" or "live2".
func phantomFile(t testing.TB, id int, kind string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "phantoms", fmt.Sprintf("%03d-%s.jpg", id, kind)))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func phantomImage(t testing.TB, id int, kind string) image.Image {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(phantomFile(t, id, kind)))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// place is a phantom's image in a scene, scaled to a height.
type place struct{ id, x, y, height int }

// scene is a w×h frame of a gate camera with phantoms in it.
func scene(t testing.TB, w, h int, people ...place) *image.RGBA {
	t.Helper()
	frame := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range frame.Pix {
		frame.Pix[i] = byte(120 + (i/4%w+i/4/w)%16)
	}
	for _, p := range people {
		img := phantomImage(t, p.id, "live1")
		width := p.height * img.Bounds().Dx() / img.Bounds().Dy()
		draw.ApproxBiLinear.Scale(frame, image.Rect(p.x, p.y, p.x+width, p.y+p.height), img, img.Bounds(), draw.Src, nil)
	}
	return frame
}

func encodeJPEG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// gateFrame is what a gate camera sends: one person in 1920×1080.
func gateFrame(t testing.TB) []byte {
	return encodeJPEG(t, scene(t, 1920, 1080, place{7, 620, 60, 900}))
}
