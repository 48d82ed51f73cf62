package exhibit

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"image"
	_ "image/jpeg"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"golang.org/x/image/webp"
)

// kept looks at a file that is to be taken.
func kept(t *testing.T, name string, came []byte, as string) Found {
	t.Helper()
	f, err := Look(name, bytes.NewReader(came))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if f.Type != as || f.SHA256 != sum(f.Bytes) || f.Came != sum(came) {
		t.Errorf("%s is %+v", name, f)
	}
	if bytes.Contains(f.Bytes, []byte(canary)) {
		t.Errorf("%s still holds what it must not", name)
	}
	again, err := Look(name, bytes.NewReader(f.Bytes))
	if err != nil || again.Type != f.Type && f.Type != CSV {
		t.Errorf("%s, looked at again, is %s: %v", name, again.Type, err)
	}
	return f
}

// notKept looks at a file that is to be refused, in words for whoever sent it.
func notKept(t *testing.T, name string, came []byte, why string) {
	t.Helper()
	f, err := Look(name, bytes.NewReader(came))
	r, ok := IsRefused(err)
	if !ok || f.Bytes != nil || !strings.Contains(r.Why, why) || r.Cure == "" || !strings.Contains(r.Error(), "nothing was kept") {
		t.Errorf("%s: %d bytes of %s, %v", name, len(f.Bytes), f.Type, err)
	}
	if err != nil && strings.Contains(err.Error(), canary) {
		t.Errorf("%s: the refusal tells of its content", name)
	}
}

func same(t *testing.T, a, b image.Image) {
	t.Helper()
	if a.Bounds() != b.Bounds() {
		t.Fatalf("it measures %v and %v", a.Bounds(), b.Bounds())
	}
	for x := range a.Bounds().Dx() {
		for y := range a.Bounds().Dy() {
			r, g, bl, _ := a.At(x, y).RGBA()
			r2, g2, b2, _ := b.At(x, y).RGBA()
			if r != r2 || g != g2 || bl != b2 {
				t.Fatalf("the dot at %d, %d is another one", x, y)
			}
		}
	}
}

func decoded(t *testing.T, b []byte) image.Image {
	t.Helper()
	m, _, err := image.Decode(bytes.NewReader(b))
	must(t, err)
	return m
}

func TestAPictureTellsNoPlace(t *testing.T) {
	plain := jpegOf(t, picture(40, 30))
	hostile := append(with(plain, exif(6), segment(comment, []byte(canary)), segment(0xe2, []byte("ICC_PROFILE"+canary)), segment(0xed, []byte("Photoshop "+canary))), page...)
	f := kept(t, "IMG_0042.JPG", hostile, JPEG)
	same(t, decoded(t, f.Bytes), decoded(t, plain))
	if at := bytes.Index(f.Bytes, []byte("Exif\x00\x00")); at < 0 || orientation(f.Bytes[at+6:]) != 6 {
		t.Error("it is not known any more which side is up")
	}
	if bytes.Contains(f.Bytes, []byte{0x88, 0x25}) || !slices.Contains(f.Notes, placeRemoved) || f.Name != "IMG_0042.JPG" {
		t.Errorf("%q, %v", f.Name, f.Notes)
	}
	if f := kept(t, "clean.jpg", plain, JPEG); !bytes.Equal(f.Bytes, plain) || len(f.Notes) > 0 {
		t.Errorf("a clean picture is changed: %v", f.Notes)
	}
	for _, cut := range []int{3, 20, 200, len(plain) - 2} {
		notKept(t, "cut.jpg", plain[:cut], "damaged")
	}
}

func TestAPNGKeepsItsDotsAlone(t *testing.T) {
	plain := pngOf(t, picture(40, 30))
	hostile := plain
	for _, c := range [][]byte{chunk("tEXt", "Comment\x00"+canary), chunk("iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00"+canary), chunk("eXIf", canary), chunk("tIME", canary), chunk("prVt", page)} {
		hostile = withChunk(hostile, c)
	}
	hostile = append(hostile, page...)
	f := kept(t, "screen.png", hostile, PNG)
	same(t, decoded(t, f.Bytes), decoded(t, plain))
	if !bytes.Equal(f.Bytes, plain) || !slices.Contains(f.Notes, placeRemoved) {
		t.Errorf("%v", f.Notes)
	}
	flipped := bytes.Clone(plain)
	flipped[len(flipped)/2] ^= 1
	notKept(t, "flipped.png", flipped, "damaged")
	notKept(t, "huge.png", hugePNG(1<<20, 1<<20, "\x08"), "60 million")
	notKept(t, "deep.png", hugePNG(7000, 8000, "\x10"), "too large")
	notKept(t, "empty.png", hugePNG(10, 10, "\x08"), "damaged")
	notKept(t, "nothing.png", hugePNG(0, 10, "\x08"), "damaged")
}

// oneDot is the smallest WebP there is: one dot, without loss.
const oneDot = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="

func TestAWebPTellsNoPlace(t *testing.T) {
	small, err := base64.StdEncoding.DecodeString(oneDot)
	must(t, err)
	if f := kept(t, "dot.webp", small, WebP); !bytes.Equal(f.Bytes, small) || len(f.Notes) > 0 {
		t.Errorf("a clean picture is changed: %v", f.Notes)
	}
	piece := func(name, body string) []byte {
		return append(binary.LittleEndian.AppendUint32([]byte(name), uint32(len(body))), body...)
	}
	extended := func(flags byte) []byte {
		body := bytes.Join([][]byte{[]byte("WEBP"), piece("VP8X", string([]byte{flags, 0, 0, 0, 0, 0, 0, 0, 0, 0})), small[12:], piece("EXIF", canary+canary), piece("XMP ", canary+canary)}, nil)
		return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
	}
	f := kept(t, "phone.webp", append(extended(webpEXIF|webpXMP), page...), WebP)
	if f.Bytes[20] != 0 || !slices.Contains(f.Notes, placeRemoved) {
		t.Errorf("its flags are %#x, %v", f.Bytes[20], f.Notes)
	}
	same(t, decodedWebP(t, f.Bytes), decodedWebP(t, small))
	notKept(t, "moving.webp", extended(webpAnimated), "moves")
	for _, cut := range []int{13, 20, 30, len(small) - 1} {
		if _, err := Look("cut.webp", bytes.NewReader(small[:cut])); err == nil {
			t.Errorf("%d bytes of it are taken", cut)
		}
	}
}

func decodedWebP(t *testing.T, b []byte) image.Image {
	t.Helper()
	m, err := webp.Decode(bytes.NewReader(b))
	must(t, err)
	return m
}

func TestAFileIsWhatItBeginsAsAndNothingElse(t *testing.T) {
	f := kept(t, "cat.gif", gifPage(t), PNG)
	if bytes.Contains(f.Bytes, []byte("script")) || f.Name != "cat.gif.png" {
		t.Errorf("%q", f.Name)
	}
	for name, polyglot := range map[string][]byte{
		"picture.png": append(pngOf(t, picture(9, 9)), zipOf(t, part{"a.exe", canary})...),
		"scan.jpg":    append(jpegOf(t, picture(9, 9)), hostilePDF()...),
	} {
		if f, err := Look(name, bytes.NewReader(polyglot)); err != nil || http.DetectContentType(f.Bytes) != f.Type || bytes.Contains(f.Bytes, []byte("PK\x03\x04")) || bytes.Contains(f.Bytes, []byte("%PDF")) {
			t.Errorf("%s is both: %v", name, err)
		}
	}
	notKept(t, "empty.pdf", nil, "empty")
	notKept(t, "page.html", []byte(page), "web page")
	notKept(t, "page.txt", []byte("\n  <!DOCTYPE html>"+page), "web page")
	notKept(t, "drawing.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert('`+canary+`')</script></svg>`), "SVG")
	notKept(t, "drawing.png", []byte(`<?xml version="1.0"?><svg onload="alert(1)"/>`), "SVG")
	notKept(t, "feed.xml", []byte(`<?xml version="1.0"?><feed/>`), "XML")
	notKept(t, "run.sh", []byte("#!/bin/sh\nrm -rf /"), "program")
	notKept(t, "a.exe", append([]byte("MZ\x90\x00\x03\x00\x00\x00"), canary...), "not taken")
	notKept(t, "old.doc", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"+canary), "old office")
	notKept(t, "a.rtf", []byte(`{\rtf1 `+canary+`}`), "RTF")
	notKept(t, "phone.heic", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"+canary), "picture is in a format")
	for _, archive := range []string{"PK\x05\x06" + strings.Repeat("\x00", 18), "\x1f\x8b\x08", "7z\xbc\xaf\x27\x1c", "Rar!\x1a\x07\x00"} {
		notKept(t, "a.zip", []byte(archive), "archive")
	}
	notKept(t, "large.txt", bytes.Repeat([]byte("a"), MostBytes+1), "larger than 25 MiB")
	if f := kept(t, "large.txt", bytes.Repeat([]byte("a"), MostBytes), Text); len(f.Bytes) != MostBytes {
		t.Errorf("%d bytes", len(f.Bytes))
	}
	if _, err := Look("x", iotest.ErrReader(io.ErrUnexpectedEOF)); err != io.ErrUnexpectedEOF {
		t.Errorf("a sender who went away: %v", err)
	}
}

func TestTextsAreKeptInUTF8(t *testing.T) {
	for _, c := range []struct{ came, want string }{
		{"Grüße, 漢字 and עברית\r\n", "Grüße, 漢字 and עברית\r\n"},
		{"\xef\xbb\xbfa;b\n", "a;b\n"},
		{"\xff\xfeG\x00r\x00\xfc\x00", "Grü"},
		{"\xfe\xff\x00G\x00r\x00\xfc", "Grü"},
		{"Gr\xfc\xdfe", "Grüße"},
	} {
		if f := kept(t, "log.txt", []byte(c.came), Text); string(f.Bytes) != c.want {
			t.Errorf("%q is kept as %q", c.came, f.Bytes)
		}
	}
	if f := kept(t, "list.CSV", []byte("a,b\n1,2\n"), CSV); f.Name != "list.CSV" {
		t.Error(f.Name)
	}
	notKept(t, "binary.txt", []byte("a\x00b"), "not taken")
	notKept(t, "escape.txt", []byte("a\x1b[2Jb"), "not taken")
}

func TestPapersLoseTheirAuthorsAndAreRefusedWithMacros(t *testing.T) {
	inner := string(zipOf(t, part{"[Content_Types].xml", "<Types/>"}, part{"xl/workbook.xml", "<x/>"}))
	located := string(with(jpegOf(t, picture(8, 8)), exif(1)))
	f := kept(t, "report.docx", docx(t, part{"word/embeddings/table.xlsx", inner}, part{"word/media/image1.jpeg", located}), DOCX)
	if !strings.Contains(strings.Join(f.Notes, " "), "Who wrote it") {
		t.Error(f.Notes)
	}
	again, err := Look("again.docx", bytes.NewReader(f.Bytes))
	if err != nil || !bytes.Equal(again.Bytes, f.Bytes) {
		t.Errorf("packing anew is not always the same: %v", err)
	}
	kept(t, "letter.odt", zipOf(t, part{"mimetype", ODT}, part{"content.xml", "<c/>"}, part{"meta.xml", canary}), ODT)
	link := strings.Replace(relations, "%s", `<Relationship Id="a" Type="http://x/hyperlink" Target="https://a.example" TargetMode="External"/>`, 1)
	kept(t, "linked.docx", docx(t, part{"word/_rels/document.xml.rels", link}), DOCX)
	for name, came := range map[string][]byte{
		"report.docm":   docx(t, part{"word/vbaProject.bin", canary}),
		"renamed.docx":  docx(t, part{"word/vbaProject.bin", canary}),
		"ole.docx":      docx(t, part{"word/embeddings/oleObject1.bin", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + canary}),
		"activex.docx":  docx(t, part{"word/activeX/activeX1.xml", canary}),
		"program.docx":  docx(t, part{"word/media/image2.png", "MZ" + canary}),
		"declared.docx": zipOf(t, part{"[Content_Types].xml", "application/vnd.ms-word.document.macroEnabled.main+xml"}, part{"word/document.xml", "x"}),
		"basic.odt":     zipOf(t, part{"mimetype", ODT}, part{"content.xml", "<c/>"}, part{"Basic/Standard/Module1.xml", canary}),
	} {
		notKept(t, name, came, "macros")
	}
	template := strings.Replace(relations, "%s", `<Relationship Id="a" Type="http://x/attachedTemplate" Target="https://evil.example/a.dotm" TargetMode="external"/>`, 1)
	notKept(t, "template.docx", docx(t, part{"word/_rels/settings.xml.rels", template}), "elsewhere")
	notKept(t, "broken.docx", docx(t, part{"word/_rels/settings.xml.rels", "<Relationships"}), "damaged")
	notKept(t, "files.zip", zipOf(t, part{"a.txt", "a"}), "archive")
	notKept(t, "cut.docx", docx(t)[:100], "damaged")
}

func TestWhatUnpacksToTooMuchIsRefused(t *testing.T) {
	many := make([]part, 0, mostEntries+1)
	for i := range mostEntries {
		many = append(many, part{"word/" + strings.Repeat("a", i%7) + string(rune('a'+i%26)) + strings.Repeat("b", i/26), ""})
	}
	four := bomb(t) // 64 MiB in one
	notKept(t, "bomb.zip", []byte(four), "archive")
	notKept(t, "bomb.docx", docx(t, part{"word/a.xml", strings.Repeat("\x00", mostUnpacked/2)}, part{"word/b.xml", strings.Repeat("\x00", mostUnpacked/2)}), "200 MiB")
	paper := func(inner string) string {
		return string(zipOf(t, part{"[Content_Types].xml", "<Types/>"}, part{"word/document.xml", "x"}, part{"word/embeddings/a.docx", inner}))
	}
	large := string(zipOf(t, part{"[Content_Types].xml", "<Types/>"}, part{"word/document.xml", strings.Repeat("\x00", mostUnpacked/3)}))
	nested := zipOf(t, part{"[Content_Types].xml", "<Types/>"}, part{"word/document.xml", "x"}, part{"word/a.docx", large}, part{"word/b.docx", large}, part{"word/c.docx", large})
	notKept(t, "nested.docx", nested, "200 MiB")
	notKept(t, "deep.docx", []byte(paper(paper(paper("x")))), "hold files")
	notKept(t, "bombinside.docx", docx(t, part{"word/embeddings/a.zip", four}), "archive")
	notKept(t, "many.docx", docx(t, many...), "too many")
	notKept(t, "twice.docx", docx(t, part{"word/Document.xml", canary}), "differently")
	for _, way := range []string{"../../etc/passwd", "/etc/passwd", `..\..\x`, "word/../../x", "word//x"} {
		notKept(t, "slip.docx", docx(t, part{way, canary}), "differently")
	}
}

func TestAPDFIsPaper(t *testing.T) {
	f := kept(t, "contract.pdf", append(hostilePDF(), page...), PDF)
	for _, gone := range []string{"JavaScript", "/JS", "OpenAction", "/AA", "Launch", "EmbeddedFile", "FileAttachment", "app.alert", "Author", "script"} {
		if bytes.Contains(f.Bytes, []byte(gone)) {
			t.Errorf("%s is still in it", gone)
		}
	}
	notes := strings.Join(f.Notes, " ")
	for _, says := range []string{"written anew", "runs when it is opened", "attached", sum(append(hostilePDF(), page...))} {
		if !strings.Contains(notes, says) {
			t.Errorf("the notes do not say %q: %s", says, notes)
		}
	}
	ctx, err := api.ReadValidateAndOptimize(bytes.NewReader(f.Bytes), PDFs())
	if err != nil || ctx.PageCount != 1 {
		t.Fatalf("it is no PDF any more: %v", err)
	}
	var drawn []byte
	must(t, api.ExtractContent(bytes.NewReader(f.Bytes), nil, func(r io.Reader, _ int) (err error) {
		drawn, err = io.ReadAll(r)
		return err
	}, PDFs()))
	if !bytes.Contains(drawn, []byte("100 100 l")) {
		t.Errorf("on its page is %q", drawn)
	}
	for _, bad := range [][]byte{[]byte("%PDF-1.7\n"), []byte("%PDF-1.7\n" + canary + "\n%%EOF"), hostilePDF()[:300], pdf(`<< /Type /Catalog /Pages 2 0 R >>`, `<< /Type /Pages /Kids [ ] /Count 0 >>`, `<< >>`), pdf(`<< /Type /Catalog /Pages 2 0 R >>`, `<< /Type /Pages /Kids [ 2 0 R ] /Count 9999999 >>`, `<< >>`)} {
		if _, err := Look("bad.pdf", bytes.NewReader(bad)); err == nil {
			t.Errorf("%q is taken", bad[:min(len(bad), 60)])
		} else if _, ok := IsRefused(err); !ok {
			t.Error(err)
		}
	}
}

func TestNamesAreLabels(t *testing.T) {
	for _, c := range []struct{ name, as, want string }{
		{"../../x", Text, "x.txt"},
		{`C:\Users\ada\x.pdf`, PDF, "x.pdf"},
		{"/etc/passwd", Text, "passwd.txt"},
		{"..", PDF, "file.pdf"}, {"", PNG, "file.png"}, {"/", PNG, "file.png"}, {". . .", PNG, "file.png"},
		{"invoice\u202efdp.exe", PDF, "invoicefdp.exe.pdf"},
		{"\u2066a\u2069\u200f.png", PNG, "a.png"},
		{"a\u200bb\x00c\r\nd.txt", Text, "abcd.txt"},
		{`a"; filename="evil.html`, Text, "a__ filename=_evil.html.txt"},
		{"漢字.pdf", PDF, "漢字.pdf"}, {"עברית.pdf", PDF, "עברית.pdf"},
		{"cafe\u0301.txt", Text, "café.txt"},
		{"x.JPEG", JPEG, "x.JPEG"}, {"mail.eml", Text, "mail.eml"}, {".htaccess", Text, "htaccess.txt"},
		{"bad\xffname.pdf", PDF, "bad_name.pdf"},
		{strings.Repeat("é", 300) + ".pdf", PDF, strings.Repeat("é", mostLabel-4) + ".pdf"},
		{"x." + strings.Repeat("y", 300), PDF, "x." + strings.Repeat("y", mostLabel-6) + ".pdf"},
	} {
		got, _ := Label(c.name, c.as)
		if got != c.want {
			t.Errorf("%q is called %q, not %q", c.name, got, c.want)
		}
		if again, notes := Label(got, c.as); again != got || len(notes) > 0 {
			t.Errorf("%q, called anew, is %q: %v", got, again, notes)
		}
	}
	if _, notes := Label("a\u202eb.pdf", PDF); len(notes) != 1 || !strings.Contains(notes[0], "direction") {
		t.Errorf("of the direction it says %v", notes)
	}
}
