package exhibit

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

// canary stands in a sample wherever it must not stand in what is kept.
const canary = "CANARY-52.5163N-13.3777E"

const page = "<html><body onload=alert(1)><script>alert('" + canary + "')</script></body></html>"

// picture is a small picture in which every dot is another.
func picture(w, h int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for x := range w {
		for y := range h {
			m.Set(x, y, color.RGBA{uint8(x * 7), uint8(y * 11), uint8(x ^ y), 255})
		}
	}
	return m
}

func jpegOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, m, nil))
	return b.Bytes()
}

func pngOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, png.Encode(&b, m))
	return b.Bytes()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// exif is an EXIF segment with an orientation, and a GPS directory that says where.
func exif(side uint16) []byte {
	le := binary.LittleEndian
	tiff := []byte("II*\x00\x08\x00\x00\x00")
	tiff = le.AppendUint16(tiff, 2)
	tiff = le.AppendUint16(le.AppendUint32(le.AppendUint16(le.AppendUint16(tiff, 0x0112), 3), 1), side)
	tiff = append(tiff, 0, 0)
	tiff = le.AppendUint32(le.AppendUint32(le.AppendUint16(le.AppendUint16(tiff, 0x8825), 4), 1), 38)
	tiff = le.AppendUint32(tiff, 0)
	tiff = append(tiff, canary...)
	return segment(app1, append([]byte("Exif\x00\x00"), tiff...))
}

func segment(marker byte, body []byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(body)+2)), body...)
}

// with puts segments behind the beginning of a JPEG.
func with(picture []byte, segments ...[]byte) []byte {
	return append(append(bytes.Clone(picture[:2]), bytes.Join(segments, nil)...), picture[2:]...)
}

func chunk(name, body string) []byte {
	b := append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), name+body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// withChunk puts a chunk behind the header of a PNG.
func withChunk(picture []byte, c []byte) []byte {
	const header = 8 + 25
	return append(append(bytes.Clone(picture[:header]), c...), picture[header:]...)
}

// hugePNG is a few bytes that say that they are a very large picture.
func hugePNG(w, h uint32, bits string) []byte {
	header := string(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)) + bits + "\x06\x00\x00\x00"
	return append(append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", header)...), chunk("IEND", "")...)
}

// gifPage is a GIF that is a page of HTML as well.
func gifPage(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, gif.Encode(&b, picture(8, 8), nil))
	g := b.Bytes()
	comment := append([]byte{0x21, 0xfe, byte(len(page))}, page+"\x00"...)
	const header = 13
	table := 3 << (g[10]&7 + 1)
	return append(append(bytes.Clone(g[:header+table]), comment...), append(g[header+table:], page...)...)
}

// part is a file in an archive.
type part struct{ name, text string }

func zipOf(t testing.TB, parts ...part) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, p := range parts {
		to, err := w.Create(p.name)
		must(t, err)
		_, err = to.Write([]byte(p.text))
		must(t, err)
	}
	must(t, w.Close())
	return b.Bytes()
}

const relations = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>`

func docx(t testing.TB, more ...part) []byte {
	t.Helper()
	return zipOf(t, append([]part{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`},
		{"_rels/.rels", fmt.Sprintf(relations, `<Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>`)},
		{"word/document.xml", "<w:document>What happened</w:document>"},
		{"docProps/core.xml", "<creator>" + canary + "</creator>"},
	}, more...)...)
}

// bomb is an archive that unpacks to very much.
func bomb(t testing.TB) string { return string(zipOf(t, part{"x", strings.Repeat("\x00", 64<<20)})) }

// pdf writes a PDF by hand: objects by their number from 1, the first its catalog.
func pdf(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, len(objects), start)
	return b.Bytes()
}

// hostilePDF has one page, and everything that a PDF can do to who opens it.
func hostilePDF() []byte {
	script := "/S /JavaScript /JS (app.alert\\('" + canary + "'\\))"
	return pdf(
		`<< /Type /Catalog /Pages 2 0 R /OpenAction << `+script+` >> /AA << /WC << `+script+` >> >> /Names << /JavaScript << /Names [ (a) 6 0 R ] >> /EmbeddedFiles << /Names [ (b) 8 0 R ] >> >> >>`,
		`<< /Type /Pages /Kids [ 3 0 R ] /Count 1 >>`,
		`<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 200 200 ] /Contents 4 0 R /Resources << >> /AA << /O << `+script+` >> >> /Annots [ 5 0 R 7 0 R 10 0 R ] >>`,
		"<< /Length 24 >>\nstream\n0 0 m 100 100 l S % kept\nendstream",
		`<< /Type /Annot /Subtype /Link /Rect [ 0 0 10 10 ] /A << /S /Launch /F (`+canary+`.exe) >> >>`,
		`<< `+script+` >>`,
		`<< /Type /Annot /Subtype /FileAttachment /Rect [ 0 0 10 10 ] /FS 8 0 R >>`,
		`<< /Type /Filespec /F (a.exe) /EF << /F 9 0 R >> >>`,
		"<< /Type /EmbeddedFile /Length 24 >>\nstream\n"+canary+"\nendstream",
		`<< /Type /Annot /Subtype /Link /Rect [ 0 0 10 10 ] /A << /S /GoTo /D [ 3 0 R /Fit ] /Next << `+script+` >> >> >>`,
		`<< /Author (`+canary+`) /Title (`+canary+`) >>`,
	)
}
