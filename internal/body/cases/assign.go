package cases

import (
	"slices"
	"strings"

	"shingle/internal/act"
)

// Assign gives a case to a case manager, who screens and investigates it and never sits on its panel.
type Assign struct {
	Case   string `json:"case" label:"Case number"`
	Person string `json:"person" label:"Case manager" hint:"number of the person"`
}

// CaseAssigned says who looks after a case.
type CaseAssigned struct {
	Of
	Manager string `json:"manager"` // stream, e.g. "person/0007"
}

func (e CaseAssigned) happen(c *Case) {
	c.Manager = e.Manager
	c.hand(e.Manager, didManage)
}

var managerFree = act.Rule{
	ID:    "CASE-20",
	Cites: "procedure.impartiality",
	Text:  "Nobody looks after a case of a company where they work, or that they complained of, or in which they sat or reviewed.",
	Cure:  "Assign the case to another case manager.",
}

var assignAct = act.Define(stream, "case.assign", "Gives a case to a case manager.",
	func(cmd Assign, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.assign)

func (c Case) assign(f Facts, cmd Assign, m act.Meta) ([]act.Event, error) {
	number := strings.TrimSpace(cmd.Person)
	manager := "person/" + number
	p, known := f.People[number]
	switch {
	case c.Stage == "" || !c.IsOpen():
		return nil, c.at(cmd.Case, Stages[:len(Stages)-2]...)
	case c.Manager == manager:
		return nil, nil
	case !known || !p.Manages:
		return nil, managerFree.Refuse("%q is no case manager", number)
	case c.Complainant.Actor == manager || slices.ContainsFunc(c.parties(f), p.worksAt):
		return nil, managerFree.Refuse("%s is close to a party", number)
	case !slices.Contains([]string{"", didManage, didScreen, didInvestigate}, c.Did(manager)):
		return nil, managerFree.Refuse("%s has %s in the case", number, c.Did(manager))
	case c.Panel.seat(number) != nil:
		return nil, managerFree.Refuse("%s is on the panel", number)
	}
	return []act.Event{CaseAssigned{c.of(m), manager}}, nil
}
