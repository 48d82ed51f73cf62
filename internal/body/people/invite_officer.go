package people

import (
	"strings"

	"shingle/internal/act"
)

// InviteOfficer asks somebody new to serve the body in an office.
type InviteOfficer struct {
	Role  string       `json:"role" label:"Office" choices:"registrar|education-officer|case-manager|chair|panelist|board=Board member|president|auditor|administrator"`
	Name  act.Personal `json:"name" label:"Name" hint:"as the person writes it"`
	Email act.Personal `json:"email" label:"E-mail" hint:"the invitation goes there"`
	Until act.Date     `json:"until" label:"Last day of the term" hint:"within ten years"`
}

var inviteOfficerAct = act.Define(stream, "officer.invite", "Invites somebody to an office of the body.",
	func(InviteOfficer, act.Meta) act.Target { return act.NextOf("") }, Person.inviteOfficer)

func (p Person) inviteOfficer(f Facts, cmd InviteOfficer, m act.Meta) ([]act.Event, error) {
	if err := f.founded(); err != nil {
		return nil, err
	}
	var wrong act.Refusals
	role := strings.TrimSpace(cmd.Role)
	wrong.Add("role", office(role))
	until, err := f.term(cmd.Until, m)
	wrong.Add("until", err)
	invited := f.invited(cmd.Name, cmd.Email, &wrong, m)
	if len(wrong) > 0 {
		return nil, wrong.Err()
	}
	return []act.Event{invited, PersonAppointed{Person: f.Person, Role: role, From: m.At, Until: until, At: m.At}}, nil
}
