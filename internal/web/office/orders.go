package office

import (
	"net/http"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/discipline"
	flowbody "shingle/internal/flow/body"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

// ordersPage lists what waits for a second officer, what suspends members for the time being, and what is in force.
type ordersPage struct {
	ui.Chrome
	Said     []string
	Proposed []orderRow
	Interim  []orderRow
	InForce  []orderRow
	Charges  []line
	NextURL  string
	Later    bool
	Record   bool // an order may be recorded
}

// orderRow is an order and what may be done about it.
type orderRow struct {
	view.Order
	Name     string // of the member
	What     string // "Suspension, for the time being"
	State    string
	Day      string // on which it ends or is to be reviewed, "" for none
	When     string
	Provided string // the provisions
	Links    []link
}

// orderLines is how many orders a page shows.
const orderLines = 100

func (o *Office) orders(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	ctx := r.Context()
	c.Title = "Orders"
	after := r.URL.Query().Get("after")
	p := ordersPage{Chrome: c, Later: after != "", Record: o.asks(who, "order.record")}
	var err error
	if p.Said, _, _, err = o.Desk.Said(r, who); err != nil {
		return err
	}
	inForce, next, err := o.Register.OrdersAt(ctx, discipline.InForce, c.Now, orderLines, after)
	if err != nil {
		return err
	}
	var proposed []view.Order
	if !p.Later {
		if proposed, _, err = o.Register.OrdersAt(ctx, discipline.Proposed, c.Now, orderLines, ""); err != nil {
			return err
		}
		charges, err := o.Register.Waiting(ctx, c.Now, flowbody.WaitingCharge)
		if err != nil {
			return err
		}
		for _, v := range charges {
			l := line{What: v.What, Number: v.Member, When: sinceWords(-daysUntil(act.DateIn(v.Since, c.Zone), c.Now, c.Zone))}
			if o.asks(who, v.Act) {
				l.Do = link{"/office/acts/" + v.Act + query("charge", v.Subject[len("charge/"):]), waits[v.Kind]}
			}
			p.Charges = append(p.Charges, l)
		}
		if err := o.name(ctx, who, p.Charges); err != nil {
			return err
		}
	}
	var numbers []string
	for _, order := range append(proposed, inForce...) {
		numbers = append(numbers, order.Member)
	}
	known, err := o.Register.Particulars(ctx, numbers)
	if err != nil {
		return err
	}
	p.Proposed = o.orderRows(who, c, proposed, known)
	for _, row := range o.orderRows(who, c, inForce, known) {
		if row.Interim {
			p.Interim = append(p.Interim, row)
		} else {
			p.InForce = append(p.InForce, row)
		}
	}
	if next != "" {
		p.NextURL = "/office/orders" + query("after", next)
	}
	o.Desk.Show(w, r, http.StatusOK, "orders", p)
	return nil
}

// orderActs are what may be done about an order: a proposed one, one for the time being, and any in force.
var orderActs = map[string][]struct{ kind, say string }{
	"proposed": {{"order.confirm", "Confirm it"}, {"order.withdraw", "Take it back"}},
	"interim":  {{"order.interim-review", "Review it"}, {"order.interim-lift", "Lift it"}, {"order.stay-by-court", "Record a court’s stay"}},
	"in-force": {{"order.stay-by-court", "Record a court’s stay"}, {"order.quash", "Record that it is set aside"}},
	"stayed":   {{"order.lift-stay", "Lift the stay"}, {"order.quash", "Record that it is set aside"}},
}

func (o *Office) orderRows(who ui.Who, c ui.Chrome, orders []view.Order, known map[string]view.Particulars) (rows []orderRow) {
	for _, order := range orders {
		row := orderRow{Order: order, Name: known[order.Member].Name, What: sanctionWords(order), Provided: strings.Join(order.Provisions, ", ")}
		which := ""
		switch {
		case order.Stage == discipline.Proposed:
			row.State, which = "waits for a second officer", "proposed"
			row.When = sinceWords(-daysUntil(act.DateIn(order.Proposed, c.Zone), c.Now, c.Zone))
		case order.Stage == discipline.TakenBack:
			row.State = "taken back"
		case order.Quashed:
			row.State = "set aside"
		case order.Stage == discipline.Ended:
			row.State = "ended"
		case order.Over(c.Now):
			row.State = "over"
		case order.Stayed:
			row.State, which = "stayed by a court", "stayed"
		case order.Interim:
			row.State, which = "in force, no finding", "interim"
		default:
			row.State, which = "in force", "in-force"
		}
		if which != "" && which != "proposed" && !order.Until.IsZero() {
			day := act.DateIn(order.Until.Add(-time.Microsecond), c.Zone)
			row.Day, row.When = day.String(), untilWords(daysUntil(day, c.Now, c.Zone))
		}
		acts := orderActs[which]
		if which == "in-force" && order.Sanction == discipline.Conditions {
			acts = append([]struct{ kind, say string }{{"order.conditions-met", "Say that they are met"}}, acts...)
		}
		for _, a := range acts {
			if o.asks(who, a.kind) {
				row.Links = append(row.Links, link{orderActLink(order.ID, a.kind), a.say})
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func sanctionWords(o view.Order) string {
	words := strings.ReplaceAll(o.Sanction, "-", " ")
	if words != "" {
		words = strings.ToUpper(words[:1]) + words[1:]
	}
	if o.Interim {
		words += ", for the time being"
	}
	return words
}
