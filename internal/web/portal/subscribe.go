package portal

import (
	"context"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"time"

	"shingle/internal/body/membership"
	"shingle/internal/code"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

type readPage struct {
	ui.Chrome
	Version  view.CodeVersion
	Preamble template.HTML
	Sections []template.HTML
	Plain    bool // the text is shown as it is written
	InForce  bool
	SignedOn time.Time              // when it was; zero: not yet
	Before   string                 // label of the text last signed, ""
	Changes  []code.ProvisionChange // from that text to this one
	Measures []code.RequirementChange
	Others   []view.CodeVersion // that may be signed, beside this one
	MaySign  bool
	Inside   bool
}

// read shows the exact text before it is signed: the one that is owed, or the newest that is not signed yet.
func (p *Portal) read(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	ctx := r.Context()
	m, err := p.us(ctx, who)
	if err != nil {
		return err
	}
	offered, err := p.offered(ctx, c.Now)
	if err != nil {
		return err
	}
	if len(offered) == 0 {
		c.Title = "The code"
		p.Desk.Show(w, r, http.StatusOK, "nothing", nothingPage{c, "There is nothing to sign yet", "The body has not adopted a text of its code. As soon as it does, you find it here."})
		return nil
	}
	v, ok := wanted(offered, r.URL.Query().Get("version"), m)
	if !ok {
		return p.Desk.NotFound(w, r, c)
	}
	if v, err = p.Register.Version(ctx, v.Version); err != nil {
		return err
	}
	c.Title = "Sign the code, version " + v.Version
	page := readPage{Chrome: c, Version: v, InForce: !v.Effective.After(c.Now), MaySign: p.may(who, "member.subscribe")}
	answer, err := p.Standing(ctx, who.Member, c.Now, c.Now)
	if err != nil {
		return err
	}
	page.Inside = inside(m, answer)
	if m.Subscription.SHA256 == v.SHA256 {
		page.SignedOn = m.Subscription.At
	}
	for _, o := range offered {
		if o.Version != v.Version {
			page.Others = append(page.Others, o)
		}
	}
	if err := p.compare(ctx, &page, m); err != nil {
		return err
	}
	p.Desk.Show(w, r, http.StatusOK, "read", page)
	return nil
}

// nothingPage says that there is nothing to do, and why.
type nothingPage struct {
	ui.Chrome
	Heading, Text string
}

// offered returns the texts that may be signed: the one in force and those that are yet to take effect, newest
// first.
func (p *Portal) offered(ctx context.Context, now time.Time) ([]view.CodeVersion, error) {
	all, err := p.Register.Versions(ctx)
	for i, v := range all {
		if !v.Effective.After(now) {
			return all[:i+1], err
		}
	}
	return all, err
}

// wanted returns the text that is asked for by its label or, by none, the oldest that the member has not signed.
func wanted(offered []view.CodeVersion, label string, m membership.Member) (view.CodeVersion, bool) {
	for i := len(offered) - 1; i >= 0; i-- {
		if v := offered[i]; label == v.Version || label == "" && m.Subscription.SHA256 != v.SHA256 {
			return v, true
		}
	}
	return offered[0], label == ""
}

// compare fills in the text, and what it changes in the one that was last signed.
func (p *Portal) compare(ctx context.Context, page *readPage, m membership.Member) error {
	text, problems := code.Parse([]byte(page.Version.Text))
	if len(problems) > 0 {
		page.Plain = true
		return nil
	}
	page.Preamble = code.HTML(text.Preamble)
	for _, provision := range text.Provisions {
		page.Sections = append(page.Sections, provision.HTML(2))
	}
	if m.Subscription.Version == "" || m.Subscription.SHA256 == page.Version.SHA256 {
		return nil
	}
	signed, err := p.Register.Version(ctx, m.Subscription.Version)
	if errors.Is(err, view.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	before, problems := code.Parse([]byte(signed.Text))
	if len(problems) > 0 {
		return nil
	}
	page.Before = signed.Version
	redline := code.Diff(before, text)
	for _, d := range redline.Provisions {
		if d.Kind != code.Unchanged || d.Moved {
			page.Changes = append(page.Changes, d)
		}
	}
	for _, d := range redline.Requirements {
		if d.Changed() {
			page.Measures = append(page.Measures, d)
		}
	}
	return nil
}

// asks is a page with the form of an act, and with what one should know beside it.
type asksPage struct {
	ui.FormPage
	Facts  []fact
	Points []string // what follows, as sentences
	Grave  bool     // it is not easily undone
}

type fact struct{ Label, Text string }

// around shows a form with what stands beside it.
func around(grave bool, points []string, facts ...fact) func(ui.FormPage) (string, ui.Page) {
	return func(f ui.FormPage) (string, ui.Page) { return "asks", asksPage{f, facts, points, grave} }
}

// consents is what subscribing means, as the form and the answers say it.
var consents = []string{
	"The company accepts the exact text named above, and keeps it.",
	"It consents to publication: the register says how it stands and why, the public log proves it, and decisions about it are published as the code provides.",
	"It accepts the body’s procedure, for what happens while it is a member and for two years after it leaves.",
	"It takes a licence to show the seal, which the body may revoke and which ends with its standing.",
	"Nothing in the code keeps anybody from reporting to the authorities or to the body.",
}

// subscribe asks for the signature under one exact text.
func (p *Portal) subscribe(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	ctx := r.Context()
	v, err := p.Register.Version(ctx, r.PathValue("version"))
	if errors.Is(err, view.ErrNotFound) {
		return p.Desk.NotFound(w, r, c)
	}
	if err != nil {
		return err
	}
	authority, err := p.authority(ctx, who, c)
	if err != nil {
		return err
	}
	return p.Desk.Ask(w, r, who, c, ui.Asking{
		Kind: "member.subscribe", Title: "Sign version " + v.Version,
		Lead:  "Say who signs, and in which capacity. What you sign is the text that you have read, and no other: it is known by its SHA-256.",
		Known: known(who, "version", v.Version, "sha256", v.SHA256), Given: signing(who), Declares: consents,
		Then: "/portal/papers?signed=" + url.QueryEscape(v.Version), Back: "/portal/subscribe?version=" + url.QueryEscape(v.Version),
		Around: around(false, nil, fact{"Text", v.Title + ", version " + v.Version}, fact{"SHA-256", v.SHA256}, fact{"In force from", v.Effective.In(c.Zone).Format("2 January 2006")}, authority),
	})
}

// signing is what the form of a signature begins with.
func signing(who ui.Who) url.Values {
	if who.Name == "" {
		return nil
	}
	return url.Values{"representative": {who.Name}}
}

// authority says why somebody may sign for the company.
func (p *Portal) authority(ctx context.Context, who ui.Who, c ui.Chrome) (fact, error) {
	f := fact{"Why you may sign", "You act as " + ui.RoleTitle(who.Role) + ". Sign only if you can bind the company in law, as a director or with its authority."}
	number, ok := who.Person()
	if !ok {
		return f, nil
	}
	roles, err := p.Register.Roles(ctx, number)
	for _, held := range roles {
		if held.Role == who.Role && held.Member == who.Member && held.At(c.Now) {
			f.Text = "You have been the company’s " + roleOf(who.Role) + " since " + held.From.In(c.Zone).Format("2 January 2006") + ", which is on record. Sign only if you can bind it in law, as a director or with its authority."
		}
	}
	return f, err
}
