package cases

import "shingle/internal/act"

// Settle ends a case because complainant, respondent and body agree.
type Settle struct {
	Case        string      `json:"case" label:"Case number"`
	Terms       act.Private `json:"terms,omitzero" label:"What was agreed" rows:"6"`
	Complainant bool        `json:"complainant" label:"The complainant has agreed"`
	Respondent  bool        `json:"respondent" label:"The respondent has agreed"`
}

// CaseSettled ends a case by agreement, before charges.
type CaseSettled struct {
	Of
	By    string      `json:"by"`
	Terms act.Private `json:"terms"`
}

func (e CaseSettled) happen(c *Case) {
	c.hand(e.By, didScreen)
	c.end(OutcomeSettled, e.At)
}

var bothAgree = act.Rule{
	ID:    "CASE-27",
	Cites: "procedure.screening",
	Text:  "A case is settled when both parties have agreed, and what they agreed on is written down.",
	Cure:  "Have both agree. After charges there are consent orders, which the panel approves.",
}

var settleAct = act.Define(stream, "case.settle", "Ends a case because the parties agree, before charges.",
	func(cmd Settle, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.settle)

func (c Case) settle(_ Facts, cmd Settle, m act.Meta) ([]act.Event, error) {
	if err := first(c.at(cmd.Case, Lodged, Investigating), c.managed(m)); err != nil {
		return nil, err
	}
	if cmd.Terms.Empty() || !cmd.Complainant || !cmd.Respondent {
		return nil, bothAgree.Refuse("an agreement, or its terms, are missing")
	}
	return []act.Event{CaseSettled{c.of(m), m.Actor, cmd.Terms.OwnedBy(c.owner())}}, nil
}
