package documents

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"shingle/internal/exhibit"
)

// Bundle is what everybody has before them at a hearing: all evidence that was admitted, in order, with an index and
// one count of pages from the first to the last.
type Bundle struct {
	Body     Body
	Case     string // number
	About    string // the respondent, by name and number
	Made     time.Time
	Exhibits []Exhibit
}

// Exhibit is one piece of evidence in a bundle.
type Exhibit struct {
	Number    int
	What      string // in the words of whoever admitted it
	From      string // e.g. "a witness"
	Admitted  time.Time
	SHA256    string // hex
	Type      string // e.g. "application/pdf"; "" for a file that is not there
	Anonymous bool   // nobody stands by it with a name
	Bytes     []byte
}

// printed is an exhibit on paper: the leaf before it, and its pages.
type printed struct {
	Exhibit
	parts [][]byte // PDFs
	pages int
	first int // its number in the bundle
}

// WriteTo writes the bundle as a PDF.
func (b Bundle) WriteTo(w io.Writer) (int64, error) {
	all := make([]printed, len(b.Exhibits))
	for i, e := range b.Exhibits {
		p, err := b.print(e)
		if err != nil {
			return 0, fmt.Errorf("exhibit %d cannot be printed: %w", e.Number, err)
		}
		all[i] = p
	}
	front, err := b.front(all, 0)
	if err != nil {
		return 0, err
	}
	next := front.PageCount() + 1
	for i := range all {
		all[i].first = next
		next += all[i].pages
	}
	if front, err = b.front(all, front.PageCount()); err != nil {
		return 0, err
	}
	first, err := front.bytes()
	if err != nil {
		return 0, err
	}
	parts := []io.ReadSeeker{bytes.NewReader(first)}
	for _, p := range all {
		for _, part := range p.parts {
			parts = append(parts, bytes.NewReader(part))
		}
	}
	return b.bind(w, parts)
}

// bind puts the parts together, and numbers the pages.
func (b Bundle) bind(w io.Writer, parts []io.ReadSeeker) (int64, error) {
	var bound bytes.Buffer
	if err := api.MergeRaw(parts, &bound, false, exhibit.PDFs()); err != nil {
		return 0, fmt.Errorf("the parts cannot be put together: %w", err)
	}
	stamp, err := api.TextWatermark("Case "+b.Case+"  ·  page %p of %P", "font:Helvetica, points:8, position:bc, offset:0 8, scale:1 abs, rotation:0, opacity:1, fillcolor:#4B5860, backgroundcolor:#FFFFFF, margins:2", true, false, types.POINTS)
	if err != nil {
		return 0, err
	}
	count := &counted{to: w}
	if err := api.AddWatermarks(bytes.NewReader(bound.Bytes()), count, nil, stamp, exhibit.PDFs()); err != nil {
		return count.n, fmt.Errorf("the pages cannot be numbered: %w", err)
	}
	return count.n, nil
}

type counted struct {
	to io.Writer
	n  int64
}

func (c *counted) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	c.n += int64(n)
	return n, err
}

// front is the first leaf and the index; pages is how many they are, 0 to count them.
func (b Bundle) front(all []printed, pages int) (*sheet, error) {
	s := newSheet("Bundle for the hearing of case "+b.Case, b.Body.Web+" · case "+b.Case, b.Made, pages)
	s.SetFooterFunc(nil)
	s.SetFillColor(deep[0], deep[1], deep[2])
	s.Rect(0, 0, 210, 3.2, "F")
	s.line(kickerFace, "CONFIDENTIAL", 1.5)
	s.line(titleFace, "Bundle for the hearing", 2)
	s.line(leadFace, "Case "+b.Case+" of "+b.Body.Name+", about "+b.About, 3)
	s.stroke()
	s.SetY(s.GetY() + 3)
	s.facts([]fact{
		{Label: "Made on", Text: b.Body.day(b.Made)},
		{Label: "Exhibits", Text: fmt.Sprint(len(all))},
		{Label: "What it is", Text: "All evidence that was admitted, in the order in which it was. What was not admitted is not in it, nor are notes of counsel and of the panel. For whom it was made stays on record."},
	})
	s.heading("", "Index", headingFace)
	for _, p := range all {
		s.room(16)
		top := s.GetY()
		s.SetX(s.left)
		marked := plainFace.with("B")
		marked.colour = brass
		s.words(marked, fmt.Sprint(p.Number))
		s.SetXY(210-sideMargin-22, top)
		s.use(softFace)
		s.CellFormat(22, plainFace.height(), fmt.Sprintf("page %d", max(p.first, 1)), "", 0, "R", false, 0, "")
		s.SetXY(s.left, top)
		s.indented(12, func() {
			s.SetRightMargin(sideMargin + 24)
			s.SetXY(s.left, top)
			s.words(plainFace, p.What)
			s.SetXY(s.left, s.GetY()+plainFace.height())
			s.words(fineFace, b.provenance(p.Exhibit))
			s.SetRightMargin(sideMargin)
			s.SetXY(s.left, s.GetY()+fineFace.height()+2)
		})
	}
	if len(all) == 0 {
		s.line(softFace, "Nothing was admitted.", 0)
	}
	if s.glyphs.missing {
		s.line(fineFace, "The fonts of this document lack some characters. They are given by their Unicode number, as in [U+0000].", 0)
	}
	return s, s.Error()
}

func (b Bundle) provenance(e Exhibit) string {
	from := "from " + e.From
	if e.Anonymous {
		from += ", without a name"
	}
	return from + " · admitted on " + b.Body.day(e.Admitted)
}

// print puts an exhibit on paper.
func (b Bundle) print(e Exhibit) (p printed, err error) {
	p.Exhibit = e
	s := newSheet(fmt.Sprintf("Exhibit %d", e.Number), "", b.Made, 0)
	s.SetFooterFunc(nil)
	s.line(kickerFace, "CASE "+b.Case, 1.5)
	s.line(titleFace, fmt.Sprintf("Exhibit %d", e.Number), 2)
	s.line(leadFace, e.What, 3)
	s.stroke()
	s.SetY(s.GetY() + 3)
	s.facts([]fact{
		{Label: "From", Text: strings.TrimPrefix(b.provenance(e), "from ")},
		{Label: "SHA-256 of the file", Text: e.SHA256, Mono: true},
		{Label: "Kind", Text: kindWords(e.Type)},
	})
	var pages []byte
	switch e.Type {
	case exhibit.PDF:
		pages = e.Bytes
	case exhibit.JPEG, exhibit.PNG, exhibit.WebP:
		err = s.picture(e)
	case exhibit.Text, exhibit.CSV:
		s.AddPage()
		s.transcript(string(e.Bytes))
	case "":
		s.line(softFace, "The record names this file, and it is not there.", 0)
	default:
		s.line(softFace, "This paper is not printed here: open the file itself, which has the SHA-256 above.", 0)
	}
	if err == nil {
		err = s.Error()
	}
	if err != nil {
		return p, err
	}
	before, err := s.bytes()
	if err != nil {
		return p, err
	}
	p.parts, p.pages = [][]byte{before}, s.PageCount()
	if pages == nil {
		return p, nil
	}
	n, err := api.PageCount(bytes.NewReader(pages), exhibit.PDFs())
	p.parts, p.pages = append(p.parts, pages), p.pages+n
	return p, err
}

func kindWords(as string) string {
	switch as {
	case exhibit.PDF:
		return "PDF; its pages follow"
	case exhibit.JPEG, exhibit.PNG, exhibit.WebP:
		return "picture"
	case exhibit.Text:
		return "text"
	case exhibit.CSV:
		return "table, as text"
	case "":
		return "missing"
	}
	return "paper of an office program"
}
