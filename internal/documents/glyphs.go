package documents

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gobolditalic"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

// glyphs makes sure that nothing that a font lacks vanishes: it is written as its Unicode number. It remembers
// what was missing, so that the document can say so.
type glyphs struct{ missing bool }

// fonts are the fonts of the documents, by family and style. They cover the scripts of the WGL4 set: Latin with
// its extensions, Greek and Cyrillic.
var fonts = func() map[string]*sfnt.Font {
	parsed := map[string]*sfnt.Font{}
	for name, ttf := range map[string][]byte{
		"go": goregular.TTF, "goB": gobold.TTF, "goI": goitalic.TTF, "goBI": gobolditalic.TTF, "mono": gomono.TTF,
	} {
		f, err := sfnt.Parse(ttf)
		if err != nil {
			panic("documents: the font " + name + " cannot be read: " + err.Error()) // it is part of the program
		}
		parsed[name] = f
	}
	return parsed
}()

// shown returns text as a face can show it. Letters and their accents are put together where Unicode can; white
// space is spaces; what the font has no glyph for is its number, as in [U+6F22].
func (g *glyphs) shown(text string, f face) string {
	font, buffer := fonts[f.family+f.style], sfnt.Buffer{}
	var b strings.Builder
	for _, r := range norm.NFC.String(strings.ToValidUTF8(text, "\uFFFD")) {
		switch index, err := font.GlyphIndex(&buffer, r); {
		case r == '\n' || r == '\r' || r == '\t' || unicode.Is(unicode.Zs, r) && r != '\u00a0':
			b.WriteByte(' ')
		case r > 0xffff || unicode.IsControl(r) || err != nil || index == 0:
			g.missing = true
			fmt.Fprintf(&b, "[U+%04X]", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
