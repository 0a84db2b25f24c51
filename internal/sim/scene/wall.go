package scene

import (
	"image"
	"math"
)

// terms is the number of coefficients of the quadratic surface.
const terms = 6

type surface [3][terms]float64

func basis(x, y float64) [terms]float64 { return [terms]float64{1, x, y, x * x, x * y, y * y} }

type wallSample struct {
	b   [terms]float64
	rgb [3]float64
	off float64 // distance from the surface fitted last
}

// fitWall fits the surface to the samples, dropping in each round the samples
// far off (hair and shoulders that reach the border). The spread is the typical
// distance of the samples kept.
func fitWall(samples []wallSample) (s surface, spread float64) {
	kept := samples
	for range 4 {
		s = fitSurface(kept)
		var offs []float64
		for i := range samples {
			samples[i].off = s.distance(samples[i].b, samples[i].rgb)
			offs = append(offs, samples[i].off)
		}
		limit := 1.6*median(offs) + 5
		kept, spread = nil, 0
		for _, p := range samples {
			if p.off <= limit {
				kept = append(kept, p)
				spread += p.off
			}
		}
		spread /= float64(len(kept)) + 1e-9
	}
	return s, spread
}

func borderSamples(img *image.RGBA) []wallSample {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	var out []wallSample
	for y := 1; y < h*9/20; y += 3 {
		for x := 1; x < w; x += 3 {
			if y > h/12 && x > w/16 && x < w-w/16 {
				continue
			}
			out = append(out, sampleAt(img, x, y))
		}
	}
	return out
}

func wallSamples(img *image.RGBA, wall []bool) []wallSample {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	var out []wallSample
	for y := 1; y < h; y += 4 {
		for x := 1; x < w; x += 4 {
			if wall[y*w+x] {
				out = append(out, sampleAt(img, x, y))
			}
		}
	}
	return out
}

func sampleAt(img *image.RGBA, x, y int) wallSample {
	p := img.Pix[y*img.Stride+4*x:]
	b := basis(unit(x, img.Rect.Dx()), unit(y, img.Rect.Dy()))
	return wallSample{b: b, rgb: [3]float64{float64(p[0]), float64(p[1]), float64(p[2])}}
}

func unit(v, n int) float64 { return 2*float64(v)/float64(n) - 1 }

func (s *surface) distance(b [terms]float64, rgb [3]float64) float64 {
	var sum float64
	for c := range 3 {
		v := rgb[c]
		for k := range terms {
			v -= s[c][k] * b[k]
		}
		sum += v * v
	}
	return math.Sqrt(sum)
}

// fitSurface solves the normal equations of the least-squares fit.
func fitSurface(samples []wallSample) (s surface) {
	for c := range 3 {
		var m [terms][terms + 1]float64
		for _, p := range samples {
			for i := range terms {
				for j := range terms {
					m[i][j] += p.b[i] * p.b[j]
				}
				m[i][terms] += p.b[i] * p.rgb[c]
			}
		}
		s[c] = solve(&m)
	}
	return s
}

func solve(m *[terms][terms + 1]float64) (x [terms]float64) {
	for i := range terms {
		m[i][i] += 1e-6 // keeps a surface with too few samples solvable
		for j := i + 1; j < terms; j++ {
			f := m[j][i] / m[i][i]
			for k := i; k <= terms; k++ {
				m[j][k] -= f * m[i][k]
			}
		}
	}
	for i := terms - 1; i >= 0; i-- {
		x[i] = m[i][terms]
		for k := i + 1; k < terms; k++ {
			x[i] -= m[i][k] * x[k]
		}
		x[i] /= m[i][i]
	}
	return x
}
