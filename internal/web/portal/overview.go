package portal

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/membership"
	"shingle/internal/body/standing"
	"shingle/internal/web/ui"
)

type overviewPage struct {
	ui.Chrome
	Member  membership.Member
	Answer  standing.Answer // their own, with what is private
	Reasons []reason
	Inside  bool
	Applies bool       // it is no member yet
	Cases   []caseLine // in which there is something to do, or a day to keep
	Overdue []owed
	Open    []owed // to be done now, though no day is set
	Next    []owed // within the time that one plans for
	Later   []owed
	Latest  []line // of the history, newest first
	Said    []string
	May     may
}

// may is what the reader may do, as far as the page leads there.
type may struct{ Seal, Papers, History, Calendar, Withdraw, Leave bool }

// reason is why the company stands as it does.
type reason struct {
	standing.Reason
	Private bool // nobody else sees it
}

// owed is a duty with where it is done.
type owed struct {
	standing.Duty
	Last string // day, e.g. "2026-03-31"; "" where none is set
	When string // in words: "12 days left"; "" where no day is set
	Href string // "" where there is nothing to do here, or not yet
	Do   string // words of the link
	How  string // what to do where nothing is done here, a sentence
}

// ahead is how far one plans: what is owed later stands apart.
const ahead = 60 // days

func (p *Portal) overview(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	ctx := r.Context()
	m, err := p.us(ctx, who)
	if err != nil {
		return err
	}
	c.Title = "Overview"
	page := overviewPage{Chrome: c, Member: m, Applies: m.Stage == membership.Applicant || m.Stage == membership.TurnedDown}
	if page.Answer, err = p.Standing(ctx, who.Member, c.Now, c.Now); err != nil {
		return err
	}
	page.Inside = inside(m, page.Answer)
	_, isPerson := who.Person()
	page.May = may{
		Seal: p.may(who, "GET /portal/seal"), Papers: p.may(who, "GET /portal/papers"), History: p.may(who, "GET /portal/history"),
		Calendar: isPerson, Withdraw: page.Inside && p.may(who, "member.withdraw"), Leave: isPerson,
	}
	page.Reasons = reasonsOf(page.Answer)
	duties, err := p.Register.Duties(ctx, who.Member)
	if err != nil {
		return err
	}
	for _, duty := range duties {
		page.owe(p.owed(who, duty, c))
	}
	if p.may(who, "GET "+casesPath) {
		if page.Cases, err = p.caseDuties(ctx, who, c); err != nil {
			return err
		}
	}
	if page.May.History {
		events, err := p.told(ctx, who, 0, 5)
		if err != nil {
			return err
		}
		if page.Latest, err = p.lines(ctx, who, events); err != nil {
			return err
		}
	}
	if page.Said, _, _, err = p.Desk.Said(r, who); err != nil {
		return err
	}
	p.Desk.Show(w, r, http.StatusOK, "overview", page)
	return nil
}

// reasonsOf returns the reasons of an answer, and says which of them nobody else sees.
func reasonsOf(a standing.Answer) (all []reason) {
	public := a.Public().Reasons
	for _, own := range a.Reasons {
		private := !slices.ContainsFunc(public, func(r standing.Reason) bool { return r.Rule == own.Rule && r.Text == own.Text })
		all = append(all, reason{own, private})
	}
	return all
}

// owe puts a duty where it belongs.
func (page *overviewPage) owe(o owed) {
	switch {
	case o.Overdue(page.Now):
		page.Overdue = append(page.Overdue, o)
	case o.Due.IsZero() && o.Href != "":
		page.Open = append(page.Open, o)
	case !o.Due.IsZero() && o.Due.Before(page.Now.AddDate(0, 0, ahead)):
		page.Next = append(page.Next, o)
	default:
		page.Later = append(page.Later, o)
	}
}

// owed says of a duty where it is done, by whoever may.
func (p *Portal) owed(who ui.Who, d standing.Duty, c ui.Chrome) owed {
	o := owed{Duty: d, When: left(d, c.Now, c.Zone)}
	if last := d.LastDay(c.Zone); !last.IsZero() {
		o.Last = last.String()
	}
	switch d.Kind {
	case standing.DutySubscribe:
		o.Href, o.Do = "/portal/subscribe?version="+url.QueryEscape(d.Subject), "Read and sign"
	case standing.DutyRenewal:
		o.Href, o.Do = "/portal/renew", "Renew"
	case standing.DutyAttestation:
		o.Href, o.Do = "/portal/attest?period="+url.QueryEscape(d.Subject), "Attest"
	case standing.DutyDomain:
		o.Href, o.Do = "/portal/domains/"+url.PathEscape(d.Subject), "Prove it"
	case standing.DutyDues:
		o.How = "The body’s office records a payment when it has arrived."
	case standing.DutyEducation:
		o.Href, o.Do = "/portal/education", "Look at your people"
	case standing.DutyConditions:
		o.How = "The body records that they are met."
	}
	switch {
	case o.Href != "" && !p.may(who, pageOf(d.Kind)):
		o.Href, o.How = "", "Ask your company’s representative."
	case o.Href != "" && c.Now.Before(d.From):
		o.Href, o.How = "", "It can be done from "+d.From.In(c.Zone).Format("2 January 2006")+" on."
	}
	return o
}

// pageOf is the page on which a duty is done, as the gate names it.
func pageOf(kind standing.DutyKind) string {
	return map[standing.DutyKind]string{
		standing.DutySubscribe: "GET /portal/subscribe/{version}", standing.DutyRenewal: "GET /portal/renew",
		standing.DutyEducation:   "GET /portal/education",
		standing.DutyAttestation: "GET /portal/attest", standing.DutyDomain: "POST /portal/domains/{domain}",
	}[kind]
}

// left says in words how much time there is, "" where no day is set.
func left(d standing.Duty, now time.Time, zone *time.Location) string {
	last := d.LastDay(zone)
	if last.IsZero() {
		return ""
	}
	days := daysBetween(act.DateIn(now, zone), last)
	switch {
	case days == 0:
		return "today is the last day"
	case days == 1:
		return "tomorrow is the last day"
	case days > 1:
		return fmt.Sprintf("%d days left", days)
	case days == -1:
		return "overdue since yesterday"
	}
	return fmt.Sprintf("%d days overdue", -days)
}

func daysBetween(from, to act.Date) int {
	return int(to.Start(time.UTC).Sub(from.Start(time.UTC)) / (24 * time.Hour))
}

// row is a duty in its list.
type row struct {
	Owed    owed
	Overdue bool
}

// Row is the duty as its list shows it.
func (o owed) Row(overdue bool) row { return row{o, overdue} }
