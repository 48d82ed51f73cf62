package cases

import (
	"strings"

	"shingle/internal/act"
)

// Lodge asks the body to look into a member's conduct. Anyone may, named or not; a member may report another,
// or itself.
type Lodge struct {
	Respondent  string       `json:"respondent" label:"Member complained of" hint:"its number in the register"`
	From        act.Date     `json:"from" label:"Happened from"`
	To          act.Date     `json:"to,omitzero" label:"Happened until" hint:"the last day; the first if left empty"`
	Known       act.Date     `json:"known" label:"Known since" hint:"when you learnt of it"`
	Provisions  []string     `json:"provisions,omitempty" label:"Provisions" hint:"ids of the provisions that you think were violated, if you know them"`
	Account     act.Private  `json:"account,omitzero" label:"What happened" hint:"in your words; read by those who work on the case alone"`
	Anonymous   bool         `json:"anonymous" label:"Without a name"`
	Name        act.Private  `json:"name,omitzero" label:"Your name" hint:"told to the respondent only with charges, and after you could withdraw"`
	Contact     act.Private  `json:"contact,omitzero" label:"How to reach you"`
	Receipt     act.Personal `json:"receipt,omitzero" label:"Receipt code" hint:"the code with which you come back; only its hash is kept, and nobody can recover it"`
	For         string       `json:"for,omitempty" label:"On behalf of member" hint:"number of the member for which you report"`
	ReprisalFor string       `json:"reprisal_for,omitempty" label:"Reprisal for case" hint:"number of the case for which this was done to somebody"`
}

// CaseLodged opens a case. It fixes the version of the code by which the conduct is judged.
type CaseLodged struct {
	Of
	Member      string      `json:"member"`
	Heirs       []string    `json:"heirs,omitempty"`
	Provisions  []string    `json:"provisions,omitempty"`
	From        act.Date    `json:"from"`
	To          act.Date    `json:"to"`
	Known       act.Date    `json:"known"`
	Version     string      `json:"version"`
	Late        bool        `json:"late,omitempty"` // beyond the limitation period
	Account     act.Private `json:"account"`
	Anonymous   bool        `json:"anonymous"`
	Complainant string      `json:"complainant,omitempty"` // the actor, if they signed in and gave their name
	Name        act.Private `json:"name"`
	Contact     act.Private `json:"contact"`
	Receipt     string      `json:"receipt,omitempty"` // SHA-256 of the receipt code, hex
	For         string      `json:"for,omitempty"`
	ReprisalFor string      `json:"reprisal_for,omitempty"`
	Terms       []TermSet   `json:"terms"`
}

// Complainant is who complained, as far as rules know.
type Complainant struct {
	Anonymous bool
	Actor     string // "person/0007"; "" for whoever complained without signing in, or without a name
	Receipt   string // SHA-256 of the receipt code, hex; "" if there is none
	Member    string // for which they report, ""
	Asked     bool   // whether their name may be told
	Agreed    bool   // it may
	Withdrawn bool   // they withdrew the complaint
}

func (e CaseLodged) happen(c *Case) {
	*c = Case{
		ID: e.Case, Stage: Lodged, Member: e.Member, Heirs: e.Heirs, Provisions: e.Provisions, From: e.From, To: e.To, Known: e.Known,
		Version: e.Version, Late: e.Late, ReprisalFor: e.ReprisalFor,
		Complainant: Complainant{Anonymous: e.Anonymous, Actor: e.Complainant, Receipt: e.Receipt, Member: e.For},
	}
	c.begin(e.At, e.Terms...)
}

var respondentKnown = act.Rule{
	ID:    "CASE-13",
	Cites: "procedure.jurisdiction",
	Text:  "A complaint is about a company that was a member when it happened.",
	Cure:  "Look the company up in the register. That a company which is no member claims to be one is reported with claim.report.",
}

var conductDated = act.Rule{
	ID:    "CASE-14",
	Cites: "procedure.limitation",
	Text:  "Conduct happened before it became known, and became known before anybody complains of it.",
	Cure:  "Check the dates.",
}

var longStop = act.Rule{
	ID:    "CASE-15",
	Cites: "procedure.long-stop",
	Text:  "What happened longer ago than the long stop is looked into no more, however late it became known.",
	Cure:  "If it went on since, give the last day on which it did.",
}

var accountGiven = act.Rule{
	ID:    "CASE-16",
	Cites: "procedure",
	Text:  "A complaint says what happened, and by whom it is made or that it is made without a name.",
	Cure:  "Say what happened; give your name, or ask for it to be anonymous.",
}

var speaksForMember = act.Rule{
	ID:    "CASE-17",
	Cites: "procedure",
	Text:  "Who reports for a member holds a role there, and says so with their name.",
	Cure:  "Report in your own name, signed in.",
}

var caseKnown = act.Rule{
	ID:    "CASE-18",
	Cites: "procedure",
	Text:  "A case that is named beside another is on record.",
	Cure:  "Check the number of the case.",
}

var lodgeAct = act.Define(stream, "case.lodge", "Complains of a member's conduct.",
	func(Lodge, act.Meta) act.Target { return act.NextOfYear() }, lodge)

func lodge(_ Case, f Facts, cmd Lodge, m act.Meta) ([]act.Event, error) {
	if cmd.To.IsZero() {
		cmd.To = cmd.From
	}
	cmd.Respondent, cmd.For, cmd.ReprisalFor = strings.TrimSpace(cmd.Respondent), strings.TrimSpace(cmd.For), strings.TrimSpace(cmd.ReprisalFor)
	if err := apart(m); err != nil {
		return nil, err
	}
	p, today, r := f.procedure(m), f.today(m), f.Respondent
	switch {
	case r.Number == "":
		return nil, respondentKnown.Refuse("no member %q is known", cmd.Respondent)
	case !r.was(cmd.From, cmd.To, f.zone()):
		return nil, respondentKnown.Refuse("%s was no member from %s to %s", r.Name, cmd.From, cmd.To)
	case cmd.To.Before(cmd.From) || cmd.Known.Before(cmd.From) || cmd.Known.After(today) || cmd.To.After(today):
		return nil, conductDated.Refuse("it happened from %s to %s, and is known since %s", cmd.From, cmd.To, cmd.Known)
	case !today.Start(f.zone()).Before(f.deadline(cmd.To.Start(f.zone()), p.LongStop)):
		return nil, longStop.Refuse("it ended on %s, more than %s ago", cmd.To, p.LongStop.Words())
	case cmd.Account.Empty() || cmd.Anonymous != cmd.Name.Empty():
		return nil, accountGiven.Refuse("what happened, or a name, is missing or given where there is to be none")
	case cmd.For != "" && (cmd.Anonymous || f.For.Number == "" || !contains(f.For.People, m.Actor)):
		return nil, speaksForMember.Refuse("%s has no role at %q", m.Actor, cmd.For)
	case cmd.ReprisalFor != "" && f.Other.Stage == "":
		return nil, caseKnown.Refuse("there is no case %q", cmd.ReprisalFor)
	}
	if err := f.within(today); err != nil {
		return nil, err
	}
	text, ok := f.binding(cmd.To)
	if !ok {
		return nil, provisionKnown.Refuse("no code bound %s on %s", r.Name, cmd.To)
	}
	ids, err := provisions(cmd.Provisions, text)
	if err != nil {
		return nil, err
	}
	owner := "case/" + f.ID
	e := CaseLodged{
		Of: Of{f.ID, m.At}, Member: r.Number, Heirs: r.Heirs, Provisions: ids, From: cmd.From, To: cmd.To, Known: cmd.Known, Version: text.Label,
		Late:    !today.Start(f.zone()).Before(f.deadline(cmd.Known.Start(f.zone()), p.Limitation)),
		Account: cmd.Account.OwnedBy(owner), Anonymous: cmd.Anonymous, Name: cmd.Name.OwnedBy(owner), Contact: cmd.Contact.OwnedBy(owner),
		Receipt: ReceiptHash(cmd.Receipt), For: cmd.For, ReprisalFor: cmd.ReprisalFor,
		Terms: []TermSet{
			{TermAcknowledge, f.deadline(m.At, p.Acknowledge)},
			{TermScreening, f.deadline(m.At, p.Screening)},
			{TermFeedback, f.deadline(m.At, p.Feedback)},
		},
	}
	if !cmd.Anonymous && inOwnName(m) == nil {
		e.Complainant = m.Actor
	}
	return []act.Event{e}, nil
}
