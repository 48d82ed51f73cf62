package cases

import (
	"slices"
	"testing"
	"time"

	"shingle/internal/act"
)

func TestThePoolIsOfPanelistsWithKnownInterests(t *testing.T) {
	r := enter(t)
	r.f.People["0050"] = Panelist{Office: true}
	r.refused(poolOfPanelists, chair, Enlist{"0099", Public}) // holds no such office
	r.refused(poolOfPanelists, chair, Enlist{"0050", "both"})
	r.do(chair, Enlist{"0050", Public})
	r.nothing(chair, Enlist{"0050", Public})
	r.refused(self, chair, DeclareInterests{Panelist: "0050"})
	r.refused(poolOfPanelists, sits("0050"), DeclareInterests{Panelist: "0050", Interests: []string{"Cobalt Ridge"}})
	r.refused(poolOfPanelists, sits("0050"), DeclareInterests{Panelist: "0050", Employer: "0043"}) // and from the public
	r.do(sits("0050"), DeclareInterests{Panelist: "0050", Interests: []string{"0044", "0043"}})
	r.nothing(sits("0050"), DeclareInterests{Panelist: "0050", Interests: []string{"0043", "0044"}})
	if !r.pool.Declared || r.pool.Side != Public || !slices.Equal(r.pool.Interests, []string{"0043", "0044"}) {
		t.Errorf("in the pool: %+v", r.pool)
	}
	r.do(chair, Strike{"0050"})
	r.nothing(chair, Strike{"0050"})
	r.f.People["0051"] = Panelist{Office: true, Works: []Company{{Number: "0043"}}}
	r.refused(poolOfPanelists, chair, Enlist{"0051", Public})
}

func TestAPanelIsAsTheCodeSays(t *testing.T) {
	r := enter(t).answered()
	for _, bad := range []NamePanel{
		{id, []string{"0012", "0011"}, []string{"0014"}},
		{id, []string{"0012", "0011", "0013"}, nil},
		{id, []string{"0012", "0013", "0014"}, []string{"0011"}},
		{id, []string{"0012", "0011", "0012"}, []string{"0014"}},
	} {
		r.refused(panelComplete, chair, bad)
	}
	r.f.People["0002"] = r.f.People["0012"]
	r.refused(panelComplete, chair, NamePanel{id, []string{"0002", "0011", "0013"}, []string{"0014"}}) // names themself
	r.refused(ownName, who{"token/1", "chair"}, panel())
	enter(t).investigating().refused(stageFits, chair, panel())
	r.do(chair, panel())
	r.refused(stageFits, chair, panel())
	r.refused(panelComplete, chair, FillSeats{Case: id, Panelists: []string{"0022"}}) // every seat is taken
	r.do(chair, FillSeats{Case: id, Alternates: []string{"0022"}})
	if got := r.c.Panel.Sitting(); !slices.Equal(got, []string{"0012", "0011", "0013"}) || r.c.Panel.Presides() != "0012" {
		t.Errorf("there sit %v", got)
	}
}

func TestConflictsKeepPeopleOut(t *testing.T) {
	with := func(change func(*Panelist)) *room {
		r := enter(t).answered()
		p := r.f.People["0012"]
		change(&p)
		r.f.People["0012"] = p
		return r
	}
	rival := Company{Number: "0043", Place: "denver ", Services: []string{"Backup"}}
	elsewhere, other := rival, rival
	elsewhere.Place, other.Services = "Boulder", []string{"phones"}
	with(func(p *Panelist) { p.Office = false }).refused(fromPool, chair, panel())
	with(func(p *Panelist) { p.Side = "" }).refused(fromPool, chair, panel())
	with(func(p *Panelist) { p.Declared = false }).refused(fromPool, chair, panel())
	with(func(p *Panelist) { p.Works = []Company{{Number: "0042"}} }).refused(noInterest, chair, panel())
	with(func(p *Panelist) { p.Interests = []string{"0042"} }).refused(noInterest, chair, panel())
	with(func(p *Panelist) { p.Works = []Company{rival} }).refused(noCompetitor, chair, panel())
	with(func(p *Panelist) { p.Works = []Company{elsewhere, other} }).do(chair, panel())
	heir := with(func(p *Panelist) { p.Works = []Company{{Number: "0045"}} })
	heir.f.Respondent.Heirs = []string{"0045"}
	heir.refused(noInterest, chair, panel())
	by := with(func(p *Panelist) { p.Works = []Company{{Number: "0046"}} })
	by.c.Complainant.Member = "0046"
	by.refused(noInterest, chair, panel())
	wrote := with(func(*Panelist) {})
	wrote.c.Complainant.Actor = "person/0012"
	wrote.refused(noPartBefore, chair, panel())
	reviewed := with(func(*Panelist) {})
	reviewed.c.hand("person/0011", didReview)
	reviewed.refused(noPartBefore, chair, panel())
}

func TestPanelistsAreChallengedInTimeAndRuledOn(t *testing.T) {
	r := enter(t).answered().on("2027-02-22")
	r.do(chair, panel())
	objection := Challenge{id, "0042", "0012", words("close to us")}
	r.refused(challengeInTime, rep, Challenge{Case: id, Member: "0042", Panelist: "0012"})
	r.refused(challengeInTime, rep, Challenge{id, "0042", "0031", words("does not sit")})
	r.refused(respondentsOwn, rep, Challenge{id, "0043", "0012", words("x")})
	late := r.copy().on("2027-03-05")
	late.refused(challengeInTime, rep, objection)
	r.do(rep, objection)
	r.nothing(rep, objection)
	r.refused(ruledOnce, chair, RuleOnChallenge{id, "0013", "upheld", words("x")})
	r.refused(ruledOnce, chair, RuleOnChallenge{Case: id, Panelist: "0012", Result: "upheld"})
	r.refused(wordKnown, chair, RuleOnChallenge{id, "0012", "perhaps", words("x")})
	open := r.copy()
	open.do(manager, hearing(noon("2027-03-15")))
	open.on("2027-03-16").refused(panelReady, sits("0012"), hear())
	r.do(chair, RuleOnChallenge{id, "0012", "upheld", words("they are")})
	if got := r.c.Panel.Sitting(); !slices.Equal(got, []string{"0011", "0013", "0014"}) || r.c.Panel.Presides() != "0011" {
		t.Errorf("there sit %v", got)
	}
	r.refused(noPartBefore, chair, FillSeats{Case: id, Alternates: []string{"0012"}}) // who stepped down stays away
	r.refused(panelComplete, chair, FillSeats{Case: id, Alternates: []string{"0011"}})
}

func TestWhoStepsDownIsReplaced(t *testing.T) {
	r := enter(t).panelled()
	r.refused(self, sits("0012"), Recuse{id, "0013", words("x")})
	r.refused(reasonGiven, sits("0012"), Recuse{Case: id, Panelist: "0012"})
	r.refused(onThePanel, chair, Recuse{id, "0031", words("x")})
	for _, n := range []string{"0012", "0013", "0014"} {
		r.do(chair, Recuse{id, n, words("ill")})
	}
	if got := r.c.Panel.Sitting(); !slices.Equal(got, []string{"0011", "0015"}) {
		t.Fatalf("there sit %v", got)
	}
	r.on("2027-03-16").refused(panelReady, sits("0011"), Hear{id, "0011", []string{"0011", "0015"}, true, words("x")})
	r.do(chair, FillSeats{Case: id, Panelists: []string{"0022"}})
	r.refused(panelReady, sits("0011"), Hear{id, "0011", []string{"0011", "0015", "0022"}, true, words("x")}) // it may be challenged
	r.on("2027-03-30")
	r.do(sits("0011"), Hear{id, "0011", []string{"0022", "0015", "0011"}, true, words("x")})
}

// A panel that is all gone is named anew, and hears the case on a day of its own, with notice.
func TestANewPanelHearsTheCaseOnADayOfItsOwn(t *testing.T) {
	r := enter(t).panelled()
	for _, s := range slices.Clone(r.c.Panel.Seats) {
		r.do(chair, Recuse{id, s.Person, words("ill")})
	}
	r.do(chair, NamePanel{id, []string{"0022", "0021", "0023"}, []string{"0024"}})
	r.on("2027-03-16").refused(quorate, sits("0022"), Hear{id, "0022", []string{"0022", "0021", "0023"}, true, words("x")})
	again := hearing(noon("2027-04-15"))
	again.NoticeOn = date("2027-03-16")
	r.do(manager, again)
}

// Who looked after a case for a while does not sit on it either.
func TestAFormerManagerDoesNotSit(t *testing.T) {
	r := enter(t)
	r.f.People["0012"] = Panelist{Manages: true, Office: true, Side: Trade, Declared: true}
	r.do(anyone, complaint())
	r.do(chair, Assign{id, "0012"})
	r.do(chair, Assign{id, "0001"})
	r.do(manager, Dismiss{id, "no-evidence", words("x")})
	r.do(anyone, AskReview{Case: id, Receipt: receipt})
	r.refused(noPartBefore, sits("0012"), ReviewDismissal{id, "0012", "stands", words("x")})
}

func TestAfterTheHearingTooFewHearItAnew(t *testing.T) {
	for _, r := range []*room{enter(t).heard(), enter(t).decided()} {
		if e := r.do(sits("0013"), Recuse{id, "0013", words("I know them after all")})[0].(PanelistRecused); !e.Anew || e.In != "0014" {
			t.Errorf("%+v", e)
		}
		if r.c.Stage != Charged || !r.c.Hearing.On.IsZero() || len(r.c.Panel.Sat)+len(r.c.Panel.Voted) > 0 || r.c.Decision.On != (act.Date{}) {
			t.Errorf("it is %s: %+v", r.c.Stage, r.c.Panel)
		}
		r.on("2027-04-01")
		again := hearing(noon("2027-05-03"))
		again.NoticeOn = date("2027-04-01")
		r.do(manager, again)
		if missing := CertificateOf(id, r.trail).Missing; len(missing) < 6 {
			t.Errorf("missing is only %v", missing)
		}
	}
	r := enter(t).appealDecided(affirmed)
	if e := r.do(chair, Recuse{id, "0023", words("x")})[0].(PanelistRecused); !e.Anew || r.c.Stage != Appealed {
		t.Errorf("%+v, %s", e, r.c.Stage)
	}
}

func TestAHearingHasNoticeAQuorumAndARecord(t *testing.T) {
	r := enter(t).answered().on("2027-02-22")
	r.refused(panelReady, manager, hearing(noon("2027-03-15"))) // nobody would hear it
	r.do(chair, panel())
	bad := hearing(noon("2027-03-15"))
	bad.Proof = ""
	r.refused(serviceProven, manager, bad)
	bad = hearing(noon("2027-03-15"))
	bad.Place = " "
	r.refused(noticeInTime, manager, bad)
	r.do(manager, hearing(noon("2027-03-15")))
	r.refused(stageFits, manager, hearing(noon("2027-03-18")))
	r.refused(noticeInTime, manager, Adjourn{id, noon("2027-03-14"), words("earlier")})
	r.refused(reasonGiven, manager, Adjourn{Case: id, On: noon("2027-03-16")})
	r.do(manager, Adjourn{id, noon("2027-03-16"), words("somebody is ill")})
	r.nothing(manager, Adjourn{id, noon("2027-03-16"), words("somebody is ill")})
	r.on("2027-03-15").refused(quorate, sits("0012"), hear())
	r.on("2027-03-16")
	r.refused(self, sits("0013"), hear())
	led := hear()
	led.Panelist = "0013"
	r.refused(quorate, sits("0013"), led)
	stranger := hear()
	stranger.Present = []string{"0012", "0011", "0013", "0031"}
	r.refused(quorate, sits("0012"), stranger)
	quiet := hear()
	quiet.Record = act.Private{}
	r.refused(quorate, sits("0012"), quiet)
	r.f.Code = []Text{text("2026.1", "2026-01-01", "quorum: 2, panel: 3")}
	lay := hear()
	lay.Present = []string{"0012", "0013"}
	r.refused(quorate, sits("0012"), lay)
	r.do(sits("0012"), hear())
	unset := enter(t).answered()
	unset.refused(stageFits, manager, Adjourn{id, noon("2027-03-16"), words("x")})
	unset.do(chair, panel())
	unset.on("2027-03-20").refused(quorate, sits("0012"), hear())
}

// A challenge that comes after the votes, because the panel got an alternate, is ruled on before anything is decided.
func TestALateChallengeIsRuledOnFirst(t *testing.T) {
	r := enter(t).answered().on("2027-02-22")
	r.do(manager, consenting())
	r.do(chair, panel())
	r.on("2027-03-10")
	for _, n := range r.c.Panel.Sitting() {
		r.do(sits(n), Vote{id, n, words("agree")})
	}
	r.do(chair, FillSeats{Case: id, Alternates: []string{"0022"}})
	r.do(rep, Challenge{id, "0042", "0013", words("x")})
	r.on("2027-03-30")
	r.refused(panelReady, sits("0012"), RuleOnConsent{id, "0012", "approved", words("x")})
}

func TestAHearingComesAfterTheAnswer(t *testing.T) {
	r := enter(t).panelled()
	r.c.Charges.Answered = false // as if the default were reopened since
	r.on("2027-03-16").refused(answeredFirst, sits("0012"), hear())
}

func TestThePanelVotesInSecretAndOnce(t *testing.T) {
	r := enter(t).heard()
	r.refused(onThePanel, sits("0014"), Vote{id, "0014", words("x")}) // stood by
	r.refused(self, sits("0014"), Vote{id, "0012", words("x")})
	r.refused(votesOnce, sits("0012"), Vote{Case: id, Panelist: "0012"})
	e := r.do(sits("0012"), Vote{id, "0012", words("proven")})[0].(VoteCast)
	if e.Vote.Owner != "panel/"+id {
		t.Errorf("the vote belongs to %s", e.Vote.Owner)
	}
	r.refused(votesOnce, sits("0012"), Vote{id, "0012", words("proven")})
	r.refused(everybodyVoted, sits("0012"), expel())
	r.refused(onThePanel, sits("0031"), Deliberate{id, "0031", words("x")})
	r.refused(messageSaysSomething, sits("0012"), Deliberate{Case: id, Panelist: "0012"})
	if e := r.do(sits("0012"), Deliberate{id, "0012", words("hm")})[0].(DeliberationNoted); e.Text.Owner != "panel/"+id {
		t.Errorf("the note belongs to %s", e.Text.Owner)
	}
	r = enter(t).voted()
	led := expel()
	led.Panelist = "0013"
	r.refused(everybodyVoted, sits("0013"), led)
}

func TestDecisionsGoChargeByCharge(t *testing.T) {
	r := enter(t).voted().on("2027-03-20")
	for _, bad := range [][]string{nil, {"1=proven"}, {"1=proven", "1=proven"}, {"1=proven", "3=proven"}, {"1=proven", "2=perhaps"}, {"1=not-proven", "2=not-proven"}} {
		d := expel()
		d.Findings = bad
		r.refused(findingEach, sits("0012"), d)
	}
	d := expel()
	d.Sanction = ""
	r.refused(findingEach, sits("0012"), d)
	d = expel()
	d.Reasons = act.Private{}
	r.refused(reasonGiven, sits("0012"), d)
	for _, bad := range [][2]string{{"fine", ""}, {Reprimand, "60d"}, {Suspension, ""}, {Suspension, "20d"}, {Suspension, "13mo"}, {Probation, "3y"}, {Conditions, "soon"}} {
		d = expel()
		d.Sanction, d.Term = bad[0], bad[1]
		r.refused(sanctionFits, sits("0012"), d)
	}
	for _, good := range [][2]string{{Suspension, "30d"}, {Suspension, "1y"}, {Probation, "2y"}, {Conditions, "3y"}, {Warning, ""}} {
		d = expel()
		d.Sanction, d.Term = good[0], good[1]
		r.copy().do(sits("0012"), d)
	}
	r.refused(onThePanel, sits("0014"), Decide{Case: id, Panelist: "0014"})
	r.do(sits("0012"), expel())
	r.refused(onThePanel, sits("0031"), Hear{Case: id, Panelist: "0031"})
	r.refused(stageFits, sits("0012"), expel())
	r.signed("0012")
	r.nothing(sits("0012"), Sign{id, "0012"})
	r.refused(onThePanel, sits("0014"), Sign{id, "0014"})
}

func TestNobodyIsExpelledOnAnonymousEvidenceAlone(t *testing.T) {
	r := enter(t).voted()
	r.c.Evidence[0].Anonymous = true
	r.refused(corroboratedFirst, sits("0012"), expel())
	d := expel()
	d.Sanction, d.Term = Suspension, "60d"
	r.do(sits("0012"), d)
}

// Conduct is judged by the text that bound the member then, and the milder sanction counts.
func TestTheMilderSanctionCounts(t *testing.T) {
	for _, c := range []struct{ then, now string }{
		{"suspension-max: 90d, readmission-bar: 1y", "suspension-max: 1y"}, {"suspension-max: 1y", "suspension-max: 90d, readmission-bar: 1y"},
	} {
		r := enter(t)
		r.f.Code = []Text{text("2026.1", "2026-01-01", c.then), text("2027.1", "2027-01-15", c.now)}
		r.voted()
		if r.c.Version != "2026.1" {
			t.Fatalf("it is judged by %s", r.c.Version)
		}
		d := expel()
		d.Sanction, d.Term = Suspension, "100d"
		r.refused(sanctionFits, sits("0012"), d)
		d.Term = "90d"
		r.copy().do(sits("0012"), d)
		if e := r.do(sits("0012"), expel())[0].(DecisionMade); e.Bar.String() != "1y" {
			t.Errorf("the bar is %s", e.Bar)
		}
	}
	unsigned := enter(t) // signed the new text only, and before that none: the one in force then binds it
	unsigned.f.Code = append(unsigned.f.Code, text("2027.1", "2027-01-15", "panel: 3"))
	unsigned.f.Respondent.Bound = []Bound{{"2027.1", noon("2027-01-20")}}
	unsigned.do(anyone, complaint())
	if unsigned.c.Version != "2026.1" {
		t.Errorf("it is judged by %s", unsigned.c.Version)
	}
}

func TestChargesThatFailEndTheCase(t *testing.T) {
	r := enter(t).voted()
	r.do(sits("0012"), Decide{Case: id, Panelist: "0012", Findings: []string{"1=not-proven", "2=not-proven"}, Reasons: words("nothing shows it")})
	r.signed("0012", "0011", "0013")
	e := r.do(manager, ServeDecision{id, date("2027-03-16"), "courier"})[1].(CaseFinalized)
	if !e.Failed() || r.c.Stage != Closed || r.c.IsCharged() || r.c.Outcome != OutcomeNotProven {
		t.Errorf("%+v, %s", e, r.c.Stage)
	}
	r.refused(certificateComplete, chair, publication())
}

func TestClocksOfTheBodyAreCounted(t *testing.T) {
	r := enter(t)
	r.do(anyone, complaint())
	due := r.c.Due(r.now, time.UTC, nil)
	if len(due) != 3 || due[0].Name != TermAcknowledge || due[0].Cites != "procedure.acknowledge" || !due[0].Due.Equal(date("2027-02-08").End(time.UTC)) ||
		!due[0].Alarm.Equal(date("2027-02-03").Start(time.UTC)) || due[0].Missed {
		t.Errorf("due are %+v", due)
	}
	if next := r.c.NextAlarm(r.now, time.UTC, nil); !next.Equal(date("2027-02-03").Start(time.UTC)) {
		t.Errorf("the next alarm is at %s", next)
	}
	r.on("2027-02-09")
	if n := r.c.Missed(r.now); n != 1 {
		t.Errorf("%d are missed", n)
	}
	r.do(system, Acknowledge{id}) // too late; it stays counted
	r.nothing(system, Acknowledge{id})
	enter(t).refused(stageFits, system, Acknowledge{"2027-9999"})
	if n := r.c.Missed(r.now); n != 1 {
		t.Errorf("%d are missed", n)
	}
	if due := r.c.Due(r.now, time.UTC, nil); len(due) != 3 || !due[0].Missed || !due[0].Alarm.IsZero() {
		t.Errorf("due are %+v", due)
	}
	if !r.c.Runs().IsZero() {
		t.Error("the clock has something to run out")
	}
	served := enter(t).served()
	if want := date("2027-04-20").End(time.UTC); !served.c.Runs().Equal(want) {
		t.Errorf("the appeal runs until %s, want %s", served.c.Runs(), want)
	}
}
