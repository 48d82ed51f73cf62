package cases

import (
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
)

func TestAComplaintIsAboutAMemberAndInTime(t *testing.T) {
	r := enter(t)
	l := complaint()
	l.To = act.Date{}
	e := r.copy().do(anyone, l)[0].(CaseLodged)
	if e.To != l.From || e.Version != "2026.1" || e.Late || e.Receipt == "" || strings.Contains(e.Receipt, "otter") || e.Complainant != "" {
		t.Errorf("lodged %+v", e)
	}
	nobody := r.copy()
	nobody.f.Respondent = Company{}
	nobody.refused(respondentKnown, anyone, complaint())
	late := r.copy()
	late.f.Respondent.Memberships = []Membership{{From: noon("2026-12-21")}}
	late.refused(respondentKnown, anyone, complaint())
	l = complaint()
	l.Known = date("2026-11-30")
	r.refused(conductDated, anyone, l)
	l = complaint()
	l.To = date("2027-02-02")
	r.refused(conductDated, anyone, l)
	l = complaint()
	l.From, l.To, l.Known = date("2021-01-01"), date("2021-01-31"), date("2027-01-01")
	r.refused(longStop, anyone, l)
	l.To = date("2021-02-01")
	r.f.Code = append([]Text{text("2020.1", "2020-01-01", "panel: 3")}, r.f.Code...)
	r.copy().do(anyone, l)
	for _, bad := range []func(*Lodge){
		func(l *Lodge) { l.Account = act.Private{} }, func(l *Lodge) { l.Name = words("Ada") }, func(l *Lodge) { l.Anonymous = false },
	} {
		l := complaint()
		bad(&l)
		r.refused(accountGiven, anyone, l)
	}
	r.refused(machineApart, who{"operator", "operator"}, complaint())
	r.refused(machineApart, who{"person/0009", "administrator"}, complaint())
	l = complaint()
	l.Provisions = []string{"7"}
	r.refused(provisionKnown, anyone, l)
	l.Provisions = []string{"1", "1"}
	r.refused(provisionKnown, anyone, l)
	l = complaint()
	l.ReprisalFor = "2026-0001"
	r.refused(caseKnown, anyone, l)
	gone := r.copy()
	gone.f.Respondent.Memberships = []Membership{{noon("2020-05-04"), noon("2026-12-10")}}
	gone.do(anyone, complaint()) // within jurisdiction
	gone = r.copy().on("2028-12-30")
	gone.f.Respondent.Memberships = []Membership{{noon("2020-05-04"), noon("2026-12-10")}}
	gone.refused(withinJurisdiction, anyone, complaint())
	none := r.copy()
	none.f.Code, none.f.Respondent.Bound = none.f.Code[1:], nil
	l = complaint()
	l.From, l.To = date("2025-01-01"), date("2025-02-01")
	none.refused(provisionKnown, anyone, l)
}

func TestAMemberReportsAnotherOrItself(t *testing.T) {
	r := enter(t)
	l := named()
	l.For = "0043"
	r.refused(speaksForMember, ada, l)
	r.f.For = Company{Number: "0043", People: []string{ada.actor}}
	if e := r.copy().do(ada, l)[0].(CaseLodged); e.For != "0043" || e.Complainant != ada.actor {
		t.Errorf("lodged %+v", e)
	}
	r.f.For = Company{Number: "0042", People: []string{ada.actor}}
	l.For = "0042" // itself
	r.do(ada, l)
}

func TestALateComplaintIsDismissedUnlessTheChairExtends(t *testing.T) {
	r := enter(t).on("2027-07-09")
	r.do(anyone, complaint())
	if r.c.Late {
		t.Fatalf("known since %s, it is late on %s", r.c.Known, r.now)
	}
	r = enter(t).on("2027-07-10")
	r.f.Respondent.Memberships[0].From = noon("2020-05-04")
	r.do(anyone, complaint())
	r.do(chair, Assign{id, "0001"})
	r.refused(conductTooOld, manager, Investigate{id, words("plan")})
	r.refused(conductTooOld, manager, Offer{id, Warning, []string{"1"}, words("x")})
	r.refused(reasonGiven, chair, AllowLate{Case: id})
	r.copy().do(manager, Dismiss{id, "out-of-time", words("too late")})
	r.do(chair, AllowLate{id, words("they hid it")})
	r.nothing(chair, AllowLate{id, words("they hid it")})
	r.do(manager, Investigate{id, words("plan")})
	r.refused(withdrawnGround, manager, Dismiss{id, "out-of-time", words("too late")})
	r.refused(stageFits, chair, AllowLate{id, words("again")})
}

func TestACaseHasItsManager(t *testing.T) {
	r := enter(t)
	r.do(ada, named())
	r.refused(managersOwn, manager, Investigate{id, words("plan")})
	r.refused(managerFree, chair, Assign{id, "0011"}) // holds no such office
	works := r.f.People["0003"]
	works.Works = []Company{{Number: "0042"}}
	r.f.People["0003"] = works
	r.refused(managerFree, chair, Assign{id, "0003"})
	r.f.People["0500"] = Panelist{Manages: true}
	r.refused(managerFree, chair, Assign{id, "0500"}) // complained
	r.do(chair, Assign{id, "0001"})
	r.nothing(chair, Assign{id, "0001"})
	r.refused(ownName, who{"token/4f2a", "case-manager"}, Investigate{id, words("plan")})
	enter(t).refused(stageFits, chair, Assign{"2027-9999", "0001"})
	sat := enter(t).heard()
	sat.f.People["0012"] = Panelist{Manages: true}
	sat.refused(managerFree, chair, Assign{id, "0012"})
	ruled := enter(t).panelled()
	ruled.f.People["0002"] = Panelist{Manages: true}
	ruled.refused(managerFree, chair, Assign{id, "0002"})
}

func TestMessagesGoBothWays(t *testing.T) {
	r := enter(t).lodged()
	r.refused(messageSaysSomething, manager, Write{id, toRespondent, words("We look at you")}) // it does not know of it
	r.refused(messageSaysSomething, manager, Write{Case: id, To: toComplainant})
	r.refused(wordKnown, manager, Write{id, "everybody", words("x")})
	r.refused(complainantsOwn, anyone, WriteIn{id, act.NewPersonal("", "another code"), words("x")})
	r.refused(complainantsOwn, anyone, WriteIn{Case: id, Text: words("x")})
	r.refused(machineApart, who{"operator", "operator"}, WriteIn{id, receipt, words("x")})
	r.refused(messageSaysSomething, anyone, WriteIn{Case: id, Receipt: receipt})
	r.refused(respondentsOwn, rep, WriteBack{id, "0042", words("x")})
	quiet := enter(t).investigating() // it does not know of it, and does not learn of it by asking
	quiet.refused(respondentsOwn, rep, Answer{id, "0042", words("x")})
	quiet.do(manager, Write{id, toRespondent, words("What happened in December?")})
	quiet.do(rep, WriteBack{id, "0042", words("Nothing")})
	r = enter(t).charged()
	r.do(manager, Write{id, toRespondent, words("Here are the charges")})
	r.do(rep, WriteBack{id, "0042", words("Thank you")})
	r.refused(respondentsOwn, rep, WriteBack{id, "0043", words("x")})
	r.f.Respondent.Heirs = []string{"0043"} // it merged
	r.do(rep, WriteBack{id, "0043", words("x")})
	signedIn := enter(t)
	l := named()
	l.Receipt = act.Personal{}
	signedIn.do(ada, l)
	signedIn.do(ada, WriteIn{Case: id, Text: words("x")})
	signedIn.refused(complainantsOwn, rep, WriteIn{Case: id, Text: words("x")})
}

func TestADismissalIsReviewedOnce(t *testing.T) {
	dismissal := Dismiss{id, "no-violation", words("it is allowed")}
	r := enter(t).lodged()
	r.refused(reasonGiven, manager, Dismiss{Case: id, Ground: "no-violation"})
	r.refused(wordKnown, manager, Dismiss{id, "because", words("x")})
	r.refused(withdrawnGround, manager, Dismiss{id, "withdrawn", words("x")})
	r.do(manager, dismissal)
	r.refused(stageFits, manager, Investigate{id, words("plan")})
	over := r.copy().on("2027-03-02")
	over.refused(reviewInTime, anyone, AskReview{Case: id, Receipt: receipt})
	over.do(clock, RunOut{id})
	if over.c.Outcome != OutcomeDismissed || over.c.IsOpen() {
		t.Errorf("it is %s, %s", over.c.Stage, over.c.Outcome)
	}
	r.on("2027-03-01")
	r.nothing(clock, RunOut{id})
	r.do(anyone, AskReview{id, receipt, words("they lie")})
	r.nothing(anyone, AskReview{id, receipt, words("they lie")})
	r.refused(layReviewer, sits("0012"), ReviewDismissal{id, "0012", "stands", words("x")})
	r.refused(self, sits("0012"), ReviewDismissal{id, "0011", "stands", words("x")})
	r.refused(reasonGiven, sits("0011"), ReviewDismissal{Case: id, Panelist: "0011", Result: "stands"})
	stands := r.copy()
	stands.do(sits("0011"), ReviewDismissal{id, "0011", "stands", words("it is allowed")})
	if stands.c.Stage != Closed {
		t.Errorf("it is %s", stands.c.Stage)
	}
	r.do(sits("0011"), ReviewDismissal{id, "0011", "reopened", words("look again")})
	r.do(manager, dismissal) // once more, and that is that
	if r.c.Stage != Closed {
		t.Errorf("it is %s", r.c.Stage)
	}
	late := enter(t).on("2027-07-10")
	late.do(anyone, complaint())
	late.do(chair, Assign{id, "0001"})
	late.do(manager, Dismiss{id, "out-of-time", words("too late")})
	late.do(anyone, AskReview{Case: id, Receipt: receipt})
	late.refused(conductTooOld, sits("0011"), ReviewDismissal{id, "0011", "reopened", words("x")})
}

func TestTheFastTrackIsShortAndMild(t *testing.T) {
	offer := Offer{id, Warning, []string{"1"}, words("it was small")}
	r := enter(t).lodged()
	r.refused(fastTrackMild, manager, Offer{id, Expulsion, []string{"1"}, words("x")})
	r.refused(reasonGiven, manager, Offer{Case: id, Sanction: Advice, Provisions: []string{"1"}})
	r.refused(provisionKnown, manager, Offer{id, Advice, nil, words("x")})
	r.do(manager, offer)
	r.refused(wordKnown, rep, AnswerOffer{id, "0042", "perhaps"})
	r.refused(respondentsOwn, rep, AnswerOffer{id, "0043", "accept"})
	no := r.copy()
	no.do(rep, AnswerOffer{id, "0042", "decline"})
	if no.c.Stage != Investigating {
		t.Errorf("it is %s", no.c.Stage)
	}
	late := r.copy().on("2027-02-16")
	late.refused(offerInTime, rep, AnswerOffer{id, "0042", "accept"})
	if e := late.do(clock, RunOut{id})[0].(OfferDeclined); !e.Expired || late.c.Stage != Investigating {
		t.Errorf("%+v, %s", e, late.c.Stage)
	}
	r.on("2027-02-15")
	r.do(rep, AnswerOffer{id, "0042", "accept"})
	r.refused(publishedText, chair, publication()) // of a warning nothing is published
	p := r.do(chair, Publish{Case: id})[0].(CasePublished)
	if p.Sanction != Warning || len(p.Certificate.Steps) != 4 || p.Decided != date("2027-02-15") || p.Text != "" {
		t.Errorf("%+v", p)
	}
}

func TestWhoSettlesAgrees(t *testing.T) {
	r := enter(t).lodged()
	r.refused(bothAgree, manager, Settle{Case: id, Terms: words("x"), Complainant: true})
	r.do(manager, Settle{id, words("it pays"), true, true})
	if r.c.Outcome != OutcomeSettled || r.c.IsOpen() {
		t.Errorf("it is %s", r.c.Stage)
	}
	enter(t).charged().refused(stageFits, manager, Settle{id, words("it pays"), true, true})
}

func TestAnInvestigationIsPlannedAndLogged(t *testing.T) {
	r := enter(t).lodged()
	r.refused(planned, manager, Investigate{Case: id})
	r.do(manager, Investigate{id, words("plan")})
	r.nothing(manager, Investigate{id, words("plan")})
	r.refused(planned, manager, Note{Case: id, Kind: "step"})
	if e := r.do(manager, Note{id, "counsel", words("privileged")})[0].(InvestigationNoted); e.Text.Owner != "counsel/"+id {
		t.Errorf("counsel's note belongs to %s", e.Text.Owner)
	}
	r.refused(messageSaysSomething, manager, GiveFeedback{Case: id})
}

func TestEvidenceIsLawfulAndInTime(t *testing.T) {
	r := enter(t).lodged()
	bad := exhibit("obj-9", false)
	bad.Basis = "curiosity"
	r.refused(lawfullyHeld, manager, bad)
	bad = exhibit("obj-9", false)
	bad.SHA256 = strings.Repeat("xy", 32)
	r.refused(lawfullyHeld, manager, bad)
	r.do(manager, exhibit("obj-9", false))
	r.nothing(manager, exhibit("obj-9", false))
	own := exhibit("obj-10", false)
	own.Source = "complainant" // who is anonymous
	if e := r.do(manager, own)[0].(EvidenceAdmitted); !e.Anonymous || e.Number != 2 {
		t.Errorf("admitted %+v", e)
	}
	enter(t).heard().refused(closedToEvidence, manager, exhibit("obj-9", false))
	r = enter(t).appealed()
	r.refused(closedToEvidence, manager, exhibit("obj-9", false)) // not the ground
	r.c.Appeal.Grounds = []string{newEvidence}
	r.do(manager, exhibit("obj-9", false))
}

func TestTheNameIsToldWithChargesAndConsent(t *testing.T) {
	r := enter(t)
	r.do(ada, named())
	r.do(chair, Assign{id, "0001"})
	r.refused(stageFits, manager, AskName{id})
	r.do(manager, Investigate{id, words("plan")})
	r.do(manager, DraftCharges{id, []string{"1"}, words("x")})
	serve := ServeCharges{Case: id, On: date("2027-02-01"), Proof: "courier", Name: true}
	without := serve
	without.Name = false
	r.refused(nameTold, manager, without) // they were not asked
	r.refused(beforeCharges, ada, AnswerName{Case: id, Answer: "agree"})
	r.do(manager, AskName{id})
	r.nothing(manager, AskName{id})
	r.refused(nameTold, manager, serve)
	quiet := r.copy()
	quiet.do(manager, without)
	gone := r.copy()
	gone.do(ada, AnswerName{Case: id, Answer: "withdraw"})
	gone.nothing(ada, AnswerName{Case: id, Answer: "withdraw"})
	gone.refused(nameTold, manager, serve)
	gone.refused(beforeCharges, ada, AnswerName{Case: id, Answer: "agree"})
	gone.copy().do(manager, without) // the body may go on
	gone.do(manager, Dismiss{id, "withdrawn", words("nothing is left")})
	r.do(ada, AnswerName{Case: id, Answer: "agree"})
	r.nothing(ada, AnswerName{Case: id, Answer: "agree"})
	if e := r.do(manager, serve)[0].(ChargesServed); !e.Named {
		t.Errorf("served %+v", e)
	}
	r.refused(beforeCharges, ada, AnswerName{Case: id, Answer: "withdraw"})
	anonymous := enter(t).investigating()
	anonymous.nothing(manager, AskName{id})
}

func TestChargesAreStatedAndServed(t *testing.T) {
	r := enter(t).investigating()
	serve := ServeCharges{Case: id, On: date("2027-02-01"), Proof: "courier"}
	r.refused(chargesStated, manager, serve)
	r.refused(chargesStated, manager, DraftCharges{Case: id, Provisions: []string{"1"}})
	r.refused(provisionKnown, manager, DraftCharges{id, []string{"9"}, words("x")})
	r.do(manager, DraftCharges{id, []string{"1"}, words("x")})
	r.do(manager, DraftCharges{id, []string{"1.1"}, words("anew")})
	for _, bad := range []ServeCharges{{Case: id, On: date("2027-02-01")}, {Case: id, On: date("2027-02-02"), Proof: "c"}, {Case: id, On: date("2026-12-19"), Proof: "c"}} {
		r.refused(serviceProven, manager, bad)
	}
	gone := r.copy().on("2029-03-01")
	gone.f.Respondent.Memberships = []Membership{{noon("2020-05-04"), noon("2027-02-10")}}
	serve.On = date("2029-03-01")
	gone.refused(withinJurisdiction, manager, serve)
	serve.On = date("2027-02-01")
	r.f.Respondent.Heirs = []string{"0043"}
	e := r.do(manager, serve)[0].(ChargesServed)
	if got := e.Concerns(); len(got) != 2 || got[1] != "member/0043" || !e.TakesEffect().Equal(date("2027-02-01").Start(time.UTC)) {
		t.Errorf("it concerns %v", got)
	}
}

func TestSilenceIsADefaultThatCanBeReopened(t *testing.T) {
	r := enter(t).charged() // served on 9 February: fifteen business days end with 2 March
	r.on("2027-03-02")
	r.nothing(clock, RunOut{id})
	r.refused(managersOwn, who{"person/0003", "case-manager"}, RunOut{id})
	r.on("2027-03-03")
	r.refused(answerInTime, rep, Answer{id, "0042", words("x")})
	r.refused(answeredFirst, manager, hearing(noon("2027-05-01")))
	r.do(clock, RunOut{id})
	r.nothing(clock, RunOut{id})
	r.refused(answerInTime, rep, Answer{id, "0042", words("x")})
	r.refused(reasonGiven, chair, ReopenDefault{Case: id})
	late := r.copy().on("2027-04-20")
	late.refused(reopenInTime, chair, ReopenDefault{id, words("ill")})
	r.do(chair, ReopenDefault{id, words("ill")})
	r.refused(reopenInTime, chair, ReopenDefault{id, words("ill")})
	r.refused(answerInTime, rep, Answer{Case: id, Member: "0042"})
	r.do(rep, Answer{id, "0042", words("here it is")})
	r.refused(stageFits, rep, Answer{id, "0042", words("more")})
	r.refused(stageFits, rep, BarAnswer{id, "0042", "18 USC 2705"})
}

func TestWhoMayNotAnswerPausesTheCase(t *testing.T) {
	r := enter(t).charged()
	r.refused(pausedOnce, rep, BarAnswer{Case: id, Member: "0042"})
	r.do(rep, BarAnswer{id, "0042", "18 USC 2705"})
	r.nothing(rep, BarAnswer{id, "0042", "18 USC 2705"})
	r.on("2027-04-10")
	r.nothing(clock, RunOut{id})
	r.refused(running, chair, panel())
	if due := r.c.Due(r.now, time.UTC, nil); len(due) == 0 || !due[len(due)-1].Paused || r.c.Missed(r.now) != 0 {
		t.Errorf("while it is paused: %+v", due)
	}
	if !r.c.NextAlarm(r.now, time.UTC, nil).IsZero() {
		t.Error("somebody is reminded while it is paused")
	}
	r.refused(wordKnown, manager, Pause{id, "boredom", "x"})
	r.do(manager, Resume{id})
	r.nothing(manager, Resume{id})
	term, _ := r.c.running(TermAnswer) // paused for 59 days, from 10 February to 10 April
	if want := date("2027-04-30").End(time.UTC); !term.Due.Equal(want) {
		t.Errorf("it can answer until %s, want %s", term.Due, want)
	}
	r.do(rep, Answer{id, "0042", words("now we may")})
	r.do(chair, Pause{id, "court", "High Court 2027 No. 7"})
	enter(t).final().refused(pausedOnce, manager, Pause{id, "court", "x"})
}

// A pause gives nobody time back that had run before.
func TestAPauseRevivesNothing(t *testing.T) {
	r := enter(t).charged().on("2027-03-03") // the time to answer ended with 2 March, and nobody has noted it yet
	r.do(rep, BarAnswer{id, "0042", "18 USC 2705"})
	r.refused(answerInTime, rep, Answer{id, "0042", words("x")})
	r.on("2027-03-20")
	r.do(manager, Resume{id})
	r.refused(answerInTime, rep, Answer{id, "0042", words("x")})
	r.do(clock, RunOut{id})
	r.do(chair, ReopenDefault{id, words("the law forbade it")})
	r.do(rep, Answer{id, "0042", words("x")})
}

func TestATermIsExtendedWhileItRuns(t *testing.T) {
	r := enter(t).charged()
	r.refused(extendable, chair, Extend{id, TermAnswer, date("2027-03-02"), words("x")})
	r.refused(extendable, chair, Extend{id, TermAppeal, date("2027-06-02"), words("x")})
	r.refused(reasonGiven, chair, Extend{Case: id, Term: TermAnswer, Until: date("2027-03-10")})
	r.refused(ownName, who{"token/1", "chair"}, Extend{id, TermAnswer, date("2027-03-10"), words("x")})
	r.do(chair, Extend{id, TermAnswer, date("2027-03-10"), words("counsel is ill")})
	r.on("2027-03-10")
	r.do(rep, Answer{id, "0042", words("x")})
}
