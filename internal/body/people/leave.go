package people

import (
	"strings"

	"shingle/internal/act"
)

// Leave ends all that a person is at a member, at their own wish.
type Leave struct {
	Person string `json:"person" label:"Person" hint:"your own number"`
	Member string `json:"member" label:"Member number"`
}

var leaveAct = act.Define(stream, "person.leave", "Ends all that somebody is at a member, at their own wish.",
	func(cmd Leave, _ act.Meta) act.Target { return act.To(cmd.Person) }, Person.leave)

func (p Person) leave(f Facts, cmd Leave, m act.Meta) ([]act.Event, error) {
	member := strings.TrimSpace(cmd.Member)
	if member == "" || !p.worksAt(member, m.At) {
		return nil, roleHeld.Refuse("person %q is nothing at member %q", f.Person, member)
	}
	return p.endAll(f, func(h Held) bool { return h.Member == member }, byLeaving, m), nil
}

// endAll ends all roles of a kind that are held.
func (p Person) endAll(f Facts, of func(Held) bool, why string, m act.Meta) (events []act.Event) {
	for _, h := range p.Roles {
		if of(h) && h.At(m.At) {
			events = append(events, PersonEnded{Person: f.Person, Role: h.Role, Member: h.Member, Why: why, At: m.At})
		}
	}
	return events
}
