package flowbody

import (
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/discipline"
	"shingle/internal/body/membership"
	"shingle/internal/body/people"
	"shingle/internal/body/standing"
)

func caseOf(w act.World, id string) cases.Case {
	return act.StateOf[cases.Case](w, "case/"+strings.TrimSpace(id))
}

// caseFacts gathers what an act about a case, the pool or a false claim must know.
func caseFacts(w act.World, stream string, cmd any, m act.Meta) cases.Facts {
	b := bodyOf(w)
	kind, id, _ := strings.Cut(stream, "/")
	f := cases.Facts{ID: id, Holidays: b.Holidays, People: map[string]cases.Panelist{}}
	if !b.Founded.IsZero() {
		f.Zone = b.Location
	}
	for _, v := range codeOf(w).Versions {
		f.Code = append(f.Code, cases.Text{Version: v.Version, EffectiveAt: v.EffectiveAt})
	}
	var c cases.Case
	if kind == "case" {
		c = caseOf(w, id)
	}
	named := []string{}
	switch cmd := cmd.(type) {
	case cases.Lodge:
		c.Member = cmd.Respondent
		f.For, f.Other = company(w, cmd.For, m), caseOf(w, cmd.ReprisalFor)
	case cases.Report:
		c.Member = cmd.Former
	case cases.Split:
		f.Other = caseOf(w, cmd.From)
		c.Member = f.Other.Member
	case cases.Join:
		f.Other = caseOf(w, cmd.Into)
	case cases.TakeIn:
		f.Other = caseOf(w, cmd.From)
	case cases.Destroy:
		if c.Into != "" {
			f.Other = caseOf(w, c.Into)
		}
	case cases.ExtendTo:
		f.For = company(w, cmd.Member, m)
	case cases.LinkOrder:
		if o := act.StateOf[discipline.Order](w, "order/"+cmd.Order); o.ID != "" {
			f.Order = cases.Order{ID: o.ID, Member: o.Member}
		}
	case cases.Assign:
		named = append(named, cmd.Person)
	case cases.Enlist:
		named = append(named, cmd.Person)
	case cases.NamePanel:
		named = append(append(named, cmd.Panelists...), cmd.Alternates...)
	case cases.FillSeats:
		named = append(append(named, cmd.Panelists...), cmd.Alternates...)
	case cases.ReviewDismissal:
		named = append(named, cmd.Panelist)
	case cases.Publish:
		f.Trail = trailOf(w, id)
	}
	f.Respondent = company(w, c.Member, m)
	for _, number := range named {
		number = strings.TrimSpace(number)
		f.People[number] = panelist(w, number, m)
	}
	if !c.Published.IsZero() {
		f.NoticeEnds, f.NoticeUp = noticeOf(w, c)
	}
	return f
}

// company tells what is known of a member.
func company(w act.World, number string, m act.Meta) cases.Company {
	number = strings.TrimSpace(number)
	member := memberOf(w, number)
	if member.Stage == membership.Unknown {
		return cases.Company{}
	}
	c := cases.Company{
		Number: number, Name: member.Name, Current: member.Stage == membership.Current, Place: member.Place, Services: member.Services,
	}
	facts := FactsOf(w, number)
	for _, s := range standing.Memberships(facts, m.At) {
		c.Memberships = append(c.Memberships, cases.Membership(s))
	}
	for _, fact := range facts.Member {
		if s, ok := fact.(*standing.Subscribed); ok {
			c.Bound = append(c.Bound, cases.Bound{Version: s.Version, From: s.Effective})
		}
	}
	for heir := member.Successor; heir != "" && !slices.Contains(c.Heirs, heir) && heir != number; heir = memberOf(w, heir).Successor {
		c.Heirs = append(c.Heirs, heir)
		for _, s := range standing.Memberships(FactsOf(w, heir), m.At) { // it can be charged while they can
			c.Memberships = append(c.Memberships, cases.Membership(s))
		}
	}
	for _, s := range act.FoldOf[crew](w, crewFold.Name, "member/"+number) {
		if who := "person/" + s.person; holds(w, s, number, m.At) && !slices.Contains(c.People, who) {
			c.People = append(c.People, who)
		}
	}
	return c
}

// panelist tells what is known of somebody who is to have a part in a case.
func panelist(w act.World, number string, m act.Meta) cases.Panelist {
	person, pool := personOf(w, "person/"+number), act.StateOf[cases.Seated](w, "panelist/"+number)
	p := cases.Panelist{
		Manages: person.Holds(people.CaseManager, "", m.At), Office: person.Holds(people.Panelist, "", m.At),
		Side: pool.Side, Declared: pool.Declared, Interests: pool.Interests,
	}
	works := []string{pool.Employer}
	for _, h := range person.Roles {
		if h.At(m.At) {
			works = append(works, h.Member)
		}
	}
	for _, member := range works {
		if member != "" && !slices.ContainsFunc(p.Works, func(c cases.Company) bool { return c.Number == member }) {
			c := memberOf(w, member)
			p.Works = append(p.Works, cases.Company{Number: member, Name: c.Name, Place: c.Place, Services: c.Services})
		}
	}
	return p
}

// noticeOf returns when the notice of a case's order comes down, and whether it stays for ever. An order that is not
// published has none.
func noticeOf(w act.World, c cases.Case) (ends time.Time, forever bool) {
	order := strings.TrimPrefix(w.Holder("order", "case/"+c.ID), "order/")
	first := w.Holder("notice", discipline.AnnouncedKey(order, 1))
	if order == "" || first == "" {
		return time.Time{}, false
	}
	ends = act.StateOf[discipline.Notice](w, first).Expires
	return ends, ends.IsZero()
}

// trail is the state of the fold "trail" of one case: what a certificate of procedure looks at.
type trail []act.Recorded

var trailFold = act.Fold{Name: "trail", Prefix: "case/", Evolve: func(state any, e act.Recorded) any {
	t, _ := state.(trail)
	if !cases.Certifies(e.Event) {
		return t
	}
	return append(t[:len(t):len(t)], e)
}}

func trailOf(w act.World, id string) []act.Recorded {
	return act.FoldOf[trail](w, trailFold.Name, "case/"+id)
}

// Respondents returns the numbers of the members that a case is about: the respondent first, then who answers for it
// by now, also where it merged after anything last happened in the case.
func Respondents(w act.World, c cases.Case) []string {
	all := append([]string{c.Member}, c.Heirs...)
	for heir := memberOf(w, c.Member).Successor; heir != "" && !slices.Contains(all, heir); heir = memberOf(w, heir).Successor {
		all = append(all, heir)
	}
	return all
}

// Kept returns until when the file of a case is kept, by the code in force at a time; zero while that cannot be said.
func Kept(w act.World, id string, at time.Time) time.Time {
	m := act.Meta{At: at}
	return caseOf(w, id).Kept(caseFacts(w, "case/"+id, cases.Destroy{Case: id}, m), m)
}

// Certificate returns the certificate of procedure of a case as it stands, with what is missing.
func Certificate(w act.World, id string) cases.Certificate {
	return cases.CertificateOf(id, trailOf(w, id))
}

// certified returns the hash of the certificate of a case whose outcome was published; "" while it is incomplete.
func certified(w act.World, id string) string {
	if id == "" {
		return ""
	}
	c := Certificate(w, id)
	if len(c.Missing) > 0 {
		return ""
	}
	return c.Hash()
}

// acknowledge tells whoever complained that the complaint has come.
var acknowledge = act.Reaction{On: "case.lodged", React: func(_ act.World, e act.Recorded) []any {
	return []any{cases.Acknowledge{Case: strings.TrimPrefix(e.Stream, "case/")}}
}}

// takeIn takes what was done in a case over into the one in which it goes on.
var takeIn = act.Reaction{On: "case.joined", React: func(_ act.World, e act.Recorded) []any {
	return []any{cases.TakeIn{Case: e.Event.(cases.CaseJoined).Into, From: strings.TrimPrefix(e.Stream, "case/")}}
}}

// enforce puts in force what a case ended with.
var enforce = act.Reaction{On: "case.published", React: func(_ act.World, e act.Recorded) []any {
	p := e.Event.(cases.CasePublished)
	order := discipline.Enforce{
		Case: p.Case, Member: p.Member, Sanction: p.Sanction, Provisions: p.Provisions, Text: p.Text, Term: p.Term.String(), Bar: p.Bar.String(),
		Decided: p.Decided, Served: p.Service.On, ServiceProof: p.Service.How, AppealDecided: p.AppealDecided, AppealClosed: p.AppealClosed,
		Version: p.Version, Certificate: p.SHA256,
	}
	for _, f := range p.Findings {
		order.Findings = append(order.Findings, f.Provision+"="+f.Text)
	}
	return []any{order}
}}

// chargesOf are the charges of a case, as the notice that they failed tells of them.
func chargesOf(w act.World, stream string) discipline.ChargeState {
	c := act.StateOf[cases.Case](w, stream)
	s := discipline.ChargeState{ID: stream, Member: c.Member, Served: c.Charges.Served}
	switch c.Outcome {
	case cases.OutcomeNotProven, cases.OutcomeSetAside:
		s.Outcome = "dismissed"
	}
	return s
}
