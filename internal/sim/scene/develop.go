package scene

import (
	"image"
	"math"
	"math/rand/v2"
	"sync"
)

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

// sensor is the camera's way from light to luma and chroma, folded into tables
// of 16-bit fixed point: exposure, color temperature and the JFIF matrix.
type sensor struct {
	luma, blue, red [3][256]int32
	corner          [Width]int32 // darker to the sides, of 256
	noise           *[noiseMask + 1]int8
	sigma           int32 // of 256 / noiseUnit
}

func newSensor(s Shot) *sensor {
	// Source: ITU-T T.871 (JFIF), clause 7.
	matrix := [3][3]float64{{0.299, 0.587, 0.114}, {-0.168736, -0.331264, 0.5}, {0.5, -0.418688, -0.081312}}
	gains := [3]float64{1 + 0.12*s.Warmth, 1, 1 - 0.16*s.Warmth}
	c := &sensor{noise: noiseTable(), sigma: int32(s.Noise * 256 / noiseUnit)}
	for k, gain := range gains {
		for v := range 256 {
			light := 65536 * math.Min(255*math.Pow(float64(v)/255, s.Gamma)*s.Gain*gain, 255)
			c.luma[k][v] = int32(matrix[0][k] * light)
			c.blue[k][v] = int32(matrix[1][k] * light)
			c.red[k][v] = int32(matrix[2][k] * light)
		}
	}
	for x := range c.corner {
		t := float64(x)/Width*2 - 1
		c.corner[x] = int32(256 * (1 - 0.10*t*t))
	}
	return c
}

// develop is what the camera makes of the scene: exposure, color, darker
// corners, noise.
func develop(dst *image.YCbCr, src *image.RGBA, s Shot, rnd *rand.Rand) {
	c := newSensor(s)
	for y := 0; y < Height; y += 2 {
		t := float64(y)/Height*2 - 1
		fall := int32(256 * (1 - 0.07*t*t))
		top := src.Pix[y*src.Stride : y*src.Stride+4*Width]
		bottom := src.Pix[(y+1)*src.Stride : (y+1)*src.Stride+4*Width]
		c.lumaRow(dst.Y[y*dst.YStride:y*dst.YStride+Width], top, fall, rnd.Uint32())
		c.lumaRow(dst.Y[(y+1)*dst.YStride:(y+1)*dst.YStride+Width], bottom, fall, rnd.Uint32())
		at := y / 2 * dst.CStride
		c.chromaRow(dst.Cb[at:at+Width/2], dst.Cr[at:at+Width/2], top, bottom, fall, rnd.Uint32())
	}
}

func (c *sensor) lumaRow(dst, src []uint8, fall int32, n uint32) {
	for x := range dst {
		p := src[4*x : 4*x+3 : 4*x+3]
		v := (c.luma[0][p[0]] + c.luma[1][p[1]] + c.luma[2][p[2]]) >> 8 // of 256
		v = v * (c.corner[x] * fall >> 8) >> 8
		v = (v + int32(c.noise[n&noiseMask])*c.sigma + 128) >> 8
		dst[x] = uint8(min(max(v, 0), 255))
		n++
	}
}

// chromaRow makes one chroma sample of four pixels, as 4:2:0 has it.
func (c *sensor) chromaRow(cb, cr, top, bottom []uint8, fall int32, n uint32) {
	for x := range cb {
		a, b := top[8*x:8*x+8:8*x+8], bottom[8*x:8*x+8:8*x+8]
		red := (uint32(a[0]) + uint32(a[4]) + uint32(b[0]) + uint32(b[4])) >> 2
		green := (uint32(a[1]) + uint32(a[5]) + uint32(b[1]) + uint32(b[5])) >> 2
		blue := (uint32(a[2]) + uint32(a[6]) + uint32(b[2]) + uint32(b[6])) >> 2
		f := c.corner[2*x] * fall >> 8
		u := (c.blue[0][red] + c.blue[1][green] + c.blue[2][blue]) >> 8 * f >> 8
		v := (c.red[0][red] + c.red[1][green] + c.red[2][blue]) >> 8 * f >> 8
		grain := c.sigma / 3
		u = 128 + (u+int32(c.noise[n&noiseMask])*grain+128)>>8
		v = 128 + (v+int32(c.noise[(n+7919)&noiseMask])*grain+128)>>8
		cb[x], cr[x] = uint8(min(max(u, 0), 255)), uint8(min(max(v, 0), 255))
		n++
	}
}
