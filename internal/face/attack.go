package face

import (
	"fmt"
	"math"

	"limen/biometric"
)

const (
	attackSide = 128
	// attackScale is how much more than the face the model wants to see: a
	// print's edge or a screen's frame is around it.
	attackScale = 1.5
)

// attackDetector runs MiniFASNet-SE. It catches flat prints and some screens
// and passes masks: advisory.
type attackDetector struct {
	*session
	resampler
}

func newAttackDetector(model []byte) (*attackDetector, error) {
	s, err := newSession(model, tensorSpec{"input", []int64{1, 3, attackSide, attackSide}},
		tensorSpec{"output", []int64{1, 3}})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", attackFile, err)
	}
	return &attackDetector{session: s}, nil
}

// attackCrop scales the box and moves it inside the frame; a box too large for
// that is scaled by less, keeping its shape.
func attackCrop(img *Image, box biometric.Box) rect {
	scale := min(attackScale, float32(img.W)/box.W, float32(img.H)/box.H)
	w, h := box.W*scale, box.H*scale
	x, y := box.X+box.W/2-w/2, box.Y+box.H/2-h/2
	return rect{max(0, min(x, float32(img.W)-w)), max(0, min(y, float32(img.H)-h)), w, h}
}

func (a *attackDetector) prepare(img *Image, box biometric.Box) {
	const n = attackSide * attackSide
	// Blue first, 0..255: the order and range the weights were trained on.
	a.resampler.run(img, attackCrop(img, box), attackSide, attackSide,
		planes{r: a.in[2*n:], g: a.in[n : 2*n], b: a.in[:n], mul: 1})
}

// Attack implements AttackDetector.
func (a *attackDetector) Attack(img *Image, box biometric.Box) (float32, error) {
	a.prepare(img, box)
	if err := a.session.infer(); err != nil {
		return 0, fmt.Errorf("attack: %w", err)
	}
	return 1 - softmaxFirst(a.out[0]), nil
}

// softmaxFirst is the probability of class 0, which is "live".
func softmaxFirst(logits []float32) float32 {
	top := logits[0]
	for _, v := range logits {
		top = max(top, v)
	}
	var sum float64
	for _, v := range logits {
		sum += math.Exp(float64(v - top))
	}
	return float32(math.Exp(float64(logits[0]-top)) / sum)
}
