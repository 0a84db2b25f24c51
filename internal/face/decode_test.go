package face

import (
	"image"
	"image/color"
	"math/rand/v2"
	"os"
	"testing"
)

// TestFillLikeImagePackage holds every fast path to the image package's own
// conversion, odd sizes and bounds that do not begin at 0 included.
func TestFillLikeImagePackage(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	noise := func(b []byte) {
		for i := range b {
			b[i] = byte(r.Uint32())
		}
	}
	bounds := image.Rect(0, 0, 13, 7)
	var all []image.Image
	for _, ratio := range []image.YCbCrSubsampleRatio{image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420,
		image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410} {
		m := image.NewYCbCr(bounds, ratio)
		noise(m.Y)
		noise(m.Cb)
		noise(m.Cr)
		all = append(all, m)
	}
	gray, rgba, cmyk := image.NewGray(bounds), image.NewNRGBA(bounds), image.NewCMYK(bounds)
	noise(gray.Pix)
	noise(rgba.Pix)
	noise(cmyk.Pix)
	for i := 3; i < len(rgba.Pix); i += 4 {
		rgba.Pix[i] = 255
	}
	all = append(all, gray, rgba, cmyk, gray.SubImage(image.Rect(3, 2, 9, 6)), rgba.SubImage(image.Rect(3, 2, 9, 6)))
	for _, src := range all {
		var m Image
		m.fill(src)
		for i := range m.W * m.H {
			at := src.Bounds().Min.Add(image.Pt(i%m.W, i/m.W))
			want := color.NRGBAModel.Convert(src.At(at.X, at.Y)).(color.NRGBA)
			if got := m.Pix[3*i:][:3]; far(got[0], want.R) || far(got[1], want.G) || far(got[2], want.B) {
				t.Fatalf("%T at %v: %v, want %v", src, at, got, want)
			}
		}
	}
}

func far(a, b byte) bool { return a > b && a-b > 1 || b > a && b-a > 1 }

// TestCMYK reads a four-component JPEG, as scanners write them.
func TestCMYK(t *testing.T) {
	data, err := os.ReadFile("testdata/cmyk.jpg")
	if err != nil {
		t.Fatal(err)
	}
	var m Image
	if err := NewDecoder(0).Decode(&m, data); err != nil {
		t.Fatal(err)
	}
	// The file is plain cyan: no red, full green and blue.
	if m.W != 16 || m.H != 16 || m.Pix[0] > 20 || m.Pix[1] < 235 || m.Pix[2] < 235 {
		t.Errorf("%d×%d, first pixel %v, want cyan", m.W, m.H, m.Pix[:3])
	}
}
