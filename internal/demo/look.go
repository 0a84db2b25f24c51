package demo

import (
	"context"
	"image"
	"image/color"

	"limen/internal/face"
)

// maxPixels bounds the photographs of --faces.
const maxPixels = 50 << 20

// lookWith finds the face in one's own photographs with the engine, so that
// they can be placed in a scene.
func lookWith(ctx context.Context, e *face.Engine) func([]byte) (image.Image, image.Rectangle, error) {
	return func(data []byte) (image.Image, image.Rectangle, error) {
		s, err := e.Extract(ctx, data)
		if err != nil {
			return nil, image.Rectangle{}, err
		}
		var m face.Image
		if err := face.NewDecoder(maxPixels).Decode(&m, data); err != nil {
			return nil, image.Rectangle{}, err
		}
		out := image.NewRGBA(image.Rect(0, 0, m.W, m.H))
		for i := range m.W * m.H {
			p := m.Pix[3*i:]
			out.SetRGBA(i%m.W, i/m.W, color.RGBA{p[0], p[1], p[2], 255})
		}
		b := s.Face
		return out, image.Rect(int(b.X), int(b.Y), int(b.X+b.W), int(b.Y+b.H)), nil
	}
}
