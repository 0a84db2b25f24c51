package face

import (
	"bytes"
	"testing"

	"limen/errs"
)

// A JPEG of many scans is small and takes minutes to decode.
func TestTooManyScans(t *testing.T) {
	data := append([]byte{0xff, 0xd8, 0xff, 0xe0}, bytes.Repeat(scanMarker, maxScans+1)...)
	if err := NewDecoder(0).Decode(&Image{}, data); errs.KindOf(err) != errs.Invalid || errs.CodeOf(err) != "image-scans" {
		t.Errorf("%d scans: %v", maxScans+1, err)
	}
}
