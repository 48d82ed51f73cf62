package code

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

var (
	document   = goldmark.New(goldmark.WithParserOptions(parser.WithHeadingAttribute())).Parser()
	hashed     = regexp.MustCompile(`^ {0,3}#{1,6}([ \t]|$)`)
	numbered   = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)*)\.?(?:\s+|$)`)
	idForm     = regexp.MustCompile(`^[0-9A-Za-z]([._-]?[0-9A-Za-z]+)*$`)
	unfitForID = regexp.MustCompile(`[^0-9a-z]+`)
)

// heading is a heading of the document with the offsets, into the canonical text, of what it parts.
type heading struct {
	start, end int
	provision  Provision
}

// provisions reads the Markdown that starts at offset base.
func (r *reader) provisions(v *Version, base int) {
	source := r.text[base:]
	doc := document.Parse(text.NewReader(source))
	links := r.unseen(doc, base)

	var heads []heading
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok {
			heads = append(heads, r.heading(h, source, base))
		}
	}
	if len(heads) == 0 {
		line, _ := r.at(base)
		r.wrong(line, 1, "A code has provisions: headings with ids.", `Write for example "## 1 Confidentiality {#1}".`, "there are no provisions")
		return
	}
	v.Preamble = strings.Trim(string(r.text[base:heads[0].start]), "\n")
	ids := map[string]int{}
	for i := range heads {
		end := len(r.text)
		if i+1 < len(heads) {
			end = heads[i+1].start
		}
		p := &heads[i].provision
		p.Text = strings.Trim(string(r.text[heads[i].end:max(end, heads[i].end)]), "\n")
		r.place(heads, i, ids)
	}
	for _, l := range links {
		if _, ok := ids[l.id]; !ok {
			r.wrong(l.line, l.column, "A link within the code leads to a provision.", didYouMean(l.id, slices.Sorted(maps.Keys(ids))), "no provision has the id %q", oneLine(l.id))
		}
	}
	v.Provisions, _ = nest(heads, 0)
}

// heading reads number, text and id of a heading.
func (r *reader) heading(h *ast.Heading, source []byte, base int) heading {
	start := bytes.LastIndexByte(source[:h.Pos()], '\n') + 1
	line, column := r.at(base + h.Pos())
	head := heading{start: base + start, end: r.lineStart(line + 1), provision: Provision{Level: h.Level}}
	if !hashed.Match(source[start:]) {
		r.wrong(line, column, "A provision is a heading that starts with #.", `Write "## …", or put an empty line before the line of hyphens.`, "a heading is underlined")
	}
	words := ""
	if h.Lines().Len() > 0 {
		words = strings.TrimSpace(string(h.Lines().Value(source)))
	}
	p := &head.provision
	for _, a := range h.Attributes() {
		if value, ok := a.Value.([]byte); ok && string(a.Name) == "id" {
			p.ID = string(value)
			continue
		}
		r.wrong(line, column, "A heading carries an id and nothing else.", "Take it out.", "the heading has an attribute %q", oneLine(string(a.Name)))
	}
	p.Heading = words
	if m := numbered.FindStringSubmatch(words); m != nil {
		p.Number, p.Heading = m[1], words[len(m[0]):]
	}
	switch {
	case p.ID == "":
		suggestion := p.Number
		if suggestion == "" {
			suggestion = strings.Trim(unfitForID.ReplaceAllString(strings.ToLower(words), "-"), "-")
		}
		if suggestion == "" {
			suggestion = "1"
		}
		r.wrong(line, column, "Every heading carries the id by which it is cited.", fmt.Sprintf("Add {#%s} at its end.", suggestion), "the heading %q has no id", oneLine(words))
	case !idForm.MatchString(p.ID) || len(p.ID) > 64:
		r.wrong(line, column, "An id has up to 64 letters and digits, and single dots, hyphens or underscores between them.", "Write for example {#1.2}.", "%q cannot be an id", oneLine(p.ID))
	}
	return head
}

// place checks a heading against those before it.
func (r *reader) place(heads []heading, i int, ids map[string]int) {
	p := heads[i].provision
	line, column := r.at(heads[i].start)
	if first, taken := ids[p.ID]; taken {
		r.wrong(line, column, "An id names one provision.", "Give this one another id.", "the id %q is already taken in line %d", oneLine(p.ID), first)
	} else if p.ID != "" {
		ids[p.ID] = line
	}
	if p.Level < heads[0].provision.Level {
		r.wrong(line, column, "The first heading is of the highest level.", "Add a # to it.", "the heading is of a higher level than the first")
	}
	if i > 0 && p.Level > heads[i-1].provision.Level+1 {
		r.wrong(line, column, "A heading is at most one level below the one before.", "Take a # out.", "the heading skips a level")
	}
	last := i+1 == len(heads) || heads[i+1].provision.Level <= p.Level
	if last && strings.TrimSpace(p.Text) == "" {
		r.wrong(line, column, "A provision says something.", "Write its text, or take the heading out.", "the provision has no text")
	}
}

// nest puts the headings from i on under one another, as long as they are not above the level of the
// first of them, and returns how far it came.
func nest(heads []heading, i int) ([]Provision, int) {
	var all []Provision
	for level := heads[i].provision.Level; i < len(heads) && heads[i].provision.Level >= level; {
		p := heads[i].provision
		i++
		if i < len(heads) && heads[i].provision.Level > p.Level {
			p.Within, i = nest(heads, i)
		}
		all = append(all, p)
	}
	return all, i
}

// link is a link to a provision.
type link struct {
	id           string
	line, column int
}

// unseen complains of everything that is signed but not shown as it is written, and of headings that
// are not provisions. It returns the links to provisions.
func (r *reader) unseen(doc ast.Node, base int) (links []link) {
	const rule = "What members sign is what they read."
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		line, column := r.at(base + max(n.Pos(), 0))
		switch n := n.(type) {
		case *ast.RawHTML, *ast.HTMLBlock:
			r.wrong(line, column, rule, "Write it in Markdown, or put a backslash before the <.", "there is HTML, which is not shown")
		case *ast.Image:
			r.wrong(line, column, rule, "Describe it in words.", "there is an image")
		case *ast.LinkReferenceDefinition:
			r.wrong(line, column, "Each provision can be read and quoted by itself.", "Write the address where it is linked: [text](address).", "there is a link definition apart from its link")
		case *ast.Link:
			if id, ok := strings.CutPrefix(string(n.Destination), "#"); ok {
				links = append(links, link{id, line, column})
			} else if !harmless(n.Destination) {
				r.wrong(line, column, "A link leads to a web page, a mail address or a provision.", "Link to https://…, mailto:… or #id.", "a link leads to %q", oneLine(string(n.Destination)))
			}
		case *ast.AutoLink:
			if !harmless(n.URL(r.text[base:])) {
				r.wrong(line, column, "A link leads to a web page, a mail address or a provision.", "Link to https://…, mailto:… or #id.", "a link leads to %q", oneLine(string(n.URL(r.text[base:]))))
			}
		case *ast.Heading:
			if n.Parent() != doc {
				r.wrong(line, column, "A provision's heading stands by itself.", "Take it out of the list or quotation.", "a heading stands within a list or a quotation")
			}
		}
		return ast.WalkContinue, nil
	})
	return links
}
