package match

import (
	"context"

	"limen/biometric"
)

// Engine turns an encoded image into the sample of its one subject. The
// default runs ONNX models (internal/face); a vendor's engine implements the
// same four methods.
//
// Extract takes the bytes of one JPEG or PNG, turns it upright, finds the
// faces and chooses the subject: the largest, nearer the center where two are
// of like size. Errors by kind: Invalid with code
//   - "image-format": neither JPEG nor PNG
//   - "image-broken": truncated or corrupt
//   - "image-scans": a JPEG of more passes than any camera writes
//   - "no-face": no face found
//   - "not-a-face": found, but its landmarks do not make an upright face
//
// TooLarge with code "image-pixels" before any pixel is decoded; Unavailable
// when ctx ends while it waits for a free core. When the error is "no-face" or
// "not-a-face" the sample's Width, Height, Faces and Stages are still set.
//
// Extract is safe for concurrent use; at most one image per core is worked on
// at a time, the others wait. It keeps nothing of an image: its buffers are
// cleared before the next image, without waiting for one.
type Engine interface {
	Extract(ctx context.Context, image []byte) (biometric.Sample, error)
	// Model names the model that makes the templates.
	Model() biometric.ModelID
	// Features is the length of its templates.
	Features() int
	// Close frees the engine; Extract must not be called after it.
	Close() error
}
