package discipline

import (
	"strings"
	"time"

	"shingle/internal/act"
)

// Stay records that a court has stayed an order: the standing before it is restored at once.
type Stay struct {
	Order     string   `json:"order" label:"Order number"`
	Court     string   `json:"court" label:"Court"`
	Reference string   `json:"reference" label:"Reference" hint:"number and date of the court's order"`
	On        act.Date `json:"on,omitzero" label:"Since" hint:"today if left empty"`
}

// OrderStayed takes its effect from an order.
type OrderStayed struct {
	Order     string    `json:"order"`
	Member    string    `json:"member"`
	Court     string    `json:"court"`
	Reference string    `json:"reference"`
	From      time.Time `json:"from"`
	At        time.Time `json:"at"`
}

// Concerns names the member.
func (o OrderStayed) Concerns() []string { return []string{"member/" + o.Member} }

// TakesEffect returns since when the order is stayed.
func (o OrderStayed) TakesEffect() time.Time { return o.From }

var orderInForce = act.Rule{
	ID:    "DISC-19",
	Cites: "procedure",
	Text:  "Only an order that is in force is stayed, set aside, or met.",
	Cure:  "Check the number of the order.",
}

var courtNamed = act.Rule{
	ID:    "DISC-20",
	Cites: "procedure",
	Text:  "Who decided about an order is named, with a reference.",
	Cure:  "Give the court or body, and the number and date of its decision.",
}

var stayAct = act.Define(orderStream, "order.stay-by-court", "Records that a court has stayed an order.",
	func(cmd Stay, _ act.Meta) act.Target { return act.To(cmd.Order) }, Order.stay)

func (o Order) stay(f Facts, cmd Stay, m act.Meta) ([]act.Event, error) {
	if o.Stayed {
		return nil, nil
	}
	if o.Stage != InForce || !o.Until.IsZero() && !m.At.Before(o.Until) {
		return nil, orderInForce.Refuse("order %q is not in force", cmd.Order)
	}
	court, reference, from, err := o.decidedElsewhere(f, cmd.Court, cmd.Reference, cmd.On, m)
	if err != nil {
		return nil, err
	}
	return []act.Event{OrderStayed{Order: o.ID, Member: o.Member, Court: court, Reference: reference, From: from, At: m.At}}, nil
}

// decidedElsewhere checks a decision of a court or another body about an order, and returns since when
// it holds: now, or since an earlier day on which the order was in force already.
func (o Order) decidedElsewhere(f Facts, by, reference string, on act.Date, m act.Meta) (string, string, time.Time, error) {
	by, reference = strings.TrimSpace(by), strings.TrimSpace(reference)
	if by == "" || reference == "" {
		return "", "", time.Time{}, courtNamed.Refuse("who decided, or the reference, is missing")
	}
	today := f.today(m)
	if on.IsZero() || on == today {
		return by, reference, m.At, nil
	}
	if on.After(today) || on.Before(act.DateIn(o.From, f.zone())) {
		return "", "", time.Time{}, daysInOrder.Refuse("%s is not between the day of the order and today", on)
	}
	from := on.Start(f.zone())
	if from.Before(o.From) {
		from = o.From
	}
	return by, reference, from, nil
}

// LiftStay records that a court's stay has ended: the order has its effect again.
type LiftStay struct {
	Order     string `json:"order" label:"Order number"`
	Reference string `json:"reference" label:"Reference" hint:"number and date of the court's decision"`
}

// StayLifted gives a stayed order its effect back.
type StayLifted struct {
	Order     string    `json:"order"`
	Member    string    `json:"member"`
	Reference string    `json:"reference"`
	At        time.Time `json:"at"`
}

// Concerns names the member.
func (s StayLifted) Concerns() []string { return []string{"member/" + s.Member} }

var orderStayed = act.Rule{
	ID:    "DISC-21",
	Cites: "procedure",
	Text:  "Only a stay that lasts is lifted.",
	Cure:  "Check the number of the order.",
}

var liftStayAct = act.Define(orderStream, "order.lift-stay", "Records that a court's stay has ended.",
	func(cmd LiftStay, _ act.Meta) act.Target { return act.To(cmd.Order) }, Order.liftStay)

func (o Order) liftStay(_ act.None, cmd LiftStay, m act.Meta) ([]act.Event, error) {
	reference := strings.TrimSpace(cmd.Reference)
	switch {
	case !o.Stayed:
		return nil, orderStayed.Refuse("order %q is not stayed", cmd.Order)
	case reference == "":
		return nil, courtNamed.Refuse("the reference is missing")
	}
	return []act.Event{StayLifted{Order: o.ID, Member: o.Member, Reference: reference, At: m.At}}, nil
}
