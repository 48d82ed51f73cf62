package code

import (
	"bytes"
	"html"
	"html/template"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

var (
	markdown     = goldmark.New() // without raw HTML
	linkedAbroad = regexp.MustCompile(`(?i)^(https?://|mailto:|#)`)
)

// harmless reports whether a link may be shown as one.
func harmless(address []byte) bool { return linkedAbroad.Match(address) }

// HTML returns the provision and all within it as sections, each with its heading and an id to link to
// ("provision-1.2"). The topmost heading is of the given level (1 to 6).
func (p Provision) HTML(level int) template.HTML {
	var b strings.Builder
	p.write(&b, level)
	return template.HTML(b.String()) //nolint:gosec // all of it is escaped or comes from HTML
}

func (p Provision) write(b *strings.Builder, level int) {
	level = min(max(level, 1), 6)
	// As a heading of its own the line keeps its emphasis, and cannot become anything but a heading.
	name := strings.Repeat("#", level) + " " + strings.Join(strings.Fields(p.Name()), " ")
	b.WriteString(`<section class="provision" id="provision-` + html.EscapeString(p.ID) + "\">\n")
	b.WriteString(string(render(name, 0)))
	b.WriteString(string(render(p.Text, level)))
	for _, q := range p.Within {
		q.write(b, level+1)
	}
	b.WriteString("</section>\n")
}

// HTML returns a piece of the code's Markdown (a preamble, a provision's text) as HTML that is safe
// whatever the piece says: no HTML of its own, no images, only links to the web, mail and provisions.
func HTML(piece string) template.HTML { return render(piece, 0) }

func render(piece string, under int) template.HTML {
	source := []byte(piece)
	doc := markdown.Parser().Parse(text.NewReader(source))
	var banned []ast.Node
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			switch n := n.(type) {
			case *ast.Image:
				banned = append(banned, n)
			case *ast.Link:
				if provision, ok := bytes.CutPrefix(n.Destination, []byte("#")); ok {
					n.Destination = append([]byte("#provision-"), provision...)
				} else if !harmless(n.Destination) {
					banned = append(banned, n)
				}
			case *ast.AutoLink:
				if !harmless(n.URL(source)) {
					banned = append(banned, n)
				}
			case *ast.Heading:
				n.Level = min(n.Level+under, 6)
			}
		}
		return ast.WalkContinue, nil
	})
	for _, n := range banned {
		onlyWords(n, source)
	}
	var b bytes.Buffer
	if err := markdown.Renderer().Render(&b, source, doc); err != nil {
		return template.HTML("<p>" + html.EscapeString(piece) + "</p>\n") //nolint:gosec // escaped
	}
	return template.HTML(b.String()) //nolint:gosec // goldmark without raw HTML
}

// onlyWords replaces a link or an image by the words it would have shown.
func onlyWords(n ast.Node, source []byte) {
	parent := n.Parent()
	if a, ok := n.(*ast.AutoLink); ok {
		parent.InsertBefore(parent, n, ast.NewString(a.Label(source)))
	}
	for c := n.FirstChild(); c != nil; c = n.FirstChild() {
		parent.InsertBefore(parent, n, c)
	}
	parent.RemoveChild(parent, n)
}
