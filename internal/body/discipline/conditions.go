package discipline

import (
	"strings"
	"time"

	"shingle/internal/act"
)

// MeetConditions ends conditions or a probation before their time, because they have served their end.
type MeetConditions struct {
	Order string `json:"order" label:"Order number"`
	How   string `json:"how" label:"How they were met" rows:"3"`
}

// ConditionsMet ends conditions or a probation.
type ConditionsMet struct {
	Order  string    `json:"order"`
	Member string    `json:"member"`
	How    string    `json:"how"`
	At     time.Time `json:"at"`
}

// Concerns names the member.
func (c ConditionsMet) Concerns() []string { return []string{"member/" + c.Member} }

var conditionsOnly = act.Rule{
	ID:    "DISC-22",
	Cites: "procedure",
	Text:  "Only conditions and probation end by being met, and it is said how.",
	Cure:  "Other orders end as they say.",
}

var conditionsMetAct = act.Define(orderStream, "order.conditions-met", "Ends conditions or a probation that have been met.",
	func(cmd MeetConditions, _ act.Meta) act.Target { return act.To(cmd.Order) }, Order.meet)

func (o Order) meet(_ act.None, cmd MeetConditions, m act.Meta) ([]act.Event, error) {
	how := strings.TrimSpace(cmd.How)
	switch {
	case o.Sanction != Conditions && o.Sanction != Probation || how == "":
		return nil, conditionsOnly.Refuse("order %q is %s", cmd.Order, o.Sanction)
	case o.Stage == Ended && !o.Quashed:
		return nil, nil
	case o.Stage != InForce || !m.At.Before(o.Until):
		return nil, orderInForce.Refuse("order %q is not in force", cmd.Order)
	}
	return []act.Event{ConditionsMet{Order: o.ID, Member: o.Member, How: how, At: m.At}}, nil
}
