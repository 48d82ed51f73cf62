package office

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/membership"
	"shingle/internal/body/people"
	"shingle/internal/gate"
	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
)

// TestTheShortcutsAreRefusedThroughThePages tries what would be quicker than the procedure, as those who could want
// to. What is refused on the way, the journey tries: a quorum of two, too short a notice, a decision without service,
// the same person on the appeal.
func TestTheShortcutsAreRefusedThroughThePages(t *testing.T) {
	b := convened(t, 60).enlisted()
	// to publish early
	fresh := b.complained()
	heard, panel := b.heard()
	charged := b.charged()
	for _, id := range []string{fresh, charged, heard} {
		webtest.Get(t, b.as(b.chair), caseActLink(id, "case.publish")).Is(200).Has("div.points h2", "missing")
		form := url.Values{"finding_1.1": {"It sold data."}, "text": {"It is expelled."}, "_step": {"do"}, "_key": {"early"}, "_version": {"1"}}
		webtest.Post(t, b.as(b.chair), caseActLink(id, "case.publish"), form).Is(422).Has("div.error-summary", "Rule CASE-61")
	}
	// to sit in one's own case: one works there, one is close to it, one had it before
	b.does(b.trade[3], "/office/panelists/"+number(b.trade[3])+"/acts/panelist.declare", "employer", "0042")
	b.does(b.lay[3], "/office/panelists/"+number(b.lay[3])+"/acts/panelist.declare", "interests", "0042")
	b.asks("person/9999", "representative", cases.Answer{Case: charged, Member: "0042", Text: sealed("no")})
	form := caseActLink(charged, "case.name-panel")
	webtest.Get(t, b.as(b.chair), form).Is(200).Has("span.conflict", "Nobody sits who works for a party or has an interest in it.").HasNo("select[id=seat-" + number(b.trade[3]) + "]").HasNo("select[id=seat-" + number(b.lay[3]) + "]")
	for _, own := range []ui.Who{b.trade[3], b.lay[3]} {
		b.refuses(b.chair, "CASE-42", form, "seat_"+number(own), presides, "seat_"+number(b.lay[0]), sits, "seat_"+number(b.trade[0]), sits, "seat_"+number(b.lay[1]), standsBy)
	}
	// to look after it while sitting in another's place, and to judge without a seat
	webtest.Get(t, b.as(b.manager), roomActLink(heard, "case.vote")).Is(404)
	webtest.Get(t, b.as(b.lay[4]), roomActLink(heard, "case.vote")).Is(404)
	b.does(panel[0], roomActLink(heard, "case.vote"), "vote", "proven")
	again := webtest.Get(t, b.as(panel[0]), roomActLink(heard, "case.vote")).Is(200).Form(carryOn)
	again.Set("vote", "twice")
	webtest.Post(t, b.as(panel[0]), roomActLink(heard, "case.vote"), again).Is(422).Has("div.error-summary", "Rule CASE-52")
	// to resign
	b.asks("person/9999", "representative", membership.Withdraw{Member: "0042"})
	webtest.Get(t, b.as(b.chair), caseLink(charged)).Is(200).Has("p.case-state", "Charged").Has("a.button", "Name the panel")
	page := webtest.Get(t, webtest.As(chair, b.h), "/office/members/0042").Is(200)
	page.Has("section.verdict", "under investigation")
}

// TestACaseIsNobodyElses looks at a case as everybody who has no business in it, and finds what who looks for one that
// is not there does.
func TestACaseIsNobodyElses(t *testing.T) {
	b := convened(t, 60).enlisted()
	id, panel := b.heard()
	none := "/office/cases/2099-0001"
	// the chair works at the company
	own := b.chair
	b.Do(people.Invite{Member: "0042", Role: "representative", Name: act.NewPersonal("", "Ines Vidal"), Email: act.NewPersonal("", "ines@cobaltridge.example")})
	ines := ui.Who{Actor: "person/0013", Holder: "person/0013", Role: gate.Chair, Name: "Ines Vidal"}
	b.Do(people.Join{Person: "0013"})
	b.Do(people.AppointOfficer{Person: "0013", Role: people.Chair, Until: act.On(2030, 1, 1)})
	for _, who := range []ui.Who{registrar, president, administrator, ines, {Actor: "person/0099", Role: gate.EducationOfficer}, b.lay[4]} {
		for _, path := range []string{"", "/file", "/certificate", "/acts/case.hold", "/room", "/room/acts/case.vote"} {
			there, nothing := webtest.Get(t, b.as(who), caseLink(id)+path), webtest.Get(t, b.as(who), none+path)
			if there.Status != 404 || there.Text != nothing.Text {
				t.Errorf("%s as %s is answered %d, and otherwise than nothing", path, who.Role, there.Status)
			}
		}
	}
	for _, who := range []ui.Who{registrar, administrator} {
		webtest.Get(t, b.as(who), "/office/cases").Is(404)
	}
	webtest.Get(t, b.as(ines), "/office/cases").Is(200).HasNo("tbody tr")
	webtest.Get(t, b.as(ines), "/office/cases/dates").Is(200).HasNo("tbody tr")
	if csv := webtest.Get(t, b.as(ines), "/office/cases.csv").Is(200).Text; strings.Contains(csv, id) {
		t.Error("who works at the company finds its case in the file")
	}
	webtest.Get(t, b.as(own), "/office/cases").Is(200).Has("tbody th", id)

	// Another case manager sees how far it is, and reads nothing of what was confided.
	other := b.manager
	other.Actor, other.Holder, other.Name = "person/0001", "person/0001", "Rosa Lind"
	if b.manager.Actor == other.Actor {
		other.Actor = "person/0077"
	}
	webtest.Get(t, b.as(other), caseLink(id)).Is(200).HasNo("a[href=" + caseLink(id) + "/file]")
	webtest.Get(t, b.as(other), caseLink(id)+"/file").Is(403).Has("h1", "This file is not yours to read")
	before := b.Record.Position()
	webtest.Post(t, b.as(other), caseLink(id)+"/file", url.Values{"purpose": {"To look"}}).Is(403)
	// An auditor sees how it was handled, in numbers.
	audit := webtest.Get(t, webtest.As(auditor, b.h), caseLink(id)).Is(200).Has("aside", "Yours is to read.")
	if strings.Contains(audit.Text, "Mara Quist</strong>") || strings.Contains(audit.Text, "zaffre") {
		t.Error("an auditor reads what is confided")
	}
	webtest.Get(t, webtest.As(auditor, b.h), caseLink(id)+"/certificate").Is(200)
	webtest.Get(t, webtest.As(auditor, b.h), caseLink(id)+"/file").Is(404)
	webtest.Get(t, webtest.As(auditor, b.h), caseLink(id)+"/room").Is(404)
	webtest.Post(t, webtest.As(auditor, b.h), caseLink(id)+"/acts/case.hold", url.Values{}).Is(404)
	if b.Record.Position() != before {
		t.Error("somebody who may not read it left something on record")
	}
	// Who reads is on record, with what for; without, nothing is opened.
	webtest.Post(t, b.as(b.manager), caseLink(id)+"/file", url.Values{"purpose": {" "}}).Is(422).HasNo("article")
	webtest.Post(t, b.as(b.manager), caseLink(id)+"/file", url.Values{"other": {"To write to the buyer"}}).Is(200).Has("article", "zaffre")
	last, err := b.Record.Events(t.Context(), b.Record.Position()-1, 1)
	if err != nil || len(last) != 1 || last[0].Kind != "object.opened" || last[0].Actor != b.manager.Actor {
		t.Errorf("the last thing on record is %v, %v", last, err)
	}
	// A registrar finds nothing of it in the member's history, nor at its places in the record.
	b.Pass(time.Hour)
	for _, path := range []string{"/office/members/0042", "/office/members/0042/history"} {
		if text := webtest.Get(t, webtest.As(registrar, b.h), path).Is(200).Text; strings.Contains(text, "Case "+id) || strings.Contains(text, "/office/cases/") {
			t.Errorf("%s tells a registrar of the case", path)
		}
	}
	for _, link := range webtest.Get(t, b.as(b.manager), caseLink(id)).Attributes("ol.timeline a", "href") {
		webtest.Get(t, b.as(b.manager), link).Is(200)
		webtest.Get(t, webtest.As(registrar, b.h), link).Is(404)
		webtest.Get(t, b.as(panel[0]), link).Is(403)
	}
}

// TestADismissalIsReviewedByALayPanelist finds the case in the list of who could look at it, and of nobody else.
func TestADismissalIsReviewedByALayPanelist(t *testing.T) {
	b := convened(t, 60).enlisted()
	id := b.complained()
	b.does(b.chair, caseActLink(id, "case.assign"), "person", number(b.manager))
	b.does(b.manager, caseActLink(id, "case.dismiss"), "ground", "no-evidence", "reason", "there is nothing to go by").Is(200).Has("h2", "It waits for the complainant, who may ask for a review of the dismissal until")
	webtest.Get(t, b.as(b.lay[0]), "/office/cases").Is(200).Has("h2", "You sit in no case")
	b.asks("anyone", "anyone", cases.AskReview{Case: id, Receipt: act.NewPersonal("", "a-receipt-code-that-nobody-guesses"), Reason: sealed("the buyer was not asked")})
	webtest.Get(t, b.as(b.trade[0]), "/office/cases").Is(200).Has("h2", "You sit in no case")
	webtest.Get(t, b.as(b.trade[0]), caseLink(id)+"/room").Is(404)
	webtest.Get(t, b.as(b.lay[0]), "/office").Is(200).Has("td.do a", "Look at the case")
	webtest.Get(t, b.as(b.trade[0]), "/office").Is(200).HasNo("td.do a")
	webtest.Get(t, b.as(b.lay[0]), "/office/cases").Is(200).Has("tbody td", "could review it")
	webtest.Get(t, b.as(b.lay[0]), caseLink(id)+"/room").Is(200).Has("a.button", "Say whether the dismissal stands")
	webtest.Post(t, b.as(b.lay[0]), caseLink(id)+"/room", url.Values{"purpose": {"To review the dismissal"}}).Is(200).Has("article", "zaffre").Has("article", "there is nothing to go by").Has("article", "the buyer was not asked")
	check := b.sends(b.lay[0], roomActLink(id, "case.review-dismissal"), "result", "reopened", "reason", "ask the buyer").Is(200)
	webtest.Post(t, b.as(b.lay[0]), roomActLink(id, "case.review-dismissal"), check.Form(confirm)).Is(303)
	webtest.Get(t, b.as(b.lay[0]), caseLink(id)+"/room").Is(404) // their part is over
	webtest.Get(t, b.as(b.manager), caseLink(id)).Is(200).Has("p.case-state", "Investigated").Has("dl.facts", "Mara Quist")
}

// TestWhatMayBeDoneNowIsWhatTheRulesAllow compares what a case's page offers with what becomes of it.
func TestWhatMayBeDoneNowIsWhatTheRulesAllow(t *testing.T) {
	b := convened(t, 60).enlisted()
	id := b.charged()
	page := webtest.Get(t, b.as(b.manager), caseLink(id)).Is(200).Has("h2", "It waits for the respondent, who may answer the charges until").Has("details.notnow dt", "Give notice of a hearing").Has("details.notnow dd", "CASE-49")
	offered := strings.Join(page.All("ul.acts a"), "; ")
	for _, want := range []string{"Admit evidence", "Write to a party", "Record an answer that came on paper", "Pause the case"} {
		if !strings.Contains(offered, want) {
			t.Errorf("%q is not offered, but %s", want, offered)
		}
	}
	for _, not := range []string{"Dismiss", "investigation", "Resume", "hearing", "Serve", "Publish"} {
		if strings.Contains(offered, not) {
			t.Errorf("%q is offered: %s", not, offered)
		}
	}
	b.does(b.manager, caseActLink(id, "case.pause"), "ground", "court", "detail", "docket 12").Has("h2", "It is paused.").Has("a.button", "Resume the case").Has("td", "stands still")
	webtest.Get(t, b.as(b.chair), "/office/cases/dates").Is(200).Has("h2", "Standing still")
	b.Pass(48 * time.Hour)
	b.does(b.manager, caseActLink(id, "case.resume")).HasNo("a.button")
	// More time is given to a term that runs, by the chair.
	b.does(b.chair, caseActLink(id, "case.extend"), "term", "answer", "until", "2026-06-01", "reason", "she is ill").Has("td", "1 June 2026")
	calendar := webtest.Get(t, b.as(b.chair), "/office/cases/dates.ics").Is(200).Text
	if !strings.Contains(strings.ReplaceAll(calendar, "\r\n ", ""), "Case "+id+": Answer the charges (the respondent)") || strings.Contains(calendar, "Cobalt") {
		t.Errorf("the calendar is %s", calendar)
	}
	// What is not an act of a case's is not asked for there.
	for _, kind := range []string{"case.vote", "case.lodge", "member.rename", "nonsense", "case.take-in"} {
		webtest.Get(t, b.as(b.manager), caseActLink(id, kind)).Is(404)
	}
	for _, bad := range []string{"x", "2026-0001%2F", "2026-99999999999999"} {
		webtest.Get(t, b.as(b.manager), "/office/cases/"+bad+"/file").Is(404)
	}
	webtest.Get(t, b.as(b.manager), "/office/cases?after=!").Is(400)
	webtest.Get(t, b.as(b.manager), "/office/cases?sort=colour").Is(400)
	webtest.Get(t, b.as(b.manager), "/office/cases?stage=nowhere").Is(200).Has("h2", "No case is like that")
}

// TestCasesThatWaitAreOnTheFirstPageOfWhomTheyWaitFor has no other case manager see a colleague's work as theirs.
func TestCasesThatWaitAreOnTheFirstPageOfWhomTheyWaitFor(t *testing.T) {
	b := convened(t, 60).enlisted()
	id := b.complained()
	other := ui.Who{Actor: "person/0077", Holder: "person/0077", Role: gate.CaseManager, Name: "Otto"}
	for _, who := range []ui.Who{b.manager, other, b.chair} {
		webtest.Get(t, b.as(who), "/office").Is(200).Has("th", "Case "+id+" waits for a case manager")
	}
	b.does(b.chair, caseActLink(id, "case.assign"), "person", number(b.manager))
	page := webtest.Get(t, b.as(b.manager), "/office").Is(200).Has("th", "Case "+id+" waits to be screened")
	webtest.Get(t, b.as(b.manager), page.Attributes("td.do a", "href")[0]).Is(200).Has("p.kicker", "Case "+id)
	webtest.Get(t, b.as(other), "/office").Is(200).HasNo("td.do a")
	webtest.Get(t, b.as(b.manager), "/office/cases?manager=me").Is(200).Has("tbody th", id)
	webtest.Get(t, b.as(other), "/office/cases?manager=me").Is(200).HasNo("tbody th")
	webtest.Get(t, b.as(b.chair), "/office/cases?manager=nobody").Is(200).HasNo("tbody th")
	webtest.Get(t, b.as(b.chair), "/office/cases?member=0042&state=all&sort=newest").Is(200).Has("tbody th", id)
	csv := webtest.Get(t, b.as(b.chair), "/office/cases.csv").Is(200).Text
	if !strings.Contains(csv, id+",0042,") || strings.Contains(csv, "zaffre") {
		t.Errorf("the list as CSV is %s", csv)
	}
}

// TestTwoOfficersPutACompanyOnTheList goes the way of a false claim through the pages.
func TestTwoOfficersPutACompanyOnTheList(t *testing.T) {
	b := convened(t, 60)
	done := b.asks("anyone", "anyone", cases.Report{Company: "Fake IT", Address: "https://fake.example/about", Captured: act.On(2026, 3, 2)})
	id := strings.TrimPrefix(done.Stream, "claim/")
	at := func(kind string) string { return claimActLink(id, kind) }
	webtest.Get(t, b.as(b.manager), "/office/claims").Is(200).Has("td", "Fake IT")
	webtest.Get(t, b.as(b.manager), claimLink(id)).Is(200).Has("a.button", "Record that the letter was served").Has("details.notnow dd", "CASE-69")
	b.does(b.manager, at("claim.letter"), "on", today(b), "proof", "courier receipt 1")
	b.refuses(b.manager, "CASE-70", at("claim.propose"))
	b.Pass(30 * 24 * time.Hour)
	b.does(b.manager, at("claim.propose")).Has("p.case-state", "To be listed by a second officer")
	b.refuses(b.manager, "CASE-71", at("claim.list"))
	b.does(b.chair, at("claim.list")).Has("p.case-state", "On the list")
	b.does(b.manager, at("claim.cure"), "how", "the page is gone").Has("p.case-state", "Cured")
	webtest.Get(t, b.as(b.lay[0]), claimLink(id)).Is(403)
	webtest.Get(t, b.as(b.chair), claimLink("2099-0001")).Is(404)
}
