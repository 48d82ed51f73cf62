package cases

import (
	"slices"
	"testing"

	"shingle/internal/act"
	"shingle/internal/code"
)

func TestAppealAfterTimeIsRefused(t *testing.T) {
	lodge := Appeal{id, "0042", []string{proportionality}, words("too hard")}
	r := enter(t).served() // on 23 March: twenty business days end with 20 April
	r.refused(appealInTime, rep, Appeal{id, "0042", []string{"displeasure"}, words("x")})
	r.refused(appealInTime, rep, Appeal{Case: id, Member: "0042", Grounds: []string{procedural}})
	r.refused(respondentsOwn, rep, Appeal{id, "0043", []string{procedural}, words("x")})
	late := r.copy().on("2027-04-21")
	late.refused(appealInTime, rep, lodge)
	late.do(clock, RunOut{id})
	if late.c.Stage != Final {
		t.Errorf("it is %s", late.c.Stage)
	}
	r.on("2027-04-20")
	r.nothing(clock, RunOut{id})
	r.do(rep, lodge)
	r.nothing(rep, lodge)
	enter(t).decided().refused(appealInTime, rep, lodge)
}

func TestAnAppealEndsInFourWays(t *testing.T) {
	serve := ServeDecision{id, date("2027-04-20"), "courier"}
	for outcome, want := range map[string]Stage{affirmed: Final, setAside: Closed, sentBack: Charged} {
		r := enter(t).appealDecided(outcome)
		r.do(manager, serve)
		if r.c.Stage != want {
			t.Errorf("after %s it is %s", outcome, r.c.Stage)
		}
		if outcome == sentBack {
			r.refused(noPartBefore, chair, panel())
			r.refused(noPartBefore, chair, NamePanel{id, []string{"0021", "0032", "0033"}, []string{"0034"}})
			r.do(chair, NamePanel{id, []string{"0031", "0032", "0033"}, []string{"0034"}})
		}
		if outcome != affirmed {
			r.refused(certificateComplete, chair, publication())
		}
	}
	r := enter(t).appealVoted()
	milder := DecideAppeal{Case: id, Panelist: "0021", Outcome: varied, Sanction: Suspension, Term: "60d", Reasons: words("x")}
	r.do(sits("0021"), milder)
	r.signed("0021", "0022", "0023")
	r.do(manager, serve)
	if p := r.do(chair, publication())[0].(CasePublished); p.Sanction != Suspension || p.Term.String() != "60d" || !p.Bar.IsZero() || !slices.Equal(p.Provisions, []string{"1"}) {
		t.Errorf("published %+v", p)
	}
}

func TestNobodyIsWorseOffForAppealing(t *testing.T) {
	r := enter(t).appealVoted()
	r.c.Decision.Sanction = Sanction{Measure: Suspension, Provisions: []string{"1"}, Term: code.Duration{N: 60, Unit: code.Days}}
	for _, bad := range [][2]string{{Suspension, "61d"}, {Suspension, "60d"}, {Expulsion, ""}} {
		r.refused(noWorse, sits("0021"), DecideAppeal{id, "0021", varied, bad[0], bad[1], words("x")})
	}
	r.refused(noWorse, sits("0021"), DecideAppeal{id, "0021", affirmed, Warning, "", words("x")})
	r.refused(sanctionFits, sits("0021"), DecideAppeal{id, "0021", varied, "fine", "", words("x")})
	r.refused(reasonGiven, sits("0021"), DecideAppeal{Case: id, Panelist: "0021", Outcome: affirmed})
	r.refused(wordKnown, sits("0021"), DecideAppeal{id, "0021", "laughed at", "", "", words("x")})
	r.copy().do(sits("0021"), DecideAppeal{id, "0021", varied, Suspension, "59d", words("x")})
	r.c.Panel.Voted = r.c.Panel.Voted[1:]
	r.refused(everybodyVoted, sits("0021"), DecideAppeal{id, "0021", affirmed, "", "", words("x")})
}

func consenting() ProposeConsent {
	return ProposeConsent{Case: id, Charges: []string{"1"}, Sanction: Reprimand, AgreedOn: date("2027-02-22"), Proof: "signed letter", Terms: words("it admits charge 1")}
}

func TestAConsentOrderNeedsThePanelAndIsMild(t *testing.T) {
	r := enter(t).answered().on("2027-02-22")
	for _, hard := range []string{Suspension, Expulsion} {
		bad := consenting()
		bad.Sanction = hard
		r.refused(longRoad, manager, bad)
	}
	for _, charges := range [][]string{nil, {"3"}, {"1", "1"}} {
		bad := consenting()
		bad.Charges = charges
		r.refused(findingEach, manager, bad)
	}
	bad := consenting()
	bad.Proof = ""
	r.refused(serviceProven, manager, bad)
	bad = consenting()
	bad.Terms = act.Private{}
	r.refused(reasonGiven, manager, bad)
	r.do(manager, consenting())
	r.refused(stageFits, manager, consenting())
	r.refused(onThePanel, sits("0012"), Vote{id, "0012", words("x")})
	r.do(chair, panel())
	r.refused(panelReady, sits("0012"), Vote{id, "0012", words("x")}) // it can be challenged
	r.on("2027-03-10")
	rule := RuleOnConsent{id, "0012", "approved", words("it is fair")}
	r.refused(everybodyVoted, sits("0012"), rule)
	for _, n := range r.c.Panel.Sitting() {
		r.do(sits(n), Vote{id, n, words("agree")})
	}
	r.refused(reasonGiven, sits("0012"), RuleOnConsent{Case: id, Panelist: "0012", Result: "approved"})
	no := r.copy()
	no.do(sits("0012"), RuleOnConsent{id, "0012", "refused", words("too mild")})
	if no.c.Stage != Charged || no.c.Consent.Sanction.Measure != "" || len(no.c.Panel.Voted) > 0 {
		t.Errorf("it is %s", no.c.Stage)
	}
	r.do(sits("0012"), rule)
	p := r.do(chair, publication())[0].(CasePublished)
	if p.Sanction != Reprimand || r.c.Outcome != OutcomeConsent || len(p.Certificate.Steps) != 9 {
		t.Errorf("published %+v", p)
	}
}

func TestWhatIsPublishedIsWritten(t *testing.T) {
	r := enter(t).final()
	r.refused(ownName, who{"token/1", "chair"}, publication())
	for _, bad := range []Publish{
		{Case: id, Text: "x"}, {id, []string{"1.1=not proven"}, "x"}, {id, []string{"1=a", "1=b"}, "x"}, {id, []string{"1="}, "x"}, {Case: id, Findings: []string{"1=a"}},
	} {
		r.refused(publishedText, chair, bad)
	}
	enter(t).refused(stageFits, chair, publication())
	e := r.do(chair, publication())[0].(CasePublished)
	if e.Concerns()[0] != "member/0042" || e.AppealClosed != date("2027-04-20") || len(e.Certificate.Steps) != 15 {
		t.Errorf("published %+v", e)
	}
}
