package office

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"shingle/internal/body/cases"
	"shingle/internal/record"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

// claimActs are what may be asked for about the matter of a false claim, in the order in which they come.
var claimActs = []struct{ kind, say string }{
	{"claim.letter", "Record that the letter was served"}, {"claim.answer", "Note what the company answered"}, {"claim.propose", "Propose to list it"},
	{"claim.list", "List it, as a second officer"}, {"claim.cure", "Record that the mark is gone"}, {"claim.unlist", "Take it off the list"}, {"claim.drop", "Drop it"},
}

// claimStages say how far the matter of a false claim is.
var claimStages = map[cases.ClaimStage]struct{ label, tone string }{
	cases.Reported: {"Reported", "plain"}, cases.Lettered: {"Letter served", "plain"}, cases.Proposed: {"To be listed by a second officer", "caution"},
	cases.Listed: {"On the list", "grave"}, cases.Cured: {"Cured, comes off the list", "caution"}, cases.Dropped: {"Dropped", "plain"}, cases.Unlisted: {"Off the list", "plain"},
}

func claimLink(id string) string { return "/office/claims/" + url.PathEscape(id) }

func claimActLink(id, kind string) string { return claimLink(id) + "/acts/" + kind }

// claimState returns the matter of a false claim; a number that is none's has no stage.
func (o *Office) claimState(ctx context.Context, id string) (cases.Claim, error) {
	if !caseNumber.MatchString(id) {
		return cases.Claim{}, nil
	}
	state, _, err := o.Desk.Counter.Record.State(ctx, "claim/"+id)
	if err != nil {
		return cases.Claim{}, err
	}
	return state.(cases.Claim), nil
}

// claimPage is the matter of one false claim.
type claimPage struct {
	ui.Chrome
	Said     []string
	Claim    cases.Claim
	Title    string
	Tone     string
	Waits    string
	Due      *dueDay
	First    *link
	Links    []link
	Not      []unready
	Steps    []entryRow
	Proposer named
	List     string // the sentence that the list has, or would have
}

// Timeline is what happened, the newest first.
func (p claimPage) Timeline() happenings { return happenings{p.Steps, p.Zone, false} }

func (o *Office) claim(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	ctx := r.Context()
	k, err := o.claimState(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	if k.Stage == "" {
		return o.Desk.NotFound(w, r, c)
	}
	c.Title = "Claim " + k.ID
	p := claimPage{Chrome: c, Claim: k, Title: claimStages[k.Stage].label, Tone: claimStages[k.Stage].tone}
	if p.Said, _, _, err = o.Desk.Said(r, who); err != nil {
		return err
	}
	if p.Proposer, err = o.nameOf(ctx, k.Proposer); err != nil {
		return err
	}
	p.List = "On " + k.Captured.Start(c.Zone).Format("2 January 2006") + " this site displayed our mark; the company was not a member."
	awaited, waits := k.Awaits()
	if waits {
		p.Waits, p.Due = "It "+awaited.What+".", dueDayOf(awaited.Due, c.Now, c.Zone)
	}
	t := o.trying(ctx, who, cases.Case{ID: k.ID}, c)
	for _, a := range claimActs {
		if !o.asksOf(who, a.kind, "claim/"+k.ID) {
			continue
		}
		v, err := t.try(a.kind)
		switch one := (link{claimActLink(k.ID, a.kind), a.say}); {
		case err != nil:
			return err
		case v.can && a.kind == awaited.Act:
			p.First = &one
		case v.can:
			p.Links = append(p.Links, one)
		case v.why != nil:
			p.Not = append(p.Not, unready{a.say, v.why.Rule, sentenceOf(v.why.Detail)})
		}
	}
	found, err := o.Desk.Counter.Record.Search(ctx, record.Wanted{Subject: "claim/" + k.ID}, timeline)
	if err != nil {
		return err
	}
	for _, e := range found.Events {
		row := rowOf(e)
		row.Said = stepOf(e)
		if !reads(who) {
			if row.Actor, _, err = o.writer(ctx, e); err != nil {
				return err
			}
			if e.Role == "anyone" {
				row.Actor = "whoever reported it"
			}
			row.Role = ""
		}
		p.Steps = append(p.Steps, row)
	}
	o.Desk.Show(w, r, http.StatusOK, "claim", p)
	return nil
}

// claimAct asks for an act about a false claim.
func (o *Office) claimAct(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	k, err := o.claimState(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if k.Stage == "" {
		return o.Desk.NotFound(w, r, c)
	}
	back := claimLink(k.ID)
	a := ui.Asking{Kind: r.PathValue("kind"), Known: map[string]string{"claim": k.ID}, Then: back, Back: back, Lead: "Claim " + k.ID + ", about " + ui.Isolated(k.Company) + "."}
	for _, known := range claimActs {
		if known.kind == a.Kind {
			a.Title = known.say
		}
	}
	return o.ask(w, r, who, c, a)
}

// claimsPage lists the matters of false claims: what waits first, then what is listed, then what is over.
type claimsPage struct {
	ui.Chrome
	Said   []string
	Groups []claimsGroup
}

type claimsGroup struct {
	ID, Title string
	Rows      []claimRow
}

type claimRow struct {
	view.FalseClaim
	Href, Title, Tone string
	Clock             *dueDay
}

func (o *Office) claims(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	c.Title = "False claims"
	p := claimsPage{Chrome: c}
	var err error
	if p.Said, _, _, err = o.Desk.Said(r, who); err != nil {
		return err
	}
	all, err := o.Register.Claims(r.Context(), "")
	if err != nil {
		return err
	}
	groups := []claimsGroup{{ID: "waiting", Title: "In hand"}, {ID: "listed", Title: "On the list"}, {ID: "over", Title: "Over"}}
	for _, one := range all {
		row := claimRow{FalseClaim: one, Href: claimLink(one.ID), Title: claimStages[one.Stage].label, Tone: claimStages[one.Stage].tone}
		i := 0
		switch one.Stage {
		case cases.Lettered:
			row.Clock = dueDayOf(one.AnswerBy, c.Now, c.Zone)
		case cases.Cured:
			row.Clock = dueDayOf(one.Removal, c.Now, c.Zone)
			i = 1
		case cases.Listed:
			i = 1
		case cases.Dropped, cases.Unlisted:
			i = 2
		}
		groups[i].Rows = append(groups[i].Rows, row)
	}
	p.Groups = slices.DeleteFunc(groups, func(g claimsGroup) bool { return len(g.Rows) == 0 })
	o.Desk.Show(w, r, http.StatusOK, "claims", p)
	return nil
}
