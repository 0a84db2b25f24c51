package face

import "math"

// affine maps (x, y) to (xx·x + xy·y + tx, yx·x + yy·y + ty).
type affine struct{ xx, xy, tx, yx, yy, ty float32 }

// maxTaps bounds the pixels averaged along one axis; a face several times
// larger than that is sharp enough without the rest.
const maxTaps = 2

// warp fills dst from img through m, which maps a pixel center of dst to one
// of img. Where dst is much smaller than what it shows, each pixel is the mean
// of the cell it stands for: reading single pixels would turn a camera's noise
// into features. Outside of img it is black, as the model was trained.
func warp(dst *Aligned, img *Image, m affine) {
	scale := math.Hypot(float64(m.xx), float64(m.yx))
	if n := int(math.Round(scale)); n > 1 {
		warpMean(dst, img, m, min(n, maxTaps))
		return
	}
	warpBilinear(dst, img, m)
}

func warpBilinear(dst *Aligned, img *Image, m affine) {
	stride := 3 * img.W
	for y := range AlignedSize {
		sx, sy := m.xy*float32(y)+m.tx, m.yy*float32(y)+m.ty
		row := dst[y*3*AlignedSize:][:3*AlignedSize]
		for x := range AlignedSize {
			out := row[3*x:][:3]
			fx, fy := sx+m.xx*float32(x), sy+m.yx*float32(x)
			ix, iy := floor(fx), floor(fy)
			if ix < 0 || iy < 0 || ix >= img.W-1 || iy >= img.H-1 {
				out[0], out[1], out[2] = 0, 0, 0
				continue
			}
			wx, wy := int32((fx-float32(ix))*256), int32((fy-float32(iy))*256)
			top := img.Pix[iy*stride+3*ix:][:6]
			low := img.Pix[(iy+1)*stride+3*ix:][:6]
			for c := range 3 {
				t := int32(top[c])<<8 + (int32(top[c+3])-int32(top[c]))*wx
				l := int32(low[c])<<8 + (int32(low[c+3])-int32(low[c]))*wx
				out[c] = byte((t<<8 + (l-t)*wy + 1<<15) >> 16)
			}
		}
	}
}

// tap is a place in a cell relative to its center, in 1/65536 of a pixel.
type tap struct{ x, y int }

// fixed is v in 1/65536.
func fixed(v float32) int { return int(v * 65536) }

func abs(v float32) float32 { return max(v, -v) }

func warpMean(dst *Aligned, img *Image, m affine, n int) {
	var taps [maxTaps * maxTaps]tap
	for i := range n * n {
		dx, dy := (float32(i%n)+0.5)/float32(n)-0.5, (float32(i/n)+0.5)/float32(n)-0.5
		taps[i] = tap{fixed(m.xx*dx + m.xy*dy), fixed(m.yx*dx + m.yy*dy)}
	}
	// How far a tap can be from its cell's center, in whole pixels.
	reach := int(max(abs(m.xx)+abs(m.xy), abs(m.yx)+abs(m.yy)))/2 + 2
	const half = 1 << 15 // the nearest pixel, not the one above left
	share := int32((1<<16 + n*n/2) / (n * n))
	for y := range AlignedSize {
		row := dst[y*3*AlignedSize:][:3*AlignedSize]
		for x := range AlignedSize {
			cx := fixed(m.xx*float32(x)+m.xy*float32(y)+m.tx) + half
			cy := fixed(m.yx*float32(x)+m.yy*float32(y)+m.ty) + half
			out := row[3*x:][:3]
			if ix, iy := cx>>16, cy>>16; ix < reach || iy < reach || ix >= img.W-reach || iy >= img.H-reach {
				out[0], out[1], out[2] = nearOrBlack(img, ix, iy)
				continue
			}
			var r, g, b int32
			for _, t := range taps[:n*n] {
				p := img.Pix[3*((cy+t.y)>>16*img.W+(cx+t.x)>>16):][:3]
				r += int32(p[0])
				g += int32(p[1])
				b += int32(p[2])
			}
			out[0], out[1], out[2] = byte(r*share>>16), byte(g*share>>16), byte(b*share>>16)
		}
	}
}

// nearOrBlack serves the few cells at the image's edge.
func nearOrBlack(img *Image, x, y int) (r, g, b byte) {
	if x < 0 || y < 0 || x >= img.W || y >= img.H {
		return 0, 0, 0
	}
	p := img.Pix[3*(y*img.W+x):][:3]
	return p[0], p[1], p[2]
}
