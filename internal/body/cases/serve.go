package cases

import (
	"slices"

	"shingle/internal/act"
)

// ServeDecision says that a decision, or that on an appeal, reached the respondent.
type ServeDecision struct {
	Case  string   `json:"case" label:"Case number"`
	On    act.Date `json:"on" label:"Served on"`
	Proof string   `json:"proof" label:"Proof of service" hint:"how it was served, for example courier receipt 1183"`
}

// DecisionServed says that a decision reached the respondent, which can appeal now.
type DecisionServed struct {
	Of
	Service Service   `json:"service"`
	Terms   []TermSet `json:"terms,omitempty"` // none if there is nothing to appeal from
}

// AppealDecisionServed says that the decision on an appeal reached the respondent.
type AppealDecisionServed struct {
	Of
	Service Service `json:"service"`
}

// CaseFinalized says that nothing can be appealed any more. It ends charges that failed.
type CaseFinalized struct {
	About
	Outcome      string   `json:"outcome"`
	AppealClosed act.Date `json:"appeal_closed"` // the last day on which it could be appealed, or that on which the appeal was decided for good
}

// SentBack says that a case is to be heard anew, by others.
type SentBack struct{ Of }

// Failed reports whether nothing came of the charges.
func (e CaseFinalized) Failed() bool {
	return e.Outcome == OutcomeNotProven || e.Outcome == OutcomeSetAside
}

func (e DecisionServed) happen(c *Case) {
	c.Stage, c.Decision.Service = Served, e.Service
	c.done(e.At, TermDecision)
	c.begin(e.At, e.Terms...)
}

func (e AppealDecisionServed) happen(c *Case) { c.Appeal.Service = e.Service }

func (e CaseFinalized) happen(c *Case) {
	c.Heirs, c.Appeal.Closed = e.Heirs, e.AppealClosed
	if e.Failed() {
		c.end(e.Outcome, e.At)
		return
	}
	c.Stage, c.Outcome, c.Over = Final, e.Outcome, e.At
	c.doneAll(e.At)
}

func (e SentBack) happen(c *Case) {
	for _, s := range c.Panel.Seats {
		c.hand("person/"+s.Person, didSit)
	}
	c.Stage, c.Panel, c.Hearing, c.Decision, c.Appeal = Charged, Panel{}, Hearing{}, Decision{}, AppealState{}
}

func (c Case) finalized(f Facts, outcome string, closed act.Date, m act.Meta) CaseFinalized {
	return CaseFinalized{c.about(f, m), outcome, closed}
}

var signedFirst = act.Rule{
	ID:    "CASE-57",
	Cites: "procedure.decision",
	Text:  "A decision is served when everybody who decided has signed that it says what was decided.",
	Cure:  "Wait for the signatures; who will not sign steps down.",
}

var serveDecisionAct = act.Define(stream, "case.serve-decision", "Says that a decision was served, with proof.",
	func(cmd ServeDecision, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.serveDecision)

func (c Case) serveDecision(f Facts, cmd ServeDecision, m act.Meta) ([]act.Event, error) {
	if err := first(c.at(cmd.Case, Decided, AppealDecided), c.leads(m), c.runs()); err != nil {
		return nil, err
	}
	for _, n := range c.Deciding() {
		if !slices.Contains(c.Panel.Signed, n) {
			return nil, signedFirst.Refuse("%s has not signed", n)
		}
	}
	of := c.Decision.On
	if c.Stage == AppealDecided {
		of = c.Appeal.On
	}
	service, err := f.served(cmd.On, cmd.Proof, of, m)
	if err != nil {
		return nil, err
	}
	if c.Stage == AppealDecided {
		served := AppealDecisionServed{c.of(m), service}
		switch c.Appeal.Outcome {
		case sentBack:
			return []act.Event{served, SentBack{c.of(m)}}, nil
		case setAside:
			return []act.Event{served, c.finalized(f, OutcomeSetAside, f.today(m), m)}, nil
		}
		return []act.Event{served, c.finalized(f, OutcomeProven, f.today(m), m)}, nil
	}
	served := DecisionServed{Of: c.of(m), Service: service}
	if c.Decision.Sanction.Measure == "" {
		return []act.Event{served, c.finalized(f, OutcomeNotProven, f.today(m), m)}, nil
	}
	served.Terms = []TermSet{{TermAppeal, f.deadline(cmd.On.Start(f.zone()), f.procedure(m).Appeal)}}
	return []act.Event{served}, nil
}
