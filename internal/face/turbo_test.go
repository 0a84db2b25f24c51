//go:build turbojpeg

package face

import (
	"math"
	"testing"
)

// TestTurboLikeStandard: both decoders say the same within one gray level in
// the mean, so that templates do not depend on how limen was built.
func TestTurboLikeStandard(t *testing.T) {
	files := [][]byte{gateFrame(t)}
	for id := range 20 {
		files = append(files, phantomFile(t, id, "portrait"), phantomFile(t, id, "live1"))
	}
	gray := scene(t, 301, 203, place{4, 20, 3, 190})
	files = append(files, encodeJPEG(t, gray.SubImage(gray.Rect)))
	for i, data := range files {
		var turbo, std Image
		if err := NewDecoder(0).Decode(&turbo, data); err != nil {
			t.Fatal(err)
		}
		if err := decodeJPEGStd(&std, data); err != nil {
			t.Fatal(err)
		}
		if turbo.W != std.W || turbo.H != std.H {
			t.Fatalf("file %d: %d×%d against %d×%d", i, turbo.W, turbo.H, std.W, std.H)
		}
		var sum float64
		for j := range turbo.Pix {
			sum += math.Abs(float64(turbo.Pix[j]) - float64(std.Pix[j]))
		}
		if mean := sum / float64(len(turbo.Pix)); mean > 1 {
			t.Errorf("file %d: mean difference %.2f gray levels, want <= 1", i, mean)
		}
	}
}
