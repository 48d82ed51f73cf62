package cases

import "shingle/internal/act"

// ExtendTo lets a case reach a company that succeeds the respondent because the same people control both.
type ExtendTo struct {
	Case   string      `json:"case" label:"Case number"`
	Member string      `json:"member" label:"Successor" hint:"number of the member that the same people control"`
	Reason act.Private `json:"reason,omitzero" label:"What shows that the same people control both"`
}

// CaseExtended lets a case reach a company that succeeds the respondent.
type CaseExtended struct {
	About
	Successor string      `json:"successor"`
	Reason    act.Private `json:"reason"`
}

func (e CaseExtended) happen(c *Case) { c.Heirs = e.Heirs }

var successorOnly = act.Rule{
	ID:    "CASE-64",
	Cites: "procedure.jurisdiction",
	Text:  "A case reaches another company only where the same people control both, and why that is so is written down, before the hearing.",
	Cure:  "A merger carries its cases by itself. A sale of assets does not.",
}

var extendToAct = act.Define(stream, "case.extend-to", "Lets a case reach a company that the same people control.",
	func(cmd ExtendTo, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.extendTo)

func (c Case) extendTo(f Facts, cmd ExtendTo, m act.Meta) ([]act.Event, error) {
	if err := first(inOwnName(m), c.at(cmd.Case, Charged)); err != nil {
		return nil, err
	}
	switch {
	case contains(c.heirs(f), cmd.Member):
		return nil, nil
	case cmd.Member == c.Member || f.For.Number != cmd.Member || cmd.Reason.Empty():
		return nil, successorOnly.Refuse("%q is no other member, or no reason is given", cmd.Member)
	}
	about := c.about(f, m)
	about.Heirs = append(about.Heirs, cmd.Member)
	return []act.Event{CaseExtended{about, cmd.Member, cmd.Reason.OwnedBy(c.owner())}}, nil
}

// LinkOrder says that an order, such as an interim suspension, belongs to a case.
type LinkOrder struct {
	Case  string `json:"case" label:"Case number"`
	Order string `json:"order" label:"Order number"`
}

// OrderLinked says that an order belongs to a case.
type OrderLinked struct {
	Of
	Order string `json:"order"`
}

func (e OrderLinked) happen(c *Case) {
	c.Orders = append(c.Orders[:len(c.Orders):len(c.Orders)], e.Order)
}

var linkAct = act.Define(stream, "case.link-order", "Says that an order, such as an interim suspension, belongs to a case.",
	func(cmd LinkOrder, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.linkOrder)

func (c Case) linkOrder(f Facts, cmd LinkOrder, m act.Meta) ([]act.Event, error) {
	if err := first(c.leads(m), c.at(cmd.Case, Stages[:len(Stages)-1]...)); err != nil {
		return nil, err
	}
	switch {
	case contains(c.Orders, cmd.Order):
		return nil, nil
	case f.Order.ID == "" || f.Order.Member != c.Member && !contains(c.heirs(f), f.Order.Member):
		return nil, caseKnown.Refuse("order %q is not about member %s", cmd.Order, c.Member)
	}
	return []act.Event{OrderLinked{c.of(m), cmd.Order}}, nil
}
