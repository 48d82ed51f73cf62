package site

import (
	"net/http"

	"shingle/internal/body/cases"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

type accountabilityPage struct {
	ui.Chrome
	Account  view.Account
	Stages   chart
	Outcomes chart
	Took     []tookRow
	Terms    []termRow
}

// chart is a picture of numbers, beside the table of the same.
type chart struct {
	Label  string
	Height int
	Bars   []bar
}

// bar is one number of a chart, in the picture's own units.
type bar struct {
	Words string
	Cell  view.Cell
	Y     int // of its upper edge
	Width int
	After int // where the number stands
}

// The measures of a chart: how high a line is, where bars begin, and how long the longest is.
const (
	lineHeight = 30
	barsBegin  = 190
	barsLong   = 330
)

// chartOf draws cells. One that is withheld is drawn as long as the smallest number that is told.
func chartOf(label string, cells []view.Cell, words map[string]string) chart {
	most := int64(10)
	for _, c := range cells {
		most = max(most, c.N)
	}
	c := chart{Label: label, Height: lineHeight * len(cells)}
	for i, cell := range cells {
		n := cell.N
		if cell.Hidden {
			n = 4
		}
		width := int(n * barsLong / most)
		c.Bars = append(c.Bars, bar{words[cell.Name], cell, i * lineHeight, width, barsBegin + width + 8})
	}
	return c
}

type tookRow struct {
	Words string
	view.Took
}

type termRow struct {
	Words string
	Cites string // the parameter of the code that sets it
	view.TermsMissed
}

var stageWords = map[string]string{
	"screening": "being screened", "dismissed": "dismissed, open to review", "investigation": "under investigation", "charges": "charged, or being heard",
	"appeal": "decided, or on appeal", "final": "final, to be published", "closed": "over",
}

var outcomeWords = map[string]string{
	cases.OutcomeDismissed: "dismissed", cases.OutcomeAccepted: "advice or warning", cases.OutcomeSettled: "settled", cases.OutcomeConsent: "order by consent",
	cases.OutcomeProven: "proven", cases.OutcomeNotProven: "not proven", cases.OutcomeSetAside: "set aside on appeal", cases.OutcomeJoined: "joined with another",
}

var termWords = map[string]string{
	cases.TermAcknowledge: "to acknowledge a complaint", cases.TermScreening: "to screen it", cases.TermFeedback: "to tell who complained what was done",
	cases.TermDecision: "to serve a decision after the hearing", view.TookWhole: "from the complaint to its outcome",
}

// accountability shows how the body deals with complaints: its own figures, also where they are against it.
func (s *Site) accountability(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	a, err := s.Accounts.At(r.Context(), c.Now)
	if err != nil {
		return err
	}
	c.Title = "How we deal with complaints"
	p := accountabilityPage{
		Chrome: c, Account: a,
		Stages:   chartOf("Complaints by how far they have come", a.Stages, stageWords),
		Outcomes: chartOf("Complaints by outcome", a.Outcomes, outcomeWords),
	}
	for _, t := range a.Took {
		p.Took = append(p.Took, tookRow{termWords[t.Name], t})
	}
	for _, t := range a.Terms {
		p.Terms = append(p.Terms, termRow{termWords[t.Term], "procedure." + t.Term, t})
	}
	s.pages.Show(w, r, http.StatusOK, "accountability", p)
	return nil
}

type warningsPage struct {
	ui.Chrome
	Warnings []view.FalseClaim
}

// warnings lists the companies that displayed the body's mark and were no members.
func (s *Site) warnings(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	c.Title = "False claims of membership"
	all, err := s.Register.WarningList(r.Context(), c.Now)
	if err != nil {
		return err
	}
	s.pages.Show(w, r, http.StatusOK, "warnings", warningsPage{c, all})
	return nil
}
