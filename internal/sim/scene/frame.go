package scene

import (
	"bytes"
	"image"
	"image/jpeg"
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

var framePool = sync.Pool{New: func() any {
	full := image.Rect(0, 0, Width, Height)
	return &buffers{image.NewRGBA(full), image.NewYCbCr(full, image.YCbCrSubsampleRatio420)}
}}

// buffers are what one frame needs: the scene in light, and the picture as the
// sensor hands it to the JPEG encoder.
type buffers struct {
	scene   *image.RGBA
	picture *image.YCbCr
}

// Frame takes the picture and returns its JPEG. It is safe for concurrent use.
func Frame(l Layers, s Shot) ([]byte, error) {
	b := framePool.Get().(*buffers)
	defer framePool.Put(b)
	rnd := rand.New(rand.NewPCG(s.Seed, 0x7363656e65))
	compose(b.scene, l, s, rnd)
	develop(b.picture, b.scene, s, rnd)
	var buf bytes.Buffer
	buf.Grow(400 << 10)
	err := jpeg.Encode(&buf, b.picture, &jpeg.Options{Quality: s.Quality})
	return buf.Bytes(), err
}

func compose(img *image.RGBA, l Layers, s Shot, rnd *rand.Rand) {
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
