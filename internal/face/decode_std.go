//go:build !turbojpeg

package face

import "image"

// JPEGDecoder names the JPEG decoder that was built in.
const JPEGDecoder = "image/jpeg"

// decodeJPEG is the standard library's decoder, which needs no C library.
// Build with the tag turbojpeg for one several times as fast.
func decodeJPEG(dst *Image, data []byte, _ image.Config) error { return decodeJPEGStd(dst, data) }
