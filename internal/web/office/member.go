package office

import (
	"net/http"
	"strings"
	"time"

	"shingle/internal/body/membership"
	"shingle/internal/body/standing"
	flowbody "shingle/internal/flow/body"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

// memberPage is all that is known of a member, as far as who looks may see it.
type memberPage struct {
	ui.Chrome
	Said    []string
	Member  membership.Member
	Answer  standing.Answer
	Domains []domain
	Duties  []line
	People  *peoplePart // nil for who may not see them
	Orders  []orderRow
	Cases   bool // orders may be seen
	Docket  []caseLine
	Notices []view.Notice
	History []entryRow
	Acts    []actGroup
	Open    bool // the register is open, so that there is a public page
}

// domain is a domain of a member, proven or not.
type domain struct {
	Name   string
	Proven time.Time // zero for never
	How    string
	Until  time.Time // when the proof runs out; zero for never
	Over   bool      // it has
	Prove  string    // address of the form, "" for who may not
}

// peoplePart is who acts for a member.
type peoplePart struct {
	Contact  view.Contact
	People   []colleague
	Invite   string // addresses, "" for who may not
	Reinvite bool
}

type colleague struct {
	view.Colleague
	Office string // the role, without its article
	Links  []link
}

// actGroup is acts about a member, by what they are for.
type actGroup struct {
	Title string
	Links []link
}

// memberActs are the acts about a member in the order in which they are offered.
var memberActs = []struct {
	title string
	acts  []struct{ kind, say string }
}{
	{"Membership", []struct{ kind, say string }{
		{"dues.record", "Record dues"}, {"member.renew", "Record a renewal"}, {"member.subscribe", "Record a signature under the code"},
		{"member.attest", "Record an attestation"}, {"member.withdraw", "Record that it leaves"}, {"member.merge", "Merge it into another member"},
		{"member.readmit", "Let it in again"},
	}},
	{"Corrections", []struct{ kind, say string }{
		{"member.rename", "Change its name"}, {"member.move", "Change its address"}, {"services.set", "Change its services"},
		{"domain.add", "Add a domain"}, {"domain.prove", "Record the proof of a domain"}, {"domain.remove", "Remove a domain"},
	}},
	{"People", []struct{ kind, say string }{
		{"person.invite", "Invite somebody who acts for it"}, {"person.appoint", "Give somebody a role at it"}, {"person.end", "End somebody’s role at it"},
	}},
	{"Discipline", []struct{ kind, say string }{
		{"charge.record", "Record charges"}, {"order.record", "Record an order"}, {"order.interim", "Suspend it for the time being"},
	}},
}

// called is what an act about a member or an application is called where it is asked for, "" for what the act does.
func called(kind string) string {
	for _, g := range memberActs {
		for _, one := range g.acts {
			if one.kind == kind {
				return one.say
			}
		}
	}
	return map[string]string{"member.check": "Record a check", "member.admit": "Admit the company", "member.decline": "Turn the company down"}[kind]
}

// actsFor returns what somebody may ask for about a member; whether it is lawful now is said when they ask.
func (o *Office) actsFor(who ui.Who, m membership.Member, a standing.Answer) (groups []actGroup) {
	for _, g := range memberActs {
		group := actGroup{Title: g.title}
		for _, one := range g.acts {
			back := m.Stage == membership.Former || a.Status == standing.Expelled
			if !o.asks(who, one.kind) || one.kind == "member.readmit" && !back || m.Stage == membership.Former && g.title != "Discipline" && one.kind != "member.readmit" {
				continue
			}
			group.Links = append(group.Links, link{memberActLink(m.Number, one.kind), one.say})
		}
		if len(group.Links) > 0 {
			groups = append(groups, group)
		}
	}
	return groups
}

// lately is how much of a member's history its page shows.
const lately = 10

func (o *Office) member(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	ctx, number := r.Context(), r.PathValue("number")
	m, err := o.Desk.Member(ctx, number)
	if err != nil {
		return err
	}
	if m.Joined.IsZero() {
		if o.sees(who, atApplications) {
			http.Redirect(w, r, "/office/applications/"+number, http.StatusSeeOther)
			return nil
		}
		return o.Desk.NotFound(w, r, c)
	}
	c.Title = ui.Isolated(m.Name)
	p := memberPage{Chrome: c, Member: m, Cases: o.sees(who, atOrders), Open: !c.Launch}
	if p.Said, _, _, err = o.Desk.Said(r, who); err != nil {
		return err
	}
	if p.Answer, err = o.Standing(ctx, number, c.Now, c.Now); err != nil {
		return err
	}
	p.Acts = o.actsFor(who, m, p.Answer)
	p.Domains = o.domains(r, who, c, m)
	owed, err := o.Register.Duties(ctx, number)
	if err != nil {
		return err
	}
	for _, d := range owed {
		l := line{What: dutyWords(d), Late: d.Overdue(c.Now), Do: o.dutyDo(who, number, d), due: d.Due}
		if day := d.LastDay(c.Zone); !day.IsZero() {
			l.Day, l.When = day.String(), untilWords(daysUntil(day, c.Now, c.Zone))
		}
		if l.Do.Href == memberLink(number) {
			l.Do = link{} // that is this page
		}
		p.Duties = append(p.Duties, l)
	}
	if o.sees(who, atMemberPeople) {
		if p.People, err = o.peopleOf(r, who, c, number); err != nil {
			return err
		}
	}
	if p.Cases {
		orders, err := o.Register.OrdersOf(ctx, number)
		if err != nil {
			return err
		}
		p.Orders = o.orderRows(who, c, orders, nil)
	}
	if o.sees(who, atCase) {
		page, err := o.Register.Docket(ctx, view.DocketQuery{Member: number, Sort: view.DocketNewest, Limit: lately})
		if err != nil {
			return err
		}
		if p.Docket, err = o.caseLines(ctx, who, c, page.Rows); err != nil {
			return err
		}
	}
	if p.Notices, err = o.Register.Notices(ctx, number, "", c.Now, 20); err != nil {
		return err
	}
	if p.History, _, err = o.look(ctx, who, wantedOf(number, 0), lately); err != nil {
		return err
	}
	o.Desk.Show(w, r, http.StatusOK, "member", p)
	return nil
}

func (o *Office) domains(r *http.Request, who ui.Who, c ui.Chrome, m membership.Member) (all []domain) {
	look := o.Desk.Counter.Record.Look(r.Context())
	for _, d := range m.Domains {
		row := domain{Name: d.Name, Proven: d.ProvenAt, How: d.How}
		if o.asks(who, "domain.prove") {
			row.Prove = memberActLink(m.Number, "domain.prove", "domain", d.Name)
		}
		if !d.ProvenAt.IsZero() {
			if until := flowbody.ProofUntil(look, d.ProvenAt, c.Now); until.Year() < 9999 {
				row.Until, row.Over = until, !c.Now.Before(until)
			}
		}
		all = append(all, row)
	}
	return all
}

// memberPeoplePage shows who acts for a member, on a page of its own.
type memberPeoplePage struct {
	ui.Chrome
	Member membership.Member
	People *peoplePart
}

func (o *Office) memberPeople(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	m, err := o.Desk.Member(r.Context(), r.PathValue("number"))
	if err != nil {
		return err
	}
	c.Title = "People of " + ui.Isolated(m.Name)
	p := memberPeoplePage{Chrome: c, Member: m}
	if p.People, err = o.peopleOf(r, who, c, m.Number); err != nil {
		return err
	}
	o.Desk.Show(w, r, http.StatusOK, "memberpeople", p)
	return nil
}

func (o *Office) peopleOf(r *http.Request, who ui.Who, c ui.Chrome, number string) (*peoplePart, error) {
	part := &peoplePart{}
	var err error
	if part.Contact, err = o.Register.Contact(r.Context(), number); err != nil && err != view.ErrNotFound {
		return nil, err
	}
	people, err := o.Register.PeopleOf(r.Context(), number, c.Now)
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		row := colleague{Colleague: p, Office: officeWords(p.Role)}
		add := func(href, kind, say string) {
			if o.asks(who, kind) {
				row.Links = append(row.Links, link{href, say})
			}
		}
		if p.Joined.IsZero() {
			add(personActLink(p.ID, "person.reinvite", "member", number), "person.reinvite", "Invite again")
		}
		add(memberActLink(number, "person.end", "person", p.ID, "role", p.Role), "person.end", "End this role")
		part.People = append(part.People, row)
	}
	if o.asks(who, "person.invite") {
		part.Invite = memberActLink(number, "person.invite")
	}
	return part, nil
}

// PaidThrough is the day through which the member has paid, "" for none.
func (p memberPage) PaidThrough() string {
	if p.Member.PaidThrough.IsZero() {
		return ""
	}
	return p.Member.PaidThrough.String()
}

// Lately is the newest of the member's history.
func (p memberPage) Lately() events { return events{p.History, p.Zone} }

// Evidence says whether a position may be looked at: what is confidential in a case is not everybody's.
func (p memberPage) Evidence(r standing.Reason) []int64 {
	if r.Order != "" && !p.Cases {
		return nil
	}
	return r.Evidence
}

// caseStream reports whether a stream is about a case, which is confidential until its notice.
func caseStream(stream string) bool {
	return strings.HasPrefix(stream, "order/") || strings.HasPrefix(stream, "charge/") || strings.HasPrefix(stream, "case/")
}
