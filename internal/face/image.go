package face

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
)

// resize makes room for w×h pixels, with what was there before left in it.
func (m *Image) resize(w, h int) {
	n := 3 * w * h
	if cap(m.Pix) < n {
		m.Pix = make([]byte, n)
	}
	m.W, m.H, m.Pix = w, h, m.Pix[:n]
}

// keepBytes is the largest buffer a worker keeps from image to image: a 4K
// frame. What a rare larger image needs goes back to the collector.
const keepBytes = 3 * 3840 * 2160

// Clear forgets the pixels.
func (m *Image) Clear() {
	if cap(m.Pix) > keepBytes {
		m.Pix = nil
	}
	clear(m.Pix)
	m.W, m.H = 0, 0
}

// decodeJPEGStd decodes with the standard library. The turbojpeg build uses it
// too, for the CMYK images that libjpeg does not convert.
func decodeJPEGStd(dst *Image, data []byte) error {
	src, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return err
	}
	dst.fill(src)
	return nil
}

func decodePNG(dst *Image, data []byte, _ image.Config) error {
	src, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return err
	}
	dst.fill(src)
	return nil
}

// fill copies any image, the usual kinds fast. Where there is transparency the
// color under it is taken: a portrait has none, and a cut-out one is clearest
// without a background of our choosing.
func (m *Image) fill(src image.Image) {
	b := src.Bounds()
	m.resize(b.Dx(), b.Dy())
	switch src := src.(type) {
	case *image.YCbCr:
		m.fillYCbCr(src)
	case *image.Gray:
		m.fillGray(src)
	case *image.RGBA:
		m.fillRGBA(src.Pix, src.Stride)
	case *image.NRGBA:
		m.fillRGBA(src.Pix, src.Stride)
	default:
		m.fillAny(src)
	}
}

func (m *Image) fillAny(src image.Image) {
	b := src.Bounds()
	i := 0
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := color.NRGBAModel.Convert(src.At(x, y)).(color.NRGBA)
			m.Pix[i], m.Pix[i+1], m.Pix[i+2] = c.R, c.G, c.B
			i += 3
		}
	}
}

func (m *Image) fillRGBA(pix []byte, stride int) {
	for y := range m.H {
		to, from := m.Pix[3*m.W*y:][:3*m.W], pix[stride*y:]
		for x := range m.W {
			copy(to[3*x:][:3], from[4*x:][:3])
		}
	}
}

func (m *Image) fillGray(src *image.Gray) {
	for y := range m.H {
		to, from := m.Pix[3*m.W*y:][:3*m.W], src.Pix[src.Stride*y:][:m.W]
		for x, v := range from {
			t := to[3*x:][:3]
			t[0], t[1], t[2] = v, v, v
		}
	}
}

// fillYCbCr works in 16-bit fixed point on whole rows; chroma is shared by the
// pixels it covers, which is where image/jpeg's own conversion loses time.
//
// Source: JFIF 1.02, conversion to and from RGB.
func (m *Image) fillYCbCr(src *image.YCbCr) {
	shift := chromaShift(src.SubsampleRatio)
	b := src.Rect
	for y := range m.H {
		to := m.Pix[3*m.W*y:][:3*m.W]
		luma := src.Y[src.YOffset(b.Min.X, b.Min.Y+y):][:m.W]
		at := src.COffset(b.Min.X, b.Min.Y+y)
		chroma := (m.W-1)>>shift + 1
		cb, cr := src.Cb[at:][:chroma], src.Cr[at:][:chroma]
		for i := range cb {
			blue, red := int32(cb[i])-128, int32(cr[i])-128
			dr, dg, db := 91881*red+1<<15, -22554*blue-46802*red+1<<15, 116130*blue+1<<15
			for x := i << shift; x < min((i+1)<<shift, m.W); x++ {
				v := int32(luma[x]) << 16
				t := to[3*x:][:3]
				t[0], t[1], t[2] = level((v+dr)>>16), level((v+dg)>>16), level((v+db)>>16)
			}
		}
	}
}

// chromaShift is how many times narrower chroma is than luma, as a power of 2.
func chromaShift(r image.YCbCrSubsampleRatio) int {
	switch r {
	case image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio440:
		return 0
	case image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420:
		return 1
	}
	return 2
}

// level keeps v in a byte.
func level(v int32) byte {
	if uint32(v) > 255 {
		return byte(^(v >> 31))
	}
	return byte(v)
}
