package webtest

import (
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/people"
	"shingle/internal/record"
)

// Court is the people whom a case needs, in a body: a case manager, a chair, and a pool of panelists.
type Court struct {
	*Body
	Manager, Chair string   // numbers of people
	Lay, Trade     []string // panelists, from the public and from the trade
}

// Convene lets the people join whom a case needs.
func (b *Body) Convene() *Court {
	b.t.Helper()
	c := &Court{Body: b}
	serve := func(role string) string {
		done := b.Do(people.InviteOfficer{
			Role: role, Name: act.NewPersonal("", "Somebody"), Email: act.NewPersonal("", "somebody@example.com"), Until: act.DateIn(b.Now(), time.UTC).AddDays(1500),
		})
		number := strings.TrimPrefix(done.Stream, "person/")
		b.DoIn("system", "system", people.Join{Person: number})
		return number
	}
	c.Manager, c.Chair = serve(people.CaseManager), serve(people.Chair)
	for range 4 {
		c.Lay, c.Trade = append(c.Lay, serve(people.Panelist)), append(c.Trade, serve(people.Panelist))
	}
	for _, p := range slices.Concat(c.Lay, c.Trade) {
		side := cases.Trade
		if slices.Contains(c.Lay, p) {
			side = cases.Public
		}
		c.ChairDoes(cases.Enlist{Person: p, Side: side})
		c.Sits(p, cases.DeclareInterests{Panelist: p})
	}
	return c
}

// DoIn asks for an act as somebody in a role, and fails the test if it is refused.
func (b *Body) DoIn(actor, role string, cmd any) record.Done {
	b.t.Helper()
	done, err := b.Record.Do(b.t.Context(), record.Request{Command: cmd, Actor: actor, Role: role, Expect: -1})
	if err != nil {
		b.t.Fatalf("%T as %s: %v", cmd, role, err)
	}
	return done
}

// ManagerDoes asks for an act as the case manager.
func (c *Court) ManagerDoes(cmd any) record.Done {
	c.t.Helper()
	return c.DoIn("person/"+c.Manager, people.CaseManager, cmd)
}

// ChairDoes asks for an act as the chair.
func (c *Court) ChairDoes(cmd any) record.Done {
	c.t.Helper()
	return c.DoIn("person/"+c.Chair, people.Chair, cmd)
}

// Sits asks for an act as a panelist.
func (c *Court) Sits(number string, cmd any) record.Done {
	c.t.Helper()
	return c.DoIn("person/"+number, people.Panelist, cmd)
}

// MemberDoes asks for an act as somebody who represents a member.
func (c *Court) MemberDoes(cmd any) record.Done {
	c.t.Helper()
	return c.DoIn("person/9999", people.Representative, cmd)
}

// Lodge lets somebody complain without a name of what a member did last week, and come back with a receipt code. It
// returns the number of the case.
func (c *Court) Lodge(member, receipt string) string {
	c.t.Helper()
	today := act.DateIn(c.Now(), time.UTC)
	done := c.DoIn("anyone", "anyone", cases.Lodge{
		Respondent: member, From: today.AddDays(-9), To: today.AddDays(-8), Known: today.AddDays(-7), Provisions: []string{"1"}, Anonymous: true,
		Account: act.NewPrivate("", "They sold what they had seen."), Receipt: act.NewPersonal("", receipt),
	})
	return strings.TrimPrefix(done.Stream, "case/")
}

// Charge brings a case that was lodged to the day on which charges are served.
func (c *Court) Charge(id string) {
	c.t.Helper()
	c.ChairDoes(cases.Assign{Case: id, Person: c.Manager})
	c.ManagerDoes(cases.Investigate{Case: id, Plan: act.NewPrivate("", "Ask the buyer.")})
	c.ManagerDoes(cases.AdmitEvidence{Case: id, Object: "object-1", SHA256: strings.Repeat("ab", 32), What: act.NewPrivate("", "a letter"), Source: "witness", Basis: "redacted"})
	c.ManagerDoes(cases.DraftCharges{Case: id, Provisions: []string{"1", "1.1"}, Statement: act.NewPrivate("", "It sold what it had seen.")})
	c.ManagerDoes(cases.ServeCharges{Case: id, On: c.Today(), Proof: "courier receipt 1"})
}

// Hear brings a case that is charged to the day on which it has been heard and voted on, 30 days later. It returns the
// numbers of the panel.
func (c *Court) Hear(id, member string) []string {
	c.t.Helper()
	c.MemberDoes(cases.Answer{Case: id, Member: member, Text: act.NewPrivate("", "It was an accident.")})
	panel := []string{c.Trade[0], c.Lay[0], c.Trade[1]}
	c.ChairDoes(cases.NamePanel{Case: id, Panelists: panel, Alternates: []string{c.Lay[1]}})
	on := c.Now().AddDate(0, 0, 30)
	c.ManagerDoes(cases.SetHearing{Case: id, On: on, Place: "Room 1", NoticeOn: c.Today(), Proof: "courier receipt 2"})
	c.Pass(on.Sub(c.Now()))
	c.Sits(panel[0], cases.Hear{Case: id, Panelist: panel[0], Present: panel, Respondent: true, Record: act.NewPrivate("", "All were heard.")})
	for _, n := range panel {
		c.Sits(n, cases.Vote{Case: id, Panelist: n, Vote: act.NewPrivate("", "proven")})
	}
	return panel
}

// Decide writes down what a panel decided, lets it be signed and serves it.
func (c *Court) Decide(panel []string, d cases.Decide) {
	c.t.Helper()
	d.Panelist, d.Reasons = panel[0], act.NewPrivate("", "The letter shows it.")
	c.Sits(panel[0], d)
	for _, n := range panel {
		c.Sits(n, cases.Sign{Case: d.Case, Panelist: n})
	}
	c.ManagerDoes(cases.ServeDecision{Case: d.Case, On: c.Today(), Proof: "courier receipt 3"})
}

// Today is the day in the body's zone.
func (c *Court) Today() act.Date {
	c.t.Helper()
	b, err := c.Body.Body(c.t.Context())
	check(c.t, err)
	return act.DateIn(c.Now(), b.Location)
}
