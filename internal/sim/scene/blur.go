package scene

import (
	"image"
	"slices"
)

// boxBlur averages img over (2·rx+1)×(2·ry+1) pixels in place, beyond the
// border repeating the border pixel. On premultiplied colors it keeps edges
// free of the color behind them.
func boxBlur(img *image.RGBA, rx, ry int) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	if rx > 0 && w > 1 {
		line := make([]uint8, 4*w)
		for y := range h {
			row := img.Pix[y*img.Stride : y*img.Stride+4*w]
			copy(line, row)
			slide(row, line, w, rx)
		}
	}
	if ry > 0 && h > 1 {
		blurColumns(img, ry)
	}
}

// slide writes the running average of src over 2r+1 pixels into dst.
func slide(dst, src []uint8, n, r int) {
	var s0, s1, s2, s3 uint32
	for i := -r; i <= r; i++ {
		p := src[4*min(max(i, 0), n-1):]
		s0, s1, s2, s3 = s0+uint32(p[0]), s1+uint32(p[1]), s2+uint32(p[2]), s3+uint32(p[3])
	}
	inv := reciprocal(2*r + 1)
	for i := range n {
		d := dst[4*i : 4*i+4 : 4*i+4]
		d[0], d[1], d[2], d[3] = mean(s0, inv), mean(s1, inv), mean(s2, inv), mean(s3, inv)
		in, out := src[4*min(i+r+1, n-1):], src[4*max(i-r, 0):]
		s0, s1 = s0+uint32(in[0])-uint32(out[0]), s1+uint32(in[1])-uint32(out[1])
		s2, s3 = s2+uint32(in[2])-uint32(out[2]), s3+uint32(in[3])-uint32(out[3])
	}
}

// blurColumns keeps a running sum for a whole row at once, so that memory is
// read in the order in which it lies.
func blurColumns(img *image.RGBA, r int) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	src, sums := slices.Clone(img.Pix), make([]uint32, 4*w)
	row := func(y int) []uint8 {
		y = min(max(y, 0), h-1)
		return src[y*img.Stride : y*img.Stride+4*w]
	}
	for i := -r; i <= r; i++ {
		for x, v := range row(i) {
			sums[x] += uint32(v)
		}
	}
	inv := reciprocal(2*r + 1)
	for y := range h {
		dst, in, out := img.Pix[y*img.Stride:y*img.Stride+4*w], row(y+r+1), row(y-r)
		for x := range dst {
			dst[x] = mean(sums[x], inv)
			sums[x] += uint32(in[x]) - uint32(out[x])
		}
	}
}

// reciprocal and mean divide by a small number with one multiplication.
func reciprocal(n int) uint32 { return (1<<16 + uint32(n)/2) / uint32(n) }

func mean(sum, inv uint32) uint8 { return uint8(min((sum*inv+1<<15)>>16, 255)) }

// smoothGray averages a single-channel picture over squares of side 2r+1.
func smoothGray(pix []uint8, w, h, r int) {
	n := (2*r + 1) * (2*r + 1)
	rows := make([]int, w*h)
	for y := range h {
		sum := 0
		at := func(x int) int { return int(pix[y*w+min(max(x, 0), w-1)]) }
		for i := -r; i <= r; i++ {
			sum += at(i)
		}
		for x := range w {
			rows[y*w+x] = sum
			sum += at(x+r+1) - at(x-r)
		}
	}
	sums := make([]int, w)
	row := func(y int) []int { y = min(max(y, 0), h-1); return rows[y*w : y*w+w] }
	for i := -r; i <= r; i++ {
		for x, v := range row(i) {
			sums[x] += v
		}
	}
	for y := range h {
		in, out := row(y+r+1), row(y-r)
		for x := range w {
			pix[y*w+x] = uint8(sums[x] / n)
			sums[x] += in[x] - out[x]
		}
	}
}

// halve averages squares of four pixels; an odd last column or row is left out.
func halve(img *image.RGBA) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, max(img.Rect.Dx()/2, 1), max(img.Rect.Dy()/2, 1)))
	right, below := min(4, 4*(img.Rect.Dx()-1)), min(img.Stride, img.Stride*(img.Rect.Dy()-1))
	for y := range out.Rect.Dy() {
		src, dst := img.Pix[2*y*img.Stride:], out.Pix[y*out.Stride:]
		for x := range out.Rect.Dx() {
			for k := range 4 {
				i := 8*x + k
				sum := uint32(src[i]) + uint32(src[i+right]) + uint32(src[i+below]) + uint32(src[i+below+right])
				dst[4*x+k] = uint8(sum >> 2)
			}
		}
	}
	return out
}

// enlarge scales a single-channel picture of w×h to width×height, bilinearly.
func enlarge(pix []uint8, w, h, width, height int) []uint8 {
	out := make([]uint8, width*height)
	place := func(i, n, from int) (at, next, part int) {
		f := max((2*i+1)*from*128/n-128, 0) // the middle of a pixel, of 256
		at = min(f>>8, from-1)
		return at, min(at+1, from-1), f & 255
	}
	for y := range height {
		y0, y1, fy := place(y, height, h)
		for x := range width {
			x0, x1, fx := place(x, width, w)
			top := int(pix[y0*w+x0])*(256-fx) + int(pix[y0*w+x1])*fx
			bottom := int(pix[y1*w+x0])*(256-fx) + int(pix[y1*w+x1])*fx
			out[y*width+x] = uint8((top*(256-fy) + bottom*fy) >> 16)
		}
	}
	return out
}

func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	slices.Sort(v)
	return v[len(v)/2]
}
