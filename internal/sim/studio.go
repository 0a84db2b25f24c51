package sim

import (
	"bytes"
	"image"
	"sync"

	"golang.org/x/image/draw"

	"limen/errs"
	"limen/internal/sim/scene"
)

// Studio takes the frames of a plan. It is safe for concurrent use.
type Studio struct {
	// Look decodes an image, turns it upright and says where the face is. It
	// may be set before the first frame; the default decodes and takes the
	// face to be in the middle, where document photographs have it.
	Look func(data []byte) (upright image.Image, face image.Rectangle, err error)

	mu    sync.Mutex
	halls map[uint64]*scene.Hall
}

// NewStudio returns a studio for centered portraits.
func NewStudio() *Studio {
	return &Studio{Look: look, halls: map[uint64]*scene.Hall{}}
}

func look(data []byte) (image.Image, image.Rectangle, error) {
	img, _, err := image.Decode(bytes.NewReader(data))
	return img, image.Rectangle{}, err
}

// Frame returns the JPEG of frame n of a visit, counted from 0. The error is
// NotFound if the visit has no such frame.
func (s *Studio) Frame(v *Voyage, visit *Visit, n int) ([]byte, error) {
	if n < 0 || n >= len(visit.Frames) {
		return nil, errs.New(errs.NotFound, "no-frame", "the visit has %d frames, and %d was asked for", len(visit.Frames), n)
	}
	shot := visit.Frames[n]
	layers := scene.Layers{Hall: s.hall(v.hall)}
	var err error
	if layers.Subject, err = s.cut(visit.TruePerson, shot.Live); err != nil {
		return nil, err
	}
	if shot.Behind != nil {
		if layers.Behind, err = s.cut(shot.Behind, shot.Live); err != nil {
			return nil, err
		}
	}
	if shot.PrintOf != nil {
		if layers.Print, err = s.print(shot.PrintOf, shot.Seed); err != nil {
			return nil, err
		}
	}
	return scene.Frame(layers, shot.Shot)
}

func (s *Studio) hall(seed uint64) *scene.Hall {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.halls[seed] == nil {
		s.halls[seed] = scene.NewHall(seed)
	}
	return s.halls[seed]
}

func (s *Studio) cut(f *Face, live int) (*scene.Cutout, error) {
	data, err := f.Live(live)
	if err != nil {
		return nil, err
	}
	img, face, err := s.portraitView(f, data)
	if err != nil {
		return nil, err
	}
	return scene.Cut(img, face), nil
}

func (s *Studio) print(f *Face, seed uint64) (*scene.Cutout, error) {
	data, err := f.Portrait()
	if err != nil {
		return nil, err
	}
	img, _, err := s.portraitView(f, data)
	if err != nil {
		return nil, err
	}
	return scene.Printed(img, seed), nil
}

// portraitView is the size of what a Cutout is made from: enough for the
// nearest face, and a large photograph would cost seconds.
const viewWidth, viewHeight = 420, 560

// portraitView returns an image cut like a portrait around the face, if it is
// known where the face is.
func (s *Studio) portraitView(f *Face, data []byte) (image.Image, image.Rectangle, error) {
	img, face, err := s.Look(data)
	if err != nil {
		return nil, face, errs.New(errs.Invalid, "faces-image", "an image of %s cannot be decoded: %w", f.ID, err)
	}
	b := img.Bounds()
	if face.Empty() && b.Dx()*b.Dy() <= 2*viewWidth*viewHeight {
		return img, face, nil
	}
	part := b
	if !face.Empty() {
		h := face.Dy() * 19 / 10 // the face is a little more than half of a portrait
		w := h * viewWidth / viewHeight
		mid := face.Min.Add(face.Max).Div(2)
		part = image.Rect(mid.X-w/2, mid.Y-h*47/100, mid.X+w/2, mid.Y+h*53/100).Intersect(b)
	}
	view := image.NewRGBA(image.Rect(0, 0, viewHeight*part.Dx()/max(part.Dy(), 1), viewHeight))
	draw.ApproxBiLinear.Scale(view, view.Rect, img, part, draw.Src, nil)
	if !face.Empty() {
		face = face.Intersect(part).Sub(part.Min)
		face = image.Rect(face.Min.X*viewHeight/part.Dy(), face.Min.Y*viewHeight/part.Dy(), face.Max.X*viewHeight/part.Dy(), face.Max.Y*viewHeight/part.Dy())
	}
	return view, face, nil
}
