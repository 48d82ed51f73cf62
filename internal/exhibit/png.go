package exhibit

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image/gif"
	"image/png"
	"slices"

	"golang.org/x/image/webp"
)

// shown are the chunks of a PNG without which it would look otherwise (W3C PNG, 11.2 and 11.3). Texts, times, EXIF
// and whatever a program made up are none of them.
var shown = []string{"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "cHRM", "gAMA", "sBIT", "sRGB", "bKGD", "pHYs"}

// cleanPNG copies the chunks that make the picture, and ends with the last of them.
func cleanPNG(came []byte) (c cleaned, err error) {
	config, err := png.DecodeConfig(bytes.NewReader(came))
	if err := fits(config, err); err != nil {
		return c, err
	}
	if len(came) > 25 && int64(config.Width)*int64(config.Height)*depth(came[24], came[25])/8 > mostRaster {
		return c, refuse("the picture is too large once it is unpacked", "make it smaller, or send parts of it")
	}
	out, dropped := slices.Clone(came[:8]), false
	for rest := came[8:]; ; {
		if len(rest) < 12 {
			return c, damagedPicture
		}
		size := int64(binary.BigEndian.Uint32(rest))
		if size+12 > int64(len(rest)) {
			return c, damagedPicture
		}
		chunk := rest[:size+12]
		rest = rest[size+12:]
		name := string(chunk[4:8])
		if crc32.ChecksumIEEE(chunk[4:size+8]) != binary.BigEndian.Uint32(chunk[size+8:]) {
			return c, damagedPicture
		}
		if contains(shown, name) {
			out = append(out, chunk...)
		} else {
			dropped = true
		}
		if name == "IEND" {
			dropped = dropped || len(rest) > 0
			break
		}
	}
	if _, err := png.Decode(bytes.NewReader(out)); err != nil {
		return c, damagedPicture
	}
	c = cleaned{as: PNG, bytes: out}
	if dropped {
		c.notes = []string{placeRemoved}
	}
	return c, nil
}

// depth returns the bits of one dot, from the bits of a sample and the colour type (W3C PNG, table 11.1).
func depth(bits, colour byte) int64 {
	return int64(bits) * map[byte]int64{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
}

// cleanGIF draws the first picture of a GIF anew, as a PNG.
func cleanGIF(came []byte) (c cleaned, err error) {
	if err := fits(gif.DecodeConfig(bytes.NewReader(came))); err != nil {
		return c, err
	}
	picture, err := gif.Decode(bytes.NewReader(came))
	if err != nil {
		return c, damagedPicture
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		return c, damagedPicture
	}
	return cleaned{PNG, out.Bytes(), []string{"It was a GIF, and is kept as a PNG: of a moving picture the first one."}}, nil
}

// Flags of a WebP's VP8X chunk (RFC 9649, 2.7.1).
const webpAnimated, webpXMP, webpEXIF, webpColours = 0x02, 0x04, 0x08, 0x20

// cleanWebP copies the chunks that make the picture.
func cleanWebP(came []byte) (c cleaned, err error) {
	if err := fits(webp.DecodeConfig(bytes.NewReader(came))); err != nil {
		return c, err
	}
	body, dropped := []byte("WEBP"), false
	rest := came[12:]
	if said := int64(binary.LittleEndian.Uint32(came[4:])) - 4; said >= 0 && said < int64(len(rest)) {
		rest, dropped = rest[:said], true
	}
	for len(rest) >= 8 {
		size := int64(binary.LittleEndian.Uint32(rest[4:]))
		size += size & 1
		if size+8 > int64(len(rest)) {
			return c, damagedPicture
		}
		chunk := slices.Clone(rest[:size+8])
		rest = rest[size+8:]
		switch string(chunk[:4]) {
		case "VP8X":
			if size < 10 {
				return c, damagedPicture
			}
			if chunk[8]&webpAnimated != 0 {
				return c, refuse("the picture moves", "send a picture of the part that matters")
			}
			chunk[8] &^= webpXMP | webpEXIF | webpColours
			body = append(body, chunk...)
		case "VP8 ", "VP8L", "ALPH":
			body = append(body, chunk...)
		default:
			dropped = true
		}
	}
	out := append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
	if _, err := webp.Decode(bytes.NewReader(out)); err != nil {
		return c, damagedPicture
	}
	c = cleaned{as: WebP, bytes: out}
	if dropped {
		c.notes = []string{placeRemoved}
	}
	return c, nil
}
