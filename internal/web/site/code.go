package site

import (
	"html/template"
	"net/http"
	"strings"

	"shingle/internal/code"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

type codePage struct {
	ui.Chrome
	Version      view.CodeVersion
	Text         *code.Version
	Preamble     template.HTML
	Sections     []template.HTML
	Requirements []requirements
	Versions     []view.CodeVersion // newest first
	InForce      bool
	Previous     string // label of the version before, ""
	Readable     bool   // else the text is shown as it is written
}

// requirements is one section of them.
type requirements struct {
	Name string
	Keys []requirement
}

type requirement struct {
	Key, Value string
	NotSet     bool
}

func (s *Site) code(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	v, err := s.Register.VersionInForce(r.Context(), c.Now)
	if err != nil {
		versions, listErr := s.Register.Versions(r.Context())
		if listErr != nil || len(versions) == 0 {
			s.pages.Problem(w, r, c, ui.Problem{Type: "/problems/not-found", Title: "The code has not been adopted yet", Status: http.StatusNotFound,
				Detail: "The board is working on it.", Cure: "Look again later."})
			return listErr
		}
		if v, err = s.Register.Version(r.Context(), versions[len(versions)-1].Version); err != nil {
			return err
		}
	}
	return s.showVersion(w, r, c, v)
}

func (s *Site) codeVersion(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	label := r.PathValue("version")
	if a, b, ok := strings.Cut(label, ".."); ok {
		return s.redline(w, r, c, a, b)
	}
	v, err := s.Register.Version(r.Context(), label)
	if err != nil {
		return err
	}
	return s.showVersion(w, r, c, v)
}

func (s *Site) showVersion(w http.ResponseWriter, r *http.Request, c ui.Chrome, v view.CodeVersion) error {
	c.Title = v.Title
	p := codePage{Chrome: c, Version: v}
	var err error
	if p.Versions, err = s.Register.Versions(r.Context()); err != nil {
		return err
	}
	for i, o := range p.Versions {
		if o.Version == v.Version && i+1 < len(p.Versions) {
			p.Previous = p.Versions[i+1].Version
		}
	}
	current, err := s.Register.VersionInForce(r.Context(), c.Now)
	p.InForce = err == nil && current.Version == v.Version
	if text, problems := code.Parse([]byte(v.Text)); len(problems) == 0 {
		p.Readable, p.Text, p.Preamble = true, text, code.HTML(text.Preamble)
		for _, provision := range text.Provisions {
			p.Sections = append(p.Sections, provision.HTML(2))
		}
		for key, value := range text.Requirements.All() {
			section, name, ok := strings.Cut(key, ".")
			if !ok {
				section, name = "general", key
			}
			if n := len(p.Requirements); n == 0 || p.Requirements[n-1].Name != section {
				p.Requirements = append(p.Requirements, requirements{Name: section})
			}
			last := &p.Requirements[len(p.Requirements)-1]
			last.Keys = append(last.Keys, requirement{strings.ReplaceAll(name, "-", " "), value, value == code.NotSet})
		}
	}
	if r.URL.Query().Get("as") == "text" {
		w.Header().Set("Content-Type", "text/markdown; charset=utf-8")
		_, _ = w.Write([]byte(v.Text)) // the reader may have gone
		return nil
	}
	s.pages.Show(w, r, http.StatusOK, "code", p)
	return nil
}

type redlinePage struct {
	ui.Chrome
	From, To     view.CodeVersion
	Redline      code.Redline
	Requirements []code.RequirementChange // the changed ones
	Changes      int
}

func (s *Site) redline(w http.ResponseWriter, r *http.Request, c ui.Chrome, from, to string) error {
	p := redlinePage{Chrome: c}
	a, err := s.parsed(r, from, &p.From)
	if err != nil {
		return err
	}
	b, err := s.parsed(r, to, &p.To)
	if err != nil {
		return err
	}
	p.Title = "What " + to + " changes in " + from
	p.Redline = code.Diff(a, b)
	for _, change := range p.Redline.Requirements {
		if change.Changed() {
			p.Requirements = append(p.Requirements, change)
		}
	}
	for _, change := range p.Redline.Provisions {
		if change.Kind != code.Unchanged || change.Moved {
			p.Changes++
		}
	}
	s.pages.Show(w, r, http.StatusOK, "redline", p)
	return nil
}

func (s *Site) parsed(r *http.Request, label string, to *view.CodeVersion) (*code.Version, error) {
	v, err := s.Register.Version(r.Context(), label)
	if err != nil {
		return nil, err
	}
	*to = v
	text, problems := code.Parse([]byte(v.Text))
	return text, problems.Err()
}
