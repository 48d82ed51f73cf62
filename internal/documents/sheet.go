package documents

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gobolditalic"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
)

// colour is red, green, blue.
type colour [3]int

// The colours are those of the register's pages.
var (
	ink   = colour{22, 35, 44}
	soft  = colour{75, 88, 96}
	deep  = colour{18, 54, 68}
	brass = colour{134, 101, 26}
	rule  = colour{217, 212, 199}
)

// Lengths on the page, in mm.
const (
	sideMargin, topMargin, bottomMargin = 24.0, 22.0, 25.0
	textWidth                           = 210 - 2*sideMargin
	textBottom                          = 297 - bottomMargin
)

// face is a font, its size in points and its colour.
type face struct {
	family, style string
	size          float64
	colour        colour
}

var (
	plainFace   = face{"go", "", 9.6, ink}
	softFace    = face{"go", "", 9.6, soft}
	fineFace    = face{"go", "", 8, soft}
	monoFace    = face{"mono", "", 7.8, ink}
	kickerFace  = face{"go", "B", 7.6, brass}
	titleFace   = face{"go", "B", 19, deep}
	leadFace    = face{"go", "", 11, soft}
	headingFace = face{"go", "B", 13, deep}
)

func (f face) with(style string) face {
	for _, s := range style {
		if !strings.ContainsRune(f.style, s) {
			f.style += string(s)
		}
	}
	if f.style == "IB" {
		f.style = "BI"
	}
	if f.family == "mono" {
		f.style = ""
	}
	return f
}

// height is the distance between lines, in mm.
func (f face) height() float64 {
	if f.size > 12 {
		return f.size * 0.3528 * 1.28 // large letters need less
	}
	return f.size * 0.3528 * 1.45
}

// sheet is a PDF that is being written, from top to bottom.
type sheet struct {
	*fpdf.Fpdf
	left   float64 // of the text, within quotations and lists
	pages  int     // in all; 0 while they are counted
	glyphs glyphs
}

// newSheet begins an A4 document. made stands in it as the time at which it was made.
func newSheet(title, footer string, made time.Time, pages int) *sheet {
	s := &sheet{Fpdf: fpdf.New("P", "mm", "A4", ""), left: sideMargin, pages: pages, glyphs: glyphs{}}
	s.SetCatalogSort(true)
	s.SetCreationDate(made.UTC())
	s.SetModificationDate(made.UTC())
	s.SetProducer("Shingle", true)
	for style, font := range map[string][]byte{"": goregular.TTF, "B": gobold.TTF, "I": goitalic.TTF, "BI": gobolditalic.TTF} {
		s.AddUTF8FontFromBytes("go", style, bytes.Clone(font)) // fpdf writes into a font when it cuts it down
	}
	s.AddUTF8FontFromBytes("mono", "", bytes.Clone(gomono.TTF))
	s.SetTitle(s.glyphs.shown(title, plainFace), true)
	s.SetLang("en")
	s.SetMargins(sideMargin, topMargin, sideMargin)
	s.SetAutoPageBreak(true, bottomMargin)
	s.SetFooterFunc(func() { s.foot(footer) })
	s.AddPage()
	return s
}

func (s *sheet) foot(footer string) {
	s.SetDrawColor(rule[0], rule[1], rule[2])
	s.SetLineWidth(0.2)
	s.Line(sideMargin, 297-19, 210-sideMargin, 297-19)
	small := face{"mono", "", 6.2, soft}
	s.use(small)
	s.SetXY(sideMargin, 297-17)
	s.CellFormat(textWidth-22, 4, s.glyphs.shown(footer, small), "", 0, "L", false, 0, "")
	s.use(fineFace)
	s.CellFormat(22, 4, fmt.Sprintf("%d of %d", s.PageNo(), max(s.pages, s.PageNo())), "", 0, "R", false, 0, "")
}

func (s *sheet) use(f face) {
	s.SetFont(f.family, f.style, f.size)
	s.SetTextColor(f.colour[0], f.colour[1], f.colour[2])
}

// words writes text where the line has come to, and breaks lines and pages.
func (s *sheet) words(f face, text string) {
	s.use(f)
	s.Write(f.height(), s.glyphs.shown(text, f))
}

// line writes text, and begins a new line and some space below.
func (s *sheet) line(f face, text string, below float64) {
	s.SetX(s.left)
	s.words(f, text)
	s.SetXY(s.left, s.GetY()+f.height()+below)
}

// room begins a new page if less than that many mm are left on this one.
func (s *sheet) room(mm float64) {
	if s.GetY()+mm > textBottom {
		s.AddPage()
	}
}

// indented writes something further to the right, and then goes on where the text began.
func (s *sheet) indented(mm float64, write func()) {
	s.left += mm
	s.SetLeftMargin(s.left)
	s.SetX(s.left)
	write()
	s.left -= mm
	s.SetLeftMargin(s.left)
	s.SetX(s.left)
}

// heading writes a heading with what belongs before it, and keeps it with the lines that follow.
func (s *sheet) heading(mark, text string, f face) {
	s.room(34)
	if s.GetY() > topMargin+1 {
		s.SetY(s.GetY() + f.size*0.3)
	}
	s.Bookmark(s.glyphs.shown(strings.TrimSpace(mark+" "+text), f), 0, -1)
	s.SetX(s.left)
	if mark != "" {
		marked := f
		marked.colour = brass
		s.words(marked, mark+"  ")
	}
	s.words(f, text)
	s.SetXY(s.left, s.GetY()+f.height()+1.2)
}

func (s *sheet) stroke() {
	s.SetDrawColor(rule[0], rule[1], rule[2])
	s.SetLineWidth(0.25)
	s.Line(s.left, s.GetY(), 210-sideMargin, s.GetY())
}

// facts writes labels and what is to be said under them, side by side.
func (s *sheet) facts(facts []fact) {
	const label = 46.0
	for _, f := range facts {
		text := plainFace
		if f.Mono {
			text = monoFace
		}
		s.room(12)
		top, page := s.GetY(), s.PageNo()
		s.SetX(s.left)
		s.use(softFace)
		s.MultiCell(label-3, softFace.height(), s.glyphs.shown(f.Label, softFace), "", "L", false)
		under := s.GetY()
		s.SetXY(s.left+label, top)
		s.indented(label, func() {
			s.SetY(top)
			s.words(text, f.Text)
			s.SetXY(s.left, s.GetY()+softFace.height())
		})
		if s.PageNo() == page && s.GetY() < under {
			s.SetY(under)
		}
		s.SetY(s.GetY() + 0.9)
	}
}

// clauses writes a numbered list.
func (s *sheet) clauses(clauses []string) {
	for i, c := range clauses {
		s.item(fmt.Sprintf("%d", i+1), func() { s.words(plainFace, c) })
	}
}

// item writes one item of a list, with its mark to the left of it.
func (s *sheet) item(mark string, write func()) {
	const indent = 8.0
	s.room(10)
	top := s.GetY()
	s.SetX(s.left)
	marked := plainFace
	marked.colour = brass
	s.words(marked, mark)
	s.indented(indent, func() {
		s.SetXY(s.left, top)
		write()
		s.SetXY(s.left, s.GetY()+plainFace.height()+0.9)
	})
}

func (s *sheet) bytes() ([]byte, error) {
	var b bytes.Buffer
	err := s.Output(&b)
	return b.Bytes(), err
}
