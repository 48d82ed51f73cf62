package flowbody

import (
	"strings"

	"shingle/internal/act"
	"shingle/internal/body/standing"
)

// stateStanding makes a public statement of a member's standing after everything that concerns the
// member. What concerns all members at once, such as a new version of the code, asks for nothing here:
// time brings its effects about, and the clock makes the statements that fall due.
var stateStanding = act.Reaction{On: "*", React: func(_ act.World, e act.Recorded) []any {
	if _, ok := e.Event.(standing.Stated); ok {
		return nil
	}
	var asked []any
	for _, s := range e.Subjects {
		if number, ok := strings.CutPrefix(s, "member/"); ok {
			asked = append(asked, standing.State{Member: number})
		}
	}
	return asked
}}
