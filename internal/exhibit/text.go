package exhibit

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// plain is a text in UTF-8.
type plain struct {
	words string
	notes []string
}

// readText returns a file as text in UTF-8; ok is false if it is none. Files of old programs for Windows, which say
// nowhere how they are written, are read as Windows-1252.
func readText(came []byte) (p plain, ok bool) {
	switch {
	case bytes.HasPrefix(came, []byte("\xef\xbb\xbf")):
		p.words = string(came[3:])
	case bytes.HasPrefix(came, []byte("\xff\xfe")), bytes.HasPrefix(came, []byte("\xfe\xff")):
		p.words = fromUTF16(came)
		p.notes = []string{"It was a text in UTF-16, and is kept in UTF-8."}
	case utf8.Valid(came):
		p.words = string(came)
	default:
		words, err := charmap.Windows1252.NewDecoder().String(string(came))
		if err != nil {
			return p, false
		}
		p.words, p.notes = words, []string{"It was read as a text of Windows (1252), and is kept in UTF-8."}
	}
	control := strings.IndexFunc(p.words, func(r rune) bool {
		return r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\f' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == utf8.RuneError
	})
	return p, control < 0 && utf8.ValidString(p.words)
}

func fromUTF16(came []byte) string {
	order := binary.ByteOrder(binary.LittleEndian)
	if came[0] == 0xfe {
		order = binary.BigEndian
	}
	units := make([]uint16, 0, len(came)/2)
	for b := came[2:]; len(b) >= 2; b = b[2:] {
		units = append(units, order.Uint16(b))
	}
	return string(utf16.Decode(units))
}
