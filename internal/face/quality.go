package face

import (
	"math"

	"limen/biometric"
)

// A frontal face as the five-point template draws it, in units of the distance
// between the eyes: how far the mouth is below them, where the nose's tip is
// on that way (0 eyes, 1 mouth), and how far it stands out of their plane.
const (
	mouthBelow = 1.15
	noseWay    = 0.50
	noseDepth  = 0.55
)

// pose estimates yaw, pitch and roll in degrees from where the tip of the nose
// is seen against eyes and mouth. It takes every nose as equally long: good to
// some ten degrees, enough to ask for a frontal face.
func pose(at Landmarks) (yaw, pitch, roll float32) {
	f := faceFrame(at)
	if f.eyes == 0 || f.mouth == 0 {
		return 0, 0, f.roll
	}
	aside := f.nose.X / f.eyes
	way := f.nose.Y / f.mouth
	yaw = degrees(math.Atan(float64(aside / noseDepth)))
	pitch = degrees(math.Atan(float64((noseWay - way) * mouthBelow / noseDepth)))
	return yaw, pitch, f.roll
}

func degrees(rad float64) float32 { return float32(rad * 180 / math.Pi) }

// frame is a face turned until its eyes are level: origin between the eyes, x
// to the right of the image, y down.
type frame struct {
	eyes  float32 // distance between the eyes
	mouth float32 // how far the middle of the mouth is below the eyes
	aside float32 // how far it is to the right of their middle
	width float32 // of the mouth
	nose  Point   // its x against the line from between the eyes to the mouth
	roll  float32 // degrees
}

func faceFrame(at Landmarks) frame {
	dx, dy := at.RightEye.X-at.LeftEye.X, at.RightEye.Y-at.LeftEye.Y
	eyes := float32(math.Hypot(float64(dx), float64(dy)))
	if eyes == 0 {
		return frame{}
	}
	cos, sin := dx/eyes, dy/eyes
	cx, cy := (at.LeftEye.X+at.RightEye.X)/2, (at.LeftEye.Y+at.RightEye.Y)/2
	level := func(p Point) Point {
		x, y := p.X-cx, p.Y-cy
		return Point{x*cos + y*sin, y*cos - x*sin}
	}
	left, right, nose := level(at.MouthLeft), level(at.MouthRight), level(at.Nose)
	f := frame{
		eyes: eyes, mouth: (left.Y + right.Y) / 2, aside: (left.X + right.X) / 2,
		width: right.X - left.X, nose: nose, roll: degrees(math.Atan2(float64(dy), float64(dx))),
	}
	if f.mouth > 0 {
		f.nose.X -= f.aside * nose.Y / f.mouth
	}
	return f
}

// light measures exposure, contrast and sharpness of an aligned face.
func light(face *Aligned, q *biometric.Quality) {
	const n = AlignedSize
	var gray [n * n]int32
	var sum, squares int64
	for i := range gray {
		p := face[3*i:][:3]
		v := (299*int32(p[0]) + 587*int32(p[1]) + 114*int32(p[2]) + 500) / 1000
		gray[i] = v
		sum += int64(v)
		squares += int64(v) * int64(v)
	}
	q.Exposure, q.Contrast = meanDeviation(sum, squares, n*n)
	sum, squares = 0, 0
	for y := 1; y < n-1; y++ {
		up, row, low := gray[(y-1)*n:][:n], gray[y*n:][:n], gray[(y+1)*n:][:n]
		for x := 1; x < n-1; x++ {
			v := int64(up[x] + low[x] + row[x-1] + row[x+1] - 4*row[x])
			sum += v
			squares += v * v
		}
	}
	_, deviation := meanDeviation(sum, squares, (n-2)*(n-2))
	q.Sharpness = deviation * deviation
}

func meanDeviation(sum, squares, n int64) (mean, deviation float32) {
	m := float64(sum) / float64(n)
	return float32(m), float32(math.Sqrt(max(0, float64(squares)/float64(n)-m*m)))
}
