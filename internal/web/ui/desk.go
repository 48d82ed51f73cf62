package ui

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/governance"
	"shingle/internal/gate"
	view "shingle/internal/view/body"
)

// Desk is a face for people who signed in: what office and portal have in common. Every page is asked for at
// the gate under the pattern of its route, every act under its kind.
type Desk struct {
	Root  string // address of its first page, e.g. "/office"
	Title string // "Office"
	Nav   []NavEntry
	// Own says that everything is about the one member that the role acts for: who that is, is never read
	// from a request.
	Own bool
	// Hidden are the beginnings of addresses of which whoever may not see a page there does not even learn that there
	// is one: the answer is the same as for what is not there.
	Hidden []string
	// Bare leaves out the pages on which any act is asked for: the face has its own for the few that it is about.
	Bare    bool
	Counter Counter
	// Body returns the body as the record has it in memory.
	Body func(ctx context.Context) (governance.Body, error)
	// Roles returns all that somebody could act as; nil knows of none.
	Roles func(ctx context.Context, who Who) ([]Acting, error)
	// Names tells the names of all members.
	Names  func(ctx context.Context, each func(number, name string)) error
	Now    func() time.Time // the clock
	Demo   bool             // the clock is a demo's
	Logger *slog.Logger
	// Words say what has just been recorded to those who read this face; nil says it as to everybody.
	Words func(ctx context.Context, who Who, events []act.Recorded) ([]string, error)
	// Pages are those of the face, in a folder "pages".
	Pages fs.FS

	pages *Pages
	mux   *http.ServeMux
}

// DeskPage answers somebody who may see a page; c is what surrounds it, its title still open.
type DeskPage func(w http.ResponseWriter, r *http.Request, who Who, c Chrome) error

// Open makes the desk ready for [Desk.Handle], with the pages on which acts are asked for: Root/acts,
// Root/acts/{kind} and what was recorded, Root/done.
func (d *Desk) Open() {
	d.pages = ParseDesk(d.Pages, d.Logger)
	d.mux = http.NewServeMux()
	d.mux.HandleFunc("/", d.missing)
	if d.Bare {
		return
	}
	d.Handle("GET "+d.Root+"/acts", d.acts)
	d.Handle("GET "+d.Root+"/acts/{kind}", d.anyAct)
	d.Handle("POST "+d.Root+"/acts/{kind}", d.anyAct)
	d.Handle("GET "+d.Root+"/done", d.done)
}

// ParseDesk parses the pages of a desk's face, and those that all desks share.
func ParseDesk(files fs.FS, log *slog.Logger) *Pages {
	return parse(log, from{shared, "templates/problem.html"}, from{files, "pages/*.html"}, from{shared, "templates/desk/*.html"})
}

// DeskPages returns samples of what the shared pages of a desk show, for tests that check the templates.
func DeskPages() map[string]Page {
	return map[string]Page{"problem": problemPage{}, "acts": actsPage{}, "form": FormPage{}, "check": checkPage{}, "done": donePage{}, "signedout": signedOutPage{}}
}

// Routes adds the desk to mux. The caller wraps mux in [Secure].
func (d *Desk) Routes(mux *http.ServeMux) {
	h := Readable(d.mux.ServeHTTP, func(w http.ResponseWriter, r *http.Request, p Problem) {
		c, _ := d.chrome(r, Who{})
		d.pages.Problem(w, r, c, p)
	})
	mux.HandleFunc(d.Root, h)
	mux.HandleFunc(d.Root+"/", h)
}

// Mux holds the routes of the desk, for a test that looks for them in the gate's table.
func (d *Desk) Mux() *http.ServeMux { return d.mux }

// Handle adds a page under a pattern such as "GET /office/members/{number}", which has lines in the gate's
// table for whoever may see it.
func (d *Desk) Handle(pattern string, page DeskPage) {
	d.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		who, ok := WhoIn(r.Context())
		if !ok {
			d.signIn(w, r)
			return
		}
		c, err := d.chrome(r, who)
		if err == nil {
			err = d.Counter.Allows(who, pattern, who.Member)
		}
		if err == nil {
			err = page(w, r, who, c)
		}
		if err != nil {
			d.Fail(w, r, c, err)
		}
	})
}

// HandleOpen adds a page for anyone. who is the zero Who for a stranger, around whose page stands what surrounds
// everybody's.
func (d *Desk) HandleOpen(pattern string, page DeskPage) {
	d.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		who, _ := WhoIn(r.Context())
		c, err := d.chrome(r, who)
		if err == nil {
			err = page(w, r, who, c)
		}
		if err != nil {
			d.Fail(w, r, c, err)
		}
	})
}

// Show shows a page of the face.
func (d *Desk) Show(w http.ResponseWriter, r *http.Request, status int, name string, page Page) {
	d.pages.Show(w, r, status, name, page)
}

// Problem shows what went wrong.
func (d *Desk) Problem(w http.ResponseWriter, r *http.Request, c Chrome, p Problem) {
	d.pages.Problem(w, r, c, p)
}

// Sent returns the form that was posted. ok is false for one that cannot be read, and that is answered then.
func (d *Desk) Sent(w http.ResponseWriter, r *http.Request, c Chrome) (sent url.Values, ok bool) {
	sent, problem := sentForm(w, r)
	if problem != nil {
		d.pages.Problem(w, r, c, *problem)
	}
	return sent, problem == nil
}

// NotFound answers for what is not there, and for what is somebody else's: the answers are the same.
func (d *Desk) NotFound(w http.ResponseWriter, r *http.Request, c Chrome) error {
	d.pages.Problem(w, r, c, Problem{Type: "/problems/not-found", Title: "There is nothing here", Status: http.StatusNotFound,
		Detail: "There is no such page or affair, or it is not yours.", Cure: "Check the address, or begin at the first page."})
	return nil
}

// Fail answers with what an error is. Who has to prove afresh who they are is led there.
func (d *Desk) Fail(w http.ResponseWriter, r *http.Request, c Chrome, err error) {
	var denied *gate.Denied
	switch {
	case errors.Is(err, view.ErrNotFound):
		_ = d.NotFound(w, r, c) // it cannot fail
	case !errors.As(err, &denied):
		d.pages.Fail(w, r, c, err)
	case denied.StepUp:
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, after(StepUpPath, r), http.StatusSeeOther)
	case denied.Foreign, d.hides(denied.What):
		_ = d.NotFound(w, r, c) // it cannot fail
	default:
		d.pages.Problem(w, r, c, notAllowed(denied))
	}
}

// hides reports whether a page, as its route names it, is one of which nobody learns who may not see it.
func (d *Desk) hides(page string) bool {
	_, path, ok := strings.Cut(page, " ")
	return ok && slices.ContainsFunc(d.Hidden, func(from string) bool { return path == from || strings.HasPrefix(path, from+"/") })
}

// notAllowed is the problem of who may not do something in the role that they act in.
func notAllowed(denied *gate.Denied) Problem {
	p := Problem{Type: "/problems/not-allowed", Title: "This is not yours to ask for", Status: http.StatusForbidden, Detail: denied.Reason,
		Cure: "Nothing was changed. Act in another role if you hold one that may, or ask somebody who does."}
	if strings.Contains(denied.What, " /") {
		p.Title, p.Detail = "This is not yours to see", "You act as "+RoleTitle(denied.Who.Role)+", who has no business on this page."
	}
	return p
}

// signedOutPage holds a form that was sent when nobody was signed in any more, to be sent again.
type signedOutPage struct {
	Chrome
	SignIn, Action string
	Sent           []sentValue
}

type sentValue struct{ Name, Value string }

// signIn leads whoever is signed in no more, or not yet, to the door. What they typed stays in their page.
func (d *Desk) signIn(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	sent, problem := sentForm(w, r)
	if problem != nil || len(sent) == 0 {
		http.Redirect(w, r, after(SignInPath, r), http.StatusSeeOther)
		return
	}
	c, err := d.chrome(r, Who{})
	if err != nil {
		d.pages.Fail(w, r, c, err)
		return
	}
	c.Title = "You were signed out"
	p := signedOutPage{Chrome: c, SignIn: after(SignInPath, r), Action: r.URL.Path}
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		for _, value := range sent[name] {
			p.Sent = append(p.Sent, sentValue{name, strings.ToValidUTF8(value, "\ufffd")})
		}
	}
	d.pages.Show(w, r, http.StatusUnauthorized, "signedout", p)
}

// missing answers what no route does: another method than the route's, or no route at all.
func (d *Desk) missing(w http.ResponseWriter, r *http.Request) {
	who, ok := WhoIn(r.Context())
	if !ok {
		d.signIn(w, r)
		return
	}
	c, err := d.chrome(r, who)
	if err != nil {
		d.pages.Fail(w, r, c, err)
		return
	}
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := d.mux.Handler(other); pattern != "/" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) == 0 {
		_ = d.NotFound(w, r, c) // it cannot fail
		return
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	d.pages.Problem(w, r, c, Problem{Type: "/problems/method", Title: "This is not done here", Status: http.StatusMethodNotAllowed,
		Detail: "Nothing was changed.", Cure: "Open the address in a browser."})
}

// chrome returns what surrounds a page; of nobody, what surrounds everybody's.
func (d *Desk) chrome(r *http.Request, who Who) (Chrome, error) {
	c := Chrome{Now: d.Now().UTC().Truncate(time.Microsecond), Zone: time.UTC, Demo: d.Demo, NoIndex: true, Title: d.Title}
	b, err := d.Body(r.Context())
	if err != nil {
		return c, err
	}
	c = c.Of(b)
	for _, entry := range d.Nav {
		if r.URL.Path == entry.Href || entry.Href != d.Root && strings.HasPrefix(r.URL.Path, entry.Href+"/") {
			c.Active = entry.Href
		}
	}
	if who == (Who{}) {
		return c, nil
	}
	c.Signed = &Signed{Face: d.Title, Nav: d.navOf(who), Name: who.Name, Role: RoleTitle(who.Role)}
	if who.Member != "" {
		if c.Signed.For, err = d.called(r.Context(), who.Member); err != nil {
			return c, err
		}
	}
	if d.Roles != nil {
		c.Signed.Others, err = d.Roles(r.Context(), who)
	}
	return c, err
}

// navOf returns the entries of the navigation that lead somebody to a page which they may see.
func (d *Desk) navOf(who Who) []NavEntry {
	return slices.DeleteFunc(slices.Clone(d.Nav), func(e NavEntry) bool {
		var denied *gate.Denied
		err := d.Counter.Allows(who, "GET "+e.Href, who.Member)
		return err != nil && !(errors.As(err, &denied) && denied.StepUp)
	})
}

// Of fills in what a page says of the body.
func (c Chrome) Of(b governance.Body) Chrome {
	if b.Founded.IsZero() {
		c.BodyName, c.Launch = "A new body", true
		return c
	}
	c.BodyName, c.BodyShort, c.Zone = b.Name, b.Short, b.Location
	c.Launch = b.GoLive.IsZero() || c.Now.Before(b.GoLive.Start(b.Location))
	return c
}

// called returns what a member is called among people who know it: its name and number.
func (d *Desk) called(ctx context.Context, number string) (string, error) {
	m, err := d.Member(ctx, number)
	if errors.Is(err, view.ErrNotFound) {
		return number, nil
	}
	return m.Name + " (" + number + ")", err
}
