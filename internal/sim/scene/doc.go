// Package scene makes the pictures of a gate's camera: it cuts a person out of
// a live image and stands the person in an airport hall, at a distance, in a
// light, moving or still, with somebody behind or a printed portrait held up,
// and gives back the JPEG that such a camera would have sent.
//
// The same layers and the same Shot give the same bytes, on every machine with
// the same Go release (image/jpeg is part of the picture).
//
// The pictures are for trying and testing limen. They are harder than studio
// photographs and easier than a real gate: no figure measured on them may be
// quoted as one of a real camera.
package scene

// Width and Height are the size of every frame in pixels.
const (
	Width  = 1920
	Height = 1080
)
