package face

import (
	"fmt"

	"limen/biometric"
)

// features is the length of the default model's template.
const features = 512

// embedder runs the default template model.
type embedder struct {
	*session
	model biometric.ModelID
}

func newEmbedder(model []byte, id biometric.ModelID) (*embedder, error) {
	s, err := newSession(model, tensorSpec{"input", []int64{1, 3, AlignedSize, AlignedSize}},
		tensorSpec{"output", []int64{1, features}})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", templateFile, err)
	}
	return &embedder{session: s, model: id}, nil
}

func (e *embedder) prepare(face *Aligned) {
	const n = AlignedSize * AlignedSize
	// Blue first: with red first the lowest genuine scores fall.
	b, g, r := e.in[:n], e.in[n:2*n], e.in[2*n:3*n]
	for i := range n {
		p := face[3*i:][:3]
		r[i] = (float32(p[0]) - 127) / 128
		g[i] = (float32(p[1]) - 127) / 128
		b[i] = (float32(p[2]) - 127) / 128
	}
}

// Embed implements Embedder.
func (e *embedder) Embed(face *Aligned) (biometric.Template, error) {
	e.prepare(face)
	if err := e.session.infer(); err != nil {
		return biometric.Template{}, fmt.Errorf("template: %w", err)
	}
	return biometric.NewTemplate(e.model, append([]float32(nil), e.out[0]...))
}

// Model implements Embedder.
func (e *embedder) Model() biometric.ModelID { return e.model }

// Features implements Embedder.
func (e *embedder) Features() int { return features }
