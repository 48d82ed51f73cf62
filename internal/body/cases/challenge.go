package cases

import (
	"slices"

	"shingle/internal/act"
	"shingle/internal/code"
)

// Challenge objects to a panelist.
type Challenge struct {
	Case     string      `json:"case" label:"Case number"`
	Member   string      `json:"member" label:"Member number"`
	Panelist string      `json:"panelist" label:"Panelist" hint:"number of the person"`
	Reason   act.Private `json:"reason,omitzero" label:"Why they should not sit" rows:"6"`
}

// PanelistChallenged says that the respondent objects to a panelist.
type PanelistChallenged struct {
	Of
	Panelist string      `json:"panelist"`
	Reason   act.Private `json:"reason"`
}

func (e PanelistChallenged) happen(c *Case) {
	c.Panel.Challenged = append(slices.Clone(c.Panel.Challenged), e.Panelist)
}

var challengeInTime = act.Rule{
	ID:    "CASE-46",
	Cites: "procedure.challenge",
	Text:  "A panelist is challenged once, with a reason, within the time for it.",
	Cure:  "What came to light later, a panelist says themself, or an appeal does.",
}

var challengeAct = act.Define(stream, "case.challenge", "Objects to a panelist.",
	func(cmd Challenge, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.challenge)

func (c Case) challenge(f Facts, cmd Challenge, m act.Meta) ([]act.Event, error) {
	if err := first(c.answers(f, cmd.Case, cmd.Member), c.at(cmd.Case, Charged, Appealed)); err != nil {
		return nil, err
	}
	switch {
	case slices.Contains(c.Panel.Challenged, cmd.Panelist):
		return nil, nil
	case c.Panel.seat(cmd.Panelist) == nil || cmd.Reason.Empty() || !c.open(TermChallenge, m.At):
		return nil, challengeInTime.Refuse("%q does not sit, no reason is given, or the time has run", cmd.Panelist)
	}
	return []act.Event{PanelistChallenged{c.of(m), cmd.Panelist, cmd.Reason.OwnedBy(c.owner())}}, nil
}

// RuleOnChallenge decides whether a panelist who was challenged sits.
type RuleOnChallenge struct {
	Case     string      `json:"case" label:"Case number"`
	Panelist string      `json:"panelist" label:"Panelist" hint:"number of the person"`
	Result   string      `json:"result" label:"Result" choices:"rejected=They sit|upheld=They do not sit"`
	Reason   act.Private `json:"reason,omitzero" label:"Reasons" rows:"6"`
}

// ChallengeRuled decides whether a panelist who was challenged sits.
type ChallengeRuled struct {
	Of
	By       string      `json:"by"`
	Panelist string      `json:"panelist"`
	Upheld   bool        `json:"upheld"`
	In       string      `json:"in,omitempty"` // the alternate who steps in
	Reason   act.Private `json:"reason"`
}

func (e ChallengeRuled) happen(c *Case) {
	c.hand(e.By, didRule)
	c.Panel.Challenged = without(c.Panel.Challenged, e.Panelist)
	if e.Upheld {
		c.stepDown(e.Panelist, e.In)
	}
}

// didStepDown is what somebody did who was on a panel and does not sit any more.
const didStepDown = "stepped down"

// stepDown takes somebody off the panel and lets an alternate in, who sits at the end of the table.
func (c *Case) stepDown(number, in string) {
	c.hand("person/"+number, didStepDown)
	var seats []Seat
	var promoted []Seat
	for _, s := range c.Panel.Seats {
		switch s.Person {
		case number:
		case in:
			s.Alternate = false
			promoted = append(promoted, s)
		default:
			seats = append(seats, s)
		}
	}
	p := &c.Panel
	p.Seats = append(seats, promoted...)
	p.Challenged, p.Sat = without(p.Challenged, number), without(p.Sat, number)
	p.Voted, p.Signed = without(p.Voted, number), without(p.Signed, number)
}

func without(list []string, s string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(o string) bool { return o == s })
}

var ruledOnce = act.Rule{
	ID:    "CASE-47",
	Cites: "procedure.challenge",
	Text:  "A challenge that is open is ruled on, with reasons.",
	Cure:  "Name a panelist who is challenged, and say why they sit or not.",
}

var ruleAct = act.Define(stream, "case.rule-on-challenge", "Decides whether a panelist who was challenged sits.",
	func(cmd RuleOnChallenge, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.ruleOnChallenge)

func (c Case) ruleOnChallenge(f Facts, cmd RuleOnChallenge, m act.Meta) ([]act.Event, error) {
	if err := first(c.at(cmd.Case, Charged, Appealed), inOwnName(m), oneOf(cmd.Result, "upheld", "rejected")); err != nil {
		return nil, err
	}
	if !slices.Contains(c.Panel.Challenged, cmd.Panelist) || cmd.Reason.Empty() || m.Actor == "person/"+cmd.Panelist {
		return nil, ruledOnce.Refuse("%q is not challenged, no reason is given, or they rule themself", cmd.Panelist)
	}
	e := ChallengeRuled{Of: c.of(m), By: m.Actor, Panelist: cmd.Panelist, Upheld: cmd.Result == "upheld", Reason: cmd.Reason.OwnedBy(c.owner())}
	if e.Upheld {
		e.In = c.Panel.stepsIn(cmd.Panelist, f.procedure(m))
	}
	return []act.Event{e}, nil
}

// stepsIn returns the alternate who takes a seat: a lay member where one would be lacking. "" if nobody does.
func (p Panel) stepsIn(out string, procedure code.Procedure) string {
	if s := p.seat(out); s == nil || s.Alternate {
		return ""
	}
	lacking := p.lay(without(p.Sitting(), out)) < procedure.Lay
	for _, s := range p.Seats {
		if s.Alternate && s.Person != out && (s.Lay || !lacking) {
			return s.Person
		}
	}
	for _, s := range p.Seats {
		if s.Alternate && s.Person != out {
			return s.Person
		}
	}
	return ""
}

// Recuse takes a panelist off the panel, at their own word or the chair's.
type Recuse struct {
	Case     string      `json:"case" label:"Case number"`
	Panelist string      `json:"panelist" label:"Panelist" hint:"number of the person"`
	Reason   act.Private `json:"reason,omitzero" label:"Reasons" rows:"4"`
}

// PanelistRecused takes a panelist off the panel. If too few of those remain who heard the case, it is heard anew.
type PanelistRecused struct {
	Of
	Panelist string      `json:"panelist"`
	In       string      `json:"in,omitempty"`
	Anew     bool        `json:"anew"`
	Reason   act.Private `json:"reason"`
}

func (e PanelistRecused) happen(c *Case) {
	c.stepDown(e.Panelist, e.In)
	if !e.Anew {
		return
	}
	c.Panel.Sat, c.Panel.Voted, c.Panel.Signed = nil, nil, nil
	switch c.Stage {
	case Heard, Decided:
		c.Stage, c.Hearing, c.Decision = Charged, Hearing{}, Decision{}
		c.done(e.At, TermDecision)
	case AppealDecided:
		c.Stage = Appealed
	}
}

var recuseAct = act.Define(stream, "case.recuse", "Takes a panelist off the panel.",
	func(cmd Recuse, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.recuse)

func (c Case) recuse(f Facts, cmd Recuse, m act.Meta) ([]act.Event, error) {
	if m.Role != "chair" {
		if err := isSelf(cmd.Panelist, m); err != nil {
			return nil, err
		}
	}
	if err := first(c.sitsHere(cmd.Panelist), c.at(cmd.Case, Charged, Heard, Decided, Appealed, AppealDecided)); err != nil {
		return nil, err
	}
	if cmd.Reason.Empty() {
		return nil, reasonGiven.Refuse("no reason is given")
	}
	p := f.procedure(m)
	e := PanelistRecused{Of: c.of(m), Panelist: cmd.Panelist, Reason: cmd.Reason.OwnedBy(c.owner())}
	switch c.Stage {
	case Heard, Decided:
		left := without(c.Panel.Sat, cmd.Panelist)
		e.Anew = len(left) < p.Quorum || c.Panel.lay(left) < p.Lay
	case AppealDecided:
		left := without(c.Panel.Voted, cmd.Panelist)
		e.Anew = len(left) < p.Quorum || c.Panel.lay(left) < p.Lay
	}
	if e.Anew || c.Stage == Charged || c.Stage == Appealed {
		e.In = c.Panel.stepsIn(cmd.Panelist, p)
	}
	return []act.Event{e}, nil
}
