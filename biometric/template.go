package biometric

import (
	"encoding/binary"
	"encoding/hex"
	"math"

	"limen/errs"
)

// ModelID names the model that computed a template or a score: its name and
// the SHA-256 of the file it was read from. Two ModelIDs that differ in either
// are different models. The zero value is no model and is refused.
type ModelID struct {
	Name   string
	SHA256 [32]byte
}

// IsZero reports whether m names no model.
func (m ModelID) IsZero() bool { return m == ModelID{} }

// String returns name@hex, the form in which records keep it.
func (m ModelID) String() string { return m.Name + "@" + hex.EncodeToString(m.SHA256[:]) }

// MarshalText writes the form of String.
func (m ModelID) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads the form of String.
func (m *ModelID) UnmarshalText(b []byte) error {
	const hexLen = 64
	if len(b) < hexLen+2 || b[len(b)-hexLen-1] != '@' {
		return errs.New(errs.Invalid, "model-id", "a model id is written as name@sha256")
	}
	var id ModelID
	id.Name = string(b[:len(b)-hexLen-1])
	if _, err := hex.Decode(id.SHA256[:], b[len(b)-hexLen:]); err != nil {
		return errs.New(errs.Invalid, "model-id", "a model id is written as name@sha256 in hexadecimal")
	}
	*m = id
	return nil
}

// Template is the features of one face computed by one model: a vector of
// unit length that only templates of the same model can be compared with. Its
// fields are unexported so that no template exists without its model. The
// zero value is no template.
type Template struct {
	model    ModelID
	norm     float32
	features []float32
}

// MaxFeatures bounds the length of a template.
const MaxFeatures = 4096

// NewTemplate makes a template from a model's raw output, which it scales to
// unit length and keeps (the caller must not use raw again). It returns an
// Invalid error if the model is zero, the length is 0 or over MaxFeatures, or
// a value is not finite.
func NewTemplate(model ModelID, raw []float32) (Template, error) {
	if model.IsZero() {
		return Template{}, errs.New(errs.Invalid, "template-model", "a template needs the id of its model")
	}
	if len(raw) == 0 || len(raw) > MaxFeatures {
		return Template{}, errs.New(errs.Invalid, "template-length", "a template has 1 to %d features, not %d", MaxFeatures, len(raw))
	}
	var sum float64
	for _, v := range raw {
		sum += float64(v) * float64(v)
	}
	norm := math.Sqrt(sum)
	if norm == 0 || math.IsNaN(norm) || math.IsInf(norm, 0) {
		return Template{}, errs.New(errs.Invalid, "template-values", "a template's features must be finite and not all zero")
	}
	for i := range raw {
		raw[i] = float32(float64(raw[i]) / norm)
	}
	return Template{model: model, norm: float32(norm), features: raw}, nil
}

// IsZero reports whether t is no template.
func (t Template) IsZero() bool { return t.features == nil }

// Model returns the model that computed t.
func (t Template) Model() ModelID { return t.model }

// Norm returns the length of the raw vector before it was scaled: the model's
// own measure of how good the face was.
func (t Template) Norm() float32 { return t.norm }

// Len returns the number of features.
func (t Template) Len() int { return len(t.features) }

// AppendFeatures appends the unit-length features to dst.
func (t Template) AppendFeatures(dst []float32) []float32 { return append(dst, t.features...) }

// MarshalBinary writes norm and features as little-endian float32. The model
// is not in it: whoever stores the bytes stores the model's id beside them.
func (t Template) MarshalBinary() ([]byte, error) {
	b := make([]byte, 0, 4+4*len(t.features))
	b = binary.LittleEndian.AppendUint32(b, math.Float32bits(t.norm))
	for _, v := range t.features {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return b, nil
}

// UnmarshalTemplate reads what MarshalBinary wrote for a template of model.
func UnmarshalTemplate(model ModelID, b []byte) (Template, error) {
	if len(b) < 8 || len(b)%4 != 0 {
		return Template{}, errs.New(errs.Invalid, "template-bytes", "a stored template of %d bytes is cut short", len(b))
	}
	features := make([]float32, len(b)/4-1)
	for i := range features {
		features[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4+4*i:]))
	}
	t, err := NewTemplate(model, features)
	t.norm = math.Float32frombits(binary.LittleEndian.Uint32(b))
	return t, err
}
