package people

import (
	"strings"
	"time"

	"shingle/internal/act"
)

// Invite asks a colleague to take part for a member. Somebody who does already is appointed instead.
type Invite struct {
	Member string       `json:"member" label:"Member number"`
	Role   string       `json:"role" label:"Role" choices:"representative=Representative: signs for the company and looks after its people|compliance-officer=Compliance officer: attests, and keeps the entry up to date|practitioner=Practitioner: sees how the company stands and what it owes"`
	Name   act.Personal `json:"name" label:"Name" hint:"as the person writes it"`
	Email  act.Personal `json:"email" label:"E-mail" hint:"the invitation goes there"`
}

// PersonInvited says that somebody was asked to take part. It belongs to them what they are called.
type PersonInvited struct {
	Person    string       `json:"person"`
	Name      act.Personal `json:"name"`
	Email     act.Personal `json:"email"`
	OpenUntil time.Time    `json:"open_until"` // when the invitation ends, excluded
	At        time.Time    `json:"at"`
}

var inviteAct = act.Define(stream, "person.invite", "Invites somebody to act for a member.",
	func(Invite, act.Meta) act.Target { return act.NextOf("") }, Person.invite)

func (p Person) invite(f Facts, cmd Invite, m act.Meta) ([]act.Event, error) {
	if err := f.founded(); err != nil {
		return nil, err
	}
	role, member := strings.TrimSpace(cmd.Role), strings.TrimSpace(cmd.Member)
	if err := f.bringsIn(member, m); err != nil {
		return nil, err
	}
	var wrong act.Refusals
	atMember(f, role, member, &wrong)
	invited := f.invited(cmd.Name, cmd.Email, &wrong, m)
	if len(wrong) > 0 {
		return nil, wrong.Err()
	}
	return []act.Event{invited, PersonAppointed{Person: f.Person, Role: role, Member: member, From: m.At, At: m.At}}, nil
}

// invited returns what is recorded of an invitation, and says what is wrong with it.
func (f Facts) invited(name, email act.Personal, wrong *act.Refusals, m act.Meta) PersonInvited {
	name, email = plain(name, email, wrong)
	return PersonInvited{
		Person: f.Person, Name: name.OwnedBy(f.owner()), Email: email.OwnedBy(f.owner()), OpenUntil: openUntil(m), At: m.At,
	}
}
