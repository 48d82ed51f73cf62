package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/pdfcpu/pdfcpu/pkg/api"

	"shingle/internal/documents"
	"shingle/internal/exhibit"
)

// bundled is how many pages the bundle has, and how many of its exhibits are photographs on a page of their own, with a
// leaf before each.
const bundled, photographs = 500, 60

// binding makes the bundle for the hearing of a large case: four scans and many photographs, looked at before as
// uploads are.
func binding(_ context.Context, s *session) ([]row, error) {
	b := documents.Bundle{Body: documents.Body{Name: "Society", Web: "demo.example", Zone: time.UTC}, Case: "2027-0007", About: "Cobalt Ridge IT (0042)", Made: time.Now()}
	photo, err := photograph()
	if err != nil {
		return nil, err
	}
	left := bundled - 2 - 4 - 2*photographs // the index has two pages
	looking := time.Now()
	for i := range 4 + photographs {
		file, name := photo, "photo.jpg"
		if i < 4 {
			if file, err = scanned(left / 4); err != nil {
				return nil, err
			}
			name = "scan.pdf"
		}
		found, err := exhibit.Look(name, bytes.NewReader(file))
		if err != nil {
			return nil, err
		}
		b.Exhibits = append(b.Exhibits, documents.Exhibit{
			Number: i + 1, What: fmt.Sprintf("what was found, piece %d", i+1), From: "a witness", Admitted: b.Made, SHA256: found.SHA256, Type: found.Type, Bytes: found.Bytes,
		})
	}
	s.say("%d files looked at in %.1f s", len(b.Exhibits), time.Since(looking).Seconds())
	var took []float64
	pages := 0
	for range s.Runs {
		var out bytes.Buffer
		began := time.Now()
		if _, err := b.WriteTo(&out); err != nil {
			return nil, err
		}
		took = append(took, time.Since(began).Seconds())
		if pages, err = api.PageCount(bytes.NewReader(out.Bytes()), exhibit.PDFs()); err != nil {
			return nil, err
		}
		s.say("%d pages and %d MB in %.1f s", pages, out.Len()/1e6, took[len(took)-1])
	}
	if pages < bundled-10 || pages > bundled+10 {
		return nil, errors.New("the bundle has other pages than were to be measured")
	}
	seconds := median(took)
	return []row{{
		what: fmt.Sprintf("bundle of %d pages, %d exhibits", pages, len(b.Exhibits)), measured: fmt.Sprintf("%.1f s", seconds), beside: "–",
		value: fmt.Sprintf("%.1f s", seconds), target: "< 5 s", met: seconds < 5,
	}}, nil
}

// scanned is a PDF of full pages.
func scanned(pages int) ([]byte, error) {
	f := fpdf.New("P", "mm", "A4", "")
	f.SetFont("Helvetica", "", 11)
	for p := range pages {
		f.AddPage()
		for line := range 45 {
			f.Text(20, 20+float64(line)*5.6, fmt.Sprintf("Page %d, line %d: what was said between the parties of the contract.", p+1, line+1))
		}
	}
	var b bytes.Buffer
	err := f.Output(&b)
	return b.Bytes(), err
}

// photograph is a JPEG of two million dots.
func photograph() ([]byte, error) {
	m := image.NewRGBA(image.Rect(0, 0, 1600, 1200))
	for x := range 1600 {
		for y := range 1200 {
			m.SetRGBA(x, y, color.RGBA{uint8(x * y), uint8(x + y), uint8(x ^ y), 255})
		}
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, m, nil)
	return b.Bytes(), err
}
