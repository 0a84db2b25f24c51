package face

// rect is a region of an image in continuous pixel coordinates; it may reach
// beyond the image, where the edge pixels are repeated.
type rect struct{ x, y, w, h float32 }

// axis is a two-tap filter along one axis: output i is the mix of the bytes at
// a[i] and b[i], the latter with weight w[i] of 256. Up to a factor of two that
// is bilinear; above, the taps stand in the middle of the two halves of the
// cell, so that two taps see more than two neighbors would. More taps cost
// more than they give: the inputs of the models are small.
type axis struct {
	a, b, w []int32
}

func (x *axis) set(n int, start, length float32, limit, step int) {
	if cap(x.a) < n {
		x.a, x.b, x.w = make([]int32, n), make([]int32, n), make([]int32, n)
	}
	x.a, x.b, x.w = x.a[:n], x.b[:n], x.w[:n]
	scale := length / float32(n)
	for i := range n {
		center := start + (float32(i)+0.5)*scale
		a, b, w := floor(center-scale/4), floor(center+scale/4), int32(128)
		if scale < 2 {
			a = floor(center - 0.5)
			b, w = a+1, int32((center-0.5-float32(a))*256)
		}
		x.a[i], x.b[i], x.w[i] = int32(clamp(a, limit)*step), int32(clamp(b, limit)*step), w
	}
}

func floor(v float32) int {
	i := int(v)
	if float32(i) > v {
		i--
	}
	return i
}

// clamp keeps i in [0, limit).
func clamp(i, limit int) int { return max(0, min(i, limit-1)) }

// resampler keeps the filters of a stage between images.
type resampler struct{ x, y axis }

// planes are the red, green and blue planes of a model's input; the value
// written is v×mul+add for v in 0..255.
type planes struct {
	r, g, b  []float32
	mul, add float32
}

// run fills the w×h planes from a region of img.
func (s *resampler) run(img *Image, from rect, w, h int, to planes) {
	s.x.set(w, from.x, from.w, img.W, 3)
	s.y.set(h, from.y, from.h, img.H, 3*img.W)
	mul, add := to.mul/65536, to.add
	xa, xb, xw := s.x.a, s.x.b[:w], s.x.w[:w]
	for y := range h {
		top := img.Pix[s.y.a[y]:][:3*img.W]
		low := img.Pix[s.y.b[y]:][:3*img.W]
		vy := s.y.w[y]
		r, g, b := to.r[y*w:][:w], to.g[y*w:][:w], to.b[y*w:][:w]
		for x := range xa[:w] {
			vx := xw[x]
			w11 := vx * vy
			w01, w10 := vx<<8-w11, vy<<8-w11
			w00 := 65536 - w11 - w01 - w10
			p, q := top[xa[x]:][:3], top[xb[x]:][:3]
			u, v := low[xa[x]:][:3], low[xb[x]:][:3]
			r[x] = float32(int32(p[0])*w00+int32(q[0])*w01+int32(u[0])*w10+int32(v[0])*w11)*mul + add
			g[x] = float32(int32(p[1])*w00+int32(q[1])*w01+int32(u[1])*w10+int32(v[1])*w11)*mul + add
			b[x] = float32(int32(p[2])*w00+int32(q[2])*w01+int32(u[2])*w10+int32(v[2])*w11)*mul + add
		}
	}
}
