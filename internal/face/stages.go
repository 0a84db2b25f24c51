package face

import (
	"errors"
	"io"

	"limen/biometric"
)

// Image is packed 8-bit RGB, three bytes a pixel, rows without padding. Its
// buffer is reused from image to image: a stage must not keep it.
type Image struct {
	W, H int
	Pix  []byte
}

// Point is a place in the upright image, in pixels, origin top left.
type Point struct{ X, Y float32 }

// Landmarks are the five points that alignment and pose need. Left and right
// are those of the image, not of the subject.
type Landmarks struct {
	LeftEye, RightEye, Nose, MouthLeft, MouthRight Point
}

// Detection is one face that a Detector found; Score is 0 to 1.
type Detection struct {
	Box   biometric.Box
	Score float32
}

// AlignedSize is the side of an aligned face in pixels, as ArcFace has it.
const AlignedSize = 112

// Aligned is a face turned and scaled to the place every template model of
// the ArcFace family expects: packed RGB.
type Aligned [AlignedSize * AlignedSize * 3]byte

// Decoder turns the bytes of a JPEG or PNG into an upright image. It reuses
// dst.Pix where that is long enough. Errors are those of match.Engine.
type Decoder interface {
	Decode(dst *Image, data []byte) error
}

// Detector appends the faces it finds to dst, in any order.
type Detector interface {
	Detect(dst []Detection, img *Image) ([]Detection, error)
}

// Landmarker finds the landmarks of the face in box. It returns an Invalid
// error with code "not-a-face" if they do not make an upright face.
type Landmarker interface {
	Landmarks(img *Image, box biometric.Box) (Landmarks, error)
}

// Aligner writes the face at the landmarks to dst.
type Aligner interface {
	Align(dst *Aligned, img *Image, at Landmarks)
}

// AttackDetector returns the probability, 0 to 1, that the face in box is a
// presentation attack.
type AttackDetector interface {
	Attack(img *Image, box biometric.Box) (float32, error)
}

// Embedder computes a template. Model and Features never change.
type Embedder interface {
	Embed(face *Aligned) (biometric.Template, error)
	Model() biometric.ModelID
	Features() int
}

// Stages is what one worker runs. No stage is called by two goroutines at
// once, so each may keep buffers; a stage that keeps something of an image in
// them, or holds more than memory, implements Clearer or io.Closer.
type Stages struct {
	Decoder    Decoder
	Detector   Detector
	Landmarker Landmarker
	Aligner    Aligner
	Attack     AttackDetector
	Embedder   Embedder
	// Check, if not nil, has the last word on whether box, landmarks and
	// template are those of an upright face: an Invalid error with code
	// "not-a-face" if not. Its limits belong to the models it was measured on.
	Check func(*Image, biometric.Box, Landmarks, biometric.Template) error
}

// Clearer is a stage that forgets an image when it is asked to.
type Clearer interface{ Clear() }

func (s *Stages) all() []any {
	return []any{s.Decoder, s.Detector, s.Landmarker, s.Aligner, s.Attack, s.Embedder}
}

func (s *Stages) whole() bool {
	for _, stage := range s.all() {
		if stage == nil {
			return false
		}
	}
	return true
}

func (s *Stages) close() error {
	var all []error
	for _, stage := range s.all() {
		if c, ok := stage.(io.Closer); ok {
			all = append(all, c.Close())
		}
	}
	return errors.Join(all...)
}
