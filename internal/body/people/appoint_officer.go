package people

import (
	"strings"

	"shingle/internal/act"
)

// AppointOfficer gives somebody who is known an office, or the same office for another term.
type AppointOfficer struct {
	Person string   `json:"person" label:"Person" hint:"the person's number, for example 0007"`
	Role   string   `json:"role" label:"Office" choices:"registrar|education-officer|case-manager|chair|panelist|board=Board member|president|auditor|administrator"`
	Until  act.Date `json:"until" label:"Last day of the term" hint:"within ten years"`
}

var appointOfficerAct = act.Define(stream, "officer.appoint", "Gives somebody an office of the body.",
	func(cmd AppointOfficer, _ act.Meta) act.Target { return act.To(cmd.Person) }, Person.appointOfficer)

func (p Person) appointOfficer(f Facts, cmd AppointOfficer, m act.Meta) ([]act.Event, error) {
	if err := f.founded(); err != nil {
		return nil, err
	}
	if err := p.known(f); err != nil {
		return nil, err
	}
	var wrong act.Refusals
	role := strings.TrimSpace(cmd.Role)
	wrong.Add("role", office(role))
	until, err := f.term(cmd.Until, m)
	wrong.Add("until", err)
	if m.Same(f.owner(), f.owner()) {
		wrong.Add("person", notOneself.Refuse("person %s asks for it themself", f.Person))
	}
	wrong.Add("role", p.apart(role, m.At))
	if len(wrong) > 0 {
		return nil, wrong.Err()
	}
	return p.given(f, role, "", until, m), nil
}
