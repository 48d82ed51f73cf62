package cases

import (
	"slices"
	"time"

	"shingle/internal/act"
)

// What somebody did in a case, as its hands say.
const (
	didManage      = "managed"
	didScreen      = "screened"
	didInvestigate = "investigated"
	didReview      = "reviewed"
	didRule        = "ruled"
	didSit         = "sat"
)

// grounds are why a complaint is dismissed.
var grounds = []string{"no-violation", "no-evidence", "out-of-time", "outside-the-code", "withdrawn", "same-as-another"}

// Dismiss ends a complaint without charges.
type Dismiss struct {
	Case   string      `json:"case" label:"Case number"`
	Ground string      `json:"ground" label:"Ground" choices:"no-violation=No violation of the code|no-evidence=Nothing that could prove it|out-of-time=Out of time|outside-the-code=Outside the code|withdrawn=Withdrawn, and nothing else to go by|same-as-another=The same as another case"`
	Reason act.Private `json:"reason,omitzero" label:"Reasons" hint:"the complainant reads them" rows:"6"`
}

// CaseDismissed ends a complaint without charges; the complainant may have that reviewed.
type CaseDismissed struct {
	Of
	By     string      `json:"by"`
	Ground string      `json:"ground"`
	Reason act.Private `json:"reason"`
	Terms  []TermSet   `json:"terms,omitempty"` // none once it was reviewed: it is over
}

func (e CaseDismissed) happen(c *Case) {
	did := didScreen
	if c.Stage == Investigating {
		did = didInvestigate
	}
	c.hand(e.By, did)
	c.done(e.At, TermFeedback) // the complainant reads the reasons
	if len(e.Terms) == 0 {
		c.end(OutcomeDismissed, e.At)
		return
	}
	c.Stage = Dismissed
	c.doneAll(e.At)
	c.begin(e.At, e.Terms...)
}

var withdrawnGround = act.Rule{
	ID:    "CASE-22",
	Cites: "procedure.screening",
	Text:  "A complaint is dismissed as withdrawn when the complainant has withdrawn it, as out of time when it is.",
	Cure:  "Name the ground that holds.",
}

var dismissAct = act.Define(stream, "case.dismiss", "Dismisses a complaint, with reasons.",
	func(cmd Dismiss, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.dismiss)

func (c Case) dismiss(f Facts, cmd Dismiss, m act.Meta) ([]act.Event, error) {
	if err := first(c.at(cmd.Case, Lodged, Investigating), c.managed(m), oneOf(cmd.Ground, grounds...)); err != nil {
		return nil, err
	}
	switch {
	case cmd.Reason.Empty():
		return nil, reasonGiven.Refuse("no reason is given")
	case cmd.Ground == "withdrawn" && !c.Complainant.Withdrawn, cmd.Ground == "out-of-time" && !c.Late:
		return nil, withdrawnGround.Refuse("it is not %s", cmd.Ground)
	}
	e := CaseDismissed{Of: c.of(m), By: m.Actor, Ground: cmd.Ground, Reason: cmd.Reason.OwnedBy(c.owner())}
	if !c.Reviewed {
		e.Terms = []TermSet{{TermReview, f.deadline(m.At, f.procedure(m).ScreeningReview)}}
	}
	return []act.Event{e}, nil
}

// AskReview asks a lay reviewer to look at a dismissal.
type AskReview struct {
	Case    string       `json:"case" label:"Case number"`
	Receipt act.Personal `json:"receipt,omitzero" label:"Receipt code"`
	Reason  act.Private  `json:"reason,omitzero" label:"Why it should be looked at again" rows:"6"`
}

// ReviewAsked says that the complainant wants a dismissal reviewed.
type ReviewAsked struct {
	Of
	Reason act.Private `json:"reason"`
}

func (e ReviewAsked) happen(c *Case) {
	c.Stage = UnderReview
	c.done(e.At, TermReview)
}

var reviewInTime = act.Rule{
	ID:    "CASE-23",
	Cites: "procedure.screening-review",
	Text:  "A dismissal is reviewed once, if the complainant asks for it in time.",
	Cure:  "If there is something new, complain anew.",
}

var askReviewAct = act.Define(stream, "case.ask-review", "Asks a lay reviewer to look at a dismissal.",
	func(cmd AskReview, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.askReview)

func (c Case) askReview(_ Facts, cmd AskReview, m act.Meta) ([]act.Event, error) {
	if err := c.complains(cmd.Case, cmd.Receipt, m); err != nil {
		return nil, err
	}
	switch {
	case c.Stage == UnderReview:
		return nil, nil
	case c.Stage != Dismissed || !c.open(TermReview, m.At):
		return nil, reviewInTime.Refuse("case %s is %s", c.ID, c.Stage)
	}
	return []act.Event{ReviewAsked{c.of(m), cmd.Reason.OwnedBy(c.owner())}}, nil
}

// ReviewDismissal is what a lay reviewer says of a dismissal.
type ReviewDismissal struct {
	Case     string      `json:"case" label:"Case number"`
	Panelist string      `json:"panelist" label:"Reviewer" hint:"your number"`
	Result   string      `json:"result" label:"Result" choices:"stands=The dismissal stands|reopened=The complaint is investigated"`
	Reason   act.Private `json:"reason,omitzero" label:"Reasons" rows:"6"`
}

// DismissalReviewed says what a lay reviewer found.
type DismissalReviewed struct {
	Of
	By     string      `json:"by"`
	Stands bool        `json:"stands"`
	Reason act.Private `json:"reason"`
}

func (e DismissalReviewed) happen(c *Case) {
	c.hand(e.By, didReview)
	c.Reviewed = true
	if e.Stands {
		c.end(OutcomeDismissed, e.At)
		return
	}
	c.investigate(e.At)
}

// investigate turns to the investigation.
func (c *Case) investigate(at time.Time) {
	c.Stage = Investigating
	c.done(at, TermScreening, TermOffer, TermReview)
}

var layReviewer = act.Rule{
	ID:    "CASE-24",
	Cites: "procedure.screening-review",
	Text:  "A dismissal is reviewed by a lay member of the pool without a conflict.",
	Cure:  "Ask somebody of the pool who is from the public, and close to nobody in the case.",
}

var reviewDismissalAct = act.Define(stream, "case.review-dismissal", "Says, as a lay reviewer, whether a dismissal stands.",
	func(cmd ReviewDismissal, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.reviewDismissal)

func (c Case) reviewDismissal(f Facts, cmd ReviewDismissal, m act.Meta) ([]act.Event, error) {
	if err := first(c.at(cmd.Case, UnderReview), isSelf(cmd.Panelist, m), oneOf(cmd.Result, "stands", "reopened"), c.MaySit(f, cmd.Panelist)); err != nil {
		return nil, err
	}
	switch {
	case f.People[cmd.Panelist].Side != Public:
		return nil, layReviewer.Refuse("%s is not from the public", cmd.Panelist)
	case cmd.Reason.Empty():
		return nil, reasonGiven.Refuse("no reason is given")
	case c.Late && cmd.Result == "reopened":
		return nil, c.timely()
	}
	return []act.Event{DismissalReviewed{c.of(m), m.Actor, cmd.Result == "stands", cmd.Reason.OwnedBy(c.owner())}}, nil
}

func contains(list []string, s string) bool { return slices.Contains(list, s) }
