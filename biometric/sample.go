package biometric

import (
	"image"
	"time"
)

// Box is a rectangle in pixels of the upright image, origin top left.
type Box struct {
	X, Y, W, H float32
}

// Quality measures one face in one image. Every figure is measured, none is a
// verdict: capture decides what is good enough.
//
// Source: the measures follow ISO/IEC 29794-5:2025 in kind, not in scale.
type Quality struct {
	// FaceHeight is the height of the face box in pixels.
	FaceHeight float32 `json:"face_height"`
	// EyeDistance is the distance between the eye centers in pixels.
	EyeDistance float32 `json:"eye_distance"`
	// Yaw, Pitch and Roll are estimated from landmarks, in degrees. Yaw is
	// positive to the subject's left, pitch positive upwards, roll positive
	// clockwise in the image.
	Yaw   float32 `json:"yaw"`
	Pitch float32 `json:"pitch"`
	Roll  float32 `json:"roll"`
	// Exposure is the mean gray level of the aligned face, 0 to 255.
	Exposure float32 `json:"exposure"`
	// Contrast is the standard deviation of the gray levels of the aligned face.
	Contrast float32 `json:"contrast"`
	// Sharpness is the variance of the Laplacian of the aligned face's gray
	// levels; a blurred or upscaled face is low.
	Sharpness float32 `json:"sharpness"`
	// Detector is the detector's own score, 0 to 1.
	Detector float32 `json:"detector"`
	// Norm is the length of the raw template, see Template.Norm.
	Norm float32 `json:"norm"`
}

// Stages is the time that each stage of the engine took on one image.
type Stages struct {
	Decode, Detect, Landmarks, Align, Attack, Template time.Duration
}

// Sample is what an engine measured in one image: the one face chosen as the
// subject, and of the other faces no more than how many there were.
type Sample struct {
	Width, Height int // of the upright image, in pixels
	Face          Box
	Quality       Quality
	// AttackScore is the presentation-attack model's probability, 0 to 1, that
	// the face is not a live one. Advisory: it never decides alone.
	AttackScore float32
	Template    Template
	// Subject is a crop of the upright image that shows the subject alone,
	// other faces painted over; nil if there is no subject. It is all of the
	// image that may ever be stored.
	Subject *image.RGBA
	// Faces is how many faces were found, the subject included.
	Faces int
	// Rival is the size of the largest other face relative to the subject's
	// (0 none, 1 as large): near 1 the subject is ambiguous.
	Rival  float32
	Stages Stages
}
