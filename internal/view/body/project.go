package body

import (
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/discipline"
	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	"shingle/internal/body/standing"
	"shingle/internal/record"
)

// Project implements [record.View].
func (p *Projection) Project(tx record.Tx, e act.Recorded) error {
	if p.seen == nil {
		p.forget()
	}
	p.now = e.At
	p.touch(e)
	p.wait(e)
	switch v := e.Event.(type) {
	case governance.Founded:
		tx.Exec(`INSERT INTO body (id, name, short, zone, web, founded, opened, go_live, epoch, members) VALUES (1, $1, $2, $3, $4, $5, 0, '', $6, 0)`,
			v.Name, v.Short, v.Zone, v.Web, micros(e.At), e.Position)
		p.epoch = e.Position
	case governance.Opened:
		tx.Exec(`UPDATE body SET opened = $1, go_live = $2, epoch = $3 WHERE id = 1`, micros(v.Start), v.GoLive.String(), e.Position)
		p.epoch = e.Position
	case governance.HolidaysSet:
		tx.Exec(`UPDATE body SET epoch = $1 WHERE id = 1`, e.Position)
		p.epoch = e.Position
	case governance.Adopted:
		tx.Exec(`INSERT INTO code_version (version, title, sha256, text, effective, transition_until, adopted, position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			v.Version, v.Title, v.SHA256, v.Text, micros(v.EffectiveAt), micros(v.TransitionUntil), micros(e.At), e.Position)
		tx.Exec(`UPDATE body SET epoch = $1 WHERE id = 1`, e.Position)
		p.epoch = e.Position
	case membership.Applied:
		p.contacts[v.Member] = contactOf(v.ContactName, v.ContactEmail)
	case membership.Enrolled:
		p.contacts[v.Member] = contactOf(v.ContactName, v.ContactEmail)
	case membership.Merged:
		p.reach(byMember, v.Member)
	case cases.CaseDestroyed:
		p.reach(byInto, v.Case)
	case discipline.NoticePublished:
		insertNotice(tx, Notice{
			ID: v.ID, Member: v.Member, Name: v.Name, Order: v.Order, Class: v.Class, Title: v.Title, Text: v.Body, Findings: findingsOf(v),
			Provisions: v.Provisions, Decided: v.Decided.String(), Effective: v.Effective, Appeal: v.Appeal, SHA256: v.SHA256,
			Published: v.At, Expires: v.Expires, Position: e.Position,
		})
	case discipline.NoticeCorrected:
		insertNotice(tx, Notice{
			ID: v.ID, Member: v.Member, Name: v.Name, Order: v.Order, Class: v.Class, Title: v.Title, Text: v.Body, Effective: v.Effective,
			SHA256: v.SHA256, Corrects: v.Corrects, Published: v.At, Expires: v.Expires, Position: e.Position,
		})
	case standing.Stated:
		p.stated[v.Member] = Statement{Standing{v.Status, v.Kind, v.Since}, v.At, e.Position}
		if v.Status == standing.Expelled {
			signOut(tx, v.Member, e.Position)
		}
	default:
		p.people(tx, e)
		p.education(tx, e)
	}
	return nil
}

// findingsOf returns what a notice tells of each provision; one of before tells of all together.
func findingsOf(n discipline.NoticePublished) []Finding {
	all := n.Findings
	if len(all) == 0 {
		all = discipline.OneFinding(n.Provisions, n.Finding)
	}
	findings := make([]Finding, len(all))
	for i, f := range all {
		findings[i] = Finding(f)
	}
	return findings
}

func insertNotice(tx record.Tx, n Notice) {
	tx.Exec(`INSERT INTO notice (id, member, name, order_id, class, title, body, finding, findings, provisions, decided, effective, appeal, sha256,
		corrects, published, expires, position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		n.ID, n.Member, n.Name, n.Order, n.Class, n.Title, n.Text, "", findingsJSON(n.Findings), toJSON(n.Provisions), n.Decided, micros(n.Effective), n.Appeal,
		n.SHA256, n.Corrects, micros(n.Published), untilMicros(n.Expires), n.Position)
}

// member returns a member as it is after the transaction, at a time. It returns false for a company that is not
// in the register: one that applied and was never admitted.
func (p *Projection) member(w act.World, number string, was row, at time.Time) (row, bool) {
	m := act.StateOf[membership.Member](w, "member/"+number)
	if m.Joined.IsZero() {
		return row{}, false
	}
	is := row{
		profile: profile{
			name: m.Name, tradingNames: m.TradingNames, services: m.Services, place: m.Place, country: m.Country,
			version: m.Subscription.Version,
		},
		address:   m.Address,
		admitted:  m.Joined,
		code:      Subscription{m.Subscription.Version, m.Subscription.SHA256, m.Subscription.At},
		successor: m.Successor,
		statement: was.statement,
	}
	for _, d := range m.Domains {
		// The register knows a member by the domains that it has shown to be its own, as long as the proof lasts.
		if !d.ProvenAt.IsZero() && (p.ProofUntil == nil || at.Before(p.ProofUntil(w, d.ProvenAt, at))) {
			is.domains = append(is.domains, ProvenDomain{d.Name, fromMicros(micros(d.ProvenAt)), d.How})
		}
	}
	if s, ok := p.stated[number]; ok {
		is.statement = s
	}
	is.stated = string(is.statement.Status)
	return is, true
}

func (p *Projection) touch(e act.Recorded) {
	for _, s := range e.Subjects {
		if number, ok := strings.CutPrefix(s, "member/"); ok && !p.seen[number] {
			p.seen[number] = true
			p.touched = append(p.touched, number)
		}
	}
}
