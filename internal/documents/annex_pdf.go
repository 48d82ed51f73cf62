package documents

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"

	"shingle/internal/code"
)

// PDF returns the annex for paper: A4, fonts embedded, the hash of the code at the foot of every page. The day on
// which the code was signed stands in it as the day on which it was made, so that it is the same whenever it is
// made.
func (a Annex) PDF() ([]byte, error) {
	counted := a.write(0)
	if err := counted.Error(); err != nil {
		return nil, err
	}
	return a.write(counted.PageCount()).bytes()
}

// write writes the annex; pages is how many it has, 0 to count them.
func (a Annex) write(pages int) *sheet {
	s := newSheet(a.Title(), a.Body.Web+" · code "+a.Code.Label+" · SHA-256 "+a.Code.Hash(), a.Signed, pages)
	s.cover(a)
	for i, p := range a.parts() {
		s.heading(letter(i), p.Heading, headingFace)
		if p.Lead != "" {
			s.line(softFace, p.Lead, 1.4)
		}
		s.facts(p.Facts)
		s.clauses(p.Clauses)
		s.SetY(s.GetY() + 1.5)
	}
	s.signatures()
	s.AddPage()
	s.schedule(a)
	if s.glyphs.missing {
		s.SetY(s.GetY() + 3)
		s.line(fineFace, "The fonts of this document lack some characters. They are given by their Unicode number, as in [U+0000]; the page form of this annex shows them.", 0)
	}
	return s
}

func (s *sheet) cover(a Annex) {
	s.SetFillColor(deep[0], deep[1], deep[2])
	s.Rect(0, 0, 210, 3.2, "F")
	s.line(kickerFace, "ANNEX TO AN AGREEMENT", 1.5)
	s.line(titleFace, a.Code.Title, 2)
	s.line(leadFace, "As signed by "+a.Member.Name+", member "+a.Member.Number+" of "+a.Body.Name, 3)
	s.stroke()
	s.SetY(s.GetY() + 3)
}

// signatures draws the lines on which the parties sign.
func (s *sheet) signatures() {
	const gap = 12.0
	half := (textWidth - gap) / 2
	s.room(48)
	s.SetY(s.GetY() + 6)
	top := s.GetY()
	for i, side := range []string{"CUSTOMER", "PROVIDER"} {
		x := sideMargin + float64(i)*(half+gap)
		s.SetXY(x, top)
		s.use(kickerFace)
		s.CellFormat(half, 4, "FOR THE "+side, "", 0, "L", false, 0, "")
		for j, what := range []string{"Name and capacity", "Day and signature"} {
			y := top + 20 + float64(j)*17
			s.SetDrawColor(soft[0], soft[1], soft[2])
			s.SetLineWidth(0.2)
			s.Line(x, y, x+half, y)
			s.SetXY(x, y+1)
			s.use(fineFace)
			s.CellFormat(half, 4, what, "", 0, "L", false, 0, "")
		}
	}
	s.SetXY(s.left, top+44)
}

// schedule prints the code itself.
func (s *sheet) schedule(a Annex) {
	s.line(kickerFace, "SCHEDULE", 1.5)
	s.line(titleFace, a.Code.Title, 2)
	s.line(leadFace, "Version "+a.Code.Label+" of "+a.Body.Name, 2)
	s.line(monoFace, "SHA-256 "+a.Code.Hash(), 1.2)
	s.line(fineFace, "What follows is the text as it reads. What was signed is the file with that hash, at "+a.Body.Origin+"/code/"+a.Code.Label+"?as=text.", 3)
	s.stroke()
	s.SetY(s.GetY() + 4)
	s.markdown(a.Code.Preamble)
	for _, p := range a.Code.Provisions {
		s.provision(p, 0)
	}
	s.requirements(a.sections())
}

func (s *sheet) provision(p code.Provision, depth int) {
	f := headingFace
	if depth > 0 {
		f.size = max(9.8, 11.6-float64(depth))
	}
	s.heading(p.Number, s.title(p.Heading), f)
	s.markdown(p.Text)
	for _, q := range p.Within {
		s.provision(q, depth+1)
	}
}

// title returns a heading without its Markdown.
func (s *sheet) title(heading string) string {
	source := []byte("# " + strings.Join(strings.Fields(heading), " "))
	return string(wordsOf(parsed(source), source))
}

// unescaped returns the words of a piece of text as they are read: without backslashes and with entities resolved.
func unescaped(n *ast.Text, source []byte) []byte {
	value := n.Segment.Value(source)
	if n.IsRaw() {
		return value
	}
	return util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(value)))
}

// requirements prints what can be measured.
func (s *sheet) requirements(sections []section) {
	s.heading("", "What is measured", headingFace)
	for _, part := range sections {
		s.room(18)
		s.SetY(s.GetY() + 1.5)
		s.line(face{"go", "B", 9, brass}, strings.ToUpper(part.Name[:1])+part.Name[1:], 0.6)
		for _, k := range part.Keys {
			s.row(k)
		}
	}
}

// row prints one requirement: its name, what it says, and its value.
func (s *sheet) row(k code.Explained) {
	const name, value = 40.0, 34.0
	small := face{"go", "", 8.4, ink}
	quiet := small
	quiet.colour = soft
	s.use(quiet)
	lines := len(s.SplitText(s.glyphs.shown(k.Says, quiet), textWidth-name-value-2))
	s.room(small.height()*float64(lines) + 2)
	top := s.GetY()
	s.use(small)
	s.SetXY(s.left, top)
	s.CellFormat(name, small.height(), s.glyphs.shown(k.Name, small), "", 0, "L", false, 0, "")
	s.use(quiet)
	s.SetXY(s.left+name, top)
	s.MultiCell(textWidth-name-value-2, small.height(), s.glyphs.shown(k.Says, quiet), "", "L", false)
	bottom := s.GetY()
	s.use(small)
	s.SetXY(210-sideMargin-value, top)
	s.CellFormat(value, small.height(), s.glyphs.shown(k.Value, small), "", 0, "R", false, 0, "")
	s.SetXY(s.left, bottom+0.5)
	s.stroke()
	s.SetY(bottom + 1)
}
