package exhibit

import (
	"bytes"
	"net/http"
	"strings"
)

// kind is what a file is by how it begins: how it is cleaned, or why it is not taken.
type kind struct {
	clean     func(came []byte) (cleaned, error)
	why, cure string
}

const printIt = "print it into a PDF, or send a picture of it"

// kindOf tells a file by its first bytes. It looks where the standards say that the signature stands, and nowhere
// else: a file that is two things at once is the one that it begins as, and its cleaning drops the other.
func kindOf(came []byte) kind {
	begins := func(sign string) bool { return bytes.HasPrefix(came, []byte(sign)) }
	switch {
	case begins("\xff\xd8\xff"):
		return kind{clean: cleanJPEG}
	case begins("\x89PNG\r\n\x1a\n"):
		return kind{clean: cleanPNG}
	case begins("GIF87a"), begins("GIF89a"):
		return kind{clean: cleanGIF}
	case begins("RIFF") && len(came) > 12 && string(came[8:12]) == "WEBP":
		return kind{clean: cleanWebP}
	case begins("%PDF-"):
		return kind{clean: cleanPDF}
	case begins("PK\x03\x04"):
		return kind{clean: cleanOffice}
	case begins("PK\x05\x06"), begins("\x1f\x8b"), begins("7z\xbc\xaf\x27\x1c"), begins("Rar!"), begins("BZh"), begins("\xfd7zXZ"), begins("\x28\xb5\x2f\xfd"):
		return kind{why: "the file is an archive, and archives are not unpacked here", cure: "unpack it, and send the files in it one by one"}
	case begins("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
		return kind{why: "the file is of an old office or mail program, and may hold macros", cure: "save it as a PDF, or in the newer format without macros"}
	case len(came) > 12 && string(came[4:8]) == "ftyp" && strings.Contains("heic heix hevc mif1 msf1 avif", string(came[8:12])):
		return kind{why: "the picture is in a format that not everybody can open", cure: "save it as a JPEG"}
	case begins("{\\rtf"):
		return kind{why: "the file is RTF, which can carry other files", cure: "save it as a PDF"}
	case begins("%!PS"):
		return kind{why: "the file is PostScript, which is a program", cure: "save it as a PDF"}
	}
	return textKind(came)
}

func textKind(came []byte) kind {
	text, ok := readText(came)
	if !ok {
		return kind{why: "the file is of a kind that is not taken", cure: "send a PDF, a picture (JPEG, PNG, GIF, WebP), a text, or a paper of an office program without macros; anything else, " + printIt}
	}
	head := strings.ToLower(strings.TrimLeft(text.words[:min(len(text.words), 4096)], " \t\r\n\f"))
	switch sniffed := http.DetectContentType([]byte(head)); {
	case strings.HasPrefix(head, "<svg"), strings.HasPrefix(head, "<?xml") && strings.Contains(head, "<svg"):
		return kind{why: "the file is an SVG, which a browser executes", cure: "save it as a PNG, or " + printIt}
	case strings.HasPrefix(sniffed, "text/html"), strings.HasPrefix(sniffed, "text/xml"), strings.HasPrefix(head, "<"):
		return kind{why: "the file is a web page or XML, which a browser executes", cure: printIt}
	case strings.HasPrefix(head, "#!"):
		return kind{why: "the file is a program", cure: printIt}
	}
	return kind{clean: func([]byte) (cleaned, error) {
		return cleaned{as: Text, bytes: []byte(text.words), notes: text.notes}, nil
	}}
}
