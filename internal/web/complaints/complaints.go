// Package complaints is the body's face to whoever wants to complain, without an account and, if they like, without a
// name.
//
// A stranger reads what a complaint is and is not (start.go), and answers one question on each page (steps.go,
// step.go). What they type is saved at every step, sealed under a code that only they have (see package complainant),
// and they may come back with it later. They look at their answers and at what the rules say of them (check.go), are
// shown the code with the warning that nobody can recover it, and send the complaint (send.go). With the same code they
// return to the page of their case (case.go): where it stands, messages both ways, and what may be asked for now.
// Whoever reports that a company claims to be a member and is none goes another way through the same pages.
//
// Whoever is signed in elsewhere is nobody here: what is asked for is asked for by anyone, unless somebody chooses to
// complain in the name of the member for which they are signed in (speaks.go). The code is in no address; the pages are
// kept in no cache, and tell no other page where one came from.
package complaints

import (
	"context"
	"embed"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"shingle/internal/account"
	"shingle/internal/complainant"
	"shingle/internal/gate"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

//go:embed pages/*.html parts/*.html
var pageFiles embed.FS

// Complaints is what the pages are made from.
type Complaints struct {
	Counter  ui.Counter
	Register view.Register
	Drafts   complainant.Drafts
	Sessions complainant.Sessions
	// Chrome returns what surrounds every page.
	Chrome func(r *http.Request) (ui.Chrome, error)
	// Reveal opens what was confided, once that is recorded.
	Reveal ui.Reveal
	// Exhibits takes files in and hands them out.
	Exhibits ui.Exhibits
	// Attempt counts a try, and refuses one too many with a [*account.TooMany].
	Attempt func(ctx context.Context, l account.Limit, by ...string) error
	// From returns by which network address tries are counted, "" for none.
	From   func(r *http.Request) string
	Logger *slog.Logger

	pages *ui.Pages
}

// anyone is who asks for everything here.
var anyone = ui.Who{Actor: gate.Anyone, Role: gate.Anyone}

// How often somebody may try. A whole office, or a library, may sit behind one network address.
var (
	begins   = account.Limit{Name: "complaint-begin", Most: 30, In: time.Hour}
	lodgings = account.Limit{Name: "complaint-lodge", Most: 20, In: time.Hour}
	codes    = account.Limit{Name: "complaint-code", Most: 30, In: 15 * time.Minute} // that were typed: one is too long to be guessed
	writings = account.Limit{Name: "complaint-write", Most: 60, In: time.Hour}       // messages and the like, by case
)

// visit is one request of somebody.
type visit struct {
	ui.Chrome
	w       http.ResponseWriter
	r       *http.Request
	session complainant.Session // zero without one
	in      bool                // there is a session
	sent    url.Values          // what was posted
	cut     bool                // more was posted than is taken
}

type page func(v *visit) error

// Routes adds the face to mux. The caller wraps mux in [ui.Secure].
func (x *Complaints) Routes(mux *http.ServeMux) {
	x.pages = ui.Parse(pageFiles, x.Logger)
	for pattern, p := range map[string]page{
		"GET /complaints/new":                   x.start,
		"POST /complaints/new":                  x.begin,
		"GET /complaints/new/{step}":            x.drafting(x.ask),
		"POST /complaints/new/{step}":           x.drafting(x.answered),
		"GET /complaints/check":                 x.drafting(x.check),
		"GET /complaints/code":                  x.drafting(x.code),
		"POST /complaints/discard":              x.drafting(x.discard),
		"GET /complaints/send":                  x.drafting(x.last),
		"POST /complaints/send":                 x.sending,
		"GET /complaints/reported":              x.reported,
		"GET /complaints/return":                x.ret,
		"POST /complaints/return":               x.returned,
		"POST /complaints/leave":                x.leave,
		"GET /complaints/{case}":                x.ofCase(x.followed),
		"POST /complaints/{case}":               x.ofCase(x.acted),
		"POST /complaints/{case}/{what}":        x.ofCase(x.sent),
		"GET /complaints/{case}/files/{object}": x.ofCase(x.file),
		"GET /complaints/{$}":                   x.home,
		"GET /complaints":                       x.home,
		"/complaints/":                          x.missing,
	} {
		mux.HandleFunc(pattern, ui.Readable(x.serve(p), x.unreadable))
	}
}

// serve turns a page into a handler.
func (x *Complaints) serve(p page) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		discreet(w)
		v := &visit{w: w, r: r}
		var err error
		v.Chrome, err = x.Chrome(r)
		v.NoIndex, v.Feed, v.Active = true, "", "/complaints/new"
		if err == nil && v.Launch {
			x.problem(v, ui.Problem{Type: "/problems/not-open", Title: "The register is not open yet", Status: http.StatusNotFound,
				Detail: "Nobody is a member in public yet, so that nobody can be complained of here.", Cure: "Come back when the register is open."})
			return
		}
		if err == nil {
			err = x.read(v)
		}
		if err == nil {
			err = x.recognise(v)
		}
		if err == nil {
			err = p(v)
		}
		if err != nil {
			x.fail(v, err)
		}
	}
}

// discreet has nobody keep an answer, and no other page learn where its reader comes from.
func discreet(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
}

func (x *Complaints) unreadable(w http.ResponseWriter, r *http.Request, p ui.Problem) {
	discreet(w)
	c, _ := x.Chrome(r)
	x.problem(&visit{Chrome: c, w: w, r: r}, p)
}

func (x *Complaints) show(v *visit, status int, name string, p ui.Page) {
	x.pages.Show(v.w, v.r, status, name, p)
}

func (x *Complaints) problem(v *visit, p ui.Problem) { x.pages.Problem(v.w, v.r, v.Chrome, p) }

func (x *Complaints) fail(v *visit, err error) {
	var many *account.TooMany
	switch {
	case errors.As(err, &many):
		p, wait := ui.TooMany(v.w, many.Again.Sub(v.Now), "Nothing was changed. It is counted by network, so it may have been somebody beside you.")
		p.Cure = "Try again in " + wait + "."
		x.problem(v, p)
	case errors.Is(err, errBroken):
		x.problem(v, ui.BadRequest("The form that was sent broke off on its way."))
	case errors.Is(err, complainant.ErrTooLarge):
		x.problem(v, ui.Problem{Type: "/problems/too-large", Title: "This is more than a complaint may hold", Status: http.StatusRequestEntityTooLarge,
			Detail: "What was saved before is as it was.", Cure: "Go back and write less."})
	default:
		x.pages.Fail(v.w, v.r, v.Chrome, err)
	}
}

// missing answers what no page does.
func (x *Complaints) missing(v *visit) error {
	x.problem(v, ui.Problem{Type: "/problems/not-found", Title: "There is nothing here", Status: http.StatusNotFound,
		Detail: "There is no such page, or it is not opened in this way.", Cure: "Begin a complaint, or return to one with your code, at /complaints/new."})
	return nil
}

// home leads on to where everything begins.
func (x *Complaints) home(v *visit) error {
	v.to("/complaints/new")
	return nil
}

// to leads on.
func (v *visit) to(address string) { http.Redirect(v.w, v.r, address, http.StatusSeeOther) }

// count counts a try by where it comes from.
func (x *Complaints) count(v *visit, l account.Limit) error {
	if from := x.From(v.r); from != "" {
		return x.Attempt(v.r.Context(), l, from)
	}
	return nil
}
