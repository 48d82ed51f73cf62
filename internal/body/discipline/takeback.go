package discipline

import (
	"time"

	"shingle/internal/act"
)

// TakeBack drops an order that was proposed and not confirmed.
type TakeBack struct {
	Order string `json:"order" label:"Order number"`
}

// OrderWithdrawn says that a proposed order was dropped.
type OrderWithdrawn struct {
	Order  string    `json:"order"`
	Member string    `json:"member"`
	At     time.Time `json:"at"`
}

// Concerns names the member.
func (o OrderWithdrawn) Concerns() []string { return []string{"member/" + o.Member} }

var takesBackOwn = act.Rule{
	ID:    "DISC-13",
	Cites: "procedure",
	Text:  "A proposed order is taken back by whoever proposed it.",
	Cure:  "Ask the proposer.",
}

var takeBackAct = act.Define(orderStream, "order.withdraw", "Drops an order that was proposed and not confirmed.",
	func(cmd TakeBack, _ act.Meta) act.Target { return act.To(cmd.Order) }, Order.takeBack)

func (o Order) takeBack(_ act.None, cmd TakeBack, m act.Meta) ([]act.Event, error) {
	switch {
	case o.Stage == TakenBack:
		return nil, nil
	case o.Stage != Proposed:
		return nil, orderProposed.Refuse("no order %s is proposed", cmd.Order)
	case !m.Same(o.Proposer, o.Holder):
		return nil, takesBackOwn.Refuse("%s did not propose order %s", m.Actor, o.ID)
	}
	return []act.Event{OrderWithdrawn{Order: o.ID, Member: o.Member, At: m.At}}, nil
}
