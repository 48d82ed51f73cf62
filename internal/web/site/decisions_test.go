package site_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/discipline"
	"shingle/internal/body/membership"
	"shingle/internal/web/webtest"
)

// decide records a decision on paper and confirms it. It returns the order's number.
func decide(b *webtest.Body, r discipline.Record) string {
	r.ServiceProof, r.Text = "by courier", "The panel was unanimous."
	r.Decided, r.Served, r.AppealClosed = act.On(2026, 3, 20), act.On(2026, 3, 23), act.On(2026, 5, 1)
	order := strings.TrimPrefix(b.DoAs("officer-1", r).Stream, "order/")
	b.DoAs("officer-2", discipline.Confirm{Order: order})
	return order
}

func TestThePageShowsTheDecisionBehindTheStanding(t *testing.T) {
	b := opened(t, 20)
	h := pages(t, b)
	b.Pass(24 * time.Hour)
	// A lighter decision is confirmed after the expulsion: it has a notice of its own, and changes nothing.
	decide(b, discipline.Record{Member: "0013", Sanction: discipline.Reprimand, Findings: []string{"1=Letters were left unanswered."}})
	for _, page := range []string{"/register/0013", "/notices/2026-0001"} {
		webtest.Get(t, h, page).Is(200).Has("dt", "Finding on 1").Has("dd", "Customers’ records were sold to a marketing company.").
			Has("dt", "Finding on 1.2").Has("dd", "They had been copied for it.")
	}
	webtest.Get(t, h, "/register/0013").Is(200).
		Has("section.verdict dd", "Customers’ records were sold to a marketing company.").
		Has("ul.notices a", "Reprimand: Blue Fog Managed IT")
	if links := webtest.Get(t, h, "/register/0013").Attributes("section.verdict a", "href"); !slices.Equal(links, []string{"/notices/2026-0001"}) {
		t.Errorf("the decision is %v", links)
	}
	// A court stays the expulsion: the standing follows from no decision any more.
	b.Do(discipline.Stay{Order: "2026-0001", Court: "the High Court", Reference: "12/26"})
	webtest.Get(t, h, "/register/0013").Is(200).Has("h1", "is a member in good standing.").HasNo("section.verdict dl")
}

func TestADecisionToComeIsToldAsToCome(t *testing.T) {
	b := opened(t, 20)
	decide(b, discipline.Record{Member: "0014", Sanction: discipline.Expulsion, Findings: []string{"1=Records were sold."}, From: act.On(2026, 12, 1)})
	h := pages(t, b)
	webtest.Get(t, h, "/register/0014").Is(200).Has("h1", "is a member in good standing.").HasNo("section.verdict dl")
	webtest.Get(t, h, "/notices/2026-0002").Is(200).Has("article", "is expelled with effect from 1 December 2026. Until then it remains a member.")
	b.Pass(200 * 24 * time.Hour)
	webtest.Get(t, h, "/register/0014").Is(200).Has("h1", "has been expelled from membership.").Has("section.verdict dd", "Records were sold.")
}

func TestFailedChargesAreCorrected(t *testing.T) {
	b := opened(t, 20)
	charge := strings.TrimPrefix(b.Do(discipline.Charge{Member: "0014", Provisions: []string{"1"}, Served: act.On(2026, 6, 1), ServiceProof: "by courier"}).Stream, "charge/")
	b.Do(membership.Withdraw{Member: "0014"})
	h := pages(t, b)
	webtest.Get(t, h, "/register/0014").Is(200).Has("h1", "has withdrawn from membership and is under investigation.")
	b.Pass(24 * time.Hour)
	b.Do(discipline.CloseCharge{Charge: charge, Outcome: "dismissed"})
	webtest.Get(t, h, "/register/0014").Is(200).Has("h1", "has withdrawn from membership.").Has("ul.notices a", "Charges dismissed:")
	d := webtest.Get(t, h, "/notices/2026-0002").Is(200).Has("article", "No finding was made on them.").Has("dd", "for ever").HasNo("div.correction")
	leaf := d.Attributes("aside p.fine a", "href")
	if len(leaf) != 1 {
		t.Fatalf("its leaf: %v", leaf)
	}
	webtest.Get(t, h, leaf[0]).Is(200).Has("p.lead", "Notice 2026-0002 was published")
}
