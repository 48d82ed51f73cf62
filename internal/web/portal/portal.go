// Package portal is the body's face to its members: what one member's people see of their own affairs, and ask
// for in its name.
//
// Whoever comes here signed in and acts in one role for one member. Which member that is comes with who they
// are, and is never read from an address or a form. The first page says how the company stands and what it owes; what
// is owed leads to where it is done, and everything else is one step from there. Who left, or was expelled, still
// reads what is on record about them.
package portal

import (
	"context"
	"embed"
	"net/http"
	"time"

	"shingle/internal/account"
	"shingle/internal/body/membership"
	"shingle/internal/body/standing"
	"shingle/internal/proofs"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

//go:embed pages/*.html parts/*.html
var pageFiles embed.FS

// Portal is what the pages are made from.
type Portal struct {
	// Desk is what it shares with other faces; what names the face is filled in by Routes.
	Desk     ui.Desk
	Register view.Register
	// Standing answers how a member stood at a time, as known at another.
	Standing func(ctx context.Context, number string, at, known time.Time) (standing.Answer, error)
	// Origin is where the site is reached, e.g. "https://demo.example".
	Origin             string
	LogKey, ReceiptKey string // vkeys, for the annex; "" leaves them out
	// Digest returns a hash of a text that only this body can make.
	Digest func(text []byte) ([]byte, error)
	// Proofs looks for what members publish on their domains.
	Proofs *proofs.Checker
	// Attempt counts a try, and refuses one too many with a [*account.TooMany].
	Attempt func(ctx context.Context, l account.Limit, by ...string) error
	// Feeds are the addresses of calendars.
	Feeds account.Feeds
	// Reveal opens what was confided in a case, once that is recorded.
	Reveal ui.Reveal
	// Exhibits takes files of a case in and hands them out.
	Exhibits ui.Exhibits
}

// Routes adds the portal to mux. The caller wraps mux in [ui.Secure].
func (p *Portal) Routes(mux *http.ServeMux) {
	d := &p.Desk
	d.Root, d.Title, d.Own, d.Pages, d.Words = "/portal", "Members’ portal", true, pageFiles, p.said
	d.Nav = []ui.NavEntry{
		{Href: "/portal", Label: "Overview"}, {Href: "/portal/company", Label: "Company"}, {Href: "/portal/domains", Label: "Domains"},
		{Href: "/portal/people", Label: "People"}, {Href: "/portal/education", Label: "Education"}, {Href: "/portal/seal", Label: "Seal"}, {Href: "/portal/papers", Label: "Papers"},
		{Href: casesPath, Label: "Cases"}, {Href: "/portal/history", Label: "History"},
	}
	d.Open()
	for path, page := range map[string]ui.DeskPage{
		"/portal":                  p.overview,
		"/portal/subscribe":        p.read,
		"/portal/company":          p.company,
		"/portal/domains":          p.domains,
		"/portal/domains/{domain}": p.domain,
		"/portal/people":           p.people,
		"/portal/education":        p.education,
		"/portal/seal":             p.seal,
		"/portal/seal/{picture}":   p.picture,
		"/portal/papers":           p.papers,
		"/portal/papers/annex":     p.annex,
		"/portal/papers/annex.pdf": p.annexPDF,
		"/portal/history":          p.history,
		"/portal/calendar":         p.calendar,
		casesPath:                  p.cases,
		casesPath + "/{case}":      p.caseFile,
	} {
		d.Handle("GET "+path, page)
	}
	for path, page := range map[string]ui.DeskPage{
		"/portal/subscribe/{version}":        p.subscribe,
		"/portal/renew":                      p.renew,
		"/portal/attest":                     p.attest,
		"/portal/withdraw":                   p.withdraw,
		"/portal/company/address":            p.address,
		"/portal/company/services":           p.services,
		"/portal/domains/add":                p.addDomain,
		"/portal/domains/{domain}/remove":    p.removeDomain,
		"/portal/people/invite":              p.invite,
		"/portal/people/{person}/appoint":    p.appoint,
		"/portal/people/{person}/end/{role}": p.end,
		"/portal/people/{person}/reinvite":   p.reinvite,
		"/portal/leave":                      p.leave,
		"/portal/education/claim":            p.claimCredit,
		"/portal/education/claim/{claim}":    p.claimCredit,
	} {
		d.Handle("GET "+path, page)
		d.Handle("POST "+path, page)
	}
	for path, page := range p.caseRoutes() {
		d.Handle("GET "+casesPath+"/{case}/"+path, page)
		d.Handle("POST "+casesPath+"/{case}/"+path, page)
	}
	p.fileRoutes()
	d.Handle("POST /portal/domains/{domain}", p.checkDomain)
	d.Handle("POST /portal/calendar", p.changeCalendar)
	d.Mux().HandleFunc("GET /portal/calendar.ics", p.feed) // a program reads it, which cannot sign in
	d.Routes(mux)
}

// us returns the member that somebody acts for, as the record has it.
func (p *Portal) us(ctx context.Context, who ui.Who) (membership.Member, error) {
	return p.Desk.Member(ctx, who.Member)
}

// may reports whether somebody's role may see a page or ask for an act, once they have proven who they are.
func (p *Portal) may(who ui.Who, what string) bool {
	who.Stale = false
	return p.Desk.Counter.Allows(who, what, who.Member, who.Actor) == nil
}

// known are the values of a form that are not asked for: whom the act is about.
func known(who ui.Who, more ...string) map[string]string {
	all := map[string]string{"member": who.Member}
	for i := 0; i+1 < len(more); i += 2 {
		all[more[i]] = more[i+1]
	}
	return all
}

// changes reports whether the company's own people still bring others in and change its domains: those of one that
// applies or is a member do, if it was not expelled.
func (p *Portal) changes(ctx context.Context, who ui.Who, c ui.Chrome) (bool, error) {
	m, err := p.us(ctx, who)
	if err != nil {
		return false, err
	}
	a, err := p.Standing(ctx, who.Member, c.Now, c.Now)
	return m.Stage == membership.Applicant || inside(m, a), err
}

// inside reports whether the company is a member now, and was not expelled: then it has things to do here.
func inside(m membership.Member, a standing.Answer) bool {
	return m.Stage == membership.Current && a.Status != standing.Expelled
}
