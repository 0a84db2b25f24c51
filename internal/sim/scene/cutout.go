package scene

import (
	"image"
	"image/draw"
	"math"
)

// Cutout is a person, or a printed portrait, without what was behind. It is
// immutable and safe for concurrent use.
type Cutout struct {
	pix *image.RGBA // premultiplied
	// The middle of the face, and its height from hairline to chin, in pixels
	// of pix. The place is only ever used to aim the camera.
	faceX, faceY, faceH float64
	flat                bool // ends at its own border: nothing continues below
}

// A centered portrait has its face here, as parts of its width and height.
const (
	faceCenterX  = 0.5
	faceCenterY  = 0.47
	faceFraction = 0.52
)

// Cut takes the person out of a portrait-like picture and carries shoulders
// and chest on beyond its borders, where they would be cut off straight. The
// face is where the picture has it if face is not empty, otherwise in the
// middle.
func Cut(picture image.Image, face image.Rectangle) *Cutout {
	src := toRGBA(picture)
	w, h := src.Rect.Dx(), src.Rect.Dy()
	c := &Cutout{faceX: faceCenterX * float64(w), faceY: faceCenterY * float64(h), faceH: faceFraction * float64(h)}
	if !face.Empty() {
		face = face.Sub(picture.Bounds().Min)
		c.faceX = float64(face.Min.X+face.Max.X) / 2
		c.faceY = float64(face.Min.Y+face.Max.Y) / 2
		c.faceH = float64(face.Dy())
	}
	mask := personMask(src)
	pad, below := w*9/20, h*3/5
	c.pix = image.NewRGBA(image.Rect(0, 0, w+2*pad, h+below))
	placePerson(c.pix, src, mask, pad)
	growShoulders(c.pix, src, mask, pad)
	growChest(c.pix, w, h, pad)
	c.faceX += float64(pad)
	return c
}

func toRGBA(picture image.Image) *image.RGBA {
	b := picture.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(out, out.Rect, picture, b.Min, draw.Src)
	return out
}

func placePerson(dst, src *image.RGBA, mask []uint8, pad int) {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	for y := range h {
		s, d := src.Pix[y*src.Stride:], dst.Pix[y*dst.Stride+4*pad:]
		for x := range w {
			putPixel(d[4*x:], s[4*x:], uint32(mask[y*w+x]))
		}
	}
}

func putPixel(d, s []uint8, a uint32) {
	d[0] = uint8(uint32(s[0]) * a / 255)
	d[1] = uint8(uint32(s[1]) * a / 255)
	d[2] = uint8(uint32(s[2]) * a / 255)
	d[3] = uint8(a)
}

// growShoulders lets what touches the left and the right border go on in a
// round shoulder, colored by the mirror image of what is inside.
func growShoulders(dst, src *image.RGBA, mask []uint8, pad int) {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	for _, edge := range []struct{ x, in int }{{0, 1}, {w - 1, -1}} {
		top := columnTop(mask, w, h, edge.x)
		if top >= h {
			continue
		}
		reach, drop := 0.24*float64(w), float64(h-top)+0.4*float64(h)
		for dx := 1; dx < min(pad, int(reach)); dx++ {
			in := edge.x + edge.in*(dx-1)
			colTop := min(columnTop(mask, w, h, in)+4, h-1)
			r := float64(dx) / reach
			start := float64(top) + drop*(1-math.Sqrt(1-r*r))
			out := pad + edge.x - edge.in*dx
			for y := int(start); y < h; y++ {
				a := min(uint32(255*(float64(y)-start)/3), 255)
				putPixel(dst.Pix[y*dst.Stride+4*out:], src.Pix[max(y, colTop)*src.Stride+4*in:], a)
			}
		}
	}
}

// columnTop is where the person begins in a column and does not end until the
// bottom, or h.
func columnTop(mask []uint8, w, h, x int) int {
	y := h
	for y > 0 && mask[(y-1)*w+x] > 127 {
		y--
	}
	return y
}

// growChest carries the body on downward: first as a mirror image, then as
// clothes in the color of the shoulders, with a round neckline.
func growChest(dst *image.RGBA, w, h, pad int) {
	cloth, cols := clothColor(dst, w, h, pad), chestColumns(dst.Rect.Dx(), w, h, pad)
	last := dst.Pix[(h-1)*dst.Stride : h*dst.Stride]
	for y := h; y < dst.Rect.Dy(); y++ {
		dy := float64(y - h)
		shade := uint32(256 * (1 - 0.3*min(dy/float64(h/2), 1)))
		mirror := dst.Pix[max(2*h-1-y, h-h/9)*dst.Stride:]
		row := dst.Pix[y*dst.Stride : (y+1)*dst.Stride]
		for x, c := range cols {
			a := uint32(last[4*x+3])
			if a == 0 {
				continue
			}
			blend := uint32(256 * min(max((dy-c.neckline)*c.slope+0.5, 0), 1))
			weave := blend * c.fold * a / 255 >> 8
			d, m := row[4*x:4*x+4:4*x+4], mirror[4*x:4*x+4:4*x+4]
			for k := range 3 {
				v := uint32(m[k])*(256-blend) + cloth[k]*weave
				d[k] = uint8(min(v>>8*shade>>8, a))
			}
			d[3] = uint8(a)
		}
	}
}

// chestColumn is what growChest needs of one column: how far down the mirror
// image reaches, how fast it fades, and the light on the clothes.
type chestColumn struct {
	neckline, slope float64
	fold            uint32 // of 256
}

func chestColumns(n, w, h, pad int) []chestColumn {
	cols := make([]chestColumn, n)
	for x := range cols {
		nx := unit(x-pad, w)
		middle := math.Max(1-2.2*nx*nx, 0)
		fold := 1 + 0.05*math.Sin(nx*9) - 0.2*nx*nx
		cols[x] = chestColumn{
			neckline: 0.11 * float64(h) * math.Max(middle, 0.4),
			slope:    1 / (14 + 80*(1-middle)),
			fold:     uint32(256 * math.Max(fold, 0.3)),
		}
	}
	return cols
}

// clothColor is the typical color of the two shoulders at the lower border:
// what is in the middle there may be skin.
func clothColor(img *image.RGBA, w, h, pad int) (c [3]uint32) {
	for k := range 3 {
		var values []float64
		for y := h - h/16; y < h; y += 2 {
			for _, x := range []int{w / 16, w / 8, w / 6, w - w/6, w - w/8, w - w/16} {
				if p := img.Pix[y*img.Stride+4*(pad+x):]; p[3] > 250 {
					values = append(values, float64(p[k]))
				}
			}
		}
		c[k] = 60
		if len(values) > 0 {
			c[k] = uint32(median(values))
		}
	}
	return c
}
