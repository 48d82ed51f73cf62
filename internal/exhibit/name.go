package exhibit

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// endings are those that a type of file has; the first is given to what has none of them.
var endings = map[string][]string{
	JPEG: {".jpg", ".jpeg"}, PNG: {".png"}, WebP: {".webp"}, PDF: {".pdf"}, Text: {".txt", ".text", ".log", ".md", ".eml"}, CSV: {".csv"},
	DOCX: {".docx"}, XLSX: {".xlsx"}, PPTX: {".pptx"}, ODT: {".odt"}, ODS: {".ods"}, ODP: {".odp"},
}

// mostLabel bounds a label, in characters.
const mostLabel = 120

// Label returns what a file of a type is called, from what its sender calls it: the last part of a path, without
// signs that hide, turn the direction or mean something to a disk, and with an ending that says what it is. Notes
// tell what a reader should know of that.
func Label(name, as string) (label string, notes []string) {
	name = norm.NFC.String(strings.ToValidUTF8(name, "_"))
	turned := false
	name = strings.Map(func(r rune) rune {
		switch {
		case r == '\\' || r == '/':
			return '/'
		case unicode.Is(unicode.Bidi_Control, r):
			turned = true
			return -1
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == '\u2028', r == '\u2029':
			return -1
		case strings.ContainsRune(`<>:"|?*;`, r):
			return '_'
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, name)
	name = strings.Trim(path.Base(name), ". ")
	if name == "" || name == "/" {
		name = "file"
	}
	ending := strings.ToLower(path.Ext(name))
	if fits := endings[as]; len(fits) > 0 && !contains(fits, ending) {
		name += fits[0]
		notes = append(notes, "Its name had another ending; by its content it is what its name says now.")
	}
	if n := utf8.RuneCountInString(name); n > mostLabel {
		end := path.Ext(name)
		runes := []rune(strings.TrimSuffix(name, end))
		name = strings.TrimRight(string(runes[:max(1, mostLabel-utf8.RuneCountInString(end))]), ". ") + end
	}
	if turned {
		notes = append(notes, "Its name had signs that turn the direction of reading; they were removed.")
	}
	return name, notes
}

func contains(all []string, one string) bool {
	for _, s := range all {
		if s == one {
			return true
		}
	}
	return false
}

func endsLike(name, ending string) bool { return strings.HasSuffix(strings.ToLower(name), ending) }
