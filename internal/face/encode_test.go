package face

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/png"
	"testing"
)

// exifTIFF is a TIFF structure that says nothing but an orientation.
func exifTIFF(order binary.ByteOrder, orientation int) []byte {
	b := []byte("MM\x00*")
	if order == binary.LittleEndian {
		b = []byte("II*\x00")
	}
	put16 := func(v int) { b = append(b, 0, 0); order.PutUint16(b[len(b)-2:], uint16(v)) }
	put32 := func(v int) { b = append(b, 0, 0, 0, 0); order.PutUint32(b[len(b)-4:], uint32(v)) }
	put32(8)
	put16(2)
	put16(0x0100) // another tag before it: image width
	put16(4)
	put32(1)
	put32(1)
	put16(orientationTag)
	put16(3)
	put32(1)
	put16(orientation)
	put16(0)
	put32(0)
	return b
}

// withJPEGOrientation puts an EXIF segment after the start of a JPEG.
func withJPEGOrientation(jpeg []byte, orientation int) []byte {
	payload := append([]byte("Exif\x00\x00"), exifTIFF(binary.LittleEndian, orientation)...)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(payload)+2))
	return bytes.Join([][]byte{jpeg[:2], segment, payload, jpeg[2:]}, nil)
}

func pngChunk(kind string, payload []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(payload)))
	b = append(append(b, kind...), payload...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// withPNGOrientation puts an eXIf chunk after the header of a PNG.
func withPNGOrientation(data []byte, orientation int) []byte {
	const afterHeader = 8 + 25
	return bytes.Join([][]byte{data[:afterHeader], pngChunk("eXIf", exifTIFF(binary.BigEndian, orientation)), data[afterHeader:]}, nil)
}

func encodePNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// jpegHeader is the start of a baseline JPEG that promises w×h pixels.
func jpegHeader(w, h int) []byte {
	b := []byte{0xff, 0xd8, 0xff, 0xc0, 0, 17, 8}
	b = binary.BigEndian.AppendUint16(b, uint16(h))
	b = binary.BigEndian.AppendUint16(b, uint16(w))
	return append(b, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1)
}

// pngHeader is the start of a color PNG that promises w×h pixels.
func pngHeader(w, h int) []byte {
	p := binary.BigEndian.AppendUint32(nil, uint32(w))
	p = binary.BigEndian.AppendUint32(p, uint32(h))
	return append([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", append(p, 8, 2, 0, 0, 0))...)
}

// asImage copies an Image for encoding.
func (m *Image) asImage() *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, m.W, m.H))
	for i := range m.W * m.H {
		copy(out.Pix[4*i:], m.Pix[3*i:][:3])
		out.Pix[4*i+3] = 255
	}
	return out
}
