package flowbody

import (
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/discipline"
	"shingle/internal/body/standing"
)

// announce publishes a notice of whatever happens to an order in public: that it is in force, stayed,
// set aside or over. Advice and warnings stay between the body and the member.
func announce() []act.Reaction {
	var reactions []act.Reaction
	for _, kind := range []string{
		"order.confirmed/2", "order.enforced", "order.interim-imposed", "order.interim-reviewed", "order.interim-lifted", "order.stayed", "order.stay-lifted",
		"order.quashed", "order.conditions-met",
	} {
		reactions = append(reactions, act.Reaction{On: kind, React: publish})
	}
	return append(reactions, act.Reaction{On: "charge.closed", React: correct}, act.Reaction{On: "case.finalized", React: correct})
}

func publish(w act.World, e act.Recorded) []any {
	if !act.StateOf[discipline.Order](w, e.Stream).Public() {
		return nil
	}
	return []any{discipline.Publish{Order: strings.TrimPrefix(e.Stream, "order/")}}
}

// correct publishes that charges failed, of each member of whom the register said because of them that it
// left and is under investigation. It comes before the statement that ends this.
func correct(w act.World, e act.Recorded) []any {
	var asked []any
	failed := e.Event.(interface{ Failed() bool }).Failed()
	for _, s := range e.Subjects {
		member, ok := strings.CutPrefix(s, "member/")
		if ok && failed && !suspected(w, member, e.At).IsZero() {
			asked = append(asked, discipline.Publish{Charge: strings.TrimPrefix(e.Stream, "charge/"), Member: member})
		}
	}
	return asked
}

// suspected returns since when the register has said that a member left and is under investigation, if that
// is no longer so at a time; else the zero time.
func suspected(w act.World, member string, at time.Time) time.Time {
	said := act.StateOf[standing.Statements](w, "standing/"+member).Last
	if said.Status != standing.WithdrawnUnderInvestigation ||
		standing.Of(FactsOf(w, member), at, at).Status == standing.WithdrawnUnderInvestigation {
		return time.Time{}
	}
	return said.Since
}
