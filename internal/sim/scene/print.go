package scene

import (
	"image"
	"math"
	"math/rand/v2"

	"golang.org/x/image/draw"
)

// Printed is a portrait as a picture of a picture: printed on paper with a
// white border, paler than life, with the printer's raster showing and a lamp
// mirrored on it, held by two thumbs.
func Printed(portrait image.Image, seed uint64) *Cutout {
	const w, h, border = 413, 531, 34
	rnd := rand.New(rand.NewPCG(seed, 0x7072696e74))
	sheet := image.NewRGBA(image.Rect(0, 0, w+2*border, h+2*border))
	for i := range sheet.Pix {
		sheet.Pix[i] = 244
		if i%4 == 3 {
			sheet.Pix[i] = 255
		}
	}
	inner := image.Rect(border, border, border+w, border+h)
	draw.ApproxBiLinear.Scale(sheet, inner, portrait, portrait.Bounds(), draw.Src, nil)
	inkAndLamp(sheet, inner, rnd)
	holdSheet(sheet, rnd)
	return &Cutout{pix: sheet, flat: true, faceX: border + faceCenterX*w, faceY: border + 0.49*h, faceH: 0.5 * h}
}

// inkAndLamp flattens the contrast, adds the raster (two gratings that beat:
// the moiré) and a bright diagonal band.
func inkAndLamp(sheet *image.RGBA, inner image.Rectangle, rnd *rand.Rand) {
	phase, tilt := rnd.Float64()*6, 0.9+0.3*rnd.Float64()
	band := float64(inner.Dx()) * (0.35 + 0.5*rnd.Float64())
	for y := range sheet.Rect.Dy() {
		for x := range sheet.Rect.Dx() {
			fx, fy := float64(x), float64(y)
			raster := 0.0
			if (image.Point{X: x, Y: y}).In(inner) {
				raster = 7*math.Sin(fx*2.05+phase)*math.Sin(fy*2.05) + 5*math.Sin((fx+fy*0.4)*0.23+phase)
			}
			off := (fx + tilt*fy*0.5 - band) / 46
			lamp := 62 * math.Exp(-off*off)
			p := sheet.Pix[y*sheet.Stride+4*x:]
			for k := range 3 {
				v := 28 + 0.8*float64(p[k]) + raster + lamp
				p[k] = uint8(math.Min(math.Max(v, 0), 255))
			}
		}
	}
}

func holdSheet(sheet *image.RGBA, rnd *rand.Rand) {
	w, h := float64(sheet.Rect.Dx()), float64(sheet.Rect.Dy())
	skin := [3]float64{150 + 50*rnd.Float64(), 112 + 36*rnd.Float64(), 92 + 26*rnd.Float64()}
	for _, thumb := range []struct{ x, y, lean float64 }{{16, h - 90, 0.5}, {w - 16, h - 96, -0.5}} {
		for y := range sheet.Rect.Dy() {
			for x := range sheet.Rect.Dx() {
				dx, dy := float64(x)-thumb.x, float64(y)-thumb.y
				dx -= thumb.lean * dy * -1
				r := dx*dx/(24*24) + dy*dy/(58*58)
				if r > 1 {
					continue
				}
				p, f := sheet.Pix[y*sheet.Stride+4*x:], 1.08-0.4*r
				for k := range 3 {
					p[k] = uint8(math.Min(skin[k]*f, 255))
				}
			}
		}
	}
}
