package office

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/people"
	"shingle/internal/gate"
	"shingle/internal/record"
	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
)

// bench is a body with a case manager, a chair and a pool, and its office.
type bench struct {
	*webtest.Body
	t          testing.TB
	h          http.Handler
	manager    ui.Who
	chair      ui.Who
	lay, trade []ui.Who // panelists
}

// convened appoints everybody whom a case needs.
func convened(t testing.TB, members int) *bench {
	b := &bench{Body: founded(t, members), t: t}
	serve := func(role, name string) ui.Who {
		done := b.Do(people.InviteOfficer{Role: role, Name: act.NewPersonal("", name), Email: act.NewPersonal("", "x@demo.example"), Until: act.On(2030, 1, 1)})
		number := strings.TrimPrefix(done.Stream, "person/")
		b.Do(people.Join{Person: number})
		return ui.Who{Actor: "person/" + number, Holder: "person/" + number, Role: role, Name: name}
	}
	b.manager, b.chair = serve(gate.CaseManager, "Mara Quist"), serve(gate.Chair, "Cara Ash")
	for i, names := range [][2]string{{"Lia Moor", "Tom Birk"}, {"Lars Nye", "Tess Hale"}, {"Lotte Rue", "Ted Voss"}, {"Leo Camp", "Tara Lind"}, {"Lou Ems", "Tim Roe"}} {
		_ = i
		b.lay, b.trade = append(b.lay, serve(gate.Panelist, names[0])), append(b.trade, serve(gate.Panelist, names[1]))
	}
	b.h = open(b.Body)
	return b
}

// enlisted has everybody take their place in the pool, through the pages.
func (b *bench) enlisted() *bench {
	for _, p := range append(slices.Clone(b.lay), b.trade...) {
		side := "member"
		if slices.Contains(b.lay, p) {
			side = "public"
		}
		b.does(b.chair, "/office/panelists/"+number(p)+"/acts/panelist.enlist", "side", side)
		b.does(p, "/office/panelists/"+number(p)+"/acts/panelist.declare")
	}
	return b
}

func number(who ui.Who) string { n, _ := who.Person(); return n }

// as answers as somebody sees it.
func (b *bench) as(who ui.Who) http.Handler { return webtest.As(who, b.h) }

// sends fills in the form of an act and sends it on, as far as it gets; values are pairs of a field and its value.
func (b *bench) sends(who ui.Who, address string, values ...string) *webtest.Document {
	b.t.Helper()
	form := webtest.Get(b.t, b.as(who), address).Is(200).Form(carryOn)
	for i := 0; i+1 < len(values); i += 2 {
		form[values[i]] = strings.Split(values[i+1], "|")
	}
	at, _, _ := strings.Cut(address, "?")
	return webtest.Post(b.t, b.as(who), at, form)
}

// does asks for an act through its form, looks at the answers and confirms it; then it shows where that leads.
func (b *bench) does(who ui.Who, address string, values ...string) *webtest.Document {
	b.t.Helper()
	check := b.sends(who, address, values...)
	if check.Status != 200 {
		b.t.Fatalf("%s as %s is answered %d: %s", address, who.Name, check.Status, strings.Join(check.All("div.error-summary"), " "))
	}
	at, _, _ := strings.Cut(address, "?")
	done := webtest.Post(b.t, b.as(who), at, check.Form(confirm)).Is(303)
	return webtest.Get(b.t, b.as(who), done.Header.Get("Location"))
}

// refuses sends a form that a rule refuses, and sees that the page says by which.
func (b *bench) refuses(who ui.Who, rule, address string, values ...string) {
	b.t.Helper()
	before := b.Record.Position()
	page := b.sends(who, address, values...).Is(422)
	if said := strings.Join(page.All("div.error-summary"), " "); !strings.Contains(said, "Rule "+rule) {
		b.t.Errorf("%s is refused otherwise than by %s: %s", address, rule, said)
	}
	if b.Record.Position() != before {
		b.t.Errorf("%s recorded something", address)
	}
}

// asks asks for an act that is not the office's: what a complainant and a respondent do.
func (b *bench) asks(actor, role string, cmd any) record.Done {
	b.t.Helper()
	done, err := b.Record.Do(b.t.Context(), record.Request{Command: cmd, Actor: actor, Role: role, Expect: -1})
	if err != nil {
		b.t.Fatalf("%T: %v", cmd, err)
	}
	return done
}

func sealed(text string) act.Private { return act.NewPrivate("", text) }

const canaryOfAccount = "the owner sold the customer list, says zaffre-canary"

// complained lodges an anonymous complaint about 0042.
func (b *bench) complained() (id string) {
	done := b.asks("anyone", "anyone", cases.Lodge{
		Respondent: "0042", From: act.On(2026, 3, 1), To: act.On(2026, 3, 2), Known: act.On(2026, 3, 2), Anonymous: true, Account: sealed(canaryOfAccount),
		Receipt: act.NewPersonal("", "a-receipt-code-that-nobody-guesses"),
	})
	return strings.TrimPrefix(done.Stream, "case/")
}

func today(b *bench) string { return act.DateIn(b.Now(), time.FixedZone("MST", -7*3600)).String() }

// TestACaseGoesTheWholeWayThroughTheOffice goes from an anonymous complaint to an expulsion that everybody reads, as
// the people who take part in it, each at the pages that they have.
func TestACaseGoesTheWholeWayThroughTheOffice(t *testing.T) {
	b := convened(t, 60).enlisted()
	id := b.complained()
	home := caseLink(id)
	on := func(kind string, values ...string) string { return caseActLink(id, kind, values...) }
	inside := func(kind string) string { return roomActLink(id, kind) }

	// Nobody looks after it: the chair is asked to give it to somebody.
	page := webtest.Get(t, b.as(b.chair), home).Is(200).Has("h2", "It waits for a case manager.").Has("a.button", "Give it to a case manager")
	if strings.Contains(page.Text, "zaffre") {
		t.Error("the case's page says what was confided")
	}
	b.does(b.chair, on("case.assign"), "person", number(b.manager)).Is(200).Has("div.said li", "has its case manager")
	webtest.Get(t, b.as(b.manager), home).Has("h2", "waits to be screened").Has("a.button", "Open an investigation")
	opened := webtest.Post(t, b.as(b.manager), home+"/file", url.Values{"purpose": {"To screen the complaint"}}).Is(200).Has("article", "zaffre-canary")
	if opened.Header.Get("Cache-Control") != "no-store" {
		t.Error("what was confided is kept by the browser")
	}
	webtest.Get(t, b.as(b.chair), on("case.publish")).Is(200).Has("ul.missing li", "the charges were served, with proof").HasNo("form.asking")
	webtest.Post(t, b.as(b.chair), on("case.publish"), url.Values{"_step": {"check"}, "finding_1": {"It sold data"}, "text": {"It is expelled."}}).Is(422).Has("div.error-summary", "Rule CASE-61")
	b.does(b.manager, on("case.investigate"), "plan", "ask the buyer")
	b.does(b.manager, on("case.feedback"), "text", "we look into it")
	b.does(b.manager, on("case.admit-evidence"), "object", "obj-1", "sha256", strings.Repeat("ab", 32), "what", "a list", "source", "witness", "basis", "redacted", "anonymous", "no", "exculpate", "no")
	b.does(b.manager, on("case.note"), "kind", "counsel", "text", "privileged: counsel says yes")
	b.does(b.manager, on("case.draft-charges"), "provisions", "1|1.1", "statement", "it sold its customers’ data").Has("h2", "charges that are yet to be served")
	b.Pass(24 * time.Hour)
	b.does(b.manager, on("case.serve-charges"), "on", today(b), "proof", "courier receipt 1183", "name", "no")
	b.asks("person/9999", "representative", cases.Answer{Case: id, Member: "0042", Text: sealed("it was an accident")})

	// The panel, with one who recuses himself and one who is challenged.
	page = webtest.Get(t, b.as(b.chair), on("case.name-panel")).Is(200)
	page.Has("th", b.lay[0].Name)
	b.refuses(b.chair, "CASE-44", on("case.name-panel"), "seat_"+number(b.trade[0]), presides, "seat_"+number(b.lay[0]), sits)
	b.does(b.chair, on("case.name-panel"), "seat_"+number(b.trade[0]), presides, "seat_"+number(b.lay[0]), sits, "seat_"+number(b.trade[1]), sits,
		"seat_"+number(b.lay[1]), standsBy, "seat_"+number(b.trade[2]), standsBy)
	room := home + "/room"
	webtest.Get(t, b.as(b.lay[0]), room).Is(200).Has("li", "Lia Moor sits, from the public")
	webtest.Get(t, b.as(b.lay[3]), room).Is(404)
	b.asks("person/9999", "representative", cases.Challenge{Case: id, Member: "0042", Panelist: number(b.trade[1]), Reason: sealed("she is a friend")})
	b.does(b.chair, on("case.rule-on-challenge"), "panelist", number(b.trade[1]), "result", "rejected", "reason", "she is not")
	b.does(b.lay[0], inside("case.recuse"), "reason", "I know the buyer")
	webtest.Get(t, b.as(b.lay[0]), room).Is(404)
	notice := today(b)
	hearing := b.Now().AddDate(0, 0, 22)
	b.refuses(b.manager, "CASE-48", on("case.set-hearing"), "on", b.Now().AddDate(0, 0, 20).Format("2006-01-02T15:04"), "place", "Room 1", "notice_on", notice, "proof", "courier receipt 1184")
	b.does(b.manager, on("case.set-hearing"), "on", hearing.Format("2006-01-02T15:04"), "place", "Room 1", "notice_on", notice, "proof", "courier receipt 1184")
	b.Pass(23 * 24 * time.Hour)

	// The hearing, the votes and the decision.
	panel := []ui.Who{b.trade[0], b.trade[1], b.lay[1]}
	papers := webtest.Post(t, b.as(panel[2]), room, url.Values{"purpose": {"To prepare the hearing"}}).Is(200).Has("article", "it was an accident").Has("article", "it sold its customers’ data")
	for _, not := range []string{"zaffre", "ask the buyer", "privileged"} {
		if strings.Contains(papers.Text, not) {
			t.Errorf("the panel reads %q", not)
		}
	}
	two := number(panel[0]) + "|" + number(panel[1])
	b.refuses(panel[0], "CASE-50", inside("case.hear"), "present", two, "respondent", "yes", "record", "all were heard")
	b.does(panel[0], inside("case.hear"), "present", two+"|"+number(panel[2]), "respondent", "yes", "record", "all were heard")
	b.does(panel[1], inside("case.deliberate"), "text", "I believe the buyer, xanthic-canary")
	webtest.Post(t, b.as(panel[2]), room, url.Values{"purpose": {"To deliberate"}}).Is(200).Has("article", "xanthic-canary")
	for _, who := range []ui.Who{b.manager, b.chair} {
		if file := webtest.Post(t, b.as(who), home+"/file", url.Values{"purpose": {"To look after the file"}}).Is(200); strings.Contains(file.Text, "xanthic") {
			t.Errorf("%s reads what the panel says among itself", who.Name)
		}
	}
	b.refuses(panel[0], "CASE-53", inside("case.decide"), "finding_1", "proven", "finding_2", "not-proven", "sanction", "expulsion", "reasons", "it sold data")
	for i, who := range panel {
		after := b.does(who, inside("case.vote"), "vote", "proven: ochre-canary")
		after.Is(200).Has("aside", string(rune('1'+i))+" of 3 have voted. You have.")
		if strings.Contains(after.Text, "ochre") {
			t.Error("a vote is shown")
		}
	}
	b.does(panel[0], inside("case.decide"), "finding_1", "proven", "finding_2", "not-proven", "sanction", "expulsion", "reasons", "it sold data")
	b.refuses(b.manager, "CASE-57", on("case.serve-decision"), "on", today(b), "proof", "courier receipt 1185")
	for _, who := range panel {
		b.does(who, inside("case.sign"))
	}
	b.refuses(b.manager, "CASE-11", on("case.serve-decision"), "on", today(b), "proof", " ")
	b.does(b.manager, on("case.serve-decision"), "on", today(b), "proof", "courier receipt 1185").Has("h2", "It waits for the respondent, who may appeal until")

	// The appeal, before people who sat on nothing.
	b.asks("person/9999", "representative", cases.Appeal{Case: id, Member: "0042", Grounds: []string{"proportionality"}, Reasons: sealed("too hard")})
	page = webtest.Get(t, b.as(b.chair), on("case.name-panel")).Is(200).Has("td", "Nobody sits who complained, or who screened")
	b.refuses(b.chair, "CASE-41", on("case.name-panel"), "seat_"+number(panel[0]), presides, "seat_"+number(b.lay[2]), sits, "seat_"+number(b.trade[3]), sits, "seat_"+number(b.lay[3]), standsBy)
	b.does(b.chair, on("case.name-panel"), "seat_"+number(b.lay[2]), presides, "seat_"+number(b.lay[3]), sits, "seat_"+number(b.trade[3]), sits, "seat_"+number(b.trade[4]), standsBy)
	b.Pass(12 * 24 * time.Hour)
	above := []ui.Who{b.lay[2], b.lay[3], b.trade[3]}
	if notes := webtest.Post(t, b.as(above[0]), room, url.Values{"purpose": {"To decide the appeal"}}).Is(200).Has("article", "too hard"); strings.Contains(notes.Text, "xanthic") {
		t.Error("who hears the appeal reads the notes of the panel below")
	}
	webtest.Get(t, b.as(panel[1]), room).Is(404)
	for _, who := range above {
		b.does(who, inside("case.vote"), "vote", "affirm")
	}
	b.does(above[0], inside("case.decide-appeal"), "outcome", "affirmed", "reasons", "it is not too hard")
	for _, who := range above {
		b.does(who, inside("case.sign"))
	}
	b.does(b.manager, on("case.serve-decision"), "on", today(b), "proof", "courier receipt 1186").Has("h2", "is final, and waits to be put in force")

	// In force, and read by everybody.
	webtest.Get(t, b.as(b.chair), home+"/certificate").Is(200).Has("p.lead", "Every step that the procedure asks for is on record.")
	webtest.Get(t, b.as(b.chair), on("case.publish")).Is(200).HasNo("ul.missing")
	done := b.does(b.chair, on("case.publish"), "finding_1", "It sold its customers’ data; twice.", "text", "It is expelled.").Is(200).Has("div.said li", "has its outcome put in force")
	done.Has("p.case-state", "Closed: proven")
}
