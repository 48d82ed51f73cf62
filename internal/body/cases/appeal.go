package cases

import (
	"slices"

	"shingle/internal/act"
	"shingle/internal/code"
)

// The grounds of an appeal.
const (
	procedural      = "procedure"
	proportionality = "proportionality"
	newEvidence     = "new-evidence"
)

// The outcomes of an appeal.
const (
	affirmed = "affirmed"
	varied   = "varied"
	setAside = "set-aside"
	sentBack = "sent-back"
)

// AppealState is an appeal from a decision.
type AppealState struct {
	Lodged  act.Date // zero for none
	Grounds []string
	On      act.Date // when it was decided
	Outcome string
	Service Service
	Closed  act.Date // the last day on which the decision could be appealed, or that on which it was final
}

// Appeal takes a decision to people who had no part in the case before.
type Appeal struct {
	Case    string      `json:"case" label:"Case number"`
	Member  string      `json:"member" label:"Member number"`
	Grounds []string    `json:"grounds" label:"Grounds" choices:"procedure=The procedure was not kept|proportionality=It is too much for what was proven|new-evidence=There is new evidence"`
	Reasons act.Private `json:"reasons,omitzero" label:"Reasons" rows:"10"`
}

// AppealLodged takes a decision to people who had no part in the case before.
type AppealLodged struct {
	Of
	On      act.Date    `json:"on"`
	Grounds []string    `json:"grounds"`
	Reasons act.Private `json:"reasons"`
}

func (e AppealLodged) happen(c *Case) {
	for _, s := range c.Panel.Seats {
		c.hand("person/"+s.Person, didSit)
	}
	c.Stage, c.Panel, c.Appeal = Appealed, Panel{}, AppealState{Lodged: e.On, Grounds: e.Grounds}
	c.done(e.At, TermAppeal)
}

var appealInTime = act.Rule{
	ID:    "CASE-58",
	Cites: "procedure.appeal",
	Text:  "A decision that was served is appealed within the time for it, on the grounds of procedure, proportionality or new evidence, with reasons.",
	Cure:  "After that time the decision is final; a court may still set it aside.",
}

var appealAct = act.Define(stream, "case.appeal", "Appeals from a decision.",
	func(cmd Appeal, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.appeal)

func (c Case) appeal(f Facts, cmd Appeal, m act.Meta) ([]act.Event, error) {
	if err := c.answers(f, cmd.Case, cmd.Member); err != nil {
		return nil, err
	}
	known := []string{procedural, proportionality, newEvidence}
	grounds := slices.Compact(slices.Sorted(slices.Values(cmd.Grounds)))
	switch {
	case c.Stage == Appealed:
		return nil, nil
	case c.Stage != Served || !c.open(TermAppeal, m.At):
		return nil, appealInTime.Refuse("case %s is %s, or the time has run", c.ID, c.Stage)
	case len(grounds) == 0 || cmd.Reasons.Empty() || slices.ContainsFunc(grounds, func(g string) bool { return !slices.Contains(known, g) }):
		return nil, appealInTime.Refuse("no ground, or no reasons")
	}
	return []act.Event{AppealLodged{c.of(m), f.today(m), grounds, cmd.Reasons.OwnedBy(c.owner())}}, nil
}

// DecideAppeal writes down what was decided on an appeal.
type DecideAppeal struct {
	Case     string      `json:"case" label:"Case number"`
	Panelist string      `json:"panelist" label:"Presiding panelist" hint:"your number"`
	Outcome  string      `json:"outcome" label:"Outcome" choices:"affirmed=The decision stands|varied=A milder measure|set-aside=The decision is set aside|sent-back=The case is heard anew"`
	Sanction string      `json:"sanction,omitempty" label:"Sanction" hint:"of a decision that is varied" choices:"advice|warning|reprimand|required-education|conditions|probation|suspension|expulsion"`
	Term     string      `json:"term,omitempty" label:"For how long"`
	Reasons  act.Private `json:"reasons,omitzero" label:"Reasons" rows:"10"`
}

// AppealResolved is what was decided on an appeal.
type AppealResolved struct {
	Of
	By       string        `json:"by"`
	On       act.Date      `json:"on"`
	Outcome  string        `json:"outcome"`
	Sanction string        `json:"sanction,omitempty"` // of a decision that is varied
	Term     code.Duration `json:"term"`
	Bar      code.Duration `json:"bar"`
	Reasons  act.Private   `json:"reasons"`
}

func (e AppealResolved) happen(c *Case) {
	c.Stage = AppealDecided
	c.Appeal.On, c.Appeal.Outcome = e.On, e.Outcome
	c.Panel.Signed = nil
	if e.Outcome == varied {
		s := &c.Decision.Sanction
		s.Measure, s.Term, s.Bar = e.Sanction, e.Term, e.Bar
	}
}

var noWorse = act.Rule{
	ID:    "CASE-59",
	Cites: "procedure.appeal",
	Text:  "Nobody is worse off for having appealed: an appeal varies a decision to something milder.",
	Cure:  "Affirm the decision, or name a milder measure or a shorter term.",
}

var decideAppealAct = act.Define(stream, "case.decide-appeal", "Writes down what was decided on an appeal.",
	func(cmd DecideAppeal, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.decideAppeal)

func (c Case) decideAppeal(f Facts, cmd DecideAppeal, m act.Meta) ([]act.Event, error) {
	if err := first(c.decides(cmd.Panelist, m), c.at(cmd.Case, Appealed), oneOf(cmd.Outcome, affirmed, varied, setAside, sentBack), c.voted(f, cmd.Panelist, m)); err != nil {
		return nil, err
	}
	e := AppealResolved{Of: c.of(m), By: cmd.Panelist, On: f.today(m), Outcome: cmd.Outcome, Reasons: cmd.Reasons.OwnedBy(c.owner())}
	switch {
	case cmd.Reasons.Empty():
		return nil, reasonGiven.Refuse("there are no reasons")
	case cmd.Outcome != varied && cmd.Sanction != "":
		return nil, noWorse.Refuse("a decision that is %s has no other measure", cmd.Outcome)
	case cmd.Outcome != varied:
		return []act.Event{e}, nil
	}
	s, err := c.sanction(f, cmd.Sanction, cmd.Term, m)
	if err != nil {
		return nil, err
	}
	s.Provisions = c.Decision.Sanction.Provisions
	if old := c.Decision.Sanction; f.worse(s, old, m.At) || s.Measure == old.Measure && s.Term == old.Term {
		return nil, noWorse.Refuse("%s is no milder than %s", s.Measure, old.Measure)
	}
	e.Sanction, e.Term, e.Bar = s.Measure, s.Term, s.Bar
	return []act.Event{e}, nil
}
