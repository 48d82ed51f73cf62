package apply

import (
	"context"
	"net/http"
	"slices"
	"time"

	"shingle/internal/body/membership"
	"shingle/internal/body/people"
	"shingle/internal/gate"
	"shingle/internal/web/ui"
)

// application is how far one application has got.
type application struct {
	Number, Name string
	Stage        membership.Stage
	Sent         time.Time
	Since        time.Time // since when it waits for what comes next
	Checks       []checked
	Open         int       // checks that are not passed
	Decided      time.Time // zero: not yet
	Reason       string    // why it was declined
	Code         string    // version of the code that was signed, ""
}

// checked is one of the things that the body looks into.
type checked struct {
	What   string
	Passed bool
	Looked bool // and was not content
}

// looked says in words what is looked into, in order.
var looked = []struct{ kind, what string }{
	{"domain", "That the domains are the company’s own"}, {"identity", "Who the company is"}, {"references", "What others say of it"}, {"sanctions", "Past sanctions"},
}

// applications returns those that whoever asks sees: of companies that they represent and that applied, the newest
// first.
func (a *Apply) applications(ctx context.Context, who ui.Who, c ui.Chrome) (all []application, err error) {
	number, _ := who.Person()
	roles, err := a.Register.Roles(ctx, number)
	if err != nil {
		return nil, err
	}
	for _, held := range roles {
		if held.Role != people.Representative || held.Member == "" || !held.At(c.Now) {
			continue
		}
		m, err := a.Desk.Member(ctx, held.Member)
		if err != nil {
			return nil, err
		}
		if m.Applied.IsZero() { // it was a member before this system
			continue
		}
		all = append(all, application{Number: held.Member, Name: m.Name, Stage: m.Stage, Sent: m.Applied})
	}
	slices.SortFunc(all, func(a, b application) int { return b.Sent.Compare(a.Sent) })
	return all, nil
}

// progressesPage lists applications, or says that there is none.
type progressesPage struct {
	ui.Chrome
	All []application
}

func (a *Apply) progress(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	all, err := a.applications(r.Context(), who, c)
	if err != nil {
		return err
	}
	if len(all) == 1 {
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, Progress(all[0].Number), http.StatusSeeOther)
		return nil
	}
	c.Title, c.Active = "Your applications", "/apply/progress"
	a.Desk.Show(w, r, http.StatusOK, "progresses", progressesPage{c, all})
	return nil
}

// progressPage shows how far an application has got, and what comes next.
type progressPage struct {
	ui.Chrome
	application
	New     bool // it was sent just now
	ActAs   string
	Role    string
	Domains []proving // what is still to be shown to be the company's own
	Shown   bool      // that was just shown
	Trouble string    // why nothing came of looking for it, a sentence
}

// progressOf answers for one application. That of somebody else is no more there than one that nobody sent.
func (a *Apply) progressOf(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	all, err := a.applications(r.Context(), who, c)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(one application) bool { return one.Number == r.PathValue("number") })
	if i < 0 {
		return a.Desk.NotFound(w, r, c)
	}
	p, err := a.progressPage(r, c, all[i])
	if err != nil {
		return err
	}
	a.Desk.Show(w, r, http.StatusOK, "progress", p)
	return nil
}

// progressPage is the page about one application as it is now.
func (a *Apply) progressPage(r *http.Request, c ui.Chrome, one application) (progressPage, error) {
	if err := a.follow(r.Context(), &one); err != nil {
		return progressPage{}, err
	}
	c.Title, c.Active = "Application "+one.Number, "/apply/progress"
	p := progressPage{Chrome: c, application: one, New: r.URL.Query().Get("sent") == "yes", Shown: r.URL.Query().Get("shown") == "yes", ActAs: ui.ActAsPath, Role: gate.Representative}
	var err error
	p.Domains, err = a.toProve(r.Context(), one)
	return p, err
}

// follow fills in what has happened to an application.
func (a *Apply) follow(ctx context.Context, one *application) error {
	stream := "member/" + one.Number
	m, err := a.Desk.Member(ctx, one.Number)
	if err != nil {
		return err
	}
	passed, failed, missing := m.Looked()
	for _, check := range looked {
		one.Checks = append(one.Checks, checked{check.what, slices.Contains(passed, check.kind), slices.Contains(failed, check.kind)})
	}
	one.Open, one.Code = len(failed)+len(missing), m.Subscription.Version
	events, err := a.Desk.Counter.Record.Concerning(ctx, stream, a.Desk.Counter.Record.Position())
	if err != nil {
		return err
	}
	for _, e := range events {
		switch v := e.Event.(type) {
		case membership.Applied:
			one.Since, one.Decided, one.Reason = v.At, time.Time{}, ""
		case membership.Checked:
			if one.Decided.IsZero() {
				one.Since = v.At
			}
		case membership.Admitted:
			one.Decided, one.Since = v.At, v.At
		case membership.Declined:
			one.Decided, one.Since, one.Reason = v.At, v.At, v.Reason
		}
	}
	return nil
}
