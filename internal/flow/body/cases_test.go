package flowbody

import (
	"slices"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/discipline"
	"shingle/internal/body/membership"
	"shingle/internal/body/people"
	"shingle/internal/body/standing"
)

// court is a world with member 0042, and the people whom a case needs.
type court struct {
	*world
	manager, chair string
	lay, trade     []string // panelists
	id             string
}

func convened(t testing.TB) *court {
	c := &court{world: founded(t)}
	serve := func(role string) string {
		c.must("operator", people.InviteOfficer{Role: role, Name: ada, Email: act.NewPersonal("", "x@example.com"), Until: date("2030-01-01")})
		number := last[people.PersonInvited](c.world).Person
		c.must("system", people.Join{Person: number})
		return number
	}
	c.manager, c.chair = serve(people.CaseManager), serve(people.Chair)
	for range 4 {
		c.lay, c.trade = append(c.lay, serve(people.Panelist)), append(c.trade, serve(people.Panelist))
	}
	for _, p := range append(slices.Clone(c.lay), c.trade...) {
		side := cases.Trade
		if slices.Contains(c.lay, p) {
			side = cases.Public
		}
		c.does("person/"+c.chair, people.Chair, cases.Enlist{Person: p, Side: side})
		c.does("person/"+p, people.Panelist, cases.DeclareInterests{Panelist: p})
	}
	return c
}

// does asks for an act that is to be done, in a role.
func (c *court) does(actor, role string, cmd any) []string {
	c.t.Helper()
	kinds, err := c.doAs(actor, role, cmd)
	if err != nil {
		c.t.Fatalf("%T: %v", cmd, err)
	}
	return kinds
}

func (c *court) managerDoes(cmd any) []string {
	return c.does("person/"+c.manager, people.CaseManager, cmd)
}
func (c *court) chairDoes(cmd any) []string {
	return c.does("person/"+c.chair, people.Chair, cmd)
}
func (c *court) sits(number string, cmd any) []string {
	return c.does("person/"+number, people.Panelist, cmd)
}

func sealed(text string) act.Private { return act.NewPrivate("", text) }

// charged brings a case about member 0042 to the day on which charges are served.
func (c *court) charged() {
	before := len(c.events)
	kinds := c.does("anyone", "anyone", cases.Lodge{
		Respondent: "0042", From: date("2026-03-01"), To: date("2026-03-10"), Known: date("2026-03-20"), Anonymous: true, Account: sealed("they sold data"),
	})
	if !slices.Equal(kinds, []string{"case.lodged", "case.acknowledged"}) {
		c.t.Fatalf("a complaint made %v", kinds)
	}
	c.id = last[cases.CaseLodged](c.world).Case
	c.chairDoes(cases.Assign{Case: c.id, Person: c.manager})
	c.managerDoes(cases.Investigate{Case: c.id, Plan: sealed("ask")})
	c.managerDoes(cases.AdmitEvidence{Case: c.id, Object: "obj", SHA256: strings.Repeat("ab", 32), What: sealed("x"), Source: "witness", Basis: "redacted"})
	c.managerDoes(cases.DraftCharges{Case: c.id, Provisions: []string{"1", "1.1"}, Statement: sealed("x")})
	for _, e := range c.events[before:] {
		if _, said := e.Event.(standing.Stated); said {
			c.t.Error("a case without charges makes a statement")
		}
	}
	c.managerDoes(cases.ServeCharges{Case: c.id, On: act.DateIn(c.now, time.UTC), Proof: "courier"})
}

// heard brings it on to the hearing, and a decision that is signed.
func (c *court) decided(d cases.Decide) {
	c.does("person/9999", people.Representative, cases.Answer{Case: c.id, Member: "0042", Text: sealed("it was an accident")})
	c.chairDoes(cases.NamePanel{Case: c.id, Panelists: []string{c.trade[0], c.lay[0], c.trade[1]}, Alternates: []string{c.lay[1]}})
	on := c.now.AddDate(0, 0, 30)
	c.managerDoes(cases.SetHearing{Case: c.id, On: on, Place: "Room 1", NoticeOn: act.DateIn(c.now, time.UTC), Proof: "courier"})
	c.now = on
	panel := []string{c.trade[0], c.lay[0], c.trade[1]}
	c.sits(panel[0], cases.Hear{Case: c.id, Panelist: panel[0], Present: panel, Respondent: true, Record: sealed("x")})
	for _, n := range panel {
		c.sits(n, cases.Vote{Case: c.id, Panelist: n, Vote: sealed("proven")})
	}
	d.Case, d.Panelist, d.Reasons = c.id, panel[0], sealed("x")
	c.sits(panel[0], d)
	for _, n := range panel {
		c.sits(n, cases.Sign{Case: c.id, Panelist: n})
	}
	c.managerDoes(cases.ServeDecision{Case: c.id, On: act.DateIn(c.now, time.UTC), Proof: "courier"})
}

// TestACaseEndsInAnOrderANoticeAndAStanding goes the whole way, and looks at what follows in the same moment.
func TestACaseEndsInAnOrderANoticeAndAStanding(t *testing.T) {
	c := convened(t)
	c.now = noon("2026-04-02")
	c.charged()
	c.decided(cases.Decide{Findings: []string{"1=proven", "2=not-proven"}, Sanction: discipline.Expulsion})
	if _, err := c.doAs("person/"+c.chair, people.Chair, cases.Publish{Case: c.id, Findings: []string{"1=It sold data"}, Text: "It is expelled."}); !refusedBy(err, "CASE-61") {
		t.Errorf("it was published before it was final: %v", err)
	}
	c.does("person/9999", people.Representative, cases.Appeal{Case: c.id, Member: "0042", Grounds: []string{"proportionality"}, Reasons: sealed("x")})
	if _, err := c.doAs("person/"+c.chair, people.Chair, cases.NamePanel{Case: c.id, Panelists: []string{c.trade[0], c.lay[2], c.trade[2]}, Alternates: []string{c.trade[3]}}); !refusedBy(err, "CASE-41") {
		t.Errorf("who sat before hears the appeal: %v", err)
	}
	panel := []string{c.lay[2], c.trade[2], c.trade[3]}
	c.chairDoes(cases.NamePanel{Case: c.id, Panelists: panel, Alternates: []string{c.lay[3]}})
	c.now = c.now.AddDate(0, 0, 20)
	for _, n := range panel {
		c.sits(n, cases.Vote{Case: c.id, Panelist: n, Vote: sealed("affirm")})
	}
	c.sits(panel[0], cases.DecideAppeal{Case: c.id, Panelist: panel[0], Outcome: "affirmed", Reasons: sealed("x")})
	for _, n := range panel {
		c.sits(n, cases.Sign{Case: c.id, Panelist: n})
	}
	c.managerDoes(cases.ServeDecision{Case: c.id, On: act.DateIn(c.now, time.UTC), Proof: "courier"})
	if a := standing.Of(FactsOf(c.world, "0042"), c.now, c.now); a.Status == standing.Expelled || !slices.Contains(standing.OpenCharges(FactsOf(c.world, "0042"), c.now), "case/"+c.id) {
		t.Errorf("before it is put in force it stands %s", a.Status)
	}
	kinds := c.chairDoes(cases.Publish{Case: c.id, Findings: []string{"1=It sold data"}, Text: "It is expelled."})
	if got := strings.Join(kinds, " "); got != "case.published order.enforced notice.published standing.stated" {
		t.Errorf("publication made %s", got)
	}
	p, n, s := last[cases.CasePublished](c.world), last[discipline.NoticePublished](c.world), last[standing.Stated](c.world)
	if s.Status != standing.Expelled || n.Certificate != p.SHA256 || !strings.Contains(n.Body, "certificate of procedure, whose SHA-256 is "+p.SHA256) ||
		strings.Contains(n.Body, "not checked") || n.Finding != "" || len(n.Findings) != 1 || certified(c.world, c.id) != p.SHA256 {
		t.Errorf("%+v\n%+v\n%+v", p, n, s)
	}
	o := act.StateOf[discipline.Order](c.world, "order/"+n.Order)
	if o.Case != c.id || !o.BarUntil.Equal(act.DateIn(c.now, time.UTC).AddMonths(36).End(bodyOf(c.world).Location)) || len(standing.OpenCharges(FactsOf(c.world, "0042"), c.now)) > 0 {
		t.Errorf("the order is %+v", o)
	}
	for _, e := range c.events {
		if lodged, ok := e.Event.(cases.CaseLodged); ok && slices.Contains(e.Subjects, "member/"+lodged.Member) {
			t.Error("a complaint stands among what is recorded of the member")
		}
	}
	// A court stays it as it stays any order; the file is kept while its notice stays, which is for ever.
	c.chairDoes(discipline.Stay{Order: o.ID, Court: "High Court", Reference: "7"})
	if n := last[discipline.NoticeCorrected](c.world); n.Event != "order.stayed" {
		t.Errorf("a stay is announced as %+v", n)
	}
	c.now = c.now.AddDate(30, 0, 0)
	if _, err := c.doAs("clock", "clock", cases.Destroy{Case: c.id}); !refusedBy(err, "CASE-66") {
		t.Errorf("the file of a notice that stays is destroyed: %v", err)
	}
}

// Who leaves while charges are open is under investigation; when they fail, that is corrected.
func TestWhoLeavesDoesNotEscape(t *testing.T) {
	c := convened(t)
	c.now = noon("2026-04-02")
	c.charged()
	if s := last[standing.Stated](c.world); s.Status != standing.Good {
		t.Errorf("charges change what is stated to %s", s.Status)
	}
	c.now = noon("2026-04-03")
	c.must("registrar", membership.Withdraw{Member: "0042"})
	if s := last[standing.Stated](c.world); s.Status != standing.WithdrawnUnderInvestigation {
		t.Fatalf("it left, and is stated %s", s.Status)
	}
	c.decided(cases.Decide{Findings: []string{"1=not-proven", "2=not-proven"}})
	n, s := last[discipline.NoticePublished](c.world), last[standing.Stated](c.world)
	if n.Charge != "case/"+c.id || n.Class != "correction" || s.Status != standing.Withdrawn {
		t.Errorf("%+v\n%+v", n, s)
	}
}

// An advice that is accepted is in force and stays between the body and the member.
func TestAnAcceptedAdviceIsPrivate(t *testing.T) {
	c := convened(t)
	c.now = noon("2026-04-02")
	c.does("anyone", "anyone", cases.Lodge{
		Respondent: "0042", From: date("2026-03-01"), Known: date("2026-03-20"), Anonymous: true, Account: sealed("x"),
	})
	c.id = last[cases.CaseLodged](c.world).Case
	c.managerDoes(cases.Assign{Case: c.id, Person: c.manager})
	if on, ok := WaitingOn(c.world, "case/"+c.id); !ok || on.Kind != WaitingCase || on.Act != "case.investigate" || on.Due.IsZero() {
		t.Errorf("waiting is %+v", on)
	}
	c.managerDoes(cases.Offer{Case: c.id, Sanction: discipline.Advice, Provisions: []string{"1"}, Reason: sealed("x")})
	c.does("person/9999", people.Representative, cases.AnswerOffer{Case: c.id, Member: "0042", Answer: "accept"})
	kinds := c.chairDoes(cases.Publish{Case: c.id})
	if slices.Contains(kinds, "notice.published") || !slices.Contains(kinds, "order.enforced") {
		t.Errorf("it made %v", kinds)
	}
	c.now = c.now.AddDate(6, 0, 1)
	c.does("clock", "clock", cases.Destroy{Case: c.id})
}

// An order of a case comes out of its case alone.
func TestAnOrderByProcedureNeedsItsCertificate(t *testing.T) {
	c := convened(t)
	c.now = noon("2026-04-02")
	c.charged()
	forged := discipline.Enforce{Case: c.id, Member: "0042", Sanction: "expulsion", Provisions: []string{"1"}, Certificate: Certificate(c.world, c.id).Hash()}
	if _, err := c.doAs("system", "system", forged); !refusedBy(err, "DISC-35") {
		t.Errorf("it was enforced: %v", err)
	}
}

// Cases go with a member that merges, and are joined.
func TestCasesGoWithWhoMerges(t *testing.T) {
	c := convened(t)
	c.now = noon("2026-04-02")
	other := cobalt()
	other.Number, other.Domains = "0043", []string{"other.example"}
	c.must("operator", other)
	c.charged()
	c.must("registrar", membership.Merge{Member: "0042", Into: "0043"})
	if got := standing.OpenCharges(FactsOf(c.world, "0043"), c.now); !slices.Contains(got, "case/"+c.id) {
		t.Errorf("the charges against who remains are %v", got)
	}
	c.does("person/9999", people.Representative, cases.Answer{Case: c.id, Member: "0043", Text: sealed("x")})
}

func TestTheMeasuresOfCasesAreThoseOfOrders(t *testing.T) {
	if !slices.Equal(cases.Measures, discipline.Sanctions) {
		t.Errorf("a case ends in %v, and orders are %v", cases.Measures, discipline.Sanctions)
	}
}
