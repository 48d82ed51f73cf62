package cases

import "shingle/internal/act"

// Investigate opens an investigation, with a plan.
type Investigate struct {
	Case string      `json:"case" label:"Case number"`
	Plan act.Private `json:"plan,omitzero" label:"Plan" hint:"what is to be found out, from whom and how" rows:"6"`
}

// InvestigationOpened says that a complaint is looked into.
type InvestigationOpened struct {
	Of
	By   string      `json:"by"`
	Plan act.Private `json:"plan"`
}

func (e InvestigationOpened) happen(c *Case) {
	c.hand(e.By, didInvestigate)
	c.Investigated = true
	c.investigate(e.At)
}

var planned = act.Rule{
	ID:    "CASE-28",
	Cites: "procedure.screening",
	Text:  "An investigation has a plan and a log.",
	Cure:  "Write down what is to be done, or what was.",
}

var investigateAct = act.Define(stream, "case.investigate", "Opens an investigation, with a plan.",
	func(cmd Investigate, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.openInvestigation)

func (c Case) openInvestigation(_ Facts, cmd Investigate, m act.Meta) ([]act.Event, error) {
	if err := first(c.at(cmd.Case, Lodged, Investigating), c.managed(m), c.timely()); err != nil {
		return nil, err
	}
	if cmd.Plan.Empty() {
		return nil, planned.Refuse("there is no plan")
	}
	if c.Stage == Investigating && c.Investigated {
		return nil, nil
	}
	return []act.Event{InvestigationOpened{c.of(m), m.Actor, cmd.Plan.OwnedBy(c.owner())}}, nil
}

// Note writes into the log of an investigation.
type Note struct {
	Case string      `json:"case" label:"Case number"`
	Kind string      `json:"kind" label:"Kind" choices:"step=A step that was taken|plan=The plan changes|counsel=Counsel's note, privileged"`
	Text act.Private `json:"text,omitzero" label:"Note" rows:"6"`
}

// InvestigationNoted is a line in the log of an investigation. A note of counsel is privileged: it is outside the
// bundle and the auditors' view, under a key of its own.
type InvestigationNoted struct {
	Of
	By   string      `json:"by"`
	Kind string      `json:"kind"`
	Text act.Private `json:"text"`
}

func (e InvestigationNoted) happen(c *Case) { c.hand(e.By, didInvestigate) }

var noteAct = act.Define(stream, "case.note", "Writes into the log of an investigation.",
	func(cmd Note, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.note)

func (c Case) note(_ Facts, cmd Note, m act.Meta) ([]act.Event, error) {
	if err := first(c.managed(m), oneOf(cmd.Kind, "step", "plan", "counsel")); err != nil {
		return nil, err
	}
	if cmd.Text.Empty() || !c.IsOpen() {
		return nil, planned.Refuse("there is nothing to note, or nothing open")
	}
	owner := c.owner()
	if cmd.Kind == "counsel" {
		owner = "counsel/" + c.ID
	}
	return []act.Event{InvestigationNoted{c.of(m), m.Actor, cmd.Kind, cmd.Text.OwnedBy(owner)}}, nil
}

// GiveFeedback tells the complainant what was done (EU 2019/1937 art. 9).
type GiveFeedback struct {
	Case string      `json:"case" label:"Case number"`
	Text act.Private `json:"text,omitzero" label:"Feedback" hint:"what was done, or is to be done, and why" rows:"6"`
}

// FeedbackGiven says that the complainant was told what was done.
type FeedbackGiven struct {
	Of
	Text act.Private `json:"text"`
}

func (e FeedbackGiven) happen(c *Case) { c.done(e.At, TermFeedback) }

var feedbackAct = act.Define(stream, "case.feedback", "Tells the complainant what was done.",
	func(cmd GiveFeedback, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.feedback)

func (c Case) feedback(_ Facts, cmd GiveFeedback, m act.Meta) ([]act.Event, error) {
	if err := c.managed(m); err != nil {
		return nil, err
	}
	if cmd.Text.Empty() {
		return nil, messageSaysSomething.Refuse("a message to the complainant")
	}
	return []act.Event{FeedbackGiven{c.of(m), cmd.Text.OwnedBy(c.owner())}}, nil
}
