package complaints

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/web/webtest"
)

// press sends a form of the page of a case, as a button of it would.
func (r *reader) press(number, do, text string) *webtest.Document {
	r.t.Helper()
	return r.post(Case(number), url.Values{"_do": {do}, "text": {text}, "_key": {do + text}})
}

// named complains with a name.
func (r *reader) named() (number string) {
	r.t.Helper()
	r.write()
	r.post(at("name"), url.Values{"named": {"yes"}, "name": {" "}}).Is(422).Has(".error-summary", "Write your name")
	r.answer("name", "named", "yes", "name", "Zoe Canary", "contact", "zoe@canary.example")
	number, _ = r.lodge()
	return number
}

func sealed(text string) act.Private { return act.NewPrivate("", text) }

// TestACaseIsFollowed follows a case from its dismissal and review to the charges.
func TestACaseIsFollowed(t *testing.T) {
	p := open(t)
	c := p.Convene()
	r := p.reader()
	id := r.named()
	c.ChairDoes(cases.Assign{Case: id, Person: c.Manager})
	c.ManagerDoes(cases.Write{Case: id, To: "complainant", Text: sealed("When was that?")})
	page := r.get(Case(id)).Is(200).Has(".word-text", "When was that?").Has(".passages", "A case manager was named").HasNo("textarea[id=text-review]")
	if strings.Contains(page.Text, "Canary") || strings.Contains(page.Text, "May your name be told") {
		t.Error("their name stands in the page, or is asked for before it is")
	}
	c.ManagerDoes(cases.Dismiss{Case: id, Ground: "no-evidence", Reason: sealed("Nobody saw it.")})
	r.get(Case(id)).Is(200).Has("h1", "It was dismissed").Has(".word-text", "Nobody saw it.").Has("h2", "Have it looked at again").Has(".hint", "30 September 2026")
	r.press(id, "review", "Zoe saw it.").Is(303)
	r.get(Case(id)+"?done=review").Is(200).Has(".said", "A lay reviewer is asked").Has("h1", "The dismissal is looked at again").Has(".word-text", "Zoe saw it.").HasNo("textarea[id=text-review]")
	r.press(id, "review", "Once more.").Is(303) // it is so already
	c.Sits(c.Lay[0], cases.ReviewDismissal{Case: id, Panelist: c.Lay[0], Result: "reopened", Reason: sealed("Ask her.")})
	r.get(Case(id)).Is(200).Has("h1", "It is investigated").Has(".word-text", "Ask her.")
	r.press(id, "agree", "").Is(422).Has(".error-summary .rule", "CASE-31")
	c.ManagerDoes(cases.AskName{Case: id})
	r.get(Case(id)).Is(200).Has("h2", "May your name be told?").Has("button", "My name may be told")
	r.press(id, "agree", "").Is(303)
	r.get(Case(id)).Is(200).Has("strong", "You have agreed.")
	r.press(id, "withhold", "").Is(303)
	r.get(Case(id)).Is(200).Has("button", "My name may be told")
	c.ManagerDoes(cases.GiveFeedback{Case: id, Text: sealed("We asked her.")})
	c.ManagerDoes(cases.Note{Case: id, Kind: "step", Text: sealed("She is shy.")})
	c.ManagerDoes(cases.DraftCharges{Case: id, Provisions: []string{"1.1"}, Statement: sealed("It read letters.")})
	c.ManagerDoes(cases.ServeCharges{Case: id, On: c.Today(), Proof: "courier receipt 1"})
	page = r.get(Case(id)).Is(200).Has("h1", "Charges were served").Has(".word-text", "We asked her.").HasNo("button[value=agree]")
	for _, secret := range []string{"She is shy", "It read letters", "Withdraw the complaint"} {
		if strings.Contains(page.Text, secret) {
			t.Errorf("the complainant reads %q", secret)
		}
	}
	r.press(id, "withdraw", "").Is(422).Has(".error-summary .rule", "CASE-31")
	r.press(id, "write", "").Is(422).Has(".error-summary .rule", "CASE-21")
	r.press(id, "write", "More.").Is(303)
	r.press(id, "dance", "").Is(404)
}

func recorded(t *testing.T, p *place, stream string) []act.Recorded {
	t.Helper()
	events, err := p.Record.Concerning(t.Context(), stream, p.Record.Position())
	if err != nil {
		t.Fatal(err)
	}
	return events
}

func TestAComplaintIsWithdrawn(t *testing.T) {
	p := open(t)
	c := p.Convene()
	r := p.reader()
	r.write()
	id, code := r.lodge()
	r.press(id, "withdraw", "").Is(303)
	r.get(Case(id)+"?done=withdraw").Is(200).Has(".said", "You have withdrawn").Has(".meaning", "the body may go on without you")
	c.ChairDoes(cases.Assign{Case: id, Person: c.Manager})
	c.ManagerDoes(cases.Dismiss{Case: id, Ground: "withdrawn", Reason: sealed("As you wished.")})
	p.Pass(60 * 24 * time.Hour)
	p.DoIn("clock", "clock", cases.RunOut{Case: id})
	r.get(Case(id)).Is(401) // the hour is long over
	r.post("/complaints/return", url.Values{"_code": {code}}).Is(303)
	r.get(Case(id)).Is(200).Has("h1", "The complaint was dismissed").HasNo("textarea[id=text-review]").Has(".passages", "The dismissal is final")
}

// Every word that is read is recorded as read, before it is shown.
func TestReadingIsRecorded(t *testing.T) {
	p := open(t)
	r := p.reader()
	r.write()
	id, _ := r.lodge()
	before := p.Record.Position()
	r.get(Case(id)).Is(200)
	events, err := p.Record.Events(t.Context(), before, 5)
	if err != nil || len(events) != 1 || events[0].Kind != "object.opened" || events[0].Actor != "anyone" {
		t.Errorf("recorded %+v, %v", events, err)
	}
	// Somebody who reads all day is asked to come back later.
	for range readings.Most - 1 {
		if err := p.face.Attempt(t.Context(), readings, "case/"+id); err != nil {
			t.Fatal(err)
		}
	}
	r.get(Case(id)).Is(429)
}

// Whatever face of a case is shown: to who has no code, one that is there looks like one that is not.
func TestOnesOwnCodeOpensNoOthersCase(t *testing.T) {
	p := open(t)
	first, second := p.reader(), p.reader()
	first.write()
	one, _ := first.lodge()
	second.write()
	two, code := second.lodge()
	first.get(Case(two)).Is(401).HasNo(".words")
	first.press(two, "write", "I am not you.").Is(401)
	none := p.reader()
	if a, b := none.get(Case(one)).Is(401).Text, none.get("/complaints/2026-9999").Is(401).Text; a != b {
		t.Error("a case is told from none")
	}
	// A code that comes with a form opens its own case, and does there what the form says, nowhere else.
	to := none.post(Case(one), url.Values{"_code": {code}, "_do": {"write"}, "text": {"Hello."}}).Is(401)
	if strings.Contains(to.Text, "They read our letters") {
		t.Error("another's case is shown")
	}
	for _, e := range recorded(t, p, "case/"+one) {
		if e.Kind == "case.message-sent" {
			t.Error("somebody else wrote into it")
		}
	}
	for _, s := range []string{"%2e%2e", "x%00y", strings.Repeat("9", 3000), "2026-0001%2f"} {
		if page := none.get("/complaints/" + s); page.Status != 401 && page.Status != 404 && page.Status != 303 && page.Status != 301 {
			t.Errorf("%.20s: %d", s, page.Status)
		}
	}
}
