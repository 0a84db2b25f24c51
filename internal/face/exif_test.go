package face

import (
	"context"
	"encoding/binary"
	"testing"

	"limen/errs"
)

// visual says, as the standard does, which side of the picture the first row
// and the first column of the stored pixels are.
//
// Source: JEITA CP-3451, EXIF 2.32, 4.6.4 A, table of the tag Orientation.
var visual = map[int][2]string{
	1: {"top", "left"}, 2: {"top", "right"}, 3: {"bottom", "right"}, 4: {"bottom", "left"},
	5: {"left", "top"}, 6: {"right", "top"}, 7: {"right", "bottom"}, 8: {"left", "bottom"},
}

// storeTurned is the picture as a camera held in that orientation stores it.
func storeTurned(picture *Image, orientation int) *Image {
	rows, columns := picture.H, picture.W
	if orientation >= 5 {
		rows, columns = columns, rows
	}
	stored := &Image{}
	stored.resize(columns, rows)
	for r := range rows {
		for c := range columns {
			x, y := 0, 0
			for i, side := range visual[orientation] {
				n := [2]int{r, c}[i]
				switch side {
				case "top":
					y = n
				case "bottom":
					y = picture.H - 1 - n
				case "left":
					x = n
				case "right":
					x = picture.W - 1 - n
				}
			}
			copy(stored.Pix[3*(r*columns+c):][:3], picture.Pix[3*(y*picture.W+x):][:3])
		}
	}
	return stored
}

func testPicture(t testing.TB, id int) *Image {
	t.Helper()
	m := &Image{}
	if err := NewDecoder(0).Decode(m, phantomFile(t, id, "portrait")); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestTurnUprightEveryOrientation(t *testing.T) {
	picture := &Image{}
	picture.resize(3, 2)
	for i := range picture.Pix {
		picture.Pix[i] = byte(i + 1)
	}
	for o := range visual {
		var got Image
		if err := NewDecoder(0).Decode(&got, withPNGOrientation(encodePNG(t, storeTurned(picture, o).asImage()), o)); err != nil {
			t.Fatalf("orientation %d: %v", o, err)
		}
		if got.W != 3 || got.H != 2 || string(got.Pix) != string(picture.Pix) {
			t.Errorf("orientation %d: %d×%d %v", o, got.W, got.H, got.Pix)
		}
	}
}

func TestOrientedPhotographGivesTheUprightTemplate(t *testing.T) {
	e := openEngine(t)
	picture := testPicture(t, 11)
	upright, err := e.Extract(context.Background(), encodeJPEG(t, picture.asImage()))
	if err != nil {
		t.Fatal(err)
	}
	for o := 1; o <= 8; o++ {
		stored := encodeJPEG(t, storeTurned(picture, o).asImage())
		got, err := e.Extract(context.Background(), withJPEGOrientation(stored, o))
		if err != nil {
			t.Errorf("orientation %d: %v", o, err)
			continue
		}
		if got.Width != picture.W || got.Height != picture.H {
			t.Errorf("orientation %d: %d×%d pixels, want those of the upright picture", o, got.Width, got.Height)
		}
		if score := cosine(got.Template.AppendFeatures(nil), upright.Template.AppendFeatures(nil)); score < 0.97 {
			t.Errorf("orientation %d: score %.3f with the upright picture", o, score)
		}
	}
}

// TestTurnedPhotographWithoutEXIF: on most of these the detector is sure of a
// face; none may become a template.
func TestTurnedPhotographWithoutEXIF(t *testing.T) {
	e := openEngine(t)
	refused := 0
	const people = 40
	for id := range people {
		picture := testPicture(t, id)
		for _, o := range []int{6, 8} {
			s, err := e.Extract(context.Background(), encodeJPEG(t, storeTurned(picture, o).asImage()))
			switch errs.CodeOf(err) {
			case "not-a-face":
				refused++
				if s.Faces == 0 || s.Width == 0 || s.Subject != nil || !s.Template.IsZero() {
					t.Errorf("phantom %d: the sample of a refused face has %d faces, width %d, or a template", id, s.Faces, s.Width)
				}
			case "no-face":
			default:
				t.Errorf("phantom %d turned to %d: a template of garbage, norm %.2f (%v)", id, o, s.Quality.Norm, err)
			}
		}
	}
	if refused < people {
		t.Errorf("only %d of %d turned photographs got past the detector: the test lost its point", refused, 2*people)
	}
}

func TestBrokenOrientationIsUpright(t *testing.T) {
	good := exifTIFF(binary.BigEndian, 6)
	if tiffOrientation(good) != 6 {
		t.Fatal("the example is not read")
	}
	for n := range good[:24] {
		if o := tiffOrientation(good[:n]); o != 1 {
			t.Errorf("cut to %d bytes: %d, want 1", n, o)
		}
	}
	for _, wrong := range []int{0, 9, 65535} {
		if o := tiffOrientation(exifTIFF(binary.BigEndian, wrong)); o != 1 {
			t.Errorf("orientation %d is read as %d, want 1", wrong, o)
		}
	}
}
