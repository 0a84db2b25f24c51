//go:build turbojpeg

package face

// #cgo LDFLAGS: -ljpeg
// #include "turbo.h"
import "C"

import (
	"errors"
	"image"
	"image/color"
	"unsafe"
)

// JPEGDecoder names the JPEG decoder that was built in.
const JPEGDecoder = "libjpeg-turbo"

// decodeJPEG is libjpeg-turbo through its classic interface, straight into the
// image's own buffer. It makes a decompressor per image: that costs
// microseconds, and nothing of an image outlives it.
func decodeJPEG(dst *Image, data []byte, c image.Config) error {
	if c.ColorModel == color.CMYKModel {
		return decodeJPEGStd(dst, data)
	}
	dst.resize(c.Width, c.Height)
	var message [C.LIMEN_JPEG_MESSAGE]C.char
	if C.limen_jpeg_decode((*C.uchar)(unsafe.SliceData(data)), C.size_t(len(data)),
		(*C.uchar)(unsafe.SliceData(dst.Pix)), C.int(c.Width), C.int(c.Height), &message[0]) != 0 {
		return errors.New(C.GoString(&message[0]))
	}
	return nil
}
