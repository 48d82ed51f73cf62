package flowbody

import (
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
)

// MaySit returns why somebody may not sit in a case, a refusal; nil if they may. It is what a panel is looked at for
// when it is named, so that whoever is about to name one sees the conflicts beforehand.
func MaySit(w act.World, id, person string, at time.Time) error {
	cmd := cases.NamePanel{Case: id, Panelists: []string{person}}
	return caseOf(w, id).MaySit(caseFacts(w, "case/"+id, cmd, act.Meta{At: at}), person)
}

// WorksAt returns the members that somebody works for at a time, or says that they do: cases about those are not
// theirs to see.
func WorksAt(w act.World, person string, at time.Time) (members []string) {
	for _, c := range panelist(w, person, act.Meta{At: at}).Works {
		members = append(members, c.Number)
	}
	return members
}
