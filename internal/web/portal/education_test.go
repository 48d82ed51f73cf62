package portal

import (
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/education"
	"shingle/internal/body/governance"
	"shingle/internal/web/webtest"
)

// set adopts a text that sets the number: two courses a year, from a day on.
func set(b *webtest.Body, t *testing.T, label, effective, scheme string) {
	t.Helper()
	text, err := os.ReadFile("../../../examples/msp/code.md")
	if err != nil {
		t.Fatal(err)
	}
	later := strings.NewReplacer("2026-03-01", effective, "2026.1", label, "education: not-set", "education: "+scheme)
	b.Do(governance.Adopt{Text: later.Replace(string(text))})
}

// What is completed while nothing is set is kept; once a number is set the ledger says what counts and why, and what is
// missing by when.
func TestAPractitionerReadsTheirLedger(t *testing.T) {
	b := founded(t)
	h := webtest.As(practitioner, open(b))
	webtest.Get(t, h, "/portal/education").Is(200).Has("p.correction", "How much is owed is not set yet.").Has("div.empty", "Nothing is on the ledger yet.").HasNo("svg")
	b.Do(education.Offer{Title: "Keys & <locks>", Minutes: 60})
	b.Do(education.Record{Person: "0003", Course: "C-0001", On: act.On(2026, 3, 2)})
	webtest.Get(t, h, "/portal/education").Is(200).Has("tr[id=credit-1]", "0 of 1: kept; how much is owed was not set").Has("tr[id=credit-1] th", "Keys & <locks>")

	set(b, t, "2026.2", "2026-03-03", "{credits: 3, period: 1y, newcomers: full, late: {grace: 60d}}")
	b.Pass(48 * time.Hour)
	b.Do(education.Record{Person: "0003", Course: "C-0001", On: act.On(2026, 3, 4)})
	page := webtest.Get(t, h, "/portal/education").Is(200)
	page.Has("tr[id=credit-2]", "1 of 1: towards the credits as a whole").Has("figure.cycle svg circle", "").Has("table.needs", "2 of 3").Has("table.needs", "by 31 December 2026")
	page.Has("section.verdict h2", "1 January 2026 to 31 December 2026").Has("section.verdict p.meaning", "Open, at least")
	b.Do(education.Reverse{Person: "0003", Credit: 2, Reason: "not-attended"})
	webtest.Get(t, h, "/portal/education").Is(200).Has("tr[id=credit-2] del", "reversed: not attended")
}

// Who looks after the company's people sees how each of them stands, and none of what they claim; who does not, sees
// their own ledger alone.
func TestTheCompanysPeopleAtAGlance(t *testing.T) {
	b := founded(t)
	set(b, t, "2026.2", "2026-03-03", "{credits: 2, period: 1y, newcomers: full, who: {share: 50%}}")
	b.Pass(48 * time.Hour)
	b.Do(education.ClaimCredit{Person: "0003", Title: act.NewPersonal("", "A talk on my illness"), On: act.On(2026, 3, 2), Minutes: 60})
	page := webtest.Get(t, webtest.As(ours, open(b)), "/portal/education").Is(200)
	page.Has("section[aria-labelledby=team] tbody th", "Cy Dorn").Has("section[aria-labelledby=team] tbody", "2 for All credits, by 31 December 2026").Has("p.lead", "50 of 100")
	if strings.Contains(page.Text, "A talk on my illness") {
		t.Error("a representative reads what somebody claimed")
	}
	own := webtest.Get(t, webtest.As(practitioner, open(b)), "/portal/education").Is(200)
	own.HasNo("section[aria-labelledby=team]").Has("section[aria-labelledby=claims]", "A talk on my illness of 2 March 2026 waits for an answer")
	webtest.Get(t, webtest.As(theirs, open(b)), "/portal/education").Is(200).Has("div.empty", "The code binds nobody here.")
}

// A claim is put for oneself, whoever the form names; what was returned is put again.
func TestAPractitionerClaimsCredit(t *testing.T) {
	b := founded(t)
	h := webtest.As(practitioner, open(b))
	webtest.Get(t, h, "/portal/education/claim?person=0001").Is(200).HasNo("input[name=person]").HasNo("input[name=claim]")
	form := url.Values{"title": {"A talk"}, "organiser": {"A club"}, "on": {"2026-03-02"}, "minutes": {"90"}, "person": {"0001"}}
	check := webtest.Post(t, h, "/portal/education/claim", form).Is(200).Has("section.would li", "Learner 0003 asks for credit.")
	webtest.Post(t, h, "/portal/education/claim", check.Form("Confirm and record")).Is(303)
	webtest.Get(t, h, "/portal/education").Is(200).Has("section[aria-labelledby=claims]", "A talk of 2 March 2026 waits for an answer").HasNo("a[href=/portal/education/claim/1]")
	webtest.Get(t, h, "/portal/education/claim/1").Is(404)
	b.Do(education.Decide{Person: "0003", Claim: 1, Answer: "return", Reason: act.NewPrivate("", "who gave it?")})
	webtest.Get(t, h, "/portal/education").Has("a[href=/portal/education/claim/1]", "Put it again")
	check = webtest.Post(t, h, "/portal/education/claim/1", form).Is(200)
	webtest.Post(t, h, "/portal/education/claim/1", check.Form("Confirm and record")).Is(303)
	b.Do(education.Decide{Person: "0003", Claim: 1, Answer: "accept"})
	webtest.Get(t, h, "/portal/education").Is(200).Has("tr[id=credit-1] th", "A talk").HasNo("section[aria-labelledby=claims]")
	webtest.Get(t, h, "/portal/education/claim/9").Is(404)
	webtest.Get(t, h, "/portal/education/claim/x").Is(404)
}
