package cases

import (
	"strings"
	"time"

	"shingle/internal/act"
)

// Answer is what the respondent says to the charges, with counsel if it likes.
type Answer struct {
	Case   string      `json:"case" label:"Case number"`
	Member string      `json:"member" label:"Member number"`
	Text   act.Private `json:"text,omitzero" label:"Answer" rows:"10"`
}

// ChargesAnswered is what the respondent said to the charges.
type ChargesAnswered struct {
	Of
	Text act.Private `json:"text"`
}

func (e ChargesAnswered) happen(c *Case) {
	c.Charges.Answered = true
	c.done(e.At, TermAnswer, TermReopen)
}

var answerInTime = act.Rule{
	ID:    "CASE-34",
	Cites: "procedure.answer",
	Text:  "Charges are answered within the time for it; a default can be reopened.",
	Cure:  "Ask the chair to reopen the default with case.reopen-default, and say why.",
}

var answerAct = act.Define(stream, "case.answer", "Answers charges.",
	func(cmd Answer, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.answer)

func (c Case) answer(f Facts, cmd Answer, m act.Meta) ([]act.Event, error) {
	if err := first(c.answers(f, cmd.Case, cmd.Member), c.at(cmd.Case, Charged)); err != nil {
		return nil, err
	}
	switch {
	case cmd.Text.Empty():
		return nil, answerInTime.Refuse("there is no answer")
	case c.Charges.Answered:
		return nil, stageFits.Refuse("the charges are answered; write more with case.write-back")
	case !c.open(TermAnswer, m.At):
		return nil, answerInTime.Refuse("the time to answer has run")
	}
	return []act.Event{ChargesAnswered{c.of(m), cmd.Text.OwnedBy(c.owner())}}, nil
}

// BarAnswer is the respondent's word that the law forbids it to answer.
type BarAnswer struct {
	Case   string `json:"case" label:"Case number"`
	Member string `json:"member" label:"Member number"`
	Law    string `json:"law" label:"Which law or order" hint:"as much as you may say"`
}

// CasePaused stops all clocks of a case.
type CasePaused struct {
	Of
	Ground string `json:"ground"`
	Detail string `json:"detail,omitempty"`
}

// CaseResumed starts them again, with what is left of each.
type CaseResumed struct {
	Of
	Terms []TermSet `json:"terms,omitempty"`
}

func (e CasePaused) happen(c *Case) { c.Paused = e.At }

func (e CaseResumed) happen(c *Case) {
	c.Paused = time.Time{}
	c.move(e.Terms...)
}

var pauseGrounds = []string{"barred", "court", "illness", "mediation", "other-body"}

var pausedOnce = act.Rule{
	ID:    "CASE-35",
	Cites: "procedure",
	Text:  "A case that is open is paused for a reason that is said, and resumed; while it is paused no clock runs and nothing is inferred.",
	Cure:  "Say why; to go on, resume it.",
}

var barAct = act.Define(stream, "case.bar-answer", "Says that the law forbids the respondent to answer: the case pauses.",
	func(cmd BarAnswer, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.bar)

func (c Case) bar(f Facts, cmd BarAnswer, m act.Meta) ([]act.Event, error) {
	if err := first(c.answers(f, cmd.Case, cmd.Member), c.at(cmd.Case, Charged)); err != nil {
		return nil, err
	}
	if c.Charges.settled() && c.Charges.Defaulted.IsZero() {
		return nil, stageFits.Refuse("the charges are answered")
	}
	return c.pause("barred", cmd.Law, m)
}

// Pause stops the clocks of a case.
type Pause struct {
	Case   string `json:"case" label:"Case number"`
	Ground string `json:"ground" label:"Ground" choices:"barred=The respondent may not answer by law|court=A court is seized of it|illness=Somebody needed is ill|mediation=The parties mediate|other-body=Another body goes first"`
	Detail string `json:"detail" label:"Reason" hint:"without names"`
}

var pauseAct = act.Define(stream, "case.pause", "Stops the clocks of a case, for a reason.",
	func(cmd Pause, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.pauseFor)

func (c Case) pauseFor(_ Facts, cmd Pause, m act.Meta) ([]act.Event, error) {
	if err := first(c.leads(m), oneOf(cmd.Ground, pauseGrounds...)); err != nil {
		return nil, err
	}
	return c.pause(cmd.Ground, cmd.Detail, m)
}

// leads refuses whoever is neither the chair nor the case's manager.
func (c Case) leads(m act.Meta) error {
	if m.Role == "chair" {
		return inOwnName(m)
	}
	return c.managed(m)
}

func (c Case) pause(ground, detail string, m act.Meta) ([]act.Event, error) {
	detail = strings.TrimSpace(detail)
	switch {
	case !c.IsOpen() || c.Stage == Final || detail == "":
		return nil, pausedOnce.Refuse("case %q is %s, or no reason is given", c.ID, c.Stage)
	case !c.Paused.IsZero():
		return nil, nil
	}
	return []act.Event{CasePaused{c.of(m), ground, detail}}, nil
}

// Resume starts the clocks of a case again.
type Resume struct {
	Case string `json:"case" label:"Case number"`
}

var resumeAct = act.Define(stream, "case.resume", "Starts the clocks of a case again.",
	func(cmd Resume, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.resume)

func (c Case) resume(f Facts, cmd Resume, m act.Meta) ([]act.Event, error) {
	if err := c.leads(m); err != nil {
		return nil, err
	}
	if c.Paused.IsZero() {
		return nil, nil
	}
	return []act.Event{CaseResumed{c.of(m), c.moved(f, m)}}, nil
}

// Extend gives somebody more time.
type Extend struct {
	Case   string      `json:"case" label:"Case number"`
	Term   string      `json:"term" label:"Term" choices:"screening|feedback|screening-review|fast-track|answer|challenge|decision|appeal"`
	Until  act.Date    `json:"until" label:"Until" hint:"last day"`
	Reason act.Private `json:"reason,omitzero" label:"Reasons"`
}

// TermExtended gives somebody more time.
type TermExtended struct {
	Of
	By     string      `json:"by"`
	Term   TermSet     `json:"term"`
	Reason act.Private `json:"reason"`
}

func (e TermExtended) happen(c *Case) { c.move(e.Term) }

var extendable = act.Rule{
	ID:    "CASE-36",
	Cites: "procedure",
	Text:  "A term is extended while it runs, to a later day, with reasons, by the chair.",
	Cure:  "Name a term that runs, and a later day.",
}

var extendAct = act.Define(stream, "case.extend", "Gives somebody more time, with reasons.",
	func(cmd Extend, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.extend)

func (c Case) extend(f Facts, cmd Extend, m act.Meta) ([]act.Event, error) {
	if err := inOwnName(m); err != nil {
		return nil, err
	}
	t, runs := c.running(cmd.Term)
	until := cmd.Until.End(f.zone())
	switch {
	case !runs || !c.open(cmd.Term, m.At) || !until.After(t.Due):
		return nil, extendable.Refuse("%s does not run, or would not be longer", cmd.Term)
	case cmd.Reason.Empty():
		return nil, reasonGiven.Refuse("no reason is given")
	}
	return []act.Event{TermExtended{c.of(m), m.Actor, TermSet{cmd.Term, until}, cmd.Reason.OwnedBy(c.owner())}}, nil
}

// ReopenDefault gives a respondent that was silent another chance to answer.
type ReopenDefault struct {
	Case   string      `json:"case" label:"Case number"`
	Reason act.Private `json:"reason,omitzero" label:"Why it was silent"`
}

// DefaultReopened gives a respondent that was silent another chance to answer.
type DefaultReopened struct {
	Of
	Reason act.Private `json:"reason"`
	Terms  []TermSet   `json:"terms"`
}

func (e DefaultReopened) happen(c *Case) {
	c.Charges.Defaulted = time.Time{}
	c.done(e.At, TermReopen)
	c.begin(e.At, e.Terms...)
}

var reopenInTime = act.Rule{
	ID:    "CASE-37",
	Cites: "procedure.default-reopen",
	Text:  "A default is reopened before the hearing, and within the time for it.",
	Cure:  "Say at the hearing what is to be said.",
}

var reopenAct = act.Define(stream, "case.reopen-default", "Gives a respondent that was silent another chance to answer.",
	func(cmd ReopenDefault, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.reopenDefault)

func (c Case) reopenDefault(f Facts, cmd ReopenDefault, m act.Meta) ([]act.Event, error) {
	if err := first(inOwnName(m), c.at(cmd.Case, Charged)); err != nil {
		return nil, err
	}
	switch {
	case c.Charges.Defaulted.IsZero() || !c.open(TermReopen, m.At):
		return nil, reopenInTime.Refuse("there is no default, or the time has run")
	case cmd.Reason.Empty():
		return nil, reasonGiven.Refuse("no reason is given")
	}
	return []act.Event{DefaultReopened{
		c.of(m), cmd.Reason.OwnedBy(c.owner()), []TermSet{{TermAnswer, f.deadline(m.At, f.procedure(m).Answer)}},
	}}, nil
}
