package face

import (
	"bytes"
	"encoding/binary"
	"iter"
)

// orientationTag is where EXIF says how the camera was held.
//
// Source: JEITA CP-3451, EXIF 2.32, 4.6.4 A.
const orientationTag = 0x0112

// jpegSegments yields marker and payload of the segments before the pixels of
// a JPEG, as far as they are whole.
func jpegSegments(data []byte) iter.Seq2[byte, []byte] {
	return func(yield func(byte, []byte) bool) {
		for i := 2; i+4 <= len(data) && data[i] == 0xff; {
			marker := data[i+1]
			if marker == 0xff { // fill byte
				i++
				continue
			}
			end := i + 2 + int(binary.BigEndian.Uint16(data[i+2:]))
			if marker == 0xda || marker == 0xd9 || end < i+4 || end > len(data) {
				return
			}
			if !yield(marker, data[i+4:end]) {
				return
			}
			i = end
		}
	}
}

// jpegOrientation returns the EXIF orientation, 1 to 8, of a JPEG; 1 (upright)
// if it has none or a broken one.
func jpegOrientation(data []byte) int {
	for marker, payload := range jpegSegments(data) {
		if exif, ok := bytes.CutPrefix(payload, []byte("Exif\x00\x00")); ok && marker == 0xe1 {
			return tiffOrientation(exif)
		}
	}
	return 1
}

// pngOrientation is jpegOrientation for the eXIf chunk of a PNG.
func pngOrientation(data []byte) int {
	for i := 8; i+12 <= len(data); {
		length := int64(binary.BigEndian.Uint32(data[i:]))
		if length > int64(len(data)-i-12) {
			break
		}
		if string(data[i+4:i+8]) == "eXIf" {
			return tiffOrientation(data[i+8 : i+8+int(length)])
		}
		i += 12 + int(length)
	}
	return 1
}

// tiffOrientation reads the orientation from the first directory of a TIFF
// structure.
func tiffOrientation(b []byte) int {
	const header, entry = 8, 12
	if len(b) < header {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	switch string(b[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
	default:
		return 1
	}
	at := int64(order.Uint32(b[4:]))
	if at < header || at+2 > int64(len(b)) {
		return 1
	}
	count := int(order.Uint16(b[at:]))
	entries := b[at+2:]
	for i := 0; i < count && len(entries) >= entry; i++ {
		if order.Uint16(entries) == orientationTag && order.Uint16(entries[2:]) == 3 /* SHORT */ {
			if o := int(order.Uint16(entries[8:])); o >= 1 && o <= 8 {
				return o
			}
			return 1
		}
		entries = entries[entry:]
	}
	return 1
}

// turnUpright writes src, stored with an EXIF orientation of 2 to 8, to dst as
// it is to be seen.
func turnUpright(dst, src *Image, orientation int) {
	w, h := src.W, src.H
	// The pixel of src for (0, 0) of dst, and the steps in src for one step
	// right and one step down in dst.
	var start, right, down int
	switch orientation {
	case 2: // mirrored
		start, right, down = w-1, -1, w
	case 3: // upside down
		start, right, down = w*h-1, -1, -w
	case 4: // mirrored, upside down
		start, right, down = w*(h-1), 1, -w
	case 5: // mirrored, turned left
		start, right, down = 0, w, 1
	case 6: // turned left: its first row is the right column
		start, right, down = w*(h-1), -w, 1
	case 7: // mirrored, turned right
		start, right, down = w*h-1, -w, -1
	case 8: // turned right: its first row is the left column
		start, right, down = w-1, w, -1
	default:
		start, right, down = 0, 1, w
	}
	if orientation >= 5 {
		w, h = h, w
	}
	dst.resize(w, h)
	for y := range h {
		to := dst.Pix[3*w*y:][:3*w]
		from := 3 * (start + y*down)
		for x := range w {
			copy(to[3*x:][:3], src.Pix[from:][:3])
			from += 3 * right
		}
	}
}
