package people

import (
	"strings"

	"shingle/internal/act"
)

// EndOfficer takes an office from somebody, or lets them lay it down, at once.
type EndOfficer struct {
	Person string `json:"person" label:"Person" hint:"the person's number, for example 0007"`
	Role   string `json:"role" label:"Office" choices:"registrar|education-officer|case-manager|chair|panelist|board=Board member|president|auditor|administrator"`
}

var endOfficerAct = act.Define(stream, "officer.end", "Ends somebody's office.",
	func(cmd EndOfficer, _ act.Meta) act.Target { return act.To(cmd.Person) }, Person.endOfficer)

func (p Person) endOfficer(f Facts, cmd EndOfficer, m act.Meta) ([]act.Event, error) {
	return p.ended(f, strings.TrimSpace(cmd.Role), "", m)
}
