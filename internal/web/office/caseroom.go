package office

import (
	"context"
	"net/http"
	"slices"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/governance"
	"shingle/internal/gate"
	"shingle/internal/record"
	"shingle/internal/web/ui"
)

// roomPage is where those who sit find what they need: the papers, what they say among themselves, and what they are
// to do. Nobody else sees it.
type roomPage struct {
	ui.Chrome
	Said      []string
	Case      cases.Case
	Name      string
	Title     string
	Tone      string
	Me        string // number
	Seats     []seatRow
	Charges   []provided
	Hearing   *ui.Moment
	Waits     string
	Acts      []link // the first is the one that they are awaited for
	Not       []unready
	Deciding  bool // they decide what is before the panel now
	Votes     int  // how many have voted, of those who decide: never how
	Voters    int
	Voted     bool // they have
	HasSigned bool
	Signs     int
	Review    bool // they look at a dismissal
	Evidence  []cases.Evidence
	Purposes  []string
	Notes     int64 // how many notes the panel has
}

// roomHere returns the case in whose room somebody may be: they sit in it, or could look at its dismissal.
func (o *Office) roomHere(r *http.Request, who ui.Who, c ui.Chrome) (k cases.Case, ok bool, err error) {
	k, err = o.caseState(r.Context(), r.PathValue("id"))
	if err != nil || k.Stage == "" {
		return k, false, err
	}
	ok, err = o.inRoom(r.Context(), who, c, k)
	return k, ok, err
}

// inRoom reports whether somebody sits in a case, or could look at its dismissal.
func (o *Office) inRoom(ctx context.Context, who ui.Who, c ui.Chrome, k cases.Case) (bool, error) {
	switch {
	case who.Role != gate.Panelist:
		return false, nil
	case sitsIn(who, k):
		return true, nil
	case k.Stage != cases.UnderReview:
		return false, nil
	}
	return o.may(ctx, who, k, c, "case.review-dismissal")
}

// room shows the room; sent with what for, the papers and the notes of the panel.
func (o *Office) room(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	k, ok, err := o.roomHere(r, who, c)
	switch {
	case err != nil:
		return err
	case !ok:
		return o.Desk.NotFound(w, r, c)
	}
	number, _ := who.Person()
	deciding := slices.Contains(k.Deciding(), number)
	papers, err := o.roomPapers(r, c, k, deciding)
	if err != nil {
		return err
	}
	if r.Method == http.MethodPost {
		c.Title = "The papers of case " + k.ID
		p := filePage{Chrome: c, Case: k, Purposes: roomPurposes(k), Room: true, Back: caseLink(k.ID) + "/room"}
		return o.showPapers(w, r, who, p, papers, "case/"+k.ID)
	}
	c.Title = "The room of case " + k.ID
	p := roomPage{
		Chrome: c, Case: k, Me: number, Title: stageTitle(k), Tone: caseStages[k.Stage].tone, Deciding: deciding, Review: k.Stage == cases.UnderReview, Evidence: k.Evidence, Purposes: roomPurposes(k),
		Voters: len(k.Deciding()), Voted: slices.Contains(k.Panel.Voted, number), HasSigned: slices.Contains(k.Panel.Signed, number), Signs: len(k.Panel.Signed),
	}
	for _, n := range k.Deciding() {
		if slices.Contains(k.Panel.Voted, n) {
			p.Votes++
		}
	}
	for _, one := range papers {
		if one.Title == titlesOf["case.deliberation-noted"] {
			p.Notes++
		}
	}
	if p.Said, _, _, err = o.Desk.Said(r, who); err != nil {
		return err
	}
	known, err := o.Register.Particulars(r.Context(), []string{k.Member})
	if err != nil {
		return err
	}
	p.Name = known[k.Member].Name
	if p.Seats, err = o.seats(r.Context(), k); err != nil {
		return err
	}
	if !k.Hearing.On.IsZero() {
		m := ui.MomentOf(k.Hearing.On, c.Zone)
		p.Hearing = &m
	}
	t := o.trying(r.Context(), who, k, c)
	p.Charges = providedBy(act.StateOf[governance.Code](t.look, "code"), k.Version, k.Charges.Provisions)
	if awaited, waits := k.Awaits(); waits {
		p.Waits = "It " + awaited.What + "."
	}
	for _, a := range roomActs {
		if !o.asksOf(who, a.kind, "case/"+k.ID, who.Actor) {
			continue
		}
		v, err := t.try(a.kind)
		switch {
		case err != nil:
			return err
		case v.can:
			p.Acts = append(p.Acts, link{roomActLink(k.ID, a.kind), a.say})
		case v.why != nil && deciding:
			p.Not = append(p.Not, unready{a.say, v.why.Rule, sentenceOf(v.why.Detail)})
		}
	}
	o.Desk.Show(w, r, http.StatusOK, "room", p)
	return nil
}

// roomPurposes are what somebody who sits reads the papers for.
func roomPurposes(k cases.Case) []string {
	switch k.Stage {
	case cases.UnderReview:
		return []string{"To review the dismissal"}
	case cases.Heard, cases.Decided:
		return []string{"To deliberate", "To sign the decision"}
	case cases.Appealed, cases.AppealDecided:
		return []string{"To decide the appeal", "To deliberate", "To sign the decision"}
	}
	return []string{"To prepare the hearing", "To see whether I may sit"}
}

// roomPapers are the papers that somebody who sits may read; with the notes of the panel as it sits now for those who
// decide.
func (o *Office) roomPapers(r *http.Request, c ui.Chrome, k cases.Case, deciding bool) ([]paper, error) {
	kinds := panelReads
	if k.Stage == cases.UnderReview {
		kinds = reviewerReads
	}
	papers, err := o.papers(r.Context(), c, k.ID, []string{"case/" + k.ID}, kinds, 0)
	if err != nil || !deciding {
		return papers, err
	}
	found, err := o.Desk.Counter.Record.Search(r.Context(), record.Wanted{Subject: "case/" + k.ID, Kind: "case.panel-named"}, 1)
	if err != nil || len(found.Events) == 0 {
		return papers, err
	}
	notes, err := o.papers(r.Context(), c, k.ID, []string{"panel/" + k.ID}, []string{"case.deliberation-noted"}, found.Events[0].Position)
	return append(papers, notes...), err
}

// Heard reports whether the hearing has been.
func (p roomPage) Heard() bool { return !p.Case.Hearing.On.After(p.Now) }
