package sim

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"

	"golang.org/x/image/draw"

	"limen/errs"
)

// PortraitOnFile returns the JPEG or PNG that the system gets as the passenger's
// portrait, or nil where none is on file.
func (p *Passenger) PortraitOnFile() ([]byte, error) {
	switch p.OnFile {
	case Missing:
		return nil, nil
	case NotAFace:
		return encode(letterhead())
	}
	data, err := p.Portrait()
	if err != nil || p.OnFile == Usable {
		return data, err
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, errs.New(errs.Invalid, "faces-image", "the portrait of %s cannot be decoded: %w", p.ID, err)
	}
	if p.OnFile == TooSmall { // somebody kept the thumbnail
		return encode(scaled(img, 36))
	}
	return encode(scaled(scaled(img, 15), 413))
}

// scaled returns img at that width. Scaling far down and up again is how a
// portrait is blurred.
func scaled(img image.Image, width int) *image.RGBA {
	b := img.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, width, max(width*b.Dy()/b.Dx(), 1)))
	draw.CatmullRom.Scale(out, out.Rect, img, b, draw.Src, nil)
	return out
}

func encode(img image.Image) ([]byte, error) {
	var buf bytes.Buffer
	err := jpeg.Encode(&buf, img, &jpeg.Options{Quality: 88})
	return buf.Bytes(), err
}

// letterhead is what lands in a portrait's place by mistake: the top of a
// letter, with a seal.
func letterhead() image.Image {
	img := image.NewRGBA(image.Rect(0, 0, 413, 531))
	ink := func(x, y int) color.RGBA {
		r := math.Hypot(float64(x-90), float64(y-90))
		switch {
		case r < 52 && r > 44 || r < 30 && (x+y)%9 < 4:
			return color.RGBA{38, 62, 120, 255}
		case y > 190 && y%22 < 7 && x > 40 && x < 370-(y*37)%90 && (x*13+y/22*7)%31 > 5:
			return color.RGBA{70, 70, 74, 255}
		}
		return color.RGBA{246, 244, 238, 255}
	}
	for y := range 531 {
		for x := range 413 {
			img.SetRGBA(x, y, ink(x, y))
		}
	}
	return img
}
