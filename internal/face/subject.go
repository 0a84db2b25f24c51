package face

import (
	"math"

	"limen/biometric"
)

// alike is the share of the largest face's height from which another counts
// as of like size; then the one nearer the center is the subject.
const alike = 0.9

// chooseSubject returns the index of the subject among found, which is not
// empty, and the height of the largest other face relative to it, at most 1.
func chooseSubject(found []Detection, w, h int) (subject int, rival float32) {
	var top float32
	for _, f := range found {
		top = max(top, f.Box.H)
	}
	subject, nearest := 0, math.Inf(1)
	for i, f := range found {
		if d := centerDistance(f.Box, w, h); f.Box.H >= alike*top && d < nearest {
			subject, nearest = i, d
		}
	}
	for i, f := range found {
		if i != subject {
			rival = max(rival, min(1, f.Box.H/found[subject].Box.H))
		}
	}
	return subject, rival
}

func centerDistance(b biometric.Box, w, h int) float64 {
	return math.Hypot(float64(b.X+b.W/2)-float64(w)/2, float64(b.Y+b.H/2)-float64(h)/2)
}
