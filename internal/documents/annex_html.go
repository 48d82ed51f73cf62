package documents

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"

	"shingle/internal/code"
)

var (
	//go:embed annex.html
	annexPage string
	//go:embed annex.css
	annexStyle string
)

var annexTemplate = template.Must(template.New("annex").Funcs(template.FuncMap{"letter": letter}).Parse(annexPage))

// letter names a part of the annex: A, B, C.
func letter(i int) string { return string(rune('A' + i%26)) }

// StylePolicy is the source that a content security policy must allow for the annex to look as it should: it
// has its style within it, so that it can be kept as one file.
var StylePolicy = func() string {
	sum := sha256.Sum256([]byte(annexStyle))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}()

type section struct {
	Name string
	Keys []code.Explained
}

// sections returns the requirements of the code under their sections.
func (a Annex) sections() []section {
	var all []section
	for _, e := range a.Code.Requirements.Explained() {
		if n := len(all); n == 0 || all[n-1].Name != e.Section {
			all = append(all, section{Name: e.Section})
		}
		last := &all[len(all)-1]
		last.Keys = append(last.Keys, e)
	}
	return all
}

// Title is how the document is called.
func (a Annex) Title() string {
	return "Annex: " + a.Code.Title + " " + a.Code.Label + ", " + a.Member.Name
}

// HTML returns the annex as one page that needs nothing beside it, for reading and for printing.
func (a Annex) HTML() ([]byte, error) {
	page := struct {
		Annex      Annex
		Title      string
		Style      template.CSS
		Parts      []part
		Sides      []string
		Preamble   template.HTML
		Provisions []template.HTML
		Sections   []section
	}{
		Annex: a, Title: a.Title(), Style: template.CSS(annexStyle), //nolint:gosec // ours
		Parts: a.parts(), Sides: []string{"Customer", "Provider"}, Preamble: code.HTML(a.Code.Preamble), Sections: a.sections(),
	}
	for _, p := range a.Code.Provisions {
		page.Provisions = append(page.Provisions, p.HTML(2))
	}
	var b bytes.Buffer
	err := annexTemplate.Execute(&b, page)
	return b.Bytes(), err
}
