package scene

import (
	"image"
	"math"
	"sync"
)

// pose places a cutout in the frame.
type pose struct {
	x, y  float64 // of the face's middle, in pixels of the frame
	faceH float64
	roll  float64 // degrees clockwise
}

// layer is a cutout as it lies in the frame: premultiplied pixels whose Rect
// origin is 0 and whose place in the frame is at.
type layer struct {
	pix *image.RGBA
	at  image.Point
}

// layers are reused: at 1080p a fresh one a frame would keep the collector busy.
var layerPool = sync.Pool{New: func() any { return new(image.RGBA) }}

func newLayer(w, h int) *image.RGBA {
	img := layerPool.Get().(*image.RGBA)
	if n := 4 * w * h; cap(img.Pix) < n {
		img.Pix = make([]uint8, n)
	} else {
		img.Pix = img.Pix[:n]
		clear(img.Pix)
	}
	img.Stride, img.Rect = 4*w, image.Rect(0, 0, w, h)
	return img
}

func (l layer) free() { layerPool.Put(l.pix) }

// render scales and turns a cutout into a layer with margin free pixels for
// a later blur. The part of it outside the frame is not rendered.
func (c *Cutout) render(p pose, margin int) layer {
	scale := p.faceH / c.faceH
	sin := math.Abs(math.Sin(p.roll * math.Pi / 180))
	w, h := float64(c.pix.Rect.Dx()), float64(c.pix.Rect.Dy())
	left, right := c.faceX*scale, (w-c.faceX)*scale
	up, down := c.faceY*scale, (h-c.faceY)*scale
	if !c.flat {
		down = math.Max(down, Height-p.y+float64(margin)) // the body goes on to the frame's end
	}
	lean := sin * math.Max(math.Max(up, left), math.Min(down, Height))
	box := image.Rect(int(p.x-left-lean), int(p.y-up-lean), int(p.x+right+lean)+1, int(p.y+down+lean)+1)
	box = box.Inset(-margin).Intersect(image.Rect(-margin, -margin, Width+margin, Height+margin))
	if box.Empty() {
		return layer{newLayer(1, 1), image.Point{}}
	}
	l := layer{newLayer(box.Dx(), box.Dy()), box.Min}
	const one = 1 << 16 // fixed point, 16 bits of fraction
	for y := range box.Dy() {
		dx, dy := float64(box.Min.X)-p.x, float64(y+box.Min.Y)-p.y
		sin, cos := math.Sincos(c.rollAt(p, dy) * math.Pi / 180)
		sx := int((c.faceX + (dx*cos+dy*sin)/scale) * one)
		sy := int((c.faceY + (dy*cos-dx*sin)/scale) * one)
		stepX, stepY := int(cos/scale*one), int(-sin/scale*one)
		c.sampleRow(l.pix.Pix[y*l.pix.Stride:(y+1)*l.pix.Stride], sx, sy, stepX, stepY)
	}
	return l
}

// rollAt is how far a person is tilted at dy pixels below the middle of the
// face: the head fully, the body upright. A sheet of paper tilts as a whole.
func (c *Cutout) rollAt(p pose, dy float64) float64 {
	if c.flat {
		return p.roll
	}
	return p.roll * math.Min(math.Max(1-(dy/p.faceH-0.55)/1.2, 0), 1)
}

// sampleRow fills one row bilinearly.
func (c *Cutout) sampleRow(dst []uint8, sx, sy, stepX, stepY int) {
	w, h, stride, pix := c.pix.Rect.Dx(), c.pix.Rect.Dy(), c.pix.Stride, c.pix.Pix
	for i := 0; i+3 < len(dst); i, sx, sy = i+4, sx+stepX, sy+stepY {
		x, y := sx>>16, sy>>16
		if x < 0 || x >= w-1 || y < 0 || c.flat && y >= h-1 {
			continue
		}
		fx, fy := uint32(sx>>8&255), uint32(sy>>8&255)
		y2 := min(y+1, h-1)
		y = min(y, h-1)
		a := pix[y*stride+4*x : y*stride+4*x+8 : y*stride+4*x+8]
		b := pix[y2*stride+4*x : y2*stride+4*x+8 : y2*stride+4*x+8]
		if a[3]|a[7]|b[3]|b[7] == 0 {
			continue
		}
		w11 := fx * fy
		w10, w01 := fy<<8-w11, fx<<8-w11
		w00 := 1<<16 - w10 - w01 - w11
		d := dst[i : i+4 : i+4]
		for k := range 4 {
			d[k] = uint8((uint32(a[k])*w00 + uint32(a[k+4])*w01 + uint32(b[k])*w10 + uint32(b[k+4])*w11) >> 16)
		}
	}
}

// sideLight brightens one side of the layer and darkens the other, around x.
func (l layer) sideLight(x, reach, strength float64) {
	if strength == 0 {
		return
	}
	factors := make([]uint32, l.pix.Rect.Dx())
	for i := range factors {
		t := (float64(i+l.at.X) - x) / reach
		factors[i] = uint32(256 * math.Min(math.Max(1+strength*math.Tanh(t), 0.3), 1.6))
	}
	for y := range l.pix.Rect.Dy() {
		row := l.pix.Pix[y*l.pix.Stride:]
		for i, f := range factors {
			p := row[4*i : 4*i+4 : 4*i+4]
			if a := uint32(p[3]); a != 0 {
				p[0] = uint8(min(uint32(p[0])*f>>8, a))
				p[1] = uint8(min(uint32(p[1])*f>>8, a))
				p[2] = uint8(min(uint32(p[2])*f>>8, a))
			}
		}
	}
}

// dim multiplies the colors by f of 256 parts.
func (l layer) dim(f uint32) {
	for i := 0; i < len(l.pix.Pix); i += 4 {
		p := l.pix.Pix[i : i+4 : i+4]
		p[0], p[1], p[2] = uint8(uint32(p[0])*f>>8), uint8(uint32(p[1])*f>>8), uint8(uint32(p[2])*f>>8)
	}
}

// over lays l on the frame.
func (l layer) over(frame *image.RGBA) {
	r := l.pix.Rect.Add(l.at).Intersect(frame.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		src := l.pix.Pix[(y-l.at.Y)*l.pix.Stride+4*(r.Min.X-l.at.X):]
		dst := frame.Pix[y*frame.Stride+4*r.Min.X : y*frame.Stride+4*r.Max.X]
		for i := 0; i < len(dst); i += 4 {
			s := src[i : i+4 : i+4]
			if s[3] == 0 {
				continue
			}
			d, keep := dst[i:i+4:i+4], 255-uint32(s[3])
			d[0] = uint8(uint32(s[0]) + (uint32(d[0])*keep+127)/255)
			d[1] = uint8(uint32(s[1]) + (uint32(d[1])*keep+127)/255)
			d[2] = uint8(uint32(s[2]) + (uint32(d[2])*keep+127)/255)
		}
	}
}
