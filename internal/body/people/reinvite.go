package people

import (
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
)

// Reinvite makes an invitation good for another fortnight. Somebody who has joined and lost every means to
// sign in gets back in by it.
type Reinvite struct {
	Person string `json:"person" label:"Person" hint:"the person's number, for example 0007"`
	Member string `json:"member,omitempty" label:"Member number" hint:"where a member renews the invitation of one of its people"`
}

// PersonReinvited says until when somebody may accept the invitation now.
type PersonReinvited struct {
	Person    string    `json:"person"`
	OpenUntil time.Time `json:"open_until"` // excluded
	At        time.Time `json:"at"`
}

var officerBack = act.Rule{
	ID:    "PPL-16",
	Cites: "procedure",
	Text:  "An officer who has joined, and cannot sign in any more, is let in again by the president or the operator, and by nobody else.",
	Cure:  "Ask the president.",
}

var reinviteAct = act.Define(stream, "person.reinvite", "Renews somebody's invitation for 14 days.",
	func(cmd Reinvite, _ act.Meta) act.Target { return act.To(cmd.Person) }, Person.reinvite)

func (p Person) reinvite(f Facts, cmd Reinvite, m act.Meta) ([]act.Event, error) {
	if member := strings.TrimSpace(cmd.Member); slices.Contains(MemberRoles, m.Role) && (member == "" || !p.worksAt(member, m.At)) {
		return nil, ownPeople.Refuse("person %q is none of member %q's people", f.Person, member)
	}
	if err := p.known(f); err != nil {
		return nil, err
	}
	if p.Stage == Joined && p.serves(m.At) && m.Role != President && m.Role != "operator" {
		return nil, officerBack.Refuse("person %s has joined and holds an office", f.Person)
	}
	until := openUntil(m)
	if until.Equal(p.OpenUntil) {
		return nil, nil
	}
	return []act.Event{PersonReinvited{Person: f.Person, OpenUntil: until, At: m.At}}, nil
}
