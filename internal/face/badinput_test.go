package face

import (
	"context"
	"image"
	"runtime"
	"testing"

	"limen/errs"
)

func TestBadInput(t *testing.T) {
	e := openEngine(t)
	photo := phantomFile(t, 5, "live1")
	graph := encodePNG(t, scene(t, 64, 48))
	for name, c := range map[string]struct {
		data []byte
		kind errs.Kind
		code string
	}{
		"nothing":                      {nil, errs.Invalid, "image-format"},
		"text named .jpg":              {[]byte("this is no photograph"), errs.Invalid, "image-format"},
		"GIF":                          {[]byte("GIF89a\x01\x00\x01\x00"), errs.Invalid, "image-format"},
		"JPEG of 30000×30000":          {jpegHeader(30000, 30000), errs.TooLarge, "image-pixels"},
		"PNG of 30000×30000":           {pngHeader(30000, 30000), errs.TooLarge, "image-pixels"},
		"JPEG that promises too much":  {jpegHeader(4800, 4800), errs.Invalid, "image-broken"},
		"PNG that promises too much":   {pngHeader(4800, 4800), errs.Invalid, "image-broken"},
		"JPEG cut after its magic":     {photo[:3], errs.Invalid, "image-broken"},
		"JPEG cut in its header":       {photo[:200], errs.Invalid, "image-broken"},
		"JPEG cut in half":             {photo[:len(photo)/2], errs.Invalid, "image-broken"},
		"JPEG without its last bytes":  {photo[:len(photo)-20], errs.Invalid, "image-broken"},
		"JPEG without its end marker":  {photo[:len(photo)-2], errs.Invalid, "image-broken"},
		"PNG cut in half":              {graph[:len(graph)/2], errs.Invalid, "image-broken"},
		"no face":                      {encodeJPEG(t, scene(t, 800, 600)), errs.Invalid, "no-face"},
		"one pixel":                    {encodePNG(t, image.NewGray(image.Rect(0, 0, 1, 1))), errs.Invalid, "no-face"},
		"one row of pixels":            {encodePNG(t, image.NewGray(image.Rect(0, 0, 3000, 1))), errs.Invalid, "no-face"},
		"one column of pixels, turned": {withPNGOrientation(encodePNG(t, image.NewGray(image.Rect(0, 0, 1, 3000))), 6), errs.Invalid, "no-face"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := e.Extract(context.Background(), c.data)
			if errs.KindOf(err) != c.kind || errs.CodeOf(err) != c.code {
				t.Errorf("got %v %v, want %v %s", errs.KindOf(err), err, c.kind, c.code)
			}
			if c.code == "no-face" && (s.Width == 0 || s.Stages.Detect == 0) {
				t.Error("the sample of an image without a face has its size and stages")
			}
			if !s.Template.IsZero() || s.Subject != nil {
				t.Error("an error comes without template and picture")
			}
		})
	}
}

// TestHugeHeaderCostsNothing: the limit is checked before pixels are made.
func TestHugeHeaderCostsNothing(t *testing.T) {
	d, m := NewDecoder(0), &Image{}
	for _, data := range [][]byte{jpegHeader(30000, 30000), pngHeader(30000, 30000), jpegHeader(4800, 4800), pngHeader(4800, 4800)} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if err := d.Decode(m, data); err == nil {
			t.Error("a header alone is no image")
		}
		runtime.ReadMemStats(&after)
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 1<<20 {
			t.Errorf("refusing %d bytes took %d bytes of memory", len(data), grown)
		}
	}
}

func TestFiveFaces(t *testing.T) {
	e := openEngine(t)
	people := []place{{20, 40, 300, 400}, {21, 400, 100, 440}, {22, 760, 200, 800}, {23, 1400, 80, 420}, {24, 1400, 560, 480}}
	data := encodeJPEG(t, scene(t, 1920, 1080, people...))
	s, err := e.Extract(context.Background(), data)
	if err != nil {
		t.Fatal(err)
	}
	if s.Faces != 5 || s.Rival < 0.45 || s.Rival > 0.75 {
		t.Errorf("%d faces, rival %.2f; want 5 and 480/800", s.Faces, s.Rival)
	}
	for i, p := range people {
		alone, err := e.Extract(context.Background(), phantomFile(t, p.id, "portrait"))
		if err != nil {
			t.Fatal(err)
		}
		score := cosine(alone.Template.AppendFeatures(nil), s.Template.AppendFeatures(nil))
		if largest := i == 2; largest != (score > 0.7) {
			t.Errorf("score %.2f of the subject with person %d: the largest is the subject", score, i)
		}
	}
}

// TestCutOutShowsTheSubjectAlone: what may be stored gives the same template,
// and nobody else is on it.
func TestCutOutShowsTheSubjectAlone(t *testing.T) {
	e := openEngine(t)
	data := encodeJPEG(t, scene(t, 1920, 1080, place{31, 370, 350, 600}, place{30, 730, 50, 900}, place{32, 1330, 300, 640}))
	s, err := e.Extract(context.Background(), data)
	if err != nil {
		t.Fatal(err)
	}
	if s.Faces != 3 || s.Subject == nil || s.Subject.Rect.Dy() > cutoutHeight {
		t.Fatalf("%d faces, cut-out %v", s.Faces, s.Subject.Bounds())
	}
	again, err := e.Extract(context.Background(), encodeJPEG(t, s.Subject))
	if err != nil {
		t.Fatal(err)
	}
	score := cosine(again.Template.AppendFeatures(nil), s.Template.AppendFeatures(nil))
	if again.Faces != 1 || score < 0.9 {
		t.Errorf("the cut-out has %d faces; its template scores %.3f with the frame's", again.Faces, score)
	}
}
