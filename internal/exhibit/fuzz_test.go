package exhibit

import (
	"bytes"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// FuzzLook sends anything. Whatever it is, it is taken or refused, never ends the program, and what is taken is of a
// type that it is taken as again.
func FuzzLook(f *testing.F) {
	f.Add("a.jpg", with(jpegOf(f, picture(9, 9)), exif(6)))
	f.Add("a.png", withChunk(pngOf(f, picture(9, 9)), chunk("tEXt", canary)))
	f.Add("a.gif", gifPage(f))
	f.Add("a.pdf", hostilePDF())
	f.Add("a.docx", docx(f))
	f.Add("../../x", []byte("text"))
	f.Add("a.webp", []byte("RIFF\x10\x00\x00\x00WEBPVP8L\x04\x00\x00\x00\x2f\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, name string, came []byte) {
		found, err := Look(name, bytes.NewReader(came))
		if err != nil {
			if r, ok := IsRefused(err); !ok || r.Why == "" || r.Cure == "" {
				t.Fatal(err)
			}
			return
		}
		if found.Name == "" || !utf8.ValidString(found.Name) || strings.ContainsAny(found.Name, "/\\\"\x00\r\n") || strings.HasPrefix(found.Name, ".") || strings.IndexFunc(found.Name, unicode.IsControl) >= 0 {
			t.Fatalf("the name is %q", found.Name)
		}
		again, err := Look(found.Name, bytes.NewReader(found.Bytes))
		if len(found.Bytes) > MostBytes { // a picture that grew when it was drawn anew
			return
		}
		if err != nil && len(found.Bytes) > 0 || err == nil && again.Type != found.Type {
			t.Fatalf("%s, looked at again, is %s: %v", found.Type, again.Type, err)
		}
	})
}
