package people

import (
	"strings"
	"time"

	"shingle/internal/act"
)

// End takes a role at a member from somebody, at once.
type End struct {
	Person string `json:"person" label:"Person" hint:"the person's number, for example 0007"`
	Member string `json:"member" label:"Member number"`
	Role   string `json:"role" label:"Role" choices:"representative|compliance-officer|practitioner"`
}

// PersonEnded says that a role ended before its term: whoever held it is signed out of it.
type PersonEnded struct {
	Person string    `json:"person"`
	Role   string    `json:"role"`
	Member string    `json:"member,omitempty"` // "" for an office
	Why    string    `json:"why"`              // "ended", "left", "moved" or "forgotten"
	At     time.Time `json:"at"`
}

// Why a role ended.
const (
	byOthers     = "ended"
	byLeaving    = "left"
	byMoving     = "moved"
	byForgetting = "forgotten"
)

// Concerns names the member.
func (e PersonEnded) Concerns() []string { return concerning(e.Member) }

var endAct = act.Define(stream, "person.end", "Ends somebody's role at a member.",
	func(cmd End, _ act.Meta) act.Target { return act.To(cmd.Person) }, Person.end)

func (p Person) end(f Facts, cmd End, m act.Meta) ([]act.Event, error) {
	return p.ended(f, strings.TrimSpace(cmd.Role), strings.TrimSpace(cmd.Member), m)
}

// ended ends one role, which must be held; an office has no member. It is refused in the same words whether
// there is such a person or not.
func (p Person) ended(f Facts, role, member string, m act.Meta) ([]act.Event, error) {
	if !p.Holds(role, member, m.At) {
		return nil, notHeld(f, role, member)
	}
	return []act.Event{PersonEnded{Person: f.Person, Role: role, Member: member, Why: byOthers, At: m.At}}, nil
}

func notHeld(f Facts, role, member string) error {
	if member == "" {
		return roleHeld.Refuse("person %q does not hold the office of %q", f.Person, role)
	}
	return roleHeld.Refuse("person %q is not %q at member %q", f.Person, role, member)
}
