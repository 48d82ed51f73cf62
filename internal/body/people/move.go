package people

import (
	"strings"

	"shingle/internal/act"
)

// Move lets a person go on at another member in the role, and for the term, that they had at the first.
// Their education goes with them.
type Move struct {
	Person string `json:"person" label:"Person" hint:"the person's number, for example 0007"`
	From   string `json:"from" label:"From the member" hint:"its number"`
	To     string `json:"to" label:"To the member" hint:"its number"`
	Role   string `json:"role" label:"Role" choices:"representative|compliance-officer|practitioner"`
}

var movesElsewhere = act.Rule{
	ID:    "PPL-13",
	Cites: "membership.people",
	Text:  "Who moves goes to another member.",
	Cure:  "Name the member that the person goes to.",
}

var moveAct = act.Define(stream, "person.move", "Lets somebody's role go with them to another member.",
	func(cmd Move, _ act.Meta) act.Target { return act.To(cmd.Person) }, Person.move)

func (p Person) move(f Facts, cmd Move, m act.Meta) ([]act.Event, error) {
	role, from, to := strings.TrimSpace(cmd.Role), strings.TrimSpace(cmd.From), strings.TrimSpace(cmd.To)
	held, ok := p.held(role, from, m.At)
	switch {
	case from == "" || !ok:
		return nil, notHeld(f, role, from)
	case from == to:
		return nil, movesElsewhere.Refuse("from %s to %s", from, to)
	case !f.Member:
		return nil, memberNamed.Refuse("%q is no member and does not apply to be one", to)
	}
	events := []act.Event{PersonEnded{Person: f.Person, Role: role, Member: from, Why: byMoving, At: m.At}}
	if !p.Holds(role, to, m.At) {
		events = append(events, PersonAppointed{Person: f.Person, Role: role, Member: to, From: m.At, Until: held.Until, At: m.At})
	}
	return events, nil
}
