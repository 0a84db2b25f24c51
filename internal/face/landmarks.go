package face

import (
	"fmt"
	"slices"

	"limen/biometric"
)

const landmarksSide = 64

// landmarker runs the 68-point model on a gray square as high as the box.
type landmarker struct {
	*session
	resampler
	rgb []float32
}

func newLandmarker(model []byte) (*landmarker, error) {
	s, err := newSession(model, tensorSpec{"input", []int64{1, 1, landmarksSide, landmarksSide}},
		tensorSpec{"output", []int64{1, 136}})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", landmarksFile, err)
	}
	return &landmarker{session: s, rgb: make([]float32, 3*landmarksSide*landmarksSide)}, nil
}

// landmarksCrop is the square that the points are relative to.
func landmarksCrop(box biometric.Box) rect {
	return rect{box.X + box.W/2 - box.H/2, box.Y, box.H, box.H}
}

func (l *landmarker) prepare(img *Image, crop rect) {
	const n = landmarksSide * landmarksSide
	r, g, b := l.rgb[:n], l.rgb[n:2*n], l.rgb[2*n:3*n]
	l.resampler.run(img, crop, landmarksSide, landmarksSide, planes{r, g, b, 1.0 / 256, 0})
	for i := range l.in {
		l.in[i] = 0.299*r[i] + 0.587*g[i] + 0.114*b[i]
	}
}

// Landmarks implements Landmarker.
func (l *landmarker) Landmarks(img *Image, box biometric.Box) (Landmarks, error) {
	crop := landmarksCrop(box)
	l.prepare(img, crop)
	if err := l.session.infer(); err != nil {
		return Landmarks{}, fmt.Errorf("landmarks: %w", err)
	}
	at := fivePoints(l.out[0], crop)
	if !plausible(at, box) {
		return at, notAFace()
	}
	return at, nil
}

// contradiction shows the model the mirror image of the face it found at, and
// returns how far its two answers are apart, as a share of the face's height.
func (l *landmarker) contradiction(img *Image, box biometric.Box, at Landmarks) (float32, error) {
	crop := landmarksCrop(box)
	l.prepare(img, crop)
	l.mirror()
	if err := l.session.infer(); err != nil {
		return 0, fmt.Errorf("landmarks: %w", err)
	}
	return apart(at, fivePoints(l.out[0], crop), crop.x+crop.w/2) / box.H, nil
}

// mirror turns the model's input left to right.
func (l *landmarker) mirror() {
	for y := range landmarksSide {
		slices.Reverse(l.in[y*landmarksSide:][:landmarksSide])
	}
}

// Clear forgets the last image.
func (l *landmarker) Clear() {
	l.session.Clear()
	clear(l.rgb)
}

// fivePoints reduces the 68 points, relative to crop, to five. An eye's center
// is the middle of its lids: the corners move with the gaze and the lids'
// fold, the lids' middle does not.
func fivePoints(out []float32, crop rect) Landmarks {
	mean := func(ids ...int) (p Point) {
		for _, i := range ids {
			p.X += out[2*i]
			p.Y += out[2*i+1]
		}
		n := float32(len(ids))
		return Point{crop.x + p.X/n*crop.w, crop.y + p.Y/n*crop.h}
	}
	return Landmarks{
		LeftEye:    mean(37, 38, 40, 41),
		RightEye:   mean(43, 44, 46, 47),
		Nose:       mean(30),
		MouthLeft:  mean(48, 60),
		MouthRight: mean(54, 64),
	}
}
