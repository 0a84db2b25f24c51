package face

import (
	"image"
	"math"
	"testing"

	"limen/biometric"
)

func near(a, b, within float32) bool { return a-b <= within && b-a <= within }

// turned is the face of the template scaled, turned by degrees and moved.
func turned(scale, degrees, dx, dy float64) Landmarks {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	var p [5]Point
	for i, q := range template5 {
		x, y := float64(q.X)*scale, float64(q.Y)*scale
		p[i] = Point{float32(x*cos - y*sin + dx), float32(x*sin + y*cos + dy)}
	}
	return Landmarks{p[0], p[1], p[2], p[3], p[4]}
}

func TestFitSimilarityFindsTurnScaleAndShift(t *testing.T) {
	at := turned(3, 25, 40, -7)
	m := fitSimilarity(template5[:], []Point{at.LeftEye, at.RightEye, at.Nose, at.MouthLeft, at.MouthRight})
	sin, cos := math.Sincos(25 * math.Pi / 180)
	if !near(m.a, float32(3*cos), 1e-3) || !near(m.b, float32(3*sin), 1e-3) || !near(m.tx, 40, 1e-2) || !near(m.ty, -7, 1e-2) {
		t.Errorf("%+v", m)
	}
	if m := fitSimilarity(make([]Point, 5), template5[:]); math.IsNaN(float64(m.a)) {
		t.Error("five points in one place")
	}
}

func TestPose(t *testing.T) {
	if yaw, pitch, roll := pose(turned(2, 0, 0, 0)); !near(yaw, 0, 5) || !near(pitch, 0, 5) || !near(roll, 0, 1) {
		t.Errorf("the template is frontal, got %v %v %v", yaw, pitch, roll)
	}
	if _, _, roll := pose(turned(2, 20, 100, 0)); !near(roll, 20, 1) {
		t.Errorf("roll %v, want 20: clockwise is positive", roll)
	}
	left := turned(2, 0, 0, 0)
	left.Nose.X += 20
	if yaw, _, _ := pose(left); yaw < 15 {
		t.Errorf("yaw %v: the nose moves right in the image when the subject turns left", yaw)
	}
	up := turned(2, 0, 0, 0)
	up.Nose.Y -= 15
	if _, pitch, _ := pose(up); pitch < 10 {
		t.Errorf("pitch %v: the nose moves up when the subject looks up", pitch)
	}
	if yaw, pitch, roll := pose(Landmarks{}); yaw != 0 || pitch != 0 || roll != 0 {
		t.Error("no landmarks, no pose")
	}
}

func TestPlausible(t *testing.T) {
	box := biometric.Box{X: 20, Y: 5, W: 72, H: 112}
	if !plausible(turned(0.95, 0, 0, 0), box) {
		t.Error("the template's own face is a face")
	}
	for name, at := range map[string]Landmarks{
		"upside down":      turned(0.95, 180, 112, 112),
		"on its side":      turned(0.95, 90, 112, 0),
		"beside its box":   turned(0.95, 0, 80, 0),
		"much too small":   turned(0.3, 0, 40, 20),
		"all in one point": {},
	} {
		if plausible(at, box) {
			t.Errorf("%s: taken for an upright face", name)
		}
	}
}

func TestChooseSubject(t *testing.T) {
	at := func(x, h float32) Detection {
		return Detection{biometric.Box{X: x - h/2, Y: 240 - h/2, W: h, H: h}, 0.9}
	}
	for name, c := range map[string]struct {
		found   []Detection
		subject int
		rival   float32
	}{
		"alone":               {[]Detection{at(10, 50)}, 0, 0},
		"the larger":          {[]Detection{at(320, 100), at(100, 200)}, 1, 0.5},
		"alike, the nearer":   {[]Detection{at(60, 200), at(320, 190)}, 1, 1},
		"alike, none smaller": {[]Detection{at(320, 200), at(100, 200)}, 0, 1},
	} {
		if subject, rival := chooseSubject(c.found, 640, 480); subject != c.subject || !near(rival, c.rival, 0.01) {
			t.Errorf("%s: %d %.2f, want %d %.2f", name, subject, rival, c.subject, c.rival)
		}
	}
}

func TestSuppressKeepsTheBestOfEachCluster(t *testing.T) {
	box := func(x float32) biometric.Box { return biometric.Box{X: x, W: 100, H: 100} }
	got := suppress(nil, []Detection{{box(0), 0.7}, {box(10), 0.9}, {box(300), 0.8}})
	if len(got) != 2 || got[0].Score != 0.9 || got[1].Score != 0.8 {
		t.Errorf("%+v", got)
	}
}

// TestResample: a plain color stays, a ramp keeps its slope, in every range of
// scales and where the region reaches beyond the image.
func TestResample(t *testing.T) {
	m := &Image{}
	m.resize(200, 100)
	for i := range 200 * 100 {
		m.Pix[3*i], m.Pix[3*i+1], m.Pix[3*i+2] = byte(i%200), 90, byte(i/200)
	}
	for _, n := range []int{20, 80, 190, 500} {
		out := make([]float32, 3*n*n)
		var s resampler
		s.run(m, rect{0, 0, 200, 100}, n, n, planes{out[:n*n], out[n*n : 2*n*n], out[2*n*n:], 1, 0})
		for i := range n * n {
			x, y := (float32(i%n)+0.5)*200/float32(n)-0.5, (float32(i/n)+0.5)*100/float32(n)-0.5
			if !near(out[i], max(0, min(199, x)), 1.1) || !near(out[n*n+i], 90, 0.01) || !near(out[2*n*n+i], max(0, min(99, y)), 1.1) {
				t.Fatalf("%d×%d at %d: %v %v %v", n, n, i, out[i], out[n*n+i], out[2*n*n+i])
			}
		}
		s.run(m, rect{-1000, -1000, 3000, 3000}, n, n, planes{out[:n*n], out[n*n : 2*n*n], out[2*n*n:], 1, 0})
	}
}

// TestWarp: a shrinking and an enlarging warp of a ramp, and black outside.
func TestWarp(t *testing.T) {
	m := &Image{}
	m.resize(250, 250)
	for i := range 250 * 250 {
		m.Pix[3*i] = byte(i % 250)
	}
	for _, scale := range []float32{0.7, 1.2, 2, 3, 5} {
		var dst Aligned
		warp(&dst, m, affine{scale, 0, 10, 0, scale, 10})
		for _, x := range []int{5, 20, 40} {
			want := scale*float32(x) + 10
			if got := float32(dst[3*(20*AlignedSize+x)]); !near(got, want, 1.5) && want < 240 {
				t.Errorf("scale %v at %d: %v, want %v", scale, x, got, want)
			}
		}
		warp(&dst, m, affine{scale, 0, 1e5, 0, scale, 1e5})
		if dst != (Aligned{}) {
			t.Errorf("scale %v: outside of the image it is not black", scale)
		}
	}
}

func TestLight(t *testing.T) {
	var flat, checks Aligned
	for i := range flat {
		flat[i] = 100
		if (i/3%AlignedSize+i/3/AlignedSize)%2 == 0 {
			checks[i] = 200
		}
	}
	var q biometric.Quality
	if light(&flat, &q); !near(q.Exposure, 100, 0.5) || q.Contrast != 0 || q.Sharpness != 0 {
		t.Errorf("flat gray: %+v", q)
	}
	if light(&checks, &q); !near(q.Exposure, 100, 0.5) || !near(q.Contrast, 100, 0.5) || q.Sharpness < 1e5 {
		t.Errorf("a chessboard: %+v", q)
	}
}

func TestCoverKeepsTheSubjectsFace(t *testing.T) {
	out := image.NewRGBA(image.Rect(0, 0, 20, 20))
	cover(out, image.Rect(5, 5, 40, 40), image.Rect(0, 0, 10, 10))
	for _, c := range []struct {
		x, y int
		want byte
	}{{0, 0, 0}, {7, 7, 0}, {12, 7, coverGray}, {19, 19, coverGray}} {
		if got := out.RGBAAt(c.x, c.y).R; got != c.want {
			t.Errorf("at %d,%d: %d, want %d", c.x, c.y, got, c.want)
		}
	}
}
