package documents

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"strings"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/webp"

	"shingle/internal/exhibit"
)

// picture prints a picture on a page of its own, as large as it fits and with the side up that it says.
func (s *sheet) picture(e Exhibit) error {
	as, data, width, height, err := printable(e)
	if err != nil {
		return err
	}
	s.AddPage()
	options := fpdf.ImageOptions{ImageType: as}
	name := fmt.Sprint("exhibit-", e.Number)
	s.RegisterImageOptionsReader(name, options, bytes.NewReader(data))
	scale := min(textWidth/float64(width), (textBottom-topMargin)/float64(height))
	s.ImageOptions(name, sideMargin+(textWidth-float64(width)*scale)/2, topMargin, float64(width)*scale, float64(height)*scale, false, options, 0, "")
	return s.Error()
}

// printable returns a picture as a PDF can hold it. A JPEG that stands upright goes in as it is.
func printable(e Exhibit) (as string, data []byte, width, height int, err error) {
	if e.Type == exhibit.JPEG {
		config, err := jpeg.DecodeConfig(bytes.NewReader(e.Bytes))
		if side := exhibit.Side(e.Bytes); err != nil || side < 2 && config.ColorModel != color.CMYKModel {
			return "JPG", e.Bytes, config.Width, config.Height, err
		}
	}
	var m image.Image
	switch e.Type {
	case exhibit.JPEG:
		m, err = jpeg.Decode(bytes.NewReader(e.Bytes))
	case exhibit.WebP:
		m, err = webp.Decode(bytes.NewReader(e.Bytes))
	default:
		m, err = png.Decode(bytes.NewReader(e.Bytes))
	}
	if err != nil {
		return "", nil, 0, 0, err
	}
	drawn := upright(m, exhibit.Side(e.Bytes))
	var b bytes.Buffer
	if e.Type == exhibit.PNG {
		as, err = "PNG", png.Encode(&b, drawn)
	} else {
		as, err = "JPG", jpeg.Encode(&b, drawn, &jpeg.Options{Quality: 92})
	}
	return as, b.Bytes(), drawn.Bounds().Dx(), drawn.Bounds().Dy(), err
}

// upright draws a picture on white, with the side up that its EXIF names (CIPA DC-008, 4.6.5: 1 is the top).
func upright(m image.Image, side int) image.Image {
	b := m.Bounds()
	flat := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(flat, flat.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(flat, flat.Bounds(), m, b.Min, draw.Over)
	if side < 2 || side > 8 {
		return flat
	}
	w, h := b.Dx(), b.Dy()
	if side > 4 {
		w, h = h, w
	}
	turned := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range b.Dy() {
		for x := range b.Dx() {
			tx, ty := x, y
			switch side {
			case 2:
				tx = w - 1 - x
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				ty = h - 1 - y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = w-1-y, x
			case 7:
				tx, ty = w-1-y, h-1-x
			case 8:
				tx, ty = y, h-1-x
			}
			turned.SetRGBA(tx, ty, flat.RGBAAt(x, y))
		}
	}
	return turned
}

const (
	// columns is how many letters of a text stand on a line, and mostLines how many lines are printed.
	columns, mostLines = 100, 6000
)

// transcript prints a text as it stands, with long lines broken.
func (s *sheet) transcript(text string) {
	s.use(monoFace)
	lines := 0
	for line := range strings.Lines(strings.ReplaceAll(text, "\r\n", "\n")) {
		runes := []rune(strings.ReplaceAll(strings.TrimRight(line, "\n\r"), "\t", "    "))
		for first := true; first || len(runes) > 0; first = false {
			if lines++; lines > mostLines {
				s.Ln(4)
				s.line(fineFace, "The text is longer than what is printed here: open the file itself.", 0)
				return
			}
			n := min(columns, len(runes))
			s.MultiCell(textWidth, 3.6, s.glyphs.shown(string(runes[:n]), monoFace), "", "L", false)
			runes = runes[n:]
		}
	}
}
