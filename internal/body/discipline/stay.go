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
	if !o.inForce(m.At) {
		return nil, orderInForce.Refuse("order %q is not in force", cmd.Order)
	}
	if back := f.Respondent.Readmitted; o.Sanction == Expulsion && back.After(o.From) {
		return nil, orderInForce.Refuse("order %q ended when the company was readmitted on %s", cmd.Order, act.DateIn(back, f.zone()))
	}
	court, reference, from, err := o.decidedElsewhere(f, cmd.Court, cmd.Reference, cmd.On, m)
	if err != nil {
		return nil, err
	}
	return []act.Event{OrderStayed{Order: o.ID, Member: o.Member, Court: court, Reference: reference, From: from, At: m.At}}, nil
}

// inForce reports whether an order is in force at t or is to come into force, stayed or not.
func (o Order) inForce(t time.Time) bool {
	return o.Stage == InForce && (o.Until.IsZero() || t.Before(o.Until))
}

var turnsInOrder = act.Rule{
	ID:    "DISC-30",
	Cites: "procedure",
	Text:  "What is decided about an order follows on what was decided about it before.",
	Cure:  "Give the day of the last decision about the order, or a later one.",
}

// decidedElsewhere checks a decision of a court or another body about an order, and returns since when
// it holds: now, or since an earlier day on which nothing else had happened to the order yet.
func (o Order) decidedElsewhere(f Facts, by, reference string, on act.Date, m act.Meta) (string, string, time.Time, error) {
	by, reference = strings.TrimSpace(by), strings.TrimSpace(reference)
	if by == "" || reference == "" {
		return "", "", time.Time{}, courtNamed.Refuse("who decided, or the reference, is missing")
	}
	today := f.today(m)
	if on.IsZero() || on == today {
		return by, reference, m.At, nil
	}
	last := act.DateIn(o.turned, f.zone())
	switch {
	case on.After(today):
		return "", "", time.Time{}, daysInOrder.Refuse("%s lies ahead", on)
	case on.Before(last) && len(o.Turns) == 1:
		return "", "", time.Time{}, daysInOrder.Refuse("%s is before the day of the order, %s", on, last)
	case on.Before(last):
		return "", "", time.Time{}, turnsInOrder.Refuse("%s is before %s, when something was decided about it last", on, last)
	}
	from := on.Start(f.zone())
	if from.Before(o.turned) {
		from = o.turned
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
	case !o.inForce(m.At):
		return nil, orderInForce.Refuse("the time of order %q is over", cmd.Order)
	case reference == "":
		return nil, courtNamed.Refuse("the reference is missing")
	}
	return []act.Event{StayLifted{Order: o.ID, Member: o.Member, Reference: reference, At: m.At}}, nil
}
