package site_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/discipline"
	"shingle/internal/web/webtest"
)

// TestTheNoticeOfACaseLeadsToItsCertificate publishes a decision, and checks its certificate as a reader would.
func TestTheNoticeOfACaseLeadsToItsCertificate(t *testing.T) {
	b := opened(t, 50)
	c := b.Convene()
	id := c.Lodge("0042", "receipt")
	c.Charge(id)
	c.Decide(c.Hear(id, "0042"), cases.Decide{Case: id, Findings: []string{"1=proven", "2=not-proven"}, Sanction: discipline.Reprimand})
	c.Pass(45 * 24 * time.Hour) // nobody appeals
	done := c.ChairDoes(cases.Publish{Case: id, Findings: []string{"1=It sold data."}, Text: "It is reprimanded."})
	var notice, certificate string
	for _, e := range done.Events {
		if n, ok := e.Event.(discipline.NoticePublished); ok {
			notice, certificate = n.ID, n.Certificate
		}
	}
	h := pages(t, b)
	webtest.Get(t, h, "/notices/"+notice).Is(200).Has("main a", "the certificate of procedure")
	page := webtest.Get(t, h, "/notices/"+notice+"/certificate").Is(200).
		Has("h1", "Certificate of procedure").Has("p.hash", certificate).Has("aside", "The public log names this certificate").
		Has("ol.steps", "everybody who heard it voted").Has("ol.steps", "the text of CASE-53").
		HasNo("p.grave")
	for _, secret := range []string{c.Manager + " ", "person/", "They sold what they had seen"} {
		if strings.Contains(page.Text, secret) {
			t.Errorf("the certificate tells %q", secret)
		}
	}
	file := webtest.Get(t, h, "/notices/"+notice+"/certificate.json").Is(200)
	sum := sha256.Sum256([]byte(file.Text))
	if hex.EncodeToString(sum[:]) != certificate {
		t.Errorf("the file hashes to %x, and the notice names %s", sum, certificate)
	}
	var read cases.Certificate
	if err := json.Unmarshal([]byte(file.Text), &read); err != nil || read.Hash() != certificate || len(read.Steps) < 10 {
		t.Errorf("%+v, %v", read, err)
	}
	// A decision from paper has none, nor has a notice that there is not; what expired has taken its certificate along.
	webtest.Get(t, h, "/notices/2026-0001").Is(200).HasNo("a[href$='/certificate']")
	webtest.Get(t, h, "/notices/2026-0001/certificate").Is(404)
	webtest.Get(t, h, "/notices/2026-0001/certificate.json").Is(404)
	webtest.Get(t, h, "/notices/2026-0999/certificate").Is(404)
	c.Pass(4 * 366 * 24 * time.Hour)
	webtest.Get(t, h, "/notices/"+notice+"/certificate").Is(410)
	webtest.Get(t, h, "/notices/"+notice+"/certificate.json").Is(410)
}

func TestTheBodyGivesAccount(t *testing.T) {
	b := opened(t, 50)
	h := pages(t, b)
	webtest.Get(t, h, "/accountability").Is(200).Has("ul.accounts", "0–4 complaints").Has("ul.accounts", "0 of our own terms missed")
	c := b.Convene()
	var ids []string
	for i := range 14 {
		ids = append(ids, c.Lodge([]string{"0042", "0043"}[i%2], "receipt"))
	}
	for _, id := range ids[:6] {
		c.ChairDoes(cases.Assign{Case: id, Person: c.Manager})
		c.ManagerDoes(cases.Settle{Case: id, Terms: act.NewPrivate("", "it pays"), Complainant: true, Respondent: true})
	}
	c.Pass(40 * 24 * time.Hour)
	c.Charge(ids[6])
	webtest.Get(t, h, "/accountability").Is(200).
		Has("ul.accounts", "14 complaints").Has("ul.accounts", "8 of our own terms missed").
		Has("figure.chart svg text", "being screened").Has("main tr", "to screen itprocedure.screening814").
		Has("main tr", "to acknowledge a complaintprocedure.acknowledge014").
		Has("main tr", "being screened7").Has("main tr", "settled6").
		// One case is charged: that it is one follows neither from the table nor from the sum.
		Has("main tr", "charged, or being heard0–4").Has("main tr", "overwithheld").
		HasNo("main [style]")
}

func TestTheWarningListSaysTheFactAlone(t *testing.T) {
	b := opened(t, 20)
	h := pages(t, b)
	webtest.Get(t, h, "/warnings").Is(200).Has("div.empty", "Nobody is on this list today.")
	c := b.Convene()
	done := c.DoIn("anyone", "anyone", cases.Report{
		Company: "Phantom <b>Networks", Address: "https://phantom.example/about", Captured: c.Today().AddDays(-3), Contact: act.NewPrivate("", "call me"),
	})
	id := strings.TrimPrefix(done.Stream, "claim/")
	c.ManagerDoes(cases.WriteLetter{Claim: id, On: c.Today(), Proof: "courier"})
	c.ManagerDoes(cases.NoteAnswer{Claim: id, Text: act.NewPrivate("", "we are members")})
	c.ManagerDoes(cases.ProposeListing{Claim: id})
	webtest.Get(t, h, "/warnings").HasNo("ul.warnings")
	c.ChairDoes(cases.List{Claim: id})
	d := webtest.Get(t, h, "/warnings").Is(200).Has("ul.warnings h2", "Phantom <b>Networks").Has("ul.warnings p", "this site displayed our mark; the company was not a member.")
	if strings.Contains(d.Text, "href=\"https://phantom.example") {
		t.Error("the list leads its readers there")
	}
	c.ManagerDoes(cases.Cure{Claim: id, How: act.NewPrivate("", "looked again")})
	webtest.Get(t, h, "/warnings").Has("ul.warnings", "off this list by")
	c.Pass(7 * 24 * time.Hour)
	webtest.Get(t, h, "/warnings").HasNo("ul.warnings")
}
