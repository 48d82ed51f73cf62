package exhibit

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
)

var damagedPicture = &Refused{"the picture is damaged, and cannot be read to its end", "save it anew, or take a picture of the screen"}

const placeRemoved = "What the picture told beside itself was removed: place, time, camera, comments."

// JPEG's markers (ITU T.81, table B.1).
const (
	startOfImage, endOfImage = 0xd8, 0xd9
	startOfScan              = 0xda
	app0, app1, app14, app15 = 0xe0, 0xe1, 0xee, 0xef
	comment                  = 0xfe
)

// cleanJPEG copies the picture segment by segment, without loss. Of what applications add it keeps the two that a
// viewer needs for the colours (JFIF, Adobe) and which side is up; what follows the end of the picture goes.
func cleanJPEG(came []byte) (c cleaned, err error) {
	if err := fits(jpeg.DecodeConfig(bytes.NewReader(came))); err != nil {
		return c, err
	}
	out, up, dropped := []byte{0xff, startOfImage}, 0, false
	rest := came[2:]
	for {
		for len(rest) > 1 && rest[0] == 0xff && rest[1] == 0xff { // filling
			rest = rest[1:]
		}
		if len(rest) < 2 || rest[0] != 0xff {
			return c, damagedPicture
		}
		marker := rest[1]
		if marker == endOfImage {
			out = append(out, 0xff, endOfImage)
			dropped = dropped || len(rest) > 2
			break
		}
		if len(rest) < 4 {
			return c, damagedPicture
		}
		size := 2 + int(binary.BigEndian.Uint16(rest[2:]))
		if size < 4 || size > len(rest) {
			return c, damagedPicture
		}
		segment := rest[:size]
		rest = rest[size:]
		switch {
		case marker == app1 && bytes.HasPrefix(segment[4:], []byte("Exif\x00\x00")):
			up, dropped = orientation(segment[10:]), true
		case marker == comment, marker >= app0 && marker <= app15 && !keepsApp(marker, segment):
			dropped = true
		default:
			out = append(out, segment...)
		}
		if marker == startOfScan {
			n := scanned(rest)
			out = append(out, rest[:n]...)
			rest = rest[n:]
		}
	}
	if up > 1 {
		out = append(append([]byte{0xff, startOfImage}, upright(up)...), out[2:]...)
	}
	c = cleaned{as: JPEG, bytes: out}
	if dropped {
		c.notes = []string{placeRemoved}
	}
	return c, nil
}

func keepsApp(marker byte, segment []byte) bool {
	switch marker {
	case app0:
		return len(segment) == 18 && bytes.HasPrefix(segment[4:], []byte("JFIF\x00")) && segment[16] == 0 && segment[17] == 0 // without a thumbnail
	case app14:
		return len(segment) == 16 && bytes.HasPrefix(segment[4:], []byte("Adobe"))
	}
	return false
}

// scanned returns how long the coded picture is that a text begins with: up to the next marker that is neither a
// stuffed byte nor a restart.
func scanned(rest []byte) int {
	for i := 0; i+1 < len(rest); i++ {
		if next := rest[i+1]; rest[i] == 0xff && next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7) {
			return i
		}
	}
	return len(rest)
}

// orientation reads which side of a picture is up from its EXIF (CIPA DC-008, tag 0x0112): 1 to 8, 0 if it is not said.
func orientation(tiff []byte) int {
	if len(tiff) < 10 {
		return 0
	}
	var order binary.ByteOrder = binary.LittleEndian
	if tiff[0] == 'M' {
		order = binary.BigEndian
	}
	at := int(order.Uint32(tiff[4:]))
	if at < 8 || at > len(tiff)-2 {
		return 0
	}
	entries := int(order.Uint16(tiff[at:]))
	for i := range entries {
		e := at + 2 + 12*i
		if e+12 > len(tiff) {
			return 0
		}
		if order.Uint16(tiff[e:]) == 0x0112 {
			if v := int(order.Uint16(tiff[e+8:])); v >= 1 && v <= 8 {
				return v
			}
		}
	}
	return 0
}

// upright is an EXIF segment that says which side is up, and nothing else.
func upright(side int) []byte {
	return append([]byte{0xff, app1, 0, 34}, "Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"+string(rune(side))+"\x00\x00\x00\x00\x00\x00"...)
}

// fits refuses a picture that would not fit in memory, before any of it is unpacked.
func fits(c image.Config, err error) error {
	switch {
	case err != nil || c.Width < 1 || c.Height < 1:
		return damagedPicture
	case int64(c.Width)*int64(c.Height) > mostPixels:
		return refuse("the picture has more than 60 million dots", "make it smaller, or send parts of it")
	}
	return nil
}

// Side returns which side of a picture is up, as a JPEG says it in its EXIF (1 to 8, of which 1 is upright); 0 where
// it is not said.
func Side(picture []byte) int {
	const at = 2 // cleaned, it stands first
	if len(picture) > at+36 && picture[at] == 0xff && picture[at+1] == app1 && bytes.HasPrefix(picture[at+4:], []byte("Exif\x00\x00")) {
		return orientation(picture[at+10 : at+36])
	}
	return 0
}
