package discipline

import (
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

// Review looks again at an interim suspension, and continues or ends it. One that is not reviewed in time
// ends by itself: nobody stays suspended because the body forgot.
type Review struct {
	Order    string      `json:"order" label:"Order number"`
	Decision string      `json:"decision" label:"Decision" choices:"continue=Continue the suspension|end=End the suspension"`
	By       string      `json:"by" label:"Reviewed by" hint:"the panel or office, not the names of people; published"`
	Reason   act.Private `json:"reason,omitzero" label:"Reasons" hint:"not published"`
}

// InterimReviewed says that an interim suspension was reviewed. If it ends, [InterimLifted] follows.
type InterimReviewed struct {
	Order     string      `json:"order"`
	Member    string      `json:"member"`
	Continued bool        `json:"continued"`
	By        string      `json:"by"`
	Reason    act.Private `json:"reason"`
	Until     time.Time   `json:"until,omitzero"` // when it now ends by itself, if it goes on
	At        time.Time   `json:"at"`
}

// Concerns names the member.
func (i InterimReviewed) Concerns() []string { return []string{"member/" + i.Member} }

var reviewSaid = act.Rule{
	ID:    "DISC-33",
	Cites: "procedure.interim-review",
	Text:  "A review continues or ends an interim suspension; it is said who reviewed it, and why it ended so.",
	Cure:  "Say continue or end, who reviewed it, and the reasons.",
}

var reviewInTime = act.Rule{
	ID:    "DISC-34",
	Cites: "procedure.interim-review",
	Text:  "An interim suspension is reviewed while it lasts; without a review in time it ends by itself.",
	Cure:  "Where harm still threatens, hear the member and suspend it anew.",
}

var reviewAct = act.Define(orderStream, "order.interim-review", "Reviews an interim suspension, and continues or ends it.",
	func(cmd Review, _ act.Meta) act.Target { return act.To(cmd.Order) }, Order.review)

func (o Order) review(f Facts, cmd Review, m act.Meta) ([]act.Event, error) {
	by := strings.TrimSpace(cmd.By)
	switch {
	case !o.Interim:
		return nil, interimInForce.Refuse("order %q is no interim suspension", cmd.Order)
	case cmd.Decision != "continue" && cmd.Decision != "end" || !act.OneLine(by, 1, 200) || cmd.Reason.Empty():
		return nil, reviewSaid.Refuse("decision %q by %q", cmd.Decision, cmd.By)
	case !o.inForce(m.At):
		return nil, reviewInTime.Refuse("order %q is over", cmd.Order)
	case cmd.Decision == "continue" && act.DateIn(o.Reviewed, f.zone()) == f.today(m):
		return nil, nil
	}
	e := InterimReviewed{
		Order: o.ID, Member: o.Member, Continued: cmd.Decision == "continue", By: by, Reason: cmd.Reason.OwnedBy("order/" + o.ID), At: m.At,
	}
	if !e.Continued {
		return []act.Event{e, InterimLifted{Order: o.ID, Member: o.Member, Reason: e.Reason, At: m.At}}, nil
	}
	e.Until = o.Until
	if text, ok := f.textOn(f.today(m)); ok && !o.Latest.IsZero() {
		e.Until = code.Deadline(m.At, text.Requirements.Procedure.InterimReview, f.zone(), f.Holidays)
		if e.Until.After(o.Latest) {
			e.Until = o.Latest
		}
	}
	return []act.Event{e}, nil
}
