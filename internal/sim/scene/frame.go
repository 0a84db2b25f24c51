package scene

import (
	"bytes"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"sync"
)

// Shot says how a frame is taken. The zero value of every field but
// FaceHeight, Gain, Gamma and Quality is the plain case.
type Shot struct {
	// Seed decides noise and the small things.
	Seed uint64
	// FaceHeight is hairline to chin in pixels of the frame: the distance.
	FaceHeight float64
	// X and Y are the middle of the face as parts of the frame; outside 0 to 1
	// the face is out of the frame.
	X, Y float64
	// Roll and Yaw are degrees: head tilted clockwise, head turned away.
	Roll, Yaw float64
	// Gain multiplies the light, Gamma bends it (over 1 darkens the middle).
	Gain, Gamma float64
	// Warmth goes from -1 (blue light) to 1 (yellow).
	Warmth float64
	// Side is light from one side of the subject, -1 (left) to 1 (right).
	Side float64
	// Motion is how many pixels the subject moved, Defocus the blur's radius.
	Motion, Defocus int
	// Noise is the sensor's standard deviation in gray levels.
	Noise float64
	// Quality is that of the JPEG, 1 to 100.
	Quality int
}

// Layers are what stands before the camera. Hall and Subject are needed.
type Layers struct {
	Hall    *Hall
	Subject *Cutout
	// Behind stands behind the subject, smaller, at the side.
	Behind *Cutout
	// Print is held up before the subject's face; Shot's size and place are
	// then those of the printed face.
	Print *Cutout
}

var framePool = sync.Pool{New: func() any { return image.NewRGBA(image.Rect(0, 0, Width, Height)) }}

// Frame takes the picture and returns its JPEG. It is safe for concurrent use.
func Frame(l Layers, s Shot) ([]byte, error) {
	img := framePool.Get().(*image.RGBA)
	defer framePool.Put(img)
	compose(img, l, s)
	var buf bytes.Buffer
	buf.Grow(400 << 10)
	err := jpeg.Encode(&buf, img, &jpeg.Options{Quality: s.Quality})
	return buf.Bytes(), err
}

func compose(img *image.RGBA, l Layers, s Shot) {
	rnd := rand.New(rand.NewPCG(s.Seed, 0x7363656e65))
	copy(img.Pix, l.Hall.pix.Pix)
	at := pose{x: s.X * Width, y: s.Y * Height, faceH: s.FaceHeight, roll: s.Roll}
	if l.Behind != nil {
		drawBehind(img, l.Behind, at, rnd)
	}
	subject, place := l.Subject, at
	if s.Yaw != 0 {
		subject = subject.turned(s.Yaw)
	}
	if l.Print != nil { // whoever holds it is behind and a little beside it
		place = pose{x: at.x - 0.5*at.faceH, y: at.y - 0.25*at.faceH, faceH: 0.95 * at.faceH}
	}
	drawSubject(img, subject, place, s)
	if l.Print != nil {
		drawSubject(img, l.Print, at, s)
	}
	l.Hall.front.over(img)
	develop(img, s, rnd)
}

func drawBehind(img *image.RGBA, c *Cutout, at pose, rnd *rand.Rand) {
	side := float64(1 - 2*rnd.IntN(2))
	smaller := 0.42 + 0.2*rnd.Float64()
	b := c.render(pose{
		x:     at.x + side*at.faceH*(1.15+0.6*rnd.Float64()),
		y:     at.y + at.faceH*(0.25*rnd.Float64()-0.05),
		faceH: at.faceH * smaller,
		roll:  8*rnd.Float64() - 4,
	}, 12)
	b.dim(150 + uint32(rnd.IntN(50)))
	radius := 2 + int(at.faceH/130)
	boxBlur(b.pix, radius, radius)
	b.over(img)
	b.free()
}

func drawSubject(img *image.RGBA, c *Cutout, at pose, s Shot) {
	subject := c.render(at, s.Motion/2+s.Defocus+2)
	subject.sideLight(at.x, 0.7*at.faceH, 0.45*s.Side)
	boxBlur(subject.pix, s.Motion/2, s.Motion/10) // nobody moves quite level
	boxBlur(subject.pix, s.Defocus, s.Defocus)
	subject.over(img)
	subject.free()
}

// noiseTable holds normal noise with a standard deviation of noiseUnit.
const (
	noiseUnit = 32
	noiseMask = 1<<16 - 1
)

var noiseTable = sync.OnceValue(func() *[noiseMask + 1]int8 {
	rnd, t := rand.New(rand.NewPCG(1, 2)), new([noiseMask + 1]int8)
	for i := range t {
		t[i] = int8(min(max(rnd.NormFloat64()*noiseUnit, -127), 127))
	}
	return t
})

// develop is the camera: exposure, color, darker corners, noise.
func develop(img *image.RGBA, s Shot, rnd *rand.Rand) {
	curves := toneCurves(s)
	noise, sigma := noiseTable(), int(s.Noise*256/noiseUnit)
	var corner [Width]uint32
	for x := range corner {
		t := float64(x)/Width*2 - 1
		corner[x] = uint32(256 * (1 - 0.10*t*t))
	}
	for y := range Height {
		t := float64(y)/Height*2 - 1
		fall := uint32(256 * (1 - 0.07*t*t))
		n := rnd.IntN(noiseMask)
		row := img.Pix[y*img.Stride : y*img.Stride+4*Width]
		for x := range Width {
			p := row[4*x : 4*x+3 : 4*x+3]
			f := int(corner[x] * fall >> 8)
			gray := int(noise[n&noiseMask])
			p[0] = grain(int(curves[0][p[0]])*f, gray+int(noise[(n+7919)&noiseMask])>>1, sigma)
			p[1] = grain(int(curves[1][p[1]])*f, gray, sigma)
			p[2] = grain(int(curves[2][p[2]])*f, gray+int(noise[(n+15013)&noiseMask])>>1, sigma)
			n++
		}
	}
}

func grain(v, noise, sigma int) uint8 {
	v = (v + noise*sigma) >> 8
	if v < 0 {
		return 0
	}
	return uint8(min(v, 255))
}

func toneCurves(s Shot) (curves [3][256]uint8) {
	gains := [3]float64{1 + 0.12*s.Warmth, 1, 1 - 0.16*s.Warmth}
	for c, gain := range gains {
		for v := range 256 {
			out := 255 * math.Pow(float64(v)/255, s.Gamma) * s.Gain * gain
			curves[c][v] = uint8(math.Min(out, 255))
		}
	}
	return curves
}
