package scene

import (
	"image"
	"math"
)

// turned returns the person with the head turned by yaw degrees. The head is
// taken for an upright cylinder: crude, but what matters to an engine happens:
// the far half of the face goes out of sight and the near half is foreshortened.
func (c *Cutout) turned(yaw float64) *Cutout {
	out := *c
	out.pix = image.NewRGBA(c.pix.Rect)
	w, h := c.pix.Rect.Dx(), c.pix.Rect.Dy()
	chin := c.faceY + 0.62*c.faceH
	radii := c.headRadii()
	hair := image.NewRGBA(c.pix.Rect) // what comes into sight was never photographed
	copy(hair.Pix, c.pix.Pix)
	boxBlur(hair, 2, h/40)
	for y := range h {
		// The neck turns less than the head, the shoulders not at all.
		share := math.Min(math.Max(1-(float64(y)-chin)/(0.3*c.faceH), 0), 1)
		turn := newTurn(yaw*share, radii[y])
		seen := c.pix.Pix[y*c.pix.Stride : y*c.pix.Stride+4*w]
		unseen := hair.Pix[y*c.pix.Stride : y*c.pix.Stride+4*w]
		for x := range w {
			offset, row := turn.source(float64(x)-c.faceX), seen
			if turn.yaw != 0 && math.Abs(offset) > 0.88*turn.radius {
				row = unseen
			}
			from := c.faceX + offset
			x0 := min(max(int(from), 0), w-2)
			f := min(max(int((from-float64(x0))*256), 0), 256)
			d := out.pix.Pix[y*out.pix.Stride+4*x:]
			for k := range 4 {
				a, b := int(row[4*x0+k]), int(row[4*x0+4+k])
				d[k] = uint8((a*(256-f) + b*f) >> 8)
			}
		}
	}
	return &out
}

// headRadii is half the width of the head, hair included, in every row, made
// smooth from row to row.
func (c *Cutout) headRadii() []float64 {
	w, h := c.pix.Rect.Dx(), c.pix.Rect.Dy()
	raw, out := make([]float64, h), make([]float64, h)
	least, most := 0.34*c.faceH, 0.55*c.faceH
	for y := range h {
		opaque := func(x int) bool { return x > 0 && x < w && c.pix.Pix[y*c.pix.Stride+4*x+3] > 200 }
		l, r := int(c.faceX), int(c.faceX)
		for opaque(l) {
			l--
		}
		for opaque(r) {
			r++
		}
		raw[y] = math.Min(math.Max(float64(min(int(c.faceX)-l, r-int(c.faceX))), least), most)
	}
	const reach = 12
	for y := range h {
		for d := -reach; d <= reach; d++ {
			out[y] += raw[min(max(y+d, 0), h-1)] / (2*reach + 1)
		}
	}
	return out
}

type turn struct{ yaw, cos, radius float64 }

func newTurn(degrees, radius float64) turn {
	yaw := degrees * math.Pi / 180
	return turn{yaw, math.Cos(yaw), radius}
}

// source maps a distance from the axis in the turned head to that in the head
// seen from the front.
func (t turn) source(x float64) float64 {
	if t.yaw == 0 {
		return x
	}
	u := x / t.radius
	if math.Abs(u) >= 1 {
		// Hair beyond the cylinder is pulled after it, less and less outward.
		near := (u > 0) == (t.yaw > 0)
		if pull := 1 - (math.Abs(u)-1)/0.7; near && pull > 0 {
			return x - math.Copysign((1-t.cos)*pull*t.radius, u)
		}
		return x
	}
	angle := math.Asin(u) - t.yaw
	return 0.94 * t.radius * math.Sin(math.Min(math.Max(angle, -math.Pi/2), math.Pi/2))
}
