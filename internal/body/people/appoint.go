package people

import (
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
)

// Appoint gives somebody who is known a role at a member, or the same role for another term.
type Appoint struct {
	Person string   `json:"person" label:"Person" hint:"the person's number, for example 0007"`
	Member string   `json:"member" label:"Member number"`
	Role   string   `json:"role" label:"Role" choices:"representative=Representative: signs for the company and looks after its people|compliance-officer=Compliance officer: attests, and keeps the entry up to date|practitioner=Practitioner: sees how the company stands and what it owes"`
	Until  act.Date `json:"until,omitzero" label:"Last day of the term" hint:"no end if left empty"`
}

// PersonAppointed says that somebody was given a role for a term, or that the term of one they held was
// changed.
type PersonAppointed struct {
	Person string    `json:"person"`
	Role   string    `json:"role"`
	Member string    `json:"member,omitempty"` // "" for an office
	From   time.Time `json:"from"`
	Until  time.Time `json:"until,omitzero"` // excluded; none for no end
	At     time.Time `json:"at"`
}

// Concerns names the member.
func (e PersonAppointed) Concerns() []string { return concerning(e.Member) }

// concerning names the members at which something happens to a person; an office is at none.
func concerning(members ...string) (streams []string) {
	for _, m := range members {
		if m != "" {
			streams = append(streams, "member/"+m)
		}
	}
	return streams
}

var ownPeople = act.Rule{
	ID:    "PPL-12",
	Cites: "membership.people",
	Text:  "A member gives other roles to its own people, and renews their invitations; who is not among them is invited, or moved by the registrar.",
	Cure:  "Invite the person, or ask the registrar.",
}

var appointAct = act.Define(stream, "person.appoint", "Gives somebody a role at a member.",
	func(cmd Appoint, _ act.Meta) act.Target { return act.To(cmd.Person) }, Person.appoint)

func (p Person) appoint(f Facts, cmd Appoint, m act.Meta) ([]act.Event, error) {
	if err := f.founded(); err != nil {
		return nil, err
	}
	role, member := strings.TrimSpace(cmd.Role), strings.TrimSpace(cmd.Member)
	// Before anything else, and in the same words whether there is such a person or not: whoever is appointed
	// is shown to the member by name.
	if slices.Contains(MemberRoles, m.Role) && (member == "" || !p.worksAt(member, m.At)) {
		return nil, ownPeople.Refuse("person %q is none of member %q's people", f.Person, member)
	}
	if err := p.known(f); err != nil {
		return nil, err
	}
	if err := f.bringsIn(member, m); err != nil {
		return nil, err
	}
	var wrong act.Refusals
	atMember(f, role, member, &wrong)
	until, err := f.term(cmd.Until, m)
	wrong.Add("until", err)
	if len(wrong) > 0 {
		return nil, wrong.Err()
	}
	return p.given(f, role, member, until, m), nil
}

// given returns what happens when somebody is given a role: nothing, if they hold it for that term.
func (p Person) given(f Facts, role, member string, until time.Time, m act.Meta) []act.Event {
	from := m.At
	if h, ok := p.held(role, member, m.At); ok {
		if h.Until.Equal(until) {
			return nil
		}
		from = h.From
	}
	return []act.Event{PersonAppointed{Person: f.Person, Role: role, Member: member, From: from, Until: until, At: m.At}}
}
