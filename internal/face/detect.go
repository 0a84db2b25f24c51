package face

import (
	"fmt"
	"slices"

	"limen/biometric"
)

const (
	detectW, detectH = 320, 240
	detectPriors     = 4420
	detectMinScore   = 0.6
	detectOverlap    = 0.3
	// maxFaces bounds the work on a crowd; a gate's camera never sees so many.
	maxFaces = 256
)

// detector runs Ultra-Light RFB-320, which stretches the image to 320×240 and
// answers with boxes relative to it, already decoded from their priors.
type detector struct {
	*session
	resampler
	found []Detection
}

func newDetector(model []byte) (*detector, error) {
	s, err := newSession(model, tensorSpec{"input", []int64{1, 3, detectH, detectW}},
		tensorSpec{"scores", []int64{1, detectPriors, 2}}, tensorSpec{"boxes", []int64{1, detectPriors, 4}})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", detectFile, err)
	}
	return &detector{session: s}, nil
}

func (d *detector) prepare(img *Image) {
	const n = detectW * detectH
	d.resampler.run(img, rect{0, 0, float32(img.W), float32(img.H)}, detectW, detectH,
		planes{d.in[:n], d.in[n : 2*n], d.in[2*n:], 1.0 / 128, -127.0 / 128})
}

// Detect implements Detector.
func (d *detector) Detect(dst []Detection, img *Image) ([]Detection, error) {
	d.prepare(img)
	if err := d.session.infer(); err != nil {
		return dst, fmt.Errorf("detect: %w", err)
	}
	scores, boxes := d.out[0], d.out[1]
	w, h := float32(img.W), float32(img.H)
	d.found = d.found[:0]
	for i := range detectPriors {
		score := scores[2*i+1]
		if score <= detectMinScore {
			continue
		}
		b := boxes[4*i:][:4]
		box := biometric.Box{X: b[0] * w, Y: b[1] * h, W: (b[2] - b[0]) * w, H: (b[3] - b[1]) * h}
		if box.W > 0 && box.H > 0 {
			d.found = append(d.found, Detection{box, score})
		}
	}
	return suppress(dst, d.found), nil
}

// suppress appends the best of each cluster of overlapping boxes to dst.
func suppress(dst, found []Detection) []Detection {
	slices.SortFunc(found, func(a, b Detection) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return 0
	})
	first := len(dst)
next:
	for _, f := range found {
		if len(dst)-first == maxFaces {
			break
		}
		for _, kept := range dst[first:] {
			if overlap(kept.Box, f.Box) > detectOverlap {
				continue next
			}
		}
		dst = append(dst, f)
	}
	return dst
}

// overlap is the intersection of two boxes over their union, 0 to 1.
func overlap(a, b biometric.Box) float32 {
	w := min(a.X+a.W, b.X+b.W) - max(a.X, b.X)
	h := min(a.Y+a.H, b.Y+b.H) - max(a.Y, b.Y)
	if w <= 0 || h <= 0 {
		return 0
	}
	return w * h / (a.W*a.H + b.W*b.H - w*h)
}
