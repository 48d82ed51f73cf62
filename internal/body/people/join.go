package people

import (
	"time"

	"shingle/internal/act"
)

// Join records that somebody accepted their invitation and has shown for the first time who they are.
type Join struct {
	Person string `json:"person" label:"Person" hint:"the person's number, for example 0007"`
}

// PersonJoined says that somebody can sign in from now on.
type PersonJoined struct {
	Person string    `json:"person"`
	At     time.Time `json:"at"`
}

var invitationOpen = act.Rule{
	ID:    "PPL-14",
	Cites: "person.invitation",
	Text:  "An invitation is good for 14 days.",
	Cure:  "Have the invitation renewed with person.reinvite.",
}

var joinAct = act.Define(stream, "person.join", "Records that somebody accepted an invitation; the door asks for it once they can sign in.",
	func(cmd Join, _ act.Meta) act.Target { return act.To(cmd.Person) }, Person.join)

func (p Person) join(f Facts, _ Join, m act.Meta) ([]act.Event, error) {
	if err := p.known(f); err != nil {
		return nil, err
	}
	switch {
	case p.Stage == Joined:
		return nil, nil
	case !m.At.Before(p.OpenUntil):
		return nil, invitationOpen.Refuse("that of person %s ended on %s", f.Person, p.OpenUntil.Format(time.RFC3339))
	}
	return []act.Event{PersonJoined{Person: f.Person, At: m.At}}, nil
}
