package education

import (
	"time"

	"shingle/internal/act"
)

// Withdraw takes a course out of the catalogue. What was completed before counts as before.
type Withdraw struct {
	Course string   `json:"course" label:"Course"`
	From   act.Date `json:"from,omitzero" label:"First day on which it no longer counts" hint:"today if left empty"`
	Reason string   `json:"reason" label:"Reason"`
}

// CourseWithdrawn says from which day on completions of a course no longer count.
type CourseWithdrawn struct {
	Course string    `json:"course"`
	From   act.Date  `json:"from"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
}

var withdrawAct = act.Define(courses, "course.withdraw", "Takes a course out of the catalogue.",
	func(cmd Withdraw, _ act.Meta) act.Target { return act.To(cmd.Course) }, Course.withdraw)

func (c Course) withdraw(f Facts, cmd Withdraw, m act.Meta) ([]act.Event, error) {
	if err := f.founded(); err != nil {
		return nil, err
	}
	if c.Stage == Unknown {
		return nil, courseKnown.Refuse("there is no course %q", f.ID)
	}
	from, reason, err := f.ending(cmd.From, cmd.Reason, m)
	if err != nil || len(cut(c.Terms, from)) == len(c.Terms) && !holds(c.Terms, from) {
		return nil, err
	}
	return []act.Event{CourseWithdrawn{f.ID, from, reason, m.At}}, nil
}
