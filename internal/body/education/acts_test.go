package education

import (
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/act/acttest"
	"shingle/internal/code"
)

// noon is 2026-06-01, the day on which acts are asked for.
func noon(add int) time.Time { return acttest.Noon.AddDate(0, 0, add) }

func date(s string) act.Date {
	d, err := act.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// facts are what is known of Ada, number 0007, in a body with a scheme of hours.
func facts(t testing.TB, change ...func(*Facts)) Facts {
	f := Facts{ID: "0007", Zone: time.UTC, Known: true, Members: []string{"0042"}, Person: Person{Joined: act.On(2026, 1, 1)}, Scheme: scheme(t, `
credits: 20
period: 1y
unit: {minutes: 60, step: 0.25}
topics: [ethics, ethics/bias]
deliveries: {live: {}, self-study: {}}
kinds: {attending: {}, teaching: {}}
of-which:
  - {name: Ethics, topic: ethics, least: 4}
approval: {of: provider, valid: 1y, retrospective: 30d}
evidence: {of: self-reported, keep: 12mo}
audit: {rate: 50%, seed: 7d, answer: 30d}
late: {grace: 60d, make-up: 6mo}
waivers: {most: 50%}
`).education}
	for _, c := range change {
		c(&f)
	}
	return f
}

func asking(t testing.TB, change ...func(*Facts)) *acttest.Story {
	return acttest.For(t, Domain()).Knowing(facts(t, change...))
}

func nobody(f *Facts)          { f.Known = false }
func unfounded(f *Facts)       { f.Zone = nil }
func id(s string) func(*Facts) { return func(f *Facts) { f.ID = s } }

func personal(s string) act.Personal { return act.NewPersonal("", s) }
func private(s string) act.Private   { return act.NewPrivate("", s) }

var (
	asked    = ProviderApplied{Provider: "P-0001", Name: "Courses Inc.", Contact: personal("a@courses.example"), At: acttest.Noon}
	approved = ProviderApproved{"P-0001", date("2026-05-02"), date("2027-05-31"), acttest.Noon}
	offered  = CourseOffered{Course: "C-0001", Title: "Keys", Topics: []string{"ethics"}, Delivery: "live", Minutes: 120, At: acttest.Noon}
	counts   = CourseApproved{Course: "C-0001", From: date("2026-01-01"), At: acttest.Noon}
)

func TestAProviderAppliesAndIsApproved(t *testing.T) {
	asking(t, id("P-0001")).When(Apply{Name: " Courses Inc. ", Site: "Courses.example", Contact: personal("a@courses.example")}).Then(ProviderApplied{
		Provider: "P-0001", Name: "Courses Inc.", Site: "courses.example", Contact: act.NewPersonal("person/P-0001-1", "a@courses.example"), At: acttest.Noon})
	asking(t, id("P-0001")).Given(asked).When(Approve{"P-0001"}).Then(approved)
	asking(t, unfounded).When(Apply{Name: "Courses Inc."}).Refused(bodyFounded)
	own := asking(t, id("P-0001")).When(Apply{Name: "Courses Inc.", Contact: personal("a@courses.example")}, acttest.By("person/0009", "person")).Events()
	if applied := own[0].(ProviderApplied); applied.Contact.Owner != "person/0009" {
		t.Errorf("the address of who applies in their own name belongs to %q", applied.Contact.Owner)
	}
	asking(t).When(Apply{Name: "two\nlines"}).Refused(plainWords)
	asking(t).When(Apply{Name: "Courses Inc.", Site: "https://courses.example/"}).Refused(siteNamed)
	asking(t).When(Approve{"P-0009"}).Refused(providerKnown)
}

// A renewal begins when the last term ends; it does not reach back, and is not given twice.
func TestAnApprovalIsRenewed(t *testing.T) {
	renewed := ProviderApproved{"P-0001", date("2027-06-01"), date("2028-05-31"), noon(300)}
	asking(t, id("P-0001")).Given(asked, approved).When(Approve{"P-0001"}, acttest.At(noon(300))).Then(renewed)
	asking(t, id("P-0001")).Given(asked, approved, renewed).When(Approve{"P-0001"}, acttest.At(noon(301))).Nothing()
	asking(t, id("P-0001")).Given(asked, approved).When(Approve{"P-0001"}, acttest.At(noon(400))).Then(
		ProviderApproved{"P-0001", date("2027-07-06"), date("2028-07-05"), noon(400)})
}

func TestAProviderIsDeclinedOrEnded(t *testing.T) {
	asking(t, id("P-0001")).Given(asked).When(Decline{"P-0001", "no syllabus"}).Then(ProviderDeclined{"P-0001", "no syllabus", acttest.Noon})
	asking(t).When(Decline{"P-0009", "x"}).Refused(providerKnown)
	asking(t).Given(asked, approved).When(Decline{"P-0001", "x"}).Refused(stillAsks)
	asking(t).Given(asked).When(Decline{"P-0001", ""}).Refused(plainWords)

	ended := ProviderEnded{"P-0001", date("2026-06-01"), "closed", acttest.Noon}
	asking(t, id("P-0001")).Given(asked, approved).When(End{Provider: "P-0001", Reason: "closed"}).Then(ended)
	asking(t, id("P-0001")).Given(asked, approved, ended).When(End{Provider: "P-0001", Reason: "closed"}).Nothing()
	asking(t).Given(asked, approved).When(End{"P-0001", date("2026-05-31"), "closed"}).Refused(notBackwards)
	asking(t).When(End{Provider: "P-0009", Reason: "x"}).Refused(providerKnown)

	p := Provider{}
	for _, e := range []act.Event{asked, approved, ended} {
		p = evolveProvider(p, e)
	}
	if !p.On(date("2026-05-31")) || p.On(date("2026-06-01")) || p.On(date("2026-05-01")) {
		t.Errorf("the terms are %v", p.Terms)
	}
}

func TestACourseIsOfferedAndWithdrawn(t *testing.T) {
	cmd := Offer{Title: "Keys", Topics: []string{"ethics"}, Delivery: "live", Minutes: 120}
	asking(t, id("C-0001")).When(cmd).Then(offered, CourseApproved{Course: "C-0001", From: date("2026-06-01"), At: acttest.Noon})
	each := func(f *Facts) { f.Scheme.Approval.Of, f.ID, f.Provider = "course", "C-0001", Provider{Stage: Approved} }
	others := cmd
	others.Provider = "P-0001"
	theirs := offered
	theirs.Provider = "P-0001"
	asking(t, each).When(others).Then(theirs)
	asking(t, each).Given(theirs).When(Accept{"C-0001"}).Then(CourseApproved{"C-0001", date("2026-05-02"), date("2027-05-31"), acttest.Noon})
	asking(t, each).Given(theirs).When(Reject{"C-0001", "too short"}).Then(CourseDeclined{"C-0001", "too short", acttest.Noon})
	asking(t).When(others).Refused(providerNamed)
	asking(t).When(Offer{Title: "", Minutes: 60}).Refused(plainWords)
	asking(t).When(Offer{Title: "Keys"}).Refused(sensibleTime)
	asking(t).When(Offer{Title: "Keys", Minutes: 1441}).Refused(sensibleTime)
	asking(t).When(Offer{Title: "Keys", Credits: "two"}).Refused(sensibleTime)
	for _, wrong := range []Offer{
		{Title: "Keys", Minutes: 60, Topics: []string{"locks"}}, {Title: "Keys", Minutes: 60, Delivery: "post"}, {Title: "Keys", Minutes: 60, Kind: "x"},
	} {
		asking(t).When(wrong).Refused(wordsOfScheme)
	}
	asking(t).When(Accept{"C-0009"}).Refused(courseKnown)
	asking(t).When(Reject{"C-0009", "x"}).Refused(courseKnown)
	asking(t).Given(offered, counts).When(Reject{"C-0001", "x"}).Refused(stillAsks)
	asking(t).When(Withdraw{Course: "C-0009", Reason: "x"}).Refused(courseKnown)
	withdrawn := CourseWithdrawn{"C-0001", date("2026-07-01"), "outdated", acttest.Noon}
	asking(t, id("C-0001")).Given(offered, counts).When(Withdraw{"C-0001", date("2026-07-01"), "outdated"}).Then(withdrawn)
	asking(t, id("C-0001")).Given(offered, counts, withdrawn).When(Withdraw{"C-0001", date("2026-07-01"), "outdated"}).Nothing()
}

// keys hands over the course that the body itself gives, and locks one of a provider.
func keys(f *Facts) { f.Course = evolveCourse(evolveCourse(Course{}, offered), counts) }

func locks(f *Facts) {
	keys(f)
	f.Course.Provider = "P-0001"
	f.Provider = evolveProvider(evolveProvider(Provider{}, asked), approved)
}

var recorded = CreditRecorded{Person: "0007", Credit: 1, Course: "C-0001", On: date("2026-05-20"), Minutes: 120, Topics: []string{"ethics"},
	Delivery: "live", Provider: "own", Proof: "verified", Mark: "80%", Members: []string{"0042"}, At: acttest.Noon}

func TestACompletionIsRecordedOnce(t *testing.T) {
	row := Record{Person: "0007", Course: "C-0001", On: date("2026-05-20"), Mark: "80"}
	asking(t, keys).When(row).Then(recorded)
	asking(t, keys).Given(recorded).When(row).Nothing()
	other := row
	other.Mark = "90%"
	asking(t, keys).Given(recorded).When(other).Refused(recordedOnce)
	again := recorded
	again.Credit, again.Mark = 2, "90%"
	asking(t, keys).Given(recorded, CreditReversed{"0007", 1, "mistake", []string{"0042"}, acttest.Noon}).When(other).Then(again)
	asking(t, keys, nobody).When(row).Refused(personKnown)
	for _, own := range []any{row, Hold{Person: "0007", Credit: 1}, MakeUp{Person: "0007", For: date("2025-12-31")}} {
		asking(t, keys).Given(recorded).When(own, acttest.By("person/0007", "education-officer")).Refused(notOnesOwn)
	}
	asking(t, keys, unfounded).When(row).Refused(bodyFounded)
}

func TestARowThatCannotBe(t *testing.T) {
	row := Record{Person: "0007", Course: "C-0001", On: date("2026-05-20")}
	with := func(change func(*Record)) Record {
		r := row
		change(&r)
		return r
	}
	asking(t).When(row).Refused(courseCounts)
	asking(t, keys).When(with(func(r *Record) { r.On = date("2025-12-31") })).Refused(courseCounts)
	asking(t, keys).When(with(func(r *Record) { r.On = date("2026-06-02") })).Refused(notToCome)
	asking(t, keys).When(with(func(r *Record) { r.Minutes = 121 })).Refused(sensibleTime)
	asking(t, keys).When(with(func(r *Record) { r.Minutes = -1 })).Refused(sensibleTime)
	asking(t, keys).When(with(func(r *Record) { r.Mark = "101" })).Refused(percentage)
	asking(t, keys).When(with(func(r *Record) { r.Attendance = "most" })).Refused(percentage)
	whole := CreditRecorded{Person: "0007", Credit: 1, Course: "C-0002", On: date("2026-05-20"), Minutes: 23 * 60, Provider: "own", Proof: "verified"}
	asking(t, keys).Given(whole).When(row).Refused(sensibleTime)

	// A provider's course counts while the provider is approved.
	theirs := recorded
	theirs.Provider, theirs.Mark = "approved", ""
	asking(t, locks).When(row).Then(theirs)
	asking(t, locks).When(with(func(r *Record) { r.On = date("2026-05-01") })).Refused(courseCounts)
}

var claimed = CreditClaimed{Person: "0007", Claim: 1, Title: act.NewPersonal("person/0007", "A talk"), Organiser: act.NewPersonal("person/0007", ""),
	Account: act.NewPrivate("person/0007", ""), On: date("2026-04-01"), Minutes: 90, Topics: []string{"ethics"}, Evidence: []string{"object-1"}, At: acttest.Noon}

func TestAClaimIsAccepted(t *testing.T) {
	cmd := ClaimCredit{Person: "0007", Title: personal("A talk"), On: date("2026-04-01"), Minutes: 90, Topics: []string{"ethics"}, Evidence: []string{" object-1 ", ""}}
	asking(t).When(cmd).Then(claimed)
	credit := CreditRecorded{Person: "0007", Credit: 1, Claim: 1, On: date("2026-04-01"), Minutes: 90, Topics: []string{"ethics"}, Provider: "external", Proof: "self-reported", Members: []string{"0042"}, At: acttest.Noon}
	asking(t).Given(claimed).When(Decide{Person: "0007", Claim: 1, Answer: "accept"}).Then(accepted, credit)
	credit.Credits = 125
	asking(t).Given(claimed).When(Decide{Person: "0007", Claim: 1, Answer: "accept", Credits: "1.25"}).Then(accepted, credit)
	asking(t).Given(claimed).When(Decide{Person: "0007", Claim: 1, Answer: "accept", Credits: "1.75"}).Refused(noMoreThanClaimed)

	without := cmd
	without.Evidence = nil
	asking(t).When(without).Refused(evidenceShown)
	without = cmd
	without.Title = personal(" ")
	asking(t).When(without).Refused(evidenceShown)
	without = cmd
	without.Claim = 1
	asking(t).When(without).Refused(claimReturned)
	asking(t).Given(claimed).When(without).Refused(claimReturned)
	returned := ClaimDecided{"0007", 1, Returned, act.NewPrivate("person/0007", "who gave it?"), acttest.Noon}
	asking(t).Given(claimed).When(Decide{Person: "0007", Claim: 1, Answer: "return", Reason: private("who gave it?")}).Then(returned)
	asking(t).Given(claimed, returned).When(without).Then(claimed)
	asking(t, nobody).When(cmd).Refused(personKnown)
}

var accepted = ClaimDecided{"0007", 1, Approved, act.NewPrivate("person/0007", ""), acttest.Noon}

func TestAClaimIsAnsweredOnceByAnother(t *testing.T) {
	ask := Decide{Person: "0007", Claim: 1, Answer: "accept"}
	asking(t).Given(claimed).When(ask, acttest.By("person/0007", "education-officer")).Refused(notOnesOwn)
	asking(t).When(ask).Refused(claimWaits)
	asking(t).Given(claimed).When(Decide{Person: "0007", Claim: 1, Answer: "perhaps"}).Refused(claimWaits)
	asking(t).Given(claimed).When(Decide{Person: "0007", Claim: 1, Answer: "decline"}).Refused(claimWaits)
	asking(t).Given(claimed, ClaimDecided{Person: "0007", Claim: 1, Stage: Approved}).When(ask).Refused(claimWaits)
}

func TestACreditIsReversedOrHeld(t *testing.T) {
	reversed := CreditReversed{"0007", 1, "not-attended", []string{"0042"}, acttest.Noon}
	asking(t).Given(recorded).When(Reverse{"0007", 1, "not-attended"}).Then(reversed)
	asking(t).Given(recorded, reversed).When(Reverse{"0007", 1, "not-attended"}).Nothing()
	asking(t).Given(recorded).When(Reverse{"0007", 2, "not-attended"}).Refused(creditKnown)
	for _, reason := range []string{"", "Ada was asleep", "Mistake"} {
		asking(t).Given(recorded).When(Reverse{"0007", 1, reason}).Refused(reversedFor)
	}
	held := CreditHeld{"0007", 1, true, []string{"0042"}, acttest.Noon}
	asking(t).Given(recorded).When(Hold{"0007", 1, true}).Then(held)
	asking(t).Given(recorded, held).When(Hold{"0007", 1, true}).Nothing()
	asking(t).Given(recorded, held).When(Hold{"0007", 1, false}).Then(CreditHeld{"0007", 1, false, []string{"0042"}, acttest.Noon})
	asking(t).Given(recorded, reversed).When(Hold{"0007", 1, true}).Refused(creditKnown)
}

func TestAWaiverIsLimited(t *testing.T) {
	waived := EducationWaived{Person: "0007", In: date("2026-06-01"), Requirement: "Ethics", Credits: 200, Reason: act.NewPrivate("person/0007", "illness"), Members: []string{"0042"}, At: acttest.Noon}
	ask := Waive{"0007", date("2026-06-01"), "Ethics", "2", private("illness")}
	asking(t).When(ask).Then(waived)
	asking(t).Given(waived).When(ask).Refused(waiverAllowed)
	asking(t).When(Waive{"0007", date("2026-06-01"), "", "10", private("illness")}).Events()
	asking(t).When(Waive{"0007", date("2026-06-01"), "", "10.25", private("illness")}).Refused(waiverAllowed)
	asking(t).When(Waive{"0007", date("2026-06-01"), "", "", private("illness")}).Refused(waiverAllowed)
	asking(t).When(Waive{"0007", date("2026-06-01"), "Ethics", "1", private("")}).Refused(waiverAllowed)
	asking(t).When(Waive{"0007", date("2026-06-01"), "Ethiks", "1", private("illness")}).Refused(requirementNamed)
	asking(t).When(ask, acttest.By("person/0007", "education-officer")).Refused(notOnesOwn)
}

func TestALeaveIsPlausible(t *testing.T) {
	granted := LeaveGranted{"0007", date("2026-07-01"), date("2026-12-31"), act.NewPrivate("person/0007", "a child"), []string{"0042"}, acttest.Noon}
	ask := Excuse{"0007", date("2026-07-01"), date("2026-12-31"), private("a child")}
	asking(t).When(ask).Then(granted)
	asking(t).Given(granted).When(ask).Nothing()
	for _, wrong := range []Excuse{
		{"0007", date("2026-07-01"), date("2026-06-30"), private("x")},
		{"0007", date("2026-07-01"), date("2031-07-02"), private("x")},
		{"0007", date("2026-07-01"), date("2026-12-31"), private("")},
		{"0007", act.Date{}, date("2026-12-31"), private("x")},
	} {
		asking(t).When(wrong).Refused(leavePlausible)
	}
	asking(t).Given(granted).When(Excuse{"0007", date("2026-12-31"), date("2027-01-31"), private("x")}).Refused(leavePlausible)
}

// 2025 ends on 31 December, its grace on 1 March, the time to make up on 1 September.
func TestAPlanIsInTime(t *testing.T) {
	asking(t).When(MakeUp{"0007", date("2025-12-31"), date("2026-09-01")}).Then(MakeUpPlanned{"0007", date("2025-12-31"), date("2026-09-01"), []string{"0042"}, acttest.Noon})
	asking(t).Given(MakeUpPlanned{"0007", date("2025-12-31"), date("2026-09-01"), []string{"0042"}, acttest.Noon}).When(MakeUp{"0007", date("2025-12-31"), date("2026-09-01")}).Nothing()
	asking(t).When(MakeUp{"0007", date("2025-12-31"), date("2026-09-02")}).Refused(planInTime)
	asking(t).When(MakeUp{"0007", date("2025-12-31"), date("2026-05-31")}).Refused(planInTime)
	asking(t).When(MakeUp{"0007", date("2026-12-31"), date("2027-03-01")}).Refused(planInTime)
	asking(t, func(f *Facts) { f.Scheme.Late = code.Late{} }).When(MakeUp{"0007", date("2025-12-31"), date("2026-09-01")}).Refused(planInTime)
}

func TestASampleIsDrawnByTheSeedThatWasCommittedTo(t *testing.T) {
	seed := []byte("seed")
	committed := SampleCommitted{"2026-0001", Commitment(seed), acttest.Noon}
	people := func(f *Facts) { f.ID, f.People = "2026-0001", []string{"0003", "0001", "0002"} }
	asking(t, people).When(Commit{Commitment(seed)}).Then(committed)
	asking(t).When(Commit{"seed"}).Refused(hashGiven)
	ask := Draw{"2026-0001", "73656564"}
	// The day of the commitment does not count, and the term ends with its last day.
	asking(t, people).Given(committed).When(ask, acttest.At(noon(7))).Refused(committedBefore)
	drawn := SampleDrawn{
		Audit: "2026-0001", Seed: "73656564", Rate: 50, People: 3, List: "7cd01c923f3562528ade2978526c2712196a2d2ed9946ca144355ac50c1dba6f",
		Drawn: Sample(seed, []string{"0001", "0002", "0003"}, 50), AnswerBy: date("2026-07-09"), At: noon(8),
	}
	asking(t, people).Given(committed).When(ask, acttest.At(noon(8))).Then(drawn)
	asking(t, people).Given(committed, drawn).When(ask, acttest.At(noon(9))).Refused(committedBefore)
	asking(t, people).When(ask).Refused(committedBefore)
	asking(t, people).Given(committed).When(Draw{"2026-0001", "73656565"}, acttest.At(noon(8))).Refused(hashGiven)
	asking(t, people, func(f *Facts) { f.Scheme.Audit.Rate = 0 }).Given(committed).When(ask, acttest.At(noon(8))).Refused(rateSet)
}

// Whatever the record holds, in whatever order, a state follows from it.
func TestFoldsAreTotal(t *testing.T) {
	events := []act.Event{
		CreditReversed{Credit: 0}, CreditReversed{Credit: 7}, CreditHeld{Credit: -1}, ClaimDecided{Claim: 3}, CreditClaimed{Claim: 0}, claimed, recorded,
		CreditRecorded{Mark: "x", Attendance: "900%"}, MakeUpPlanned{}, LeaveGranted{}, EducationWaived{},
	}
	for i := range events {
		l := Learner{}
		for k := range events {
			before := l
			n := len(before.Ledger)
			l = evolveLearner(l, events[(i+k)%len(events)])
			if len(before.Ledger) != n {
				t.Error("a state was changed")
			}
		}
		if len(l.Ledger) != 2 || len(l.Credits()) != 2 {
			t.Errorf("%+v", l)
		}
	}
}
