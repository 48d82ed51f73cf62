package discipline

import (
	"time"

	"shingle/internal/act"
)

// Quash records that an order was set aside for good, by a court or on review.
type Quash struct {
	Order     string   `json:"order" label:"Order number"`
	By        string   `json:"by" label:"Set aside by" hint:"the court or body"`
	Reference string   `json:"reference" label:"Reference" hint:"number and date of the decision"`
	On        act.Date `json:"on,omitzero" label:"Since" hint:"today if left empty"`
}

// OrderQuashed ends an order for good.
type OrderQuashed struct {
	Order     string    `json:"order"`
	Member    string    `json:"member"`
	By        string    `json:"by"`
	Reference string    `json:"reference"`
	From      time.Time `json:"from"`
	At        time.Time `json:"at"`
}

// Concerns names the member.
func (o OrderQuashed) Concerns() []string { return []string{"member/" + o.Member} }

// TakesEffect returns since when the order is set aside.
func (o OrderQuashed) TakesEffect() time.Time { return o.From }

var quashAct = act.Define(orderStream, "order.quash", "Records that an order was set aside for good.",
	func(cmd Quash, _ act.Meta) act.Target { return act.To(cmd.Order) }, Order.quash)

func (o Order) quash(f Facts, cmd Quash, m act.Meta) ([]act.Event, error) {
	if o.Quashed {
		return nil, nil
	}
	if o.Stage != InForce && o.Stage != Ended {
		return nil, orderInForce.Refuse("order %q is not in force", cmd.Order)
	}
	by, reference, from, err := o.decidedElsewhere(f, cmd.By, cmd.Reference, cmd.On, m)
	if err != nil {
		return nil, err
	}
	return []act.Event{OrderQuashed{Order: o.ID, Member: o.Member, By: by, Reference: reference, From: from, At: m.At}}, nil
}
