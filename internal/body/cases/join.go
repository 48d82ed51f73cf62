package cases

import (
	"slices"

	"shingle/internal/act"
)

// Join lets a case go on as part of another one about the same company.
type Join struct {
	Case   string      `json:"case" label:"Case number"`
	Into   string      `json:"into" label:"Goes on in case"`
	Reason act.Private `json:"reason,omitzero" label:"Reasons"`
}

// CaseJoined closes a case that goes on in another.
type CaseJoined struct {
	Of
	Into   string      `json:"into"`
	Reason act.Private `json:"reason"`
}

func (e CaseJoined) happen(c *Case) {
	c.Into = e.Into
	c.end(OutcomeJoined, e.At)
}

var joinable = act.Rule{
	ID:    "CASE-63",
	Cites: "procedure",
	Text:  "Cases about the same company are joined, and split, before charges are served.",
	Cure:  "Let each go its own way.",
}

var joinAct = act.Define(stream, "case.join", "Lets a case go on as part of another one.",
	func(cmd Join, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.join)

func (c Case) join(f Facts, cmd Join, m act.Meta) ([]act.Event, error) {
	if err := first(c.at(cmd.Case, Lodged, Investigating), c.managed(m), c.timely()); err != nil {
		return nil, err
	}
	o := f.Other
	same := slices.ContainsFunc(append([]string{o.Member}, o.Heirs...), func(n string) bool { return contains(c.answering(f), n) })
	switch {
	case o.ID == c.ID || o.Stage != Lodged && o.Stage != Investigating || !same:
		return nil, joinable.Refuse("case %q is about another company, or too far", cmd.Into)
	case cmd.Reason.Empty():
		return nil, reasonGiven.Refuse("no reason is given")
	}
	return []act.Event{CaseJoined{c.of(m), cmd.Into, cmd.Reason.OwnedBy(c.owner())}}, nil
}

// TakeIn takes over what was done in a case that goes on in this one. The system asks for it.
type TakeIn struct {
	Case string `json:"case" label:"Case number"`
	From string `json:"from" label:"From case"`
}

// TookIn takes over what was done in a case that goes on in this one: who had a part there has one here.
type TookIn struct {
	Of
	From  string   `json:"from"`
	Hands []string `json:"hands,omitempty"`
}

func (e TookIn) happen(c *Case) {
	for _, who := range e.Hands {
		c.hand(who, didInvestigate)
	}
}

var takeInAct = act.Define(stream, "case.take-in", "Takes over what was done in a case that goes on in this one; the system asks for it.",
	func(cmd TakeIn, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.takeIn)

func (c Case) takeIn(f Facts, cmd TakeIn, m act.Meta) ([]act.Event, error) {
	if f.Other.Into != c.ID || c.Stage == "" {
		return nil, joinable.Refuse("case %q does not go on in %q", cmd.From, cmd.Case)
	}
	var hands []string
	for _, h := range f.Other.Hands {
		if !contains(hands, h.Who) {
			hands = append(hands, h.Who)
		}
	}
	return []act.Event{TookIn{c.of(m), cmd.From, hands}}, nil
}

// Split makes a case of its own of a part of another one.
type Split struct {
	From       string      `json:"from" label:"From case"`
	Provisions []string    `json:"provisions" label:"Provisions" hint:"that the new case is about"`
	Reason     act.Private `json:"reason,omitzero" label:"Reasons, and what it is about" rows:"6"`
}

// CaseSplit opens a case that was a part of another one.
type CaseSplit struct {
	Of
	From        string      `json:"from"`
	Member      string      `json:"member"`
	Heirs       []string    `json:"heirs,omitempty"`
	Provisions  []string    `json:"provisions"`
	ConductFrom act.Date    `json:"conduct_from"`
	ConductTo   act.Date    `json:"conduct_to"`
	Known       act.Date    `json:"known"`
	Version     string      `json:"version"`
	Late        bool        `json:"late,omitempty"`
	Anonymous   bool        `json:"anonymous"`
	Complainant string      `json:"complainant,omitempty"`
	Receipt     string      `json:"receipt,omitempty"`
	For         string      `json:"for,omitempty"`
	Manager     string      `json:"manager"`
	Hands       []string    `json:"hands,omitempty"`
	Reason      act.Private `json:"reason"`
	Terms       []TermSet   `json:"terms"`
}

func (e CaseSplit) happen(c *Case) {
	*c = Case{
		ID: e.Case, Stage: Lodged, Member: e.Member, Heirs: e.Heirs, Provisions: e.Provisions, From: e.ConductFrom, To: e.ConductTo,
		Known: e.Known, Version: e.Version, Late: e.Late, Manager: e.Manager,
		Complainant: Complainant{Anonymous: e.Anonymous, Actor: e.Complainant, Receipt: e.Receipt, Member: e.For},
	}
	c.hand(e.Manager, didManage)
	for _, who := range e.Hands {
		c.hand(who, didInvestigate)
	}
	c.begin(e.At, e.Terms...)
}

var splitAct = act.Define(stream, "case.split", "Makes a case of its own of a part of another one.",
	func(Split, act.Meta) act.Target { return act.NextOfYear() }, split)

func split(_ Case, f Facts, cmd Split, m act.Meta) ([]act.Event, error) {
	o := f.Other
	if err := first(o.at(cmd.From, Lodged, Investigating), o.managed(m)); err != nil {
		return nil, err
	}
	text, _ := f.text(o.Version)
	if text.Version == nil || len(cmd.Provisions) == 0 || cmd.Reason.Empty() {
		return nil, joinable.Refuse("what the new case is about, or why, is missing")
	}
	ids, err := provisions(cmd.Provisions, text)
	if err != nil {
		return nil, err
	}
	p := f.procedure(m)
	e := CaseSplit{
		Of: Of{f.ID, m.At}, From: o.ID, Member: o.Member, Heirs: o.Heirs, Provisions: ids, ConductFrom: o.From, ConductTo: o.To, Known: o.Known,
		Version: o.Version, Late: o.Late, Anonymous: o.Complainant.Anonymous, Complainant: o.Complainant.Actor, Receipt: o.Complainant.Receipt,
		For: o.Complainant.Member, Manager: o.Manager, Reason: cmd.Reason.OwnedBy("case/" + f.ID),
		Terms: []TermSet{{TermScreening, f.deadline(m.At, p.Screening)}, {TermFeedback, f.deadline(m.At, p.Feedback)}},
	}
	for _, h := range o.Hands {
		if !contains(e.Hands, h.Who) {
			e.Hands = append(e.Hands, h.Who)
		}
	}
	return []act.Event{e}, nil
}
