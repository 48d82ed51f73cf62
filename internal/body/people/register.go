package people

import (
	"time"

	"shingle/internal/act"
)

// Register takes in a stranger who wants to apply for membership, once they have shown that mail to
// their address reaches them.
type Register struct {
	Name  act.Personal `json:"name" label:"Name" hint:"as the person writes it"`
	Email act.Personal `json:"email" label:"E-mail" hint:"shown to be theirs"`
}

// PersonRegistered says that a stranger came by themself.
type PersonRegistered struct {
	Person    string       `json:"person"`
	Name      act.Personal `json:"name"`
	Email     act.Personal `json:"email"`
	OpenUntil time.Time    `json:"open_until"` // when it is too late to join, excluded
	At        time.Time    `json:"at"`
}

var registerAct = act.Define(stream, "person.register", "Takes in somebody who wants to apply for membership; the door asks for it once their address is verified.",
	func(Register, act.Meta) act.Target { return act.NextOf("") }, Person.register)

func (p Person) register(f Facts, cmd Register, m act.Meta) ([]act.Event, error) {
	if err := f.founded(); err != nil {
		return nil, err
	}
	var wrong act.Refusals
	name, email := plain(cmd.Name, cmd.Email, &wrong)
	if len(wrong) > 0 {
		return nil, wrong.Err()
	}
	return []act.Event{PersonRegistered{
		Person: f.Person, Name: name.OwnedBy(f.owner()), Email: email.OwnedBy(f.owner()), OpenUntil: openUntil(m), At: m.At,
	}}, nil
}
