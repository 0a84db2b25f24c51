package face

import (
	"image"

	"limen/biometric"
)

// The cut-out has the form of a passport portrait, with the face half as high
// as the picture. It is never larger than cutoutHeight: the template needs
// 112 pixels of face, a person comparing two faces some 200.
const (
	cutoutScale  = 2.0
	cutoutAspect = 0.8
	cutoutHeight = 320
	// coverScale is how much more than the box of another face is painted
	// over, for its hair and chin.
	coverScale = 1.4
)

// coverGray is what other people's faces become.
const coverGray = 128

// cutOut returns the subject alone: a copy of the region around its face, with
// every other face painted over, at most cutoutHeight high.
func (w *worker) cutOut(subject int) *image.RGBA {
	img, face := &w.image, w.found[subject].Box
	from := cutoutRegion(img, face)
	shrink := min(1, cutoutHeight/(cutoutScale*face.H))
	width, height := max(1, int(from.w*shrink)), max(1, int(from.h*shrink))
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	w.cut.x.set(width, from.x, from.w, img.W, 3)
	w.cut.y.set(height, from.y, from.h, img.H, 3*img.W)
	for y := range height {
		row := out.Pix[y*out.Stride:][:4*width]
		top, low := img.Pix[w.cut.y.a[y]:], img.Pix[w.cut.y.b[y]:]
		if w.cut.x.halves && w.cut.y.halves {
			meanRow(row, top, low, &w.cut.x)
		} else {
			mixRow(row, top, low, &w.cut.x, w.cut.y.w[y])
		}
	}
	place := func(b biometric.Box) image.Rectangle {
		sx, sy := float32(width)/from.w, float32(height)/from.h
		x, y := (b.X-from.x)*sx, (b.Y-from.y)*sy
		return image.Rect(floor(x), floor(y), floor(x+b.W*sx)+1, floor(y+b.H*sy)+1)
	}
	for i, f := range w.found {
		if i != subject {
			cover(out, place(grow(f.Box, coverScale)), place(face))
		}
	}
	return out
}

// cutoutRegion is the part of the image that the cut-out shows.
func cutoutRegion(img *Image, face biometric.Box) rect {
	h := cutoutScale * face.H
	w := h * cutoutAspect
	x, y := face.X+face.W/2-w/2, face.Y+face.H/2-h/2
	left, top := max(0, x), max(0, y)
	right, bottom := min(float32(img.W), x+w), min(float32(img.H), y+h)
	return rect{left, top, max(1, right-left), max(1, bottom-top)}
}

func grow(b biometric.Box, by float32) biometric.Box {
	return biometric.Box{X: b.X - b.W*(by-1)/2, Y: b.Y - b.H*(by-1)/2, W: b.W * by, H: b.H * by}
}

// cover paints over r but for keep, which is the subject's own face.
func cover(out *image.RGBA, r, keep image.Rectangle) {
	r = r.Intersect(out.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if !(image.Point{X: x, Y: y}).In(keep) {
				p := out.Pix[out.PixOffset(x, y):][:3]
				p[0], p[1], p[2] = coverGray, coverGray, coverGray
			}
		}
	}
}

// meanRow is mixRow where all four pixels weigh the same.
func meanRow(to, top, low []byte, x *axis) {
	n := len(to) / 4
	xa, xb := x.a[:n], x.b[:n]
	for i := range n {
		p, q := top[xa[i]:][:3], top[xb[i]:][:3]
		u, v := low[xa[i]:][:3], low[xb[i]:][:3]
		t := to[4*i:][:4]
		t[0] = byte((uint32(p[0]) + uint32(q[0]) + uint32(u[0]) + uint32(v[0]) + 2) >> 2)
		t[1] = byte((uint32(p[1]) + uint32(q[1]) + uint32(u[1]) + uint32(v[1]) + 2) >> 2)
		t[2] = byte((uint32(p[2]) + uint32(q[2]) + uint32(u[2]) + uint32(v[2]) + 2) >> 2)
		t[3] = 255
	}
}

// mixRow writes one row of RGBA from two rows of an image, vy being the weight
// of the lower.
func mixRow(to, top, low []byte, x *axis, vy int32) {
	n := len(to) / 4
	xa, xb, xw := x.a[:n], x.b[:n], x.w[:n]
	for i := range n {
		vx := xw[i]
		p, q := top[xa[i]:][:3], top[xb[i]:][:3]
		u, v := low[xa[i]:][:3], low[xb[i]:][:3]
		t := to[4*i:][:4]
		for c := range 3 {
			above := int32(p[c])<<8 + (int32(q[c])-int32(p[c]))*vx
			below := int32(u[c])<<8 + (int32(v[c])-int32(u[c]))*vx
			t[c] = byte((above<<8 + (below-above)*vy + 1<<15) >> 16)
		}
		t[3] = 255
	}
}
