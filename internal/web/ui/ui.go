// Package ui is what all pages share: the layout, its components and style sheet, the words for a
// standing and for a time, and what an error looks like to a reader and to a program.
//
// A face of the house (site, portal, office) parses its own pages on top of the shared templates with
// [Parse] and shows one with [Pages.Show]. What a page shows is a struct that embeds [Chrome]; a test of
// the face checks every template against its struct. Faces for people who signed in are a [Desk], which also
// asks for acts: a [Form] derived from the act, what it would do, and then it is done.
//
// Every page works by links and forms. None runs a script but those on which a passkey is used ([AllowScript]).
package ui

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

//go:embed templates
var shared embed.FS

// Chrome is what surrounds every page.
type Chrome struct {
	Title     string // of the page
	BodyName  string // of the professional body
	BodyShort string
	Active    string         // address of the navigation entry the page belongs to
	Now       time.Time      // the clock's time
	Zone      *time.Location // of the body
	Demo      bool           // the clock is a demo's
	Launch    bool           // the register is not open yet
	Static    bool           // the page will lie in a file: no form on it is answered
	NoIndex   bool           // search engines should leave the page out
	Feed      string         // address of an Atom feed, ""
	Signed    *Signed        // nil for everybody's pages
}

func (c Chrome) chrome() Chrome { return c }

// NavEntry is one entry of the navigation.
type NavEntry struct{ Href, Label string }

// Nav returns the navigation of the face.
func (c Chrome) Nav() []NavEntry {
	if c.Signed != nil {
		return c.Signed.Nav
	}
	return c.Public()
}

// Public returns the navigation of the public site.
func (c Chrome) Public() []NavEntry {
	if c.Launch {
		return []NavEntry{{"/code", "The code"}, {"/why", "Why it matters"}}
	}
	return []NavEntry{{"/register", "The register"}, {"/code", "The code"}, {"/notices", "Notices"}, {"/why", "Why it matters"}, {"/log", "Public log"}}
}

// Page is a struct that embeds Chrome.
type Page interface{ chrome() Chrome }

// Pages is a set of parsed page templates.
type Pages struct {
	templates func() map[string]*template.Template
	log       *slog.Logger
}

// Parse takes every pages/*.html of a face on top of the shared templates, plus the shared pages.
// A page defines the templates "main" and, if it likes, "head". They are parsed when one is shown first: a
// server answers programs before. A template that does not parse is a mistake in the program, and panics.
func Parse(files fs.FS, log *slog.Logger) *Pages {
	return parse(log, from{shared, "templates/problem.html"}, from{files, "pages/*.html"})
}

// from is where pages are taken from; what the face has in a folder "parts" is theirs to use, too.
type from struct {
	files   fs.FS
	pattern string
}

func parse(log *slog.Logger, all ...from) *Pages {
	return &Pages{sync.OnceValue(func() map[string]*template.Template {
		templates := map[string]*template.Template{}
		base := template.Must(template.New("layout.html").Funcs(funcs).ParseFS(shared, "templates/layout.html", "templates/parts.html", "templates/forms.html", "templates/ledger.html"))
		for _, f := range all {
			if own, err := fs.Glob(f.files, "parts/*.html"); err == nil && len(own) > 0 {
				base = template.Must(base.ParseFS(f.files, own...))
			}
			names, err := fs.Glob(f.files, f.pattern)
			if err != nil {
				panic(err)
			}
			for _, name := range names {
				t := template.Must(base.Clone())
				templates[strings.TrimSuffix(path.Base(name), ".html")] = template.Must(t.ParseFS(f.files, name))
			}
		}
		return templates
	}), log}
}

// Names returns the names of the pages, for a test that checks them all.
func (p *Pages) Names() []string {
	var names []string
	for n := range p.templates() {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// Template returns the template of a page, for a test that checks it against its type.
func (p *Pages) Template(name string) *template.Template { return p.templates()[name] }

// Show writes a page. Nothing is sent if the page cannot be made, except the page that says so.
func (p *Pages) Show(w http.ResponseWriter, r *http.Request, status int, name string, page Page) {
	var b bytes.Buffer
	t, ok := p.templates()[name]
	if !ok {
		panic(fmt.Sprintf("ui: there is no page %q", name))
	}
	if err := t.Execute(&b, page); err != nil {
		p.log.ErrorContext(r.Context(), "page cannot be shown", "page", name, "error", err)
		if name != "problem" {
			p.Fail(w, r, page.chrome(), err)
			return
		}
		http.Error(w, "This page cannot be shown.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if page.chrome().Signed != nil {
		w.Header().Set("Cache-Control", "no-store")
	}
	if w.Header().Get("Cache-Control") == "" {
		w.Header().Set("Cache-Control", "no-cache")
	}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(b.Bytes()) // the reader may have gone
	}
}
