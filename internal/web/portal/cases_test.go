package portal

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/web/webtest"
)

// court is a body in which somebody has complained about member 0042.
func court(t testing.TB) (c *webtest.Court, id string) {
	t.Helper()
	b := founded(t)
	b.Pass(40 * 24 * time.Hour)
	c = b.Convene()
	return c, c.Lodge("0042", "7K3QF-9M2TB-0XW4E-HJ6ND-5RYCP")
}

// desk is what somebody has open.
type desk struct {
	t testing.TB
	h http.Handler
}

// asked asks for something on a page of a case, by its buttons.
func (v desk) asked(path, button string, form url.Values) *webtest.Document {
	v.t.Helper()
	page := webtest.Get(v.t, v.h, path).Is(200).Form("Continue")
	for name, values := range form {
		page[name] = values
	}
	check := webtest.Post(v.t, v.h, path, page).Is(200)
	to := webtest.Post(v.t, v.h, path, check.Form(button)).Is(303).Header.Get("Location")
	return webtest.Get(v.t, v.h, to).Is(200)
}

// TestACaseIsDefendedFromTheChargesToTheAppeal goes the whole way of a respondent, by the pages alone.
func TestACaseIsDefendedFromTheChargesToTheAppeal(t *testing.T) {
	c, id := court(t)
	v := desk{t, webtest.As(ours, open(c.Body))}
	at := casesPath + "/" + id
	webtest.Get(t, v.h, casesPath).Is(200).Has(".empty", "no case that you have been told of")
	webtest.Get(t, v.h, at).Is(404)
	c.Charge(id)
	webtest.Get(t, v.h, casesPath).Is(200).Has(".owe", "Charges were served").Has(".owe", "Answer the charges").Has(".owe-when", "days left")
	webtest.Get(t, v.h, "/portal").Is(200).Has("main", "Answer the charges")
	page := webtest.Get(t, v.h, at).Is(200).Has("h1", "Charges were served").Has(".word-text", "It sold what it had seen.").Has(".charges", "1.1").Has("td", "a letter").Has("td", "A witness").Has("a.button", "Answer the charges")
	if strings.Contains(page.Text, "They sold what they had seen.") || strings.Contains(page.Text, "Ask the buyer") {
		t.Error("the respondent reads the complaint, or the plan of the investigation")
	}
	v.asked(at+"/write", "Confirm and record", url.Values{"text": {"May we have a day more?"}}).Has(".word-text", "May we have a day more?").Has(".said", "has one more message")
	c.ManagerDoes(cases.Write{Case: id, To: "respondent", Text: act.NewPrivate("", "Ask the chair.")})
	c.ManagerDoes(cases.Write{Case: id, To: "complainant", Text: act.NewPrivate("", "Thank you for the hint.")})
	page = v.asked(at+"/answer", "Confirm and record", url.Values{"text": {"It was an accident."}}).Has(".word-text", "It was an accident.").Has(".word-text", "Ask the chair.").HasNo("a.button.primary")
	if strings.Contains(page.Text, "Thank you for the hint") {
		t.Error("the respondent reads what was written to the complainant")
	}
	panel := []string{c.Trade[0], c.Lay[0], c.Trade[1]}
	c.ChairDoes(cases.NamePanel{Case: id, Panelists: panel, Alternates: []string{c.Lay[1]}})
	webtest.Get(t, v.h, at).Is(200).Has(".bench", "Somebody").Has(".bench", "from the public").Has(".bench", "stands by").Has(".bench", "Object")
	webtest.Get(t, v.h, at+"/challenge/"+c.Trade[3]).Is(404)
	v.asked(at+"/challenge/"+c.Trade[1], "Confirm and record", url.Values{"reason": {"They compete with us."}}).Has(".bench", "You have objected")
	c.ChairDoes(cases.RuleOnChallenge{Case: id, Panelist: c.Trade[1], Result: "upheld", Reason: act.NewPrivate("", "They do.")})
	webtest.Get(t, v.h, at).Is(200).Has(".word", "The panelist does not sit").Has(".word-text", "They do.")
	panel[2] = c.Lay[1]
	on := c.Now().AddDate(0, 0, 30)
	c.ManagerDoes(cases.SetHearing{Case: id, On: on, Place: "Room 1", NoticeOn: c.Today(), Proof: "courier receipt 2"})
	webtest.Get(t, v.h, at).Is(200).Has("dd", "Room 1").Has(".latest", "The hearing")
	c.Pass(on.Sub(c.Now()))
	c.Sits(panel[0], cases.Hear{Case: id, Panelist: panel[0], Present: panel, Respondent: true, Record: act.NewPrivate("", "All were heard.")})
	for _, n := range panel {
		c.Sits(n, cases.Deliberate{Case: id, Panelist: n, Text: act.NewPrivate("", "I doubt it.")})
		c.Sits(n, cases.Vote{Case: id, Panelist: n, Vote: act.NewPrivate("", "guilty as sin")})
	}
	c.Sits(panel[0], cases.Decide{Case: id, Panelist: panel[0], Findings: []string{"1=proven", "2=not-proven"}, Sanction: "suspension", Term: "60d", Reasons: act.NewPrivate("", "The letter shows it.")})
	page = webtest.Get(t, v.h, at).Is(200).Has("h1", "the decision is on its way").Has(".word-text", "All were heard.")
	for _, secret := range []string{"The letter shows it", "I doubt it", "guilty", "uspension", "not proven"} {
		if strings.Contains(page.Text, secret) {
			t.Errorf("before it is served, the page says %q", secret)
		}
	}
	for _, n := range panel {
		c.Sits(n, cases.Sign{Case: id, Panelist: n})
	}
	c.ManagerDoes(cases.ServeDecision{Case: id, On: c.Today(), Proof: "courier receipt 3"})
	page = webtest.Get(t, v.h, at).Is(200).Has("h1", "It is decided").Has(".word-text", "The letter shows it.").Has("dd", "Suspension for 60 days").Has(".charges", "not proven").Has("a.button", "Appeal")
	if strings.Contains(page.Text, "guilty") || strings.Contains(page.Text, "I doubt it") {
		t.Error("the page tells what the panel said among itself")
	}
	v.asked(at+"/appeal", "Confirm and record", url.Values{"grounds": {"proportionality", "new-evidence"}, "reasons": {"It is too much."}}).Has("h1", "The decision is appealed").Has(".word-text", "It is too much.")
}

// Another's case, and one that it was not told of, are no more there than none.
func TestAnothersCaseIsNotThere(t *testing.T) {
	c, id := court(t)
	c.Charge(id)
	untold := c.Lodge("0042", "another")
	h := webtest.As(theirs, open(c.Body))
	mine := webtest.As(ours, open(c.Body))
	for _, page := range []string{"", "/answer", "/barred", "/offer", "/write", "/appeal", "/challenge/0001"} {
		none := webtest.Get(t, h, casesPath+"/2026-9999"+page).Is(404).Text
		if webtest.Get(t, h, casesPath+"/"+id+page).Is(404).Text != none {
			t.Errorf("%s: another's case is told from none", page)
		}
		if webtest.Get(t, mine, casesPath+"/"+untold+page).Is(404).Text != webtest.Get(t, mine, casesPath+"/2026-9999"+page).Is(404).Text {
			t.Errorf("%s: a case that one was not told of is told from none", page)
		}
		webtest.Post(t, h, casesPath+"/"+id+page, url.Values{"text": {"x"}}).Is(map[bool]int{true: 405, false: 404}[page == ""])
	}
	webtest.Get(t, webtest.As(practitioner, open(c.Body)), casesPath+"/"+id).Is(403)
	webtest.Get(t, webtest.As(compliance, open(c.Body)), casesPath+"/"+id).Is(200)
	webtest.Get(t, webtest.As(compliance, open(c.Body)), casesPath+"/"+id+"/appeal").Is(403)
}

func TestAnOfferIsAnsweredAndALawForbidsAnswering(t *testing.T) {
	c, id := court(t)
	v := desk{t, webtest.As(ours, open(c.Body))}
	at := casesPath + "/" + id
	c.ChairDoes(cases.Assign{Case: id, Person: c.Manager})
	c.ManagerDoes(cases.Offer{Case: id, Sanction: cases.Warning, Provisions: []string{"1.1"}, Reason: act.NewPrivate("", "It was small.")})
	webtest.Get(t, v.h, at).Is(200).Has("h1", "You are offered a warning").Has(".word-text", "It was small.").Has("a.button", "Accept or decline").Has(".charges", "What we meet, we keep")
	stale := ours
	stale.Stale = true
	webtest.Get(t, webtest.As(stale, open(c.Body)), at+"/offer").Is(303)
	v.asked(at+"/offer", "Confirm and record", url.Values{"answer": {"decline"}}).Has("h1", "It is investigated")
	second := c.Lodge("0042", "another")
	c.Charge(second)
	at = casesPath + "/" + second
	v.asked(at+"/barred", "Confirm and record", url.Values{"law": {"A court order"}}).Has(".meaning", "The case is paused").Has("dd", "the law forbids you to answer").Has(".latest", "stands still")
}

func TestCasesLookRight(t *testing.T) {
	c, id := court(t)
	c.Charge(id)
	c.ManagerDoes(cases.Write{Case: id, To: "respondent", Text: act.NewPrivate("", "Take your time.\n\nBut not too much of it.")})
	c.MemberDoes(cases.Answer{Case: id, Member: "0042", Text: act.NewPrivate("", "It was an accident.")})
	c.ChairDoes(cases.NamePanel{Case: id, Panelists: []string{c.Trade[0], c.Lay[0], c.Trade[1]}, Alternates: []string{c.Lay[1]}})
	offered := c.Lodge("0042", "another")
	c.ChairDoes(cases.Assign{Case: offered, Person: c.Manager})
	c.ManagerDoes(cases.Offer{Case: offered, Sanction: cases.Warning, Provisions: []string{"1.1"}, Reason: act.NewPrivate("", "It was small.")})
	server := httptest.NewServer(webtest.As(ours, open(c.Body)))
	defer server.Close()
	browser, folder := webtest.Open(t), os.Getenv("SHINGLE_SCREENSHOTS")
	for what, path := range map[string]string{"cases": casesPath, "case": casesPath + "/" + id, "offer": casesPath + "/" + offered, "answer-offer": casesPath + "/" + offered + "/offer", "overview": "/portal"} {
		for _, screen := range []webtest.Screen{webtest.DeskDark, webtest.Phone, webtest.Desk} {
			browser.Visit(server.URL+path, screen)
			browser.FitsWidth(what + " " + screen.String())
			browser.Accessible(what + " " + screen.String())
			if folder != "" {
				if err := os.WriteFile(filepath.Join(folder, "portal-"+what+"-"+screen.String()+".png"), browser.Picture(true), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
