// Package site is the body's public face: the register and its members, the code, the notices, the public
// log, and in plain words what all of it is good for.
//
// Everything here is read by anyone, without an account. A question that is asked most ("is this company
// a member in good standing?") is answered on the start page, in words, with the proof one step further.
// Nothing on these pages changes anything of the body's: customers may ask to be told of changes.
package site

import (
	"context"
	"embed"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"shingle/internal/body/cases"
	"shingle/internal/body/governance"
	"shingle/internal/body/standing"
	"shingle/internal/publog"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

//go:embed pages/*.html
var pageFiles embed.FS

// Site is what the public pages are made from.
type Site struct {
	Register view.Register
	// Body returns the body as the record has it in memory: every page asks for it.
	Body func(ctx context.Context) (governance.Body, error)
	// Standing answers how a member stood at a time, as known at another.
	Standing func(ctx context.Context, number string, at, known time.Time) (standing.Answer, error)
	Log      *publog.Log
	// LeafAt returns the index of the leaf that tells of the event at a position of the record.
	LeafAt func(ctx context.Context, position int64) (int64, error)
	// Now is the clock.
	Now func() time.Time
	// Origin is where the site is reached, e.g. "https://demo.example".
	Origin string
	// Kept returns what render makes of a member, from memory until the time that render says or until
	// something is recorded about the member. Nil has no memory.
	Kept func(ctx context.Context, number string, render Render) ([]byte, error)
	// Papers returns what proves how a member stands: its receipt, its standing as the API tells it, and what a
	// verifier must know of the body. An error may tell itself to the reader, with a method Told. Nil: there are
	// no packs.
	Papers             func(ctx context.Context, number string) (receipt, standing, body []byte, err error)
	LogKey, ReceiptKey string // vkeys, for the annex; "" leaves them out
	// Certificate returns the certificate of procedure of the case that an order ends; false for an order of none. Nil:
	// there are none.
	Certificate func(ctx context.Context, order string) (cases.Certificate, bool, error)
	// Rule returns the text of a rule, by its id, "" of none; nil knows none.
	Rule func(id string) string
	// Accounts is the body's account of complaints; nil makes one.
	Accounts *view.Accounts
	// Telling tells customers of a member's changes; nil: nobody can ask to be told.
	Telling *Telling
	// MoveClock, in a demo and nowhere else, moves the clock forward and lets happen what falls due.
	MoveClock func(ctx context.Context, days int) error
	Logger    *slog.Logger

	pages *ui.Pages
	shelf *shelf
}

// Render makes something of a member, and says until when it is right.
type Render = func(ctx context.Context, number string, now time.Time) (made []byte, until time.Time, err error)

// Handler returns what answers with the public pages. The caller wraps it in [ui.Secure].
func (s *Site) Handler() http.Handler {
	s.pages, s.shelf = ui.Parse(pageFiles, s.Logger), &shelf{}
	if s.Accounts == nil {
		s.Accounts = &view.Accounts{Register: s.Register}
	}
	routes := http.NewServeMux()
	s.routes(routes)
	return ui.Readable(routes.ServeHTTP, func(w http.ResponseWriter, r *http.Request, p ui.Problem) {
		s.serve(func(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
			s.pages.Problem(w, r, c, p)
			return nil
		}, false)(w, r)
	})
}

func (s *Site) routes(mux *http.ServeMux) {
	public := map[string]page{
		"/register":          s.register,
		"/register.csv":      s.registerCSV,
		"/register/{number}": s.member,

		"/register/{number}/changes.atom": s.changes,

		"/register/{number}/annex":     s.annexPage,
		"/register/{number}/annex.pdf": s.annexPDF,

		"/courses":                       s.courses,
		"/courses/{number}":              s.course,
		"/notices":                       s.notices,
		"/notices.atom":                  s.atom,
		"/notices/{id}":                  s.notice,
		"/notices/{id}/certificate":      s.certificate,
		"/notices/{id}/certificate.json": s.certificateJSON,
		"/accountability":                s.accountability,
		"/warnings":                      s.warnings,
		"/log":                           s.log,
		"/log/leaf/{index}":              s.leaf,
	}
	if s.Papers != nil {
		public["/register/{number}/pack.zip"] = s.pack
	}
	for path, p := range public {
		mux.HandleFunc("GET "+path, s.serve(p, true))
		mux.HandleFunc(path, s.wrongMethod)
	}
	if s.Telling != nil {
		s.alertRoutes(mux)
	}
	mux.HandleFunc("GET /seal/{number}", s.seal)
	mux.HandleFunc("/seal/{number}", s.wrongMethod)
	always := map[string]page{"/{$}": s.home, "/code": s.code, "/code/{version}": s.codeVersion, "/why": s.why}
	for path, p := range always {
		mux.HandleFunc("GET "+path, s.serve(p, false))
		mux.HandleFunc(path, s.wrongMethod)
	}
	mux.HandleFunc("/", s.serve(s.missing, false))
	mux.Handle("GET /assets/", ui.Assets())
	mux.HandleFunc("GET /favicon.ico", ui.Emblem)
	mux.HandleFunc("GET /robots.txt", robots)
	if s.MoveClock != nil {
		mux.HandleFunc("GET /demo/clock", s.serve(s.clock, false))
		mux.HandleFunc("POST /demo/clock", s.serve(s.moveClock, false))
		mux.HandleFunc("/demo/clock", s.wrongMethod)
	}
}

// page answers a request; c is what surrounds the page, its title still open.
type page func(w http.ResponseWriter, r *http.Request, c ui.Chrome) error

// serve turns a page into a handler. A public page is not shown before the register is open.
func (s *Site) serve(p page, public bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, err := s.Chrome(r)
		if err == nil && c.Launch && public {
			c.Title = "The register is not open yet"
			s.pages.Problem(w, r, c, ui.Problem{
				Type: "/problems/not-open", Title: c.Title, Status: http.StatusNotFound,
				Detail: "The body is inviting its members and publishes the register on one day. Until then nothing about any company is shown.",
				Cure:   "Read the code meanwhile: it says what members will be held to.",
			})
			return
		}
		if err == nil {
			err = p(w, r, c)
		}
		if err != nil {
			s.pages.Fail(w, r, c, err)
		}
	}
}

// Chrome returns what surrounds every page.
func (s *Site) Chrome(r *http.Request) (ui.Chrome, error) {
	c := ui.Chrome{Now: s.now(), Demo: s.MoveClock != nil, Zone: time.UTC}
	_, c.Static = ui.StaticOf(r.Context())
	b, err := s.Body(r.Context())
	if err != nil {
		return c, err
	}
	if c = c.Of(b); b.Founded.IsZero() {
		return c, nil
	}
	if _, section, ok := strings.Cut(r.URL.Path, "/"); ok {
		section, _, _ = strings.Cut(section, "/")
		c.Active = "/" + section
	}
	if !c.Launch {
		c.Feed = "/notices.atom"
	}
	return c, nil
}

// now is the clock's time: UTC, whole microseconds, as the record has it.
func (s *Site) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

func (s *Site) missing(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	detail := "Nothing is at " + r.URL.Path + "."
	if c.Static { // one file answers for every address
		detail = ""
	}
	s.pages.Problem(w, r, c, ui.NotFound(detail))
	return nil
}

func (s *Site) wrongMethod(w http.ResponseWriter, r *http.Request) {
	c, err := s.Chrome(r)
	if err != nil {
		s.pages.Fail(w, r, c, err)
		return
	}
	w.Header().Set("Allow", "GET, HEAD")
	s.pages.Problem(w, r, c, ui.Problem{
		Type: "/problems/method", Title: "This page can only be read", Status: http.StatusMethodNotAllowed,
		Detail: "Nothing was changed.", Cure: "Open the address in a browser.",
	})
}

func robots(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("User-agent: *\nDisallow: /demo/\nDisallow: /alerts/\nDisallow: /portal/\nDisallow: /office/\nDisallow: /apply/\n"))
}
