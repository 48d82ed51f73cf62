package cases

import "shingle/internal/act"

// AllowLate lets a complaint be looked into that came after the limitation period.
type AllowLate struct {
	Case   string      `json:"case" label:"Case number"`
	Reason act.Private `json:"reason,omitzero" label:"Reasons"`
}

// LateAllowed says that the chair has extended the limitation period for a complaint.
type LateAllowed struct {
	Of
	Reason act.Private `json:"reason"`
}

func (e LateAllowed) happen(c *Case) { c.Late = false }

var conductTooOld = act.Rule{
	ID:    "CASE-19",
	Cites: "procedure.limitation",
	Text:  "A complaint that came after the limitation period is dismissed, unless the chair extends the period and says why.",
	Cure:  "Dismiss it, or ask the chair for case.allow-late.",
}

// timely refuses to look into a complaint that came too late.
func (c Case) timely() error {
	if c.Late {
		return conductTooOld.Refuse("it was known since %s when it was complained of", c.Known)
	}
	return nil
}

var allowLateAct = act.Define(stream, "case.allow-late", "Extends the limitation period for a complaint, with reasons.",
	func(cmd AllowLate, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.allowLate)

func (c Case) allowLate(_ Facts, cmd AllowLate, m act.Meta) ([]act.Event, error) {
	if err := first(inOwnName(m), c.at(cmd.Case, Lodged)); err != nil {
		return nil, err
	}
	if !c.Late {
		return nil, nil
	}
	if cmd.Reason.Empty() {
		return nil, reasonGiven.Refuse("no reason is given")
	}
	return []act.Event{LateAllowed{c.of(m), cmd.Reason.OwnedBy(c.owner())}}, nil
}
