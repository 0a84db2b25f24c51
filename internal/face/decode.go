package face

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"image/png"

	"limen/errs"
)

// DefaultMaxPixels is the largest image that is decoded unless Config says
// otherwise: above every camera used at a gate, below what would let a few
// images fill the memory.
const DefaultMaxPixels = 24_000_000

// maxScans is how many scans a JPEG may have: progressive cameras write about
// ten. Each costs a pass over all pixels and may cost only fifty bytes, so a
// small file could hold a core for minutes.
const maxScans = 64

// scanMarker begins a scan; in the pixels' own data it cannot occur.
var scanMarker = []byte{0xff, 0xda}

// A byte cannot say more pixels than this: a JPEG spends at least one bit on
// an 8×8 block, and deflate at best repeats 258 bytes for two bits, where a
// byte of PNG data is at most eight pixels.
const (
	jpegPixelsPerByte = 8 * 64
	pngPixelsPerByte  = 8 * 1032
)

// imageFormat is one of the two formats that are read.
type imageFormat struct {
	magic         string
	pixelsPerByte int64
	header        func([]byte) (image.Config, error)
	orientation   func([]byte) int
	pixels        func(*Image, []byte, image.Config) error
}

var imageFormats = []imageFormat{
	{"\xff\xd8\xff", jpegPixelsPerByte, jpegConfig, jpegOrientation, decodeJPEG},
	{"\x89PNG\r\n\x1a\n", pngPixelsPerByte, pngConfig, pngOrientation, decodePNG},
}

// decoder reads JPEG and PNG and turns them upright.
type decoder struct {
	maxPixels int
	turned    Image
}

// NewDecoder returns the default Decoder. An image of more than maxPixels is
// refused by its header (0: DefaultMaxPixels). Its memory is bounded by
// maxPixels and, because a header that promises more pixels than the bytes
// after it can hold is refused, by the length of the data.
func NewDecoder(maxPixels int) Decoder {
	if maxPixels <= 0 {
		maxPixels = DefaultMaxPixels
	}
	return &decoder{maxPixels: maxPixels}
}

// Decode implements Decoder.
func (d *decoder) Decode(dst *Image, data []byte) error {
	for _, f := range imageFormats {
		if bytes.HasPrefix(data, []byte(f.magic)) {
			return d.decode(dst, data, f)
		}
	}
	return errs.New(errs.Invalid, "image-format", "the %d bytes are neither a JPEG nor a PNG", len(data))
}

func (d *decoder) decode(dst *Image, data []byte, f imageFormat) error {
	if n := bytes.Count(data, scanMarker); n > maxScans && f.magic[0] == 0xff {
		return errs.New(errs.Invalid, "image-scans", "the JPEG has %d scans; the limit is %d", n, maxScans)
	}
	c, err := f.header(data)
	if e := d.checkSize(c, len(data), f.pixelsPerByte); e != nil {
		return e
	}
	if err == nil {
		err = f.pixels(dst, data, c)
	}
	if err != nil {
		return errs.New(errs.Invalid, "image-broken", "the image of %d bytes is truncated or corrupt: %w", len(data), err)
	}
	if o := f.orientation(data); o != 1 {
		turnUpright(&d.turned, dst, o)
		*dst, d.turned = d.turned, *dst
		d.turned.Clear()
	}
	return nil
}

func pngConfig(data []byte) (image.Config, error) { return png.DecodeConfig(bytes.NewReader(data)) }

// jpegConfig has the size even of a JPEG that ends before its pixels, so that
// one too large is told so.
func jpegConfig(data []byte) (image.Config, error) {
	c, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err == nil {
		return c, nil
	}
	for marker, payload := range jpegSegments(data) {
		// The frame headers are C0 to CF but for three other tables.
		if marker&0xf0 == 0xc0 && marker != 0xc4 && marker != 0xc8 && marker != 0xcc && len(payload) >= 5 {
			c.Height, c.Width = int(binary.BigEndian.Uint16(payload[1:])), int(binary.BigEndian.Uint16(payload[3:]))
			break
		}
	}
	return c, err
}

// checkSize refuses, before a pixel is decoded, an image over the limit and
// one that its own data cannot fill.
func (d *decoder) checkSize(c image.Config, bytes int, pixelsPerByte int64) error {
	pixels := int64(c.Width) * int64(c.Height)
	if pixels > int64(d.maxPixels) {
		return errs.New(errs.TooLarge, "image-pixels", "the image is %d×%d pixels; the limit is %d pixels in all", c.Width, c.Height, d.maxPixels)
	}
	if pixels == 0 || pixels > int64(bytes)*pixelsPerByte {
		return errs.New(errs.Invalid, "image-broken", "the header promises %d×%d pixels, which its %d bytes cannot hold", c.Width, c.Height, bytes)
	}
	return nil
}
