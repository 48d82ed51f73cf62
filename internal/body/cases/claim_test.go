package cases

import (
	"testing"
	"time"

	"shingle/internal/act"
)

func seen() Report {
	return Report{Company: "Copper Fjord IT", Address: "https://copperfjord.example/about", Captured: date("2027-01-20"), Contact: words("ada@example.com")}
}

func TestAFalseClaimIsListedByTwoAndRemovedOnCure(t *testing.T) {
	r := enter(t)
	r.do(anyone, seen())
	r.do(manager, WriteLetter{id, date("2027-02-01"), "courier receipt 9"})
	r.refused(claimStageFits, manager, WriteLetter{id, date("2027-02-01"), "courier receipt 9"})
	r.on("2027-02-22") // fifteen business days end with it
	r.refused(answerAwaited, manager, ProposeListing{id})
	quick := r.copy()
	quick.refused(messageSaysSomething, manager, NoteAnswer{Claim: id})
	quick.do(manager, NoteAnswer{id, words("so what")})
	quick.do(manager, ProposeListing{id})
	r.on("2027-02-23")
	r.refused(claimStageFits, chair, List{id})
	r.do(manager, ProposeListing{id})
	r.refused(twoPeople, manager, List{id})
	e := r.do(chair, List{id})[0].(ClaimListed)
	if e.Text != "On 20 January 2027 this site displayed our mark; the company was not a member." {
		t.Errorf("the list says %q", e.Text)
	}
	r.refused(claimStageFits, clock, Unlist{id})
	r.refused(reasonGiven, manager, Cure{Claim: id})
	c := r.do(manager, Cure{id, words("looked")})[0].(ClaimCured)
	if want := date("2027-02-25").End(time.UTC); !c.Removal.Equal(want) {
		t.Errorf("it comes off the list by %s, want %s", c.Removal, want)
	}
	r.do(clock, Unlist{id})
	r.nothing(clock, Unlist{id})
}

func TestAFalseClaimIsDropped(t *testing.T) {
	r := enter(t)
	r.do(anyone, seen())
	r.refused(reasonGiven, manager, Drop{Claim: id})
	r.do(manager, Drop{id, words("it is another mark")})
	r.refused(claimStageFits, manager, Drop{id, words("x")})
	r.refused(claimStageFits, manager, NoteAnswer{id, words("x")})
	r.refused(claimStageFits, manager, Cure{id, words("x")})
}

func TestAReportOfAFalseClaimSaysWhatWasSeen(t *testing.T) {
	r := enter(t)
	for _, bad := range []func(*Report){
		func(c *Report) { c.Company = " " }, func(c *Report) { c.Address = "javascript:alert(1)" }, func(c *Report) { c.Address = "copperfjord" },
		func(c *Report) { c.Captured = date("2027-02-02") }, func(c *Report) { c.Captured = act.Date{} },
	} {
		c := seen()
		bad(&c)
		r.refused(claimDescribed, anyone, c)
	}
	r.refused(machineApart, who{"operator", "operator"}, seen())
	former := seen()
	former.Former = "0042"
	r.refused(timeForSeal, anyone, former) // it is a member
	r.f.Respondent.Memberships = []Membership{{noon("2020-05-04"), noon("2026-12-31")}}
	r.refused(timeForSeal, anyone, former) // thirty days are not over
	former.Captured = date("2027-01-31")
	r.copy().do(anyone, former)
	r.f.Respondent = Company{}
	r.refused(respondentKnown, anyone, former)
	bad := r.copy()
	bad.do(anyone, seen())
	bad.refused(serviceProven, manager, WriteLetter{Claim: id, On: date("2027-02-01")})
}
