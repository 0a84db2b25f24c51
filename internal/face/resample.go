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
	halves  bool // every w is a half
}

func (x *axis) set(n int, start, length float32, limit, step int) {
	if cap(x.a) < n {
		x.a, x.b, x.w = make([]int32, n), make([]int32, n), make([]int32, n)
	}
	x.a, x.b, x.w = x.a[:n], x.b[:n], x.w[:n]
	scale := length / float32(n)
	x.halves = scale >= 2
	for i := range n {
		center := start + (float32(i)+0.5)*scale
		a, b, w := floor(center-scale/4), floor(center+scale/4), int32(128)
		if !x.halves {
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
	for y := range h {
		top := img.Pix[s.y.a[y]:][:3*img.W]
		low := img.Pix[s.y.b[y]:][:3*img.W]
		row := planes{to.r[y*w:][:w], to.g[y*w:][:w], to.b[y*w:][:w], to.mul, to.add}
		if s.x.halves && s.y.halves {
			row.fillMean(top, low, &s.x)
		} else {
			row.fill(top, low, &s.x, s.y.w[y])
		}
	}
}

// fill writes one row of planes from two rows of an image, vy being the weight
// of the lower.
func (p planes) fill(top, low []byte, x *axis, vy int32) {
	n := len(p.r)
	xa, xb, xw := x.a[:n], x.b[:n], x.w[:n]
	r, g, b := p.r[:n], p.g[:n], p.b[:n]
	mul, add := p.mul/65536, p.add
	for i := range n {
		vx := xw[i]
		w11 := vx * vy
		w01, w10 := vx<<8-w11, vy<<8-w11
		w00 := 65536 - w11 - w01 - w10
		p, q := top[xa[i]:][:3], top[xb[i]:][:3]
		u, v := low[xa[i]:][:3], low[xb[i]:][:3]
		r[i] = float32(int32(p[0])*w00+int32(q[0])*w01+int32(u[0])*w10+int32(v[0])*w11)*mul + add
		g[i] = float32(int32(p[1])*w00+int32(q[1])*w01+int32(u[1])*w10+int32(v[1])*w11)*mul + add
		b[i] = float32(int32(p[2])*w00+int32(q[2])*w01+int32(u[2])*w10+int32(v[2])*w11)*mul + add
	}
}

// fillMean is fill where all four pixels weigh the same, as they do on every
// frame of a camera: it has to read a whole frame in well under a millisecond.
func (p planes) fillMean(top, low []byte, x *axis) {
	n := len(p.r)
	xa, xb := x.a[:n], x.b[:n]
	r, g, b := p.r[:n], p.g[:n], p.b[:n]
	mul, add := p.mul/4, p.add
	for i := range n {
		p, q := top[xa[i]:][:3], top[xb[i]:][:3]
		u, v := low[xa[i]:][:3], low[xb[i]:][:3]
		r[i] = float32(int32(p[0])+int32(q[0])+int32(u[0])+int32(v[0]))*mul + add
		g[i] = float32(int32(p[1])+int32(q[1])+int32(u[1])+int32(v[1]))*mul + add
		b[i] = float32(int32(p[2])+int32(q[2])+int32(u[2])+int32(v[2]))*mul + add
	}
}
