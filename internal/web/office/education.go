package office

import (
	"net/http"
	"net/url"
	"strconv"

	"shingle/internal/body/education"
	flowbody "shingle/internal/flow/body"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

const (
	atEducation = "GET /office/education"
	schoolPath  = "/office/education"
)

// educationPage is the education officer's day: what waits, the catalogue, who gives courses, and samples.
type educationPage struct {
	ui.Chrome
	Said      []string
	Claims    []view.CreditClaim // that wait, the longest first
	More      bool               // there are more
	Providers []provider
	Courses   []course
	Next      string // address of more courses
	Audits    []view.Audit
	Offers    bool // they may put courses forward
	Commits   bool
}

type provider struct {
	view.Provider
	Do []link
}

type course struct {
	view.Course
	Do []link
}

// mostClaims is how many claims a page shows.
const mostClaims = 50

func (o *Office) education(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	ctx := r.Context()
	c.Title = "Education"
	page := educationPage{Chrome: c, Offers: o.asks(who, "course.offer"), Commits: o.asks(who, "audit.commit")}
	var err error
	if page.Claims, err = o.Register.ClaimsWaiting(ctx, view.CreditClaim{}, mostClaims+1); err != nil {
		return err
	}
	if page.More = len(page.Claims) > mostClaims; page.More {
		page.Claims = page.Claims[:mostClaims]
	}
	providers, err := o.Register.Providers(ctx)
	if err != nil {
		return err
	}
	for _, v := range providers {
		one := provider{Provider: v}
		if o.asks(who, "provider.approve") {
			one.Do = providerLinks(v)
		}
		page.Providers = append(page.Providers, one)
	}
	courses, next, err := o.Register.Courses(ctx, view.CourseQuery{All: true, Cursor: r.URL.Query().Get("after")})
	if err != nil {
		return err
	}
	if next != "" {
		page.Next = schoolPath + query("after", next)
	}
	for _, v := range courses {
		one := course{Course: v}
		if page.Offers {
			one.Do = courseLinks(v)
		}
		page.Courses = append(page.Courses, one)
	}
	if page.Audits, err = o.Register.Audits(ctx); err != nil {
		return err
	}
	if page.Said, _, _, err = o.Desk.Said(r, who); err != nil {
		return err
	}
	o.Desk.Show(w, r, http.StatusOK, "education", page)
	return nil
}

// providerLinks lead to what can be done about a provider.
func providerLinks(v view.Provider) []link {
	at := func(kind, label string) link { return link{schoolActLink(kind, "provider", v.Number), label} }
	switch v.Stage {
	case education.Asked:
		return []link{at("provider.approve", "Approve"), at("provider.decline", "Turn down")}
	case education.Approved:
		return []link{at("provider.approve", "Renew"), at("provider.end", "End the approval")}
	}
	return nil
}

// courseLinks lead to what can be done about a course.
func courseLinks(v view.Course) []link {
	at := func(kind, label string) link { return link{schoolActLink(kind, "course", v.Number), label} }
	switch v.Stage {
	case education.Asked:
		return []link{at("course.approve", "Approve"), at("course.decline", "Turn down")}
	case education.Approved:
		return []link{at("credit.record", "Record a completion"), at("course.withdraw", "Withdraw")}
	}
	return nil
}

func schoolActLink(kind string, known ...string) string {
	return schoolPath + "/acts/" + kind + query(known...)
}

// schoolAct asks for an act about courses, providers and samples; what the address knows stands in the form.
func (o *Office) schoolAct(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	return o.ask(w, r, who, c, ui.Asking{Kind: r.PathValue("kind"), Then: schoolPath, Back: schoolPath})
}

// learnerPage is one person's education, for the officer who looks after it.
type learnerPage struct {
	ui.Chrome
	Said   []string
	Person view.Person
	Ledger ui.Ledger
	Claims []view.CreditClaim
	Links  []link
	Decide bool
	Hold   bool
}

// DecideLink leads to the answer to a claim.
func (p learnerPage) DecideLink(c view.CreditClaim) string {
	return learnerActLink(p.Person.ID, "credit.decide", "claim", strconv.Itoa(c.Number))
}

// CreditLink leads to an act about a credit.
func (p learnerPage) CreditLink(kind string, number int) string {
	return learnerActLink(p.Person.ID, kind, "credit", strconv.Itoa(number))
}

// Waits reports whether a claim waits for an answer.
func (p learnerPage) Waits(c view.CreditClaim) bool { return c.Stage == education.Asked }

func (o *Office) learner(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	ctx := r.Context()
	person, err := o.Register.Person(ctx, r.PathValue("person"))
	if err != nil {
		return err
	}
	c.Title = "Education of person " + person.ID
	page := learnerPage{Chrome: c, Person: person, Decide: o.asks(who, "credit.decide"), Hold: o.asks(who, "credit.reverse")}
	look := o.Desk.Counter.Record.Look(ctx)
	s := flowbody.SchoolingOf(look, person.ID, c.Now)
	if err := look.Err(); err != nil {
		return err
	}
	if page.Claims, err = o.Register.ClaimsOf(ctx, person.ID); err != nil {
		return err
	}
	titles, err := ui.CreditTitles(ctx, o.Register, s, page.Claims)
	if err != nil {
		return err
	}
	page.Ledger = ui.LedgerOf(s, titles)
	for _, l := range []link{
		{"credit.record", "Record a completion"}, {"learner.waive", "Waive something"}, {"learner.excuse", "Grant a leave"}, {"learner.plan", "Agree on a plan to make up"},
	} {
		if o.asks(who, l.Href) {
			page.Links = append(page.Links, link{learnerActLink(person.ID, l.Href), l.Label})
		}
	}
	if page.Said, _, _, err = o.Desk.Said(r, who); err != nil {
		return err
	}
	o.Desk.Show(w, r, http.StatusOK, "learner", page)
	return nil
}

func learnerLink(person string) string { return schoolPath + "/people/" + url.PathEscape(person) }

func learnerActLink(person, kind string, known ...string) string {
	return learnerLink(person) + "/acts/" + kind + query(known...)
}

// learnerAct asks for an act about somebody's ledger.
func (o *Office) learnerAct(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	person := r.PathValue("person")
	return o.ask(w, r, who, c, ui.Asking{
		Kind: r.PathValue("kind"), Known: map[string]string{"person": person}, Then: learnerLink(person), Back: learnerLink(person), Lead: "Person " + person + ".",
	})
}

// auditPeople writes the numbers of the people that a sample is drawn from, a line each: with the seed, anybody draws
// the same of them.
func (o *Office) auditPeople(w http.ResponseWriter, r *http.Request, _ ui.Who, c ui.Chrome) error {
	look := o.Desk.Counter.Record.Look(r.Context())
	people, ok := flowbody.Sampled(look, r.PathValue("number"), c.Now)
	if err := look.Err(); err != nil {
		return err
	}
	if !ok {
		return o.Desk.NotFound(w, r, c)
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	for _, person := range people {
		if _, err := w.Write([]byte(person + "\n")); err != nil {
			return nil // the reader has gone
		}
	}
	return nil
}
