package cases

import (
	"slices"
	"testing"
	"time"
)

// beside is another case about the same company, looked after by the same case manager.
func beside() Case {
	return Case{
		ID: "2027-0003", Stage: Investigating, Member: "0042", Version: "2026.1", Manager: manager.actor,
	}
}

func TestCasesAreJoined(t *testing.T) {
	r := enter(t).investigating()
	join := Join{id, "2027-0003", words("the same sale")}
	r.refused(joinable, manager, join)
	r.f.Other = beside()
	r.refused(reasonGiven, manager, Join{Case: id, Into: "2027-0003"})
	r.f.Other.Member = "0043"
	r.refused(joinable, manager, join)
	r.f.Other.Heirs = []string{"0042"}
	r.do(manager, join)
	if r.c.Outcome != OutcomeJoined || r.c.Into != "2027-0003" {
		t.Errorf("it is %s", r.c.Stage)
	}
	into := enter(t)
	into.c, into.f.Other = beside(), r.c
	e := into.do(system, TakeIn{"2027-0003", id})[0].(TookIn)
	if !slices.Contains(e.Hands, manager.actor) || into.c.Did(manager.actor) == "" {
		t.Errorf("took in %+v", e)
	}
	into.f.Other.Into = ""
	into.refused(joinable, system, TakeIn{"2027-0003", id})
	enter(t).charged().refused(stageFits, manager, join)
}

func TestACaseIsSplit(t *testing.T) {
	r := enter(t).investigating()
	other := r.c
	r = enter(t)
	r.f.ID, r.f.Other = "2027-0008", other
	split := Split{id, []string{"1.1"}, words("another matter")}
	r.refused(joinable, manager, Split{From: id, Provisions: []string{"1.1"}})
	r.refused(provisionKnown, manager, Split{id, []string{"9"}, words("x")})
	r.refused(managersOwn, who{"person/0003", "case-manager"}, split)
	r.do(manager, split)
	if r.c.ID != "2027-0008" || r.c.Stage != Lodged || r.c.Manager != manager.actor || r.c.Did(manager.actor) == "" || r.c.Complainant.Receipt != other.Complainant.Receipt {
		t.Errorf("split off %+v", r.c)
	}
	if missing := CertificateOf("2027-0008", r.trail).Missing; slices.Contains(missing, "a complaint was lodged") || slices.Contains(missing, "a case manager looked after it") {
		t.Errorf("the certificate lacks %v", missing)
	}
}

func TestACaseReachesWhoTheSamePeopleControl(t *testing.T) {
	r := enter(t).charged()
	r.refused(successorOnly, chair, ExtendTo{id, "0077", words("the same owners")}) // no member
	r.f.For = Company{Number: "0077"}
	r.refused(successorOnly, chair, ExtendTo{Case: id, Member: "0077"})
	e := r.do(chair, ExtendTo{id, "0077", words("the same owners")})[0].(CaseExtended)
	if got := e.Concerns(); !slices.Equal(got, []string{"member/0042", "member/0077"}) {
		t.Errorf("it concerns %v", got)
	}
	r.nothing(chair, ExtendTo{id, "0077", words("the same owners")})
	r.do(rep, Answer{id, "0077", words("we are others")})
}

func TestAnInterimOrderBelongsToItsCase(t *testing.T) {
	r := enter(t).charged()
	r.refused(caseKnown, manager, LinkOrder{id, "2027-0001"})
	r.f.Order = Order{"2027-0001", "0043"}
	r.refused(caseKnown, manager, LinkOrder{id, "2027-0001"})
	r.f.Order.Member = "0042"
	r.do(manager, LinkOrder{id, "2027-0001"})
	r.nothing(manager, LinkOrder{id, "2027-0001"})
}

func TestAFileIsKeptForItsTimeAndWhileItIsHeld(t *testing.T) {
	r := enter(t).lodged()
	r.refused(retained, clock, Destroy{id})
	r.do(manager, Settle{id, words("it pays"), true, true})
	r.refused(holdSaid, chair, Hold{Case: id})
	r.do(chair, Hold{id, "High Court 2027 No. 7"})
	r.nothing(chair, Hold{id, "High Court 2027 No. 7"})
	r.on("2029-02-02").refused(retained, clock, Destroy{id})
	r.refused(holdSaid, chair, Release{Case: id})
	r.do(chair, Release{id, "it is over"})
	r.nothing(chair, Release{id, "it is over"})
	early := r.copy().on("2029-02-01")
	early.refused(retained, clock, Destroy{id})
	e := r.do(clock, Destroy{id})[0].(CaseDestroyed)
	if !slices.Equal(e.Owners, []string{"case/" + id, "panel/" + id, "counsel/" + id}) || r.c.Stage != Destroyed {
		t.Errorf("destroyed %+v", e)
	}
	r.nothing(clock, Destroy{id})
	r.refused(messageSaysSomething, anyone, WriteIn{id, receipt, words("x")})

	// What goes on in another case is kept as long as that one.
	joined := enter(t).investigating()
	joined.f.Other = beside()
	joined.do(manager, Join{id, "2027-0003", words("the same sale")})
	joined.on("2060-01-01").refused(retained, clock, Destroy{id})
	joined.f.Other.Stage = Destroyed
	joined.do(clock, Destroy{id})

	upheld := enter(t).final()
	upheld.do(chair, publication())
	upheld.f.NoticeUp = true
	upheld.on("2060-01-01").refused(retained, clock, Destroy{id})
	upheld.f.NoticeUp, upheld.f.NoticeEnds = false, noon("2058-01-01")
	upheld.refused(retained, clock, Destroy{id})
	upheld.f.NoticeEnds = time.Time{}
	upheld.do(clock, Destroy{id})
}
