package scene

import (
	"image"
	"image/color"
	"math/rand/v2"
)

// Hall is what a gate's camera sees when nobody stands there. It is immutable
// and safe for concurrent use.
type Hall struct {
	pix   *image.RGBA
	front layer // the gate's own counter, between the camera and the traveler
}

// NewHall draws a hall. Different seeds give other walls, lights, windows and
// signs, as the gates of an airport differ.
func NewHall(seed uint64) *Hall {
	p := painter{image.NewRGBA(image.Rect(0, 0, Width, Height)), rand.New(rand.NewPCG(seed, 0x68616c6c))}
	tone := []color.RGBA{{186, 182, 172, 255}, {164, 172, 180, 255}, {178, 170, 158, 255}, {150, 158, 156, 255}, {196, 196, 194, 255}}[p.rnd.IntN(5)]
	horizon := 720 + p.rnd.IntN(80)
	p.wall(tone, horizon)
	p.ceiling(tone)
	if p.rnd.IntN(3) > 0 {
		p.windows(horizon)
	} else {
		p.panels(horizon)
	}
	p.columns(tone, horizon)
	p.floor(tone, horizon)
	p.sign()
	p.barrier(horizon)
	for range 2 { // the hall lies behind the plane of focus
		boxBlur(p.img, 4, 4)
	}
	return &Hall{p.img, p.counter()}
}

type painter struct {
	img *image.RGBA
	rnd *rand.Rand
}

// fill paints a rectangle, shading from top to bottom.
func (p painter) fill(x0, y0, x1, y1 int, top, bottom color.RGBA) {
	r := image.Rect(x0, y0, x1, y1).Intersect(p.img.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		c := mix(top, bottom, float64(y-y0)/float64(max(y1-y0, 1)))
		row := p.img.Pix[y*p.img.Stride+4*r.Min.X : y*p.img.Stride+4*r.Max.X]
		for i := 0; i < len(row); i += 4 {
			row[i], row[i+1], row[i+2], row[i+3] = c.R, c.G, c.B, 255
		}
	}
}

func mix(a, b color.RGBA, t float64) color.RGBA {
	m := func(x, y uint8) uint8 { return uint8(float64(x) + (float64(y)-float64(x))*t) }
	return color.RGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), 255}
}

func shade(c color.RGBA, f float64) color.RGBA {
	m := func(v uint8) uint8 { return uint8(min(float64(v)*f, 255)) }
	return color.RGBA{m(c.R), m(c.G), m(c.B), 255}
}

func (p painter) wall(tone color.RGBA, horizon int) {
	p.fill(0, 0, Width, horizon, shade(tone, 1.06), shade(tone, 0.82))
	// Cladding: joints at even distances, panels of slightly different gray.
	step := 150 + p.rnd.IntN(120)
	for x := p.rnd.IntN(step); x < Width; x += step {
		f := 0.97 + 0.06*p.rnd.Float64()
		p.fill(x, 0, x+step-3, horizon, shade(tone, 1.06*f), shade(tone, 0.82*f))
		p.fill(x-3, 0, x, horizon, shade(tone, 0.78), shade(tone, 0.62))
	}
	p.fill(0, horizon-26, Width, horizon, shade(tone, 0.45), shade(tone, 0.38))
}

func (p painter) ceiling(tone color.RGBA) {
	depth := 70 + p.rnd.IntN(70)
	p.fill(0, 0, Width, depth, shade(tone, 0.72), shade(tone, 0.6))
	lamp, step := color.RGBA{250, 250, 244, 255}, 300+p.rnd.IntN(160)
	for x := p.rnd.IntN(step) - 100; x < Width; x += step {
		p.fill(x, depth/3, x+step/2, depth/3+depth/4, lamp, lamp)
	}
}

func (p painter) windows(horizon int) {
	left := p.rnd.IntN(2) == 0
	x0, x1 := 0, 560+p.rnd.IntN(240)
	if !left {
		x0, x1 = Width-x1, Width
	}
	top := 180 + p.rnd.IntN(60)
	sky, haze, apron := color.RGBA{172, 196, 216, 255}, color.RGBA{206, 214, 218, 255}, color.RGBA{142, 144, 142, 255}
	far := top + (horizon-top)*7/10
	p.fill(x0, top, x1, far, sky, haze)
	p.fill(x0, far, x1, horizon-40, apron, shade(apron, 0.85))
	trees := color.RGBA{96, 112, 100, 255}
	for x := x0; x < x1; x += 40 { // the wood at the end of the runway
		p.fill(x, far-8-p.rnd.IntN(22), x+40, far, trees, trees)
	}
	frame := color.RGBA{74, 78, 82, 255}
	for x := x0; x <= x1; x += 180 {
		p.fill(x-7, top, x+7, horizon-40, frame, frame)
	}
	p.fill(x0, top-10, x1, top, frame, frame)
	p.fill(x0, horizon-40, x1, horizon-26, frame, frame)
}

func (p painter) panels(horizon int) {
	colors := []color.RGBA{{58, 84, 116, 255}, {116, 70, 58, 255}, {64, 98, 84, 255}, {120, 108, 78, 255}}
	x := 60 + p.rnd.IntN(200)
	for range 2 + p.rnd.IntN(2) {
		c, w := colors[p.rnd.IntN(len(colors))], 200+p.rnd.IntN(180)
		p.fill(x, 260, x+w, horizon-110, c, shade(c, 0.75))
		p.fill(x+24, 300, x+w-24, 330, shade(c, 1.9), shade(c, 1.8))
		for y := 370; y < horizon-180; y += 34 {
			p.fill(x+24, y, x+w-30-p.rnd.IntN(w/3), y+9, shade(c, 1.5), shade(c, 1.5))
		}
		x += w + 260 + p.rnd.IntN(260)
	}
}

func (p painter) columns(tone color.RGBA, horizon int) {
	for range 1 + p.rnd.IntN(2) {
		x, w := p.rnd.IntN(Width), 70+p.rnd.IntN(50)
		for i := range w { // round: dark at both sides, bright left of the middle
			t := float64(i)/float64(w)*2 - 0.8
			f := 1.08 - 0.42*t*t
			p.fill(x+i, 0, x+i+1, horizon+18, shade(tone, f), shade(tone, f*0.88))
		}
	}
}

func (p painter) floor(tone color.RGBA, horizon int) {
	p.fill(0, horizon, Width, Height, shade(tone, 0.58), shade(tone, 0.84))
	for range 5 { // lamps mirrored in the polish
		x, w := p.rnd.IntN(Width), 60+p.rnd.IntN(160)
		p.fill(x, horizon+30, x+w, horizon+60+p.rnd.IntN(120), shade(tone, 0.8), shade(tone, 0.72))
	}
}

func (p painter) sign() {
	x, y, w := 200+p.rnd.IntN(1200), 150+p.rnd.IntN(30), 330
	back, mark := color.RGBA{28, 40, 62, 255}, color.RGBA{240, 196, 60, 255}
	p.fill(x, y, x+w, y+92, back, back)
	p.fill(x+16, y+16, x+76, y+76, mark, mark)
	for i, tx := 0, x+100; i < 5; i++ { // letters nobody can read at this distance
		lw := 16 + p.rnd.IntN(18)
		p.fill(tx, y+28, tx+lw, y+64, color.RGBA{226, 230, 234, 255}, color.RGBA{226, 230, 234, 255})
		tx += lw + 12
	}
}

func (p painter) barrier(horizon int) {
	post, belt := color.RGBA{52, 54, 58, 255}, color.RGBA{36, 62, 118, 255}
	y := horizon - 90
	for x := p.rnd.IntN(300); x < Width; x += 430 + p.rnd.IntN(120) {
		p.fill(x, y, x+20, horizon+150, post, shade(post, 0.8))
		p.fill(x+20, y+18, x+430, y+46, belt, shade(belt, 0.8))
	}
}

// counter is nearer to the camera than anybody: brushed steel, out of focus.
func (p painter) counter() layer {
	top := 880 + p.rnd.IntN(60)
	c := painter{image.NewRGBA(image.Rect(0, 0, Width, Height-top)), p.rnd}
	steel := shade(color.RGBA{122, 126, 130, 255}, 0.7+0.5*p.rnd.Float64())
	c.fill(0, 0, Width, 26, shade(steel, 1.5), shade(steel, 1.25))
	c.fill(0, 26, Width, Height-top, shade(steel, 0.8), shade(steel, 0.55))
	for x := p.rnd.IntN(400); x < Width; x += 480 {
		c.fill(x, 26, x+6, Height-top, shade(steel, 0.45), shade(steel, 0.35))
	}
	x := 300 + p.rnd.IntN(1200) // the lamp of the document reader
	c.fill(x, 8, x+70, 16, color.RGBA{96, 214, 140, 255}, color.RGBA{96, 214, 140, 255})
	boxBlur(c.img, 5, 5)
	return layer{c.img, image.Pt(0, top)}
}
