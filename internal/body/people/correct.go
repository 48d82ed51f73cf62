package people

import (
	"time"

	"shingle/internal/act"
)

// Correct sets right what a person is called and where mail reaches them.
type Correct struct {
	Person string       `json:"person" label:"Person" hint:"the person's number, for example 0007"`
	Name   act.Personal `json:"name" label:"Name" hint:"as the person writes it"`
	Email  act.Personal `json:"email" label:"E-mail"`
}

// PersonCorrected says what a person is called from now on, and where mail reaches them.
type PersonCorrected struct {
	Person string       `json:"person"`
	Name   act.Personal `json:"name"`
	Email  act.Personal `json:"email"`
	At     time.Time    `json:"at"`
}

var officersThemselves = act.Rule{
	ID:    "PPL-15",
	Cites: "procedure",
	Text:  "Who holds an office corrects their own address: whoever could change it would get the links that go there, and act as that officer.",
	Cure:  "Have the officer do it; an address that was wrong from the beginning is invited anew.",
}

var correctAct = act.Define(stream, "person.correct", "Corrects a person's name and e-mail address.",
	func(cmd Correct, _ act.Meta) act.Target { return act.To(cmd.Person) }, Person.correct)

func (p Person) correct(f Facts, cmd Correct, m act.Meta) ([]act.Event, error) {
	if err := p.known(f); err != nil {
		return nil, err
	}
	if p.serves(m.At) && !m.Same(f.owner(), f.owner()) {
		return nil, officersThemselves.Refuse("person %s holds an office", f.Person)
	}
	var wrong act.Refusals
	name, email := plain(cmd.Name, cmd.Email, &wrong)
	if len(wrong) > 0 {
		return nil, wrong.Err()
	}
	return []act.Event{PersonCorrected{Person: f.Person, Name: name.OwnedBy(f.owner()), Email: email.OwnedBy(f.owner()), At: m.At}}, nil
}
