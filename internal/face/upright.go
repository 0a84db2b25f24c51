package face

import (
	"math"

	"limen/biometric"
	"limen/errs"
)

// The limits of what passes as an upright face. The shape alone cannot tell:
// on a face turned on its side the landmarks still draw a passable face, only
// not there. What gives it away is that the model contradicts itself when it
// sees the mirror image, and that the template comes out short. Both together
// leave, on the phantoms and the London set, none of 1,015 images turned by a
// quarter and 6 of 534 turned upside down, and refuse 1 of 2,652 upright ones
// (that one dark and noisy).
const (
	maxRoll      = 45 // degrees
	mirrorLimit  = 0.035
	normalNorm   = 3.6
	shortestNorm = 1.8 // below normalNorm by this much is as bad as mirrorLimit
	doubtLimit   = 1.1
	// sureNorm is a template so long that the mirror is not asked: no turned
	// image reached 3.5.
	sureNorm = 3.8
)

// between are plausible bounds of a measure of a face.
type between struct{ low, high float32 }

func (b between) has(v float32) bool { return v >= b.low && v <= b.high }

// plausible reports whether the landmarks draw a face: eyes above nose above
// mouth, of human proportions, where a face is in its box.
func plausible(at Landmarks, box biometric.Box) bool {
	f := faceFrame(at)
	if f.eyes == 0 || f.mouth <= 0 || box.H <= 0 {
		return false
	}
	x := (at.LeftEye.X + at.RightEye.X + at.MouthLeft.X + at.MouthRight.X) / 4
	y := (at.LeftEye.Y + at.RightEye.Y + at.MouthLeft.Y + at.MouthRight.Y) / 4
	return between{0.6, 1.7}.has(f.mouth/f.eyes) &&
		between{0.4, 1.35}.has(f.width/f.eyes) &&
		between{-0.35, 0.35}.has(f.aside/f.eyes) &&
		between{-0.45, 0.45}.has(f.nose.X/f.eyes) &&
		between{0.1, 0.95}.has(f.nose.Y/f.mouth) &&
		between{-maxRoll, maxRoll}.has(f.roll) &&
		between{0.16, 0.6}.has(f.eyes/box.H) &&
		between{-0.15, 0.15}.has((x-box.X-box.W/2)/box.H) &&
		between{0.4, 0.7}.has((y-box.Y)/box.H)
}

// uprightCheck is the default models' Stages.Check.
type uprightCheck struct{ *landmarker }

func (u uprightCheck) check(img *Image, box biometric.Box, at Landmarks, t biometric.Template) error {
	if t.Norm() >= sureNorm {
		return nil
	}
	doubt, err := u.contradiction(img, box, at)
	if err != nil {
		return err
	}
	short := max(0, (normalNorm-t.Norm())/shortestNorm)
	if doubt/mirrorLimit+short > doubtLimit {
		return notAFace()
	}
	return nil
}

func notAFace() error {
	return errs.New(errs.Invalid, "not-a-face", "what was found is not an upright face: is the photograph turned, or cut?")
}

// apart is the mean distance between landmarks and those found in the mirror
// image, mirrored back, where the mirror stands at x = axis.
func apart(at, mirrored Landmarks, axis float32) float32 {
	var sum float64
	for _, pair := range [5][2]Point{
		{at.LeftEye, mirrored.RightEye}, {at.RightEye, mirrored.LeftEye}, {at.Nose, mirrored.Nose},
		{at.MouthLeft, mirrored.MouthRight}, {at.MouthRight, mirrored.MouthLeft},
	} {
		sum += math.Hypot(float64(pair[0].X-(2*axis-pair[1].X)), float64(pair[0].Y-pair[1].Y))
	}
	return float32(sum / 5)
}
