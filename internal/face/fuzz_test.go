package face

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"limen/errs"
)

// fuzzPixels keeps what one execution may allocate small.
const fuzzPixels = 1 << 16

// FuzzDecode feeds bytes to the image entry: no panic, no more memory than the
// limit allows, and an error of a known code for all that is no image.
func FuzzDecode(f *testing.F) {
	d := NewDecoder(fuzzPixels)
	var m Image
	f.Fuzz(func(t *testing.T, data []byte) {
		err := d.Decode(&m, data)
		switch code := errs.CodeOf(err); {
		case err == nil:
			if m.W <= 0 || m.H <= 0 || m.W*m.H > fuzzPixels || len(m.Pix) != 3*m.W*m.H {
				t.Fatalf("an image of %d×%d pixels in %d bytes", m.W, m.H, len(m.Pix))
			}
		case code != "image-format" && code != "image-broken" && code != "image-pixels":
			t.Fatalf("unknown error %v", err)
		}
		if cap(m.Pix) > 3*fuzzPixels {
			t.Fatalf("a buffer of %d bytes was kept for at most %d pixels", cap(m.Pix), fuzzPixels)
		}
	})
}

// FuzzOrientation feeds bytes to the EXIF readers alone.
func FuzzOrientation(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, o := range []int{tiffOrientation(data), jpegOrientation(data), pngOrientation(data)} {
			if o < 1 || o > 8 {
				t.Fatalf("orientation %d", o)
			}
		}
	})
}

// TestFuzzCorpus fails if the committed seeds are gone; with -update it writes
// them.
func TestFuzzCorpus(t *testing.T) {
	if *update {
		writeCorpus(t)
	}
	for _, target := range []string{"FuzzDecode", "FuzzOrientation"} {
		files, err := filepath.Glob(filepath.Join("testdata", "fuzz", target, "*"))
		if err != nil || len(files) < 5 {
			t.Errorf("%s has %d seeds, want at least 5: run go test -run FuzzCorpus -update", target, len(files))
		}
	}
}

func writeCorpus(t *testing.T) {
	small := func(w, h int) image.Image {
		m := image.NewRGBA(image.Rect(0, 0, w, h))
		for i := range m.Pix {
			m.Pix[i] = byte(i * 7)
		}
		return m
	}
	var color, gray bytes.Buffer
	if err := jpeg.Encode(&color, small(17, 9), nil); err != nil {
		t.Fatal(err)
	}
	if err := jpeg.Encode(&gray, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	cmyk, err := os.ReadFile("testdata/cmyk.jpg")
	if err != nil {
		t.Fatal(err)
	}
	seeds := map[string][]byte{
		"jpeg-color": color.Bytes(), "jpeg-gray": gray.Bytes(), "jpeg-cmyk": cmyk,
		"jpeg-turned": withJPEGOrientation(color.Bytes(), 6), "jpeg-cut": color.Bytes()[:color.Len()/2],
		"jpeg-huge": jpegHeader(30000, 30000), "png-huge": pngHeader(30000, 30000),
		"png-color": encodePNG(t, small(7, 5)), "png-turned": withPNGOrientation(encodePNG(t, small(7, 5)), 8),
		"png-gray": encodePNG(t, image.NewGray(image.Rect(0, 0, 5, 5))), "png-deep": encodePNG(t, image.NewNRGBA64(image.Rect(0, 0, 3, 3))),
		"text": []byte("no image at all"),
	}
	for name, data := range seeds {
		writeSeed(t, "FuzzDecode", name, data)
	}
	for _, name := range []string{"jpeg-turned", "png-turned", "jpeg-color"} {
		writeSeed(t, "FuzzOrientation", name, seeds[name])
	}
	for o := 1; o <= 8; o++ {
		writeSeed(t, "FuzzOrientation", fmt.Sprintf("tiff-%d", o), withJPEGOrientation([]byte{0xff, 0xd8}, o)[12:])
	}
}

func writeSeed(t *testing.T, target, name string, data []byte) {
	t.Helper()
	dir := filepath.Join("testdata", "fuzz", target)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), fmt.Appendf(nil, "go test fuzz v1\n[]byte(%q)\n", data), 0o644); err != nil {
		t.Fatal(err)
	}
}
