package education

import (
	"time"

	"shingle/internal/act"
)

// Accept approves a provider's course, where the code has each course approved by itself.
type Accept struct {
	Course string `json:"course" label:"Course" hint:"for example C-0001"`
}

var courseKnown = act.Rule{
	ID: "EDU-13", Cites: "education.approval",
	Text: "Only a course that was offered is approved, declined or withdrawn.",
	Cure: "Check the course's number.",
}

var acceptAct = act.Define(courses, "course.approve", "Approves a course, or renews its approval.",
	func(cmd Accept, _ act.Meta) act.Target { return act.To(cmd.Course) }, Course.accept)

func (c Course) accept(f Facts, _ Accept, m act.Meta) ([]act.Event, error) {
	if err := f.founded(); err != nil {
		return nil, err
	}
	if c.Stage == Unknown {
		return nil, courseKnown.Refuse("there is no course %q", f.ID)
	}
	term, ok := f.term(c.Terms, m)
	if !ok {
		return nil, nil
	}
	return []act.Event{CourseApproved{f.ID, term.From, term.Until, m.At}}, nil
}

// Reject turns a course down.
type Reject struct {
	Course string `json:"course" label:"Course"`
	Reason string `json:"reason" label:"Reason" hint:"the provider reads it"`
}

// CourseDeclined says that a course was turned down.
type CourseDeclined struct {
	Course string    `json:"course"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
}

var rejectAct = act.Define(courses, "course.decline", "Turns a course down, with a reason.",
	func(cmd Reject, _ act.Meta) act.Target { return act.To(cmd.Course) }, Course.reject)

func (c Course) reject(f Facts, cmd Reject, m act.Meta) ([]act.Event, error) {
	var wrong act.Refusals
	reason := line("reason", cmd.Reason, 1, &wrong)
	switch {
	case c.Stage == Unknown:
		return nil, courseKnown.Refuse("there is no course %q", f.ID)
	case c.Stage != Asked:
		return nil, stillAsks.Refuse("course %s is %s", f.ID, c.Stage)
	case len(wrong) > 0:
		return nil, wrong.Err()
	}
	return []act.Event{CourseDeclined{f.ID, reason, m.At}}, nil
}
