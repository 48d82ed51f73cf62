package discipline

import (
	"slices"
	"strings"
	"testing"

	"shingle/internal/act"
)

func enforcing(sanction, term string) Enforce {
	e := Enforce{
		Case: "2026-0007", Member: "0042", Sanction: sanction, Provisions: []string{"1"}, Term: term, Decided: date("2026-06-20"),
		Served: date("2026-06-22"), ServiceProof: "courier receipt 1185", AppealClosed: date("2026-07-20"), Version: "2026.1", Certificate: "c0ffee",
	}
	if public(sanction) {
		e.Findings, e.Text = []string{"1=It sold its customers' data"}, "The panel decides as follows"
	}
	return e
}

func TestACaseIsPutInForceWithItsCertificate(t *testing.T) {
	f := known()
	asking(t, f).When(enforcing(Expulsion, ""), on("2026-08-03")).Refused(certified)
	f.Certified = "another"
	asking(t, f).When(enforcing(Expulsion, ""), on("2026-08-03")).Refused(certified)
	f.Certified = "c0ffee"
	asking(t, f).When(enforcing("fine", ""), on("2026-08-03")).Refused(sanctionKnown)
	asking(t, f).When(enforcing(Suspension, "soon"), on("2026-08-03")).Refused(termWithin)
	bad := enforcing(Expulsion, "")
	bad.Bar = "long"
	asking(t, f).When(bad, on("2026-08-03")).Refused(termWithin)
	bad = enforcing(Reprimand, "")
	bad.Findings = []string{"nothing"}
	asking(t, f).When(bad, on("2026-08-03")).Refused(findingEach)
	good := enforcing(Expulsion, "")
	good.Bar = "3y"
	f.Respondent.Heirs = []string{"0043"}
	e := asking(t, f).When(good, on("2026-08-03")).Events()[0].(OrderEnforced)
	if !e.BarUntil.Equal(start("2029-08-04")) || !e.Until.IsZero() || !e.From.Equal(noon("2026-08-03")) || !slices.Equal(e.Concerns(), []string{"member/0042", "member/0043"}) ||
		e.Claims()[0] != (act.Claim{Kind: "order", Key: "case/2026-0007"}) {
		t.Errorf("in force: %+v", e)
	}
	timed := asking(t, f).When(enforcing(Suspension, "60d"), on("2026-08-03")).Events()[0].(OrderEnforced)
	if !timed.Until.Equal(start("2026-10-03")) {
		t.Errorf("a suspension of sixty days ends at %s", timed.Until)
	}
	quiet := asking(t, f).When(enforcing(Advice, ""), on("2026-08-03")).Events()[0].(OrderEnforced)
	if evolveOrder(Order{}, quiet).Public() || quiet.Text != "" {
		t.Errorf("an advice is told: %+v", quiet)
	}
}

func TestTheNoticeOfACaseNamesItsCertificate(t *testing.T) {
	f := known()
	f.Certified = "c0ffee"
	e := asking(t, f).When(enforcing(Reprimand, ""), on("2026-08-03")).Events()[0].(OrderEnforced)
	n := announcing(e)
	notice(t, n).Refused(certified) // it is incomplete by now, or another
	n.Certified = "c0ffee"
	p := notice(t, n).Events()[0].(NoticePublished)
	if p.Certificate != "c0ffee" || strings.Contains(p.Body, "not checked") || !strings.Contains(p.Body, "The decision ends case 2026-0007.") {
		t.Errorf("notice %+v", p)
	}
	sentences(t, p.Body)
}
