package documents

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/pdfcpu/pdfcpu/pkg/api"

	"shingle/internal/exhibit"
)

// scan is a PDF of n pages, as a scanner makes it, and as it is kept.
func scan(t testing.TB, n int) exhibit.Found {
	t.Helper()
	f := fpdf.New("P", "mm", "A4", "")
	f.SetFont("Helvetica", "", 12)
	for i := range n {
		f.AddPage()
		for line := range 40 {
			f.Text(20, 20+float64(line)*6, fmt.Sprintf("Page %d, line %d: what was said between the parties of the contract.", i+1, line+1))
		}
	}
	var b bytes.Buffer
	if err := f.Output(&b); err != nil {
		t.Fatal(err)
	}
	found, err := exhibit.Look("scan.pdf", &b)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func photo(w, h int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for x := range w {
		for y := range h {
			m.SetRGBA(x, y, color.RGBA{uint8(x), uint8(y), uint8(x + y), 255})
		}
	}
	return m
}

// bundleOf makes a bundle of files as they are kept.
func bundleOf(files ...exhibit.Found) Bundle {
	b := Bundle{
		Body: Body{Name: "Society of Managed Service Providers", Web: "demo.example", Zone: time.UTC}, Case: "2027-0007", About: "Cobalt Ridge IT (0042)",
		Made: time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC),
	}
	for i, f := range files {
		b.Exhibits = append(b.Exhibits, Exhibit{
			Number: i + 1, What: fmt.Sprintf("The letter number %d, Привет, 漢字", i+1), From: "a witness", Admitted: b.Made, SHA256: f.SHA256, Type: f.Type, Bytes: f.Bytes,
		})
	}
	return b
}

func kept(t testing.TB, name string, data []byte) exhibit.Found {
	t.Helper()
	f, err := exhibit.Look(name, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func pictures(t testing.TB, w, h int) (asJPEG, asPNG []byte) {
	t.Helper()
	var j, p bytes.Buffer
	if err := jpeg.Encode(&j, photo(w, h), nil); err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(&p, photo(w, h)); err != nil {
		t.Fatal(err)
	}
	return j.Bytes(), p.Bytes()
}

func TestABundleHasOneCountOfPages(t *testing.T) {
	asJPEG, asPNG := pictures(t, 120, 80)
	paper := exhibit.Found{Type: exhibit.DOCX, Bytes: []byte("PK"), SHA256: strings.Repeat("0", 64)}
	b := bundleOf(scan(t, 3), kept(t, "a.jpg", asJPEG), kept(t, "a.png", asPNG), kept(t, "a.txt", []byte(strings.Repeat("a line\n", 100))), paper)
	var out bytes.Buffer
	n, err := b.WriteTo(&out)
	if err != nil || n != int64(out.Len()) {
		t.Fatalf("%d bytes: %v", n, err)
	}
	// The index; a leaf before each; the scan's three pages; a picture each; a hundred lines on two pages.
	const want = 1 + 5 + 3 + 1 + 1 + 2
	ctx, err := api.ReadValidateAndOptimize(bytes.NewReader(out.Bytes()), exhibit.PDFs())
	if err != nil || ctx.PageCount != want {
		t.Fatalf("%d pages: %v", ctx.PageCount, err)
	}
	pages := map[int]string{}
	if err := api.ExtractContent(bytes.NewReader(out.Bytes()), nil, func(r io.Reader, page int) error {
		text, err := io.ReadAll(r)
		pages[page] += string(text)
		return err
	}, exhibit.PDFs()); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(pages[3], "Page 1, line 1:") || !strings.Contains(pages[5], "Page 3, line 1:") {
		t.Error("the scan is not on pages 3 to 5")
	}
	var empty bytes.Buffer
	if _, err := bundleOf().WriteTo(&empty); err != nil || empty.Len() == 0 {
		t.Errorf("with nothing admitted: %v", err)
	}
	broken := bundleOf(exhibit.Found{Type: exhibit.PDF, Bytes: []byte("%PDF-1.7")})
	if _, err := broken.WriteTo(io.Discard); err == nil || !strings.Contains(err.Error(), "exhibit 1") {
		t.Errorf("of a damaged file it says %v", err)
	}
}

// A picture stands with the side up that its EXIF names.
func TestAPictureStandsUpright(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 3, 2)) // the mark is where the top left corner is to come
	corners := map[int]image.Point{1: {0, 0}, 2: {2, 0}, 3: {2, 1}, 4: {0, 1}, 5: {0, 0}, 6: {0, 1}, 7: {2, 1}, 8: {2, 0}}
	for side, at := range corners {
		for x := range 3 {
			for y := range 2 {
				m.SetRGBA(x, y, color.RGBA{255, 255, 255, 255})
			}
		}
		m.SetRGBA(at.X, at.Y, color.RGBA{255, 0, 0, 255})
		up := upright(m, side)
		if r, g, _, _ := up.At(0, 0).RGBA(); r != 0xffff || g != 0 {
			t.Errorf("with side %d up, the mark is elsewhere", side)
		}
		if wide := up.Bounds().Dx() == 3; wide != (side < 5) {
			t.Errorf("with side %d up, it measures %v", side, up.Bounds())
		}
	}
}

// BenchmarkBundle makes the bundle of a large case: 500 pages, of which 60 are photographs.
func BenchmarkBundle(b *testing.B) {
	asJPEG, _ := pictures(b, 1600, 1200)
	files := []exhibit.Found{scan(b, 100), scan(b, 100), scan(b, 100), scan(b, 74)}
	for range 60 {
		files = append(files, kept(b, "a.jpg", asJPEG))
	}
	bundle := bundleOf(files...)
	for b.Loop() {
		var out bytes.Buffer
		if _, err := bundle.WriteTo(&out); err != nil {
			b.Fatal(err)
		}
		n, err := api.PageCount(bytes.NewReader(out.Bytes()), exhibit.PDFs())
		if err != nil || n < 500 {
			b.Fatalf("%d pages: %v", n, err)
		}
		b.ReportMetric(float64(n), "pages")
		b.ReportMetric(float64(out.Len())/1e6, "MB")
	}
}
