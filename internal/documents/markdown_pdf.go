package documents

import (
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

var markdown = goldmark.New().Parser()

// markdown writes a piece of the code's Markdown.
func (s *sheet) markdown(piece string) {
	source := []byte(piece)
	s.blocks(parsed(source), source)
}

func parsed(source []byte) ast.Node { return markdown.Parse(text.NewReader(source)) }

func (s *sheet) blocks(parent ast.Node, source []byte) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		s.block(n, source)
	}
}

func (s *sheet) block(n ast.Node, source []byte) {
	switch n := n.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		s.room(2 * plainFace.height())
		s.SetX(s.left)
		s.inline(n, source, plainFace)
		s.SetXY(s.left, s.GetY()+plainFace.height()+1.6)
	case *ast.Heading:
		s.heading("", string(wordsOf(n, source)), headingFace)
	case *ast.List:
		number := n.Start
		for i := n.FirstChild(); i != nil; i = i.NextSibling() {
			mark := "•"
			if n.IsOrdered() {
				mark = strconv.Itoa(number) + "."
				number++
			}
			s.item(mark, func() {
				s.blocks(i, source)
				s.SetY(s.GetY() - plainFace.height() - 1.6) // a block ends its line, and so does the item
			})
		}
		s.SetY(s.GetY() + 0.8)
	case *ast.Blockquote:
		s.indented(6, func() { s.blocks(n, source) })
	case *ast.FencedCodeBlock, *ast.CodeBlock, *ast.HTMLBlock:
		for i := range n.Lines().Len() {
			at := n.Lines().At(i)
			s.line(monoFace, strings.TrimRight(string(at.Value(source)), "\n"), 0)
		}
		s.SetY(s.GetY() + 1.6)
	case *ast.ThematicBreak:
		s.stroke()
		s.SetY(s.GetY() + 3)
	default:
		s.blocks(n, source)
	}
}

// inline writes the words of a block, each in its style.
func (s *sheet) inline(parent ast.Node, source []byte, f face) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			s.words(f, string(unescaped(n, source)))
			switch {
			case n.HardLineBreak():
				s.SetXY(s.left, s.GetY()+f.height())
			case n.SoftLineBreak():
				s.words(f, " ")
			}
		case *ast.String:
			s.words(f, string(n.Value))
		case *ast.CodeSpan:
			s.words(face{"mono", "", f.size * 0.9, f.colour}, string(wordsOf(n, source)))
		case *ast.Emphasis:
			style := "I"
			if n.Level > 1 {
				style = "B"
			}
			s.inline(n, source, f.with(style))
		case *ast.Link:
			s.inline(n, source, f)
			if to := string(n.Destination); !strings.HasPrefix(to, "#") && to != string(wordsOf(n, source)) {
				s.words(f, " ("+to+")") // on paper nothing can be followed
			}
		case *ast.AutoLink:
			s.words(f, string(n.Label(source)))
		case *ast.RawHTML:
			for i := range n.Segments.Len() {
				at := n.Segments.At(i)
				s.words(f, string(at.Value(source)))
			}
		default:
			s.inline(n, source, f)
		}
	}
}

// wordsOf returns the words of a node without their styles.
func wordsOf(n ast.Node, source []byte) []byte {
	var words []byte
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			words = append(words, unescaped(n, source)...)
			if n.SoftLineBreak() || n.HardLineBreak() {
				words = append(words, ' ')
			}
		case *ast.String:
			words = append(words, n.Value...)
		case *ast.AutoLink:
			words = append(words, n.Label(source)...)
		}
		return ast.WalkContinue, nil
	})
	return words
}
