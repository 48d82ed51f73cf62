package discipline

import (
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

// Confirm puts a proposed order in force, by a second officer who has compared it with the papers.
type Confirm struct {
	Order string `json:"order" label:"Order number" hint:"for example 2026-0001"`
}

// OrderConfirmed puts an order in force: from its confirmation on, or from a later day that the
// decision names; never back in time.
type OrderConfirmed struct {
	Order    string    `json:"order"`
	Member   string    `json:"member"`
	Name     string    `json:"name"` // of the member, then
	From     time.Time `json:"from"`
	Until    time.Time `json:"until,omitzero"`     // when it ends by itself
	BarUntil time.Time `json:"bar_until,omitzero"` // before which an expelled member may not come back
	At       time.Time `json:"at"`
	Proposal
}

// Concerns names the member.
func (o OrderConfirmed) Concerns() []string { return []string{"member/" + o.Member} }

// TakesEffect returns when the order comes into force.
func (o OrderConfirmed) TakesEffect() time.Time { return o.From }

var orderProposed = act.Rule{
	ID:    "DISC-10",
	Cites: "procedure",
	Text:  "Only an order that was proposed and not taken back is confirmed or taken back.",
	Cure:  "Check the number of the order.",
}

var twoPeople = act.Rule{
	ID:    "DISC-11",
	Cites: "procedure",
	Text:  "Nobody confirms what they proposed.",
	Cure:  "Ask a second officer to compare it with the papers and confirm it.",
}

var notOver = act.Rule{
	ID:    "DISC-12",
	Cites: "procedure",
	Text:  "An order whose time is over can no longer be put in force.",
	Cure:  "Take it back.",
}

var confirmAct = act.Define(orderStream, "order.confirm", "Puts a proposed order in force, as a second officer.",
	func(cmd Confirm, _ act.Meta) act.Target { return act.To(cmd.Order) }, Order.confirm)

func (o Order) confirm(f Facts, cmd Confirm, m act.Meta) ([]act.Event, error) {
	switch {
	case o.Stage == Proposed:
	case o.Stage == "" || o.Stage == TakenBack || o.Interim:
		return nil, orderProposed.Refuse("no order %s is proposed", cmd.Order)
	default:
		return nil, nil
	}
	if m.Same(o.Proposer, o.Holder) {
		return nil, twoPeople.Refuse("whoever asks, as %s, proposed order %s", m.Actor, o.ID)
	}
	version, err := f.stands(o.Proposal, o.Member, m)
	if err != nil {
		return nil, err
	}
	if version.Label != o.Proposal.CodeVersion {
		return nil, provisionKnown.Refuse("version %s was in force on %s, not %s; take it back and record it anew",
			version.Label, o.Proposal.Decided, o.Proposal.CodeVersion)
	}
	e := OrderConfirmed{
		Order: o.ID, Member: o.Member, Name: f.Respondent.Name, From: m.At, At: m.At, Proposal: o.Proposal.sealed(o.ID),
	}
	if start := o.Proposal.FromDay.Start(f.zone()); !o.Proposal.FromDay.IsZero() && start.After(m.At) {
		e.From = start
	}
	if !o.Proposal.UntilDay.IsZero() {
		if e.Until = code.EndOf(o.Proposal.UntilDay, f.zone()); !e.Until.After(e.From) {
			return nil, notOver.Refuse("it ended with %s", o.Proposal.UntilDay)
		}
	}
	if o.Sanction == Expulsion {
		e.BarUntil = code.Deadline(e.From, version.Requirements.Procedure.ReadmissionBar, f.zone(), f.Holidays)
	}
	return []act.Event{e}, nil
}
