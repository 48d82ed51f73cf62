package office

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
)

// charged brings a complaint about 0042 to the day on which charges are served.
func (b *bench) charged() (id string) {
	id = b.complained()
	manages := func(cmd any) { b.asks(b.manager.Actor, b.manager.Role, cmd) }
	b.asks(b.chair.Actor, b.chair.Role, cases.Assign{Case: id, Person: number(b.manager)})
	manages(cases.Investigate{Case: id, Plan: sealed("Ask the buyer who offered the list, and when. Ask the company for its access log.")})
	manages(cases.Note{Case: id, Kind: "step", Text: sealed("Spoke with the buyer. She stands by it with her name.")})
	manages(cases.Write{Case: id, To: "complainant", Text: sealed("Thank you. When did you see the list?")})
	b.asks("anyone", "anyone", cases.WriteIn{Case: id, Receipt: act.NewPersonal("", "a-receipt-code-that-nobody-guesses"), Text: sealed("On the first of March, in the evening.\n\nIt had our names on it.")})
	manages(cases.AdmitEvidence{Case: id, Object: "obj-1", SHA256: strings.Repeat("ab", 32), What: sealed("The list that was offered for sale"), Source: "witness", Basis: "redacted"})
	manages(cases.GiveFeedback{Case: id, Text: sealed("We look into it.")})
	manages(cases.DraftCharges{Case: id, Provisions: []string{"1.1", "2.1"}, Statement: sealed("On 1 March it offered its customers’ data for sale (exhibit 1).")})
	manages(cases.ServeCharges{Case: id, On: act.DateIn(b.Now(), denver), Proof: "courier receipt 1183"})
	return id
}

// panelled brings it on to a panel and a hearing that is set, 22 days ahead.
func (b *bench) panelled() (id string, panel []ui.Who) {
	id = b.charged()
	b.asks("person/9999", "representative", cases.Answer{Case: id, Member: "0042", Text: sealed("It was an accident: the list was meant for our auditor.")})
	panel = []ui.Who{b.trade[0], b.lay[0], b.trade[1]}
	b.asks(b.chair.Actor, b.chair.Role, cases.NamePanel{Case: id, Panelists: []string{number(panel[0]), number(panel[1]), number(panel[2])}, Alternates: []string{number(b.lay[1])}})
	b.asks(b.manager.Actor, b.manager.Role, cases.SetHearing{Case: id, On: b.Now().AddDate(0, 0, 22), Place: "Room 1", NoticeOn: act.DateIn(b.Now(), denver), Proof: "courier receipt 1184"})
	return id, panel
}

// heard brings it on to the hearing, with a note and one vote.
func (b *bench) heard() (id string, panel []ui.Who) {
	id, panel = b.panelled()
	b.Pass(23 * 24 * time.Hour)
	all := []string{number(panel[0]), number(panel[1]), number(panel[2])}
	b.asks(panel[0].Actor, panel[0].Role, cases.Hear{Case: id, Panelist: all[0], Present: all, Respondent: true, Record: sealed("The buyer was questioned. The respondent was heard last.")})
	b.asks(panel[1].Actor, panel[1].Role, cases.Deliberate{Case: id, Panelist: all[1], Text: sealed("I believe the buyer: the dates fit.")})
	b.asks(panel[1].Actor, panel[1].Role, cases.Vote{Case: id, Panelist: all[1], Vote: sealed("proven")})
	return id, panel
}

var denver = time.FixedZone("MST", -7*3600)

// byName serves the office to whoever the path of a request begins with: "/as/0007/office".
func (b *bench) byName(people ...ui.Who) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", b.h)
	for _, who := range people {
		mux.Handle("/as/"+number(who)+"/", http.StripPrefix("/as/"+number(who), webtest.As(who, b.h)))
	}
	return mux
}

func as(who ui.Who, path string) string { return "/as/" + number(who) + path }

func TestThePagesOfCasesAreAccessibleOnEveryScreen(t *testing.T) {
	b := convened(t, 60).enlisted()
	fresh, open := b.complained(), b.charged()
	id, panel := b.heard()
	b.asks("anyone", "anyone", cases.Report{Company: "Fake IT", Address: "https://fake.example/about", Captured: act.On(2026, 3, 10)})
	server := httptest.NewServer(b.byName(append(panel, b.manager, b.chair, b.lay[4])...))
	defer server.Close()
	pages := map[string]string{
		"list": as(b.manager, "/office/cases"), "dates": as(b.chair, "/office/cases/dates"), "my cases": as(panel[0], "/office/cases"), "no case": as(b.lay[4], "/office/cases"),
		"new": as(b.chair, caseLink(fresh)), "charged": as(b.chair, caseLink(open)), "heard": as(b.manager, caseLink(id)), "certificate": as(b.chair, caseLink(id)+"/certificate"),
		"ask": as(b.manager, caseLink(id)+"/file"), "room": as(panel[0], caseLink(id)+"/room"), "vote": as(panel[0], roomActLink(id, "case.vote")), "decide": as(panel[0], roomActLink(id, "case.decide")),
		"panel": as(b.chair, caseActLink(open, "case.name-panel")), "publish": as(b.chair, caseActLink(id, "case.publish")), "pool": as(b.chair, "/office/panelists"),
		"claims": as(b.manager, "/office/claims"), "claim": as(b.manager, claimLink("2026-0001")), "assign": as(b.chair, caseActLink(fresh, "case.assign")), "charges": as(b.manager, caseActLink(id, "case.draft-charges")),
	}
	browser := webtest.Open(t)
	folder := os.Getenv("OFFICE_PICTURES")
	for _, screen := range []webtest.Screen{webtest.Desk, webtest.PhoneDark} {
		look := func(what string) {
			browser.FitsWidth(what + " " + screen.String())
			browser.Accessible(what + " " + screen.String())
			if folder != "" {
				_ = os.WriteFile(filepath.Join(folder, strings.ReplaceAll(what, " ", "-")+"-"+strings.ReplaceAll(screen.String(), " ", "-")+".png"), browser.Picture(true), 0o644)
			}
		}
		for what, path := range pages {
			browser.Visit(server.URL+path, screen)
			look(what)
		}
		for what, path := range map[string]string{"file": as(b.manager, caseLink(id)+"/file"), "papers": as(panel[0], caseLink(id)+"/room")} {
			browser.Visit(server.URL+path, screen)
			browser.Do(chromedp.Focus(chromedp.CSS("form.asking button")))
			browser.Follow("\r")
			look(what)
		}
	}
}
