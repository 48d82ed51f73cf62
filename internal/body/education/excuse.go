package education

import (
	"time"

	"shingle/internal/act"
)

// Excuse grants a leave, e.g. for illness or parenthood. Whole months of it are taken off what is owed, if the
// code says so.
type Excuse struct {
	Person string      `json:"person" label:"Person"`
	From   act.Date    `json:"from" label:"First day"`
	Until  act.Date    `json:"until" label:"Last day"`
	Reason act.Private `json:"reason" label:"Reason" rows:"3"`
}

// LeaveGranted says that a person was on leave, or will be; both days are included.
type LeaveGranted struct {
	Person  string      `json:"person"`
	From    act.Date    `json:"from"`
	Until   act.Date    `json:"until"`
	Reason  act.Private `json:"reason"`
	Members []string    `json:"members,omitempty"` // at which the person has a role: it bears on their standing
	At      time.Time   `json:"at"`
}

// Concerns names the members.
func (e LeaveGranted) Concerns() []string { return at(e.Members) }

// longestLeave is in years: a slip of the pen should not free somebody for a lifetime.
const longestLeave = 5

var leavePlausible = act.Rule{
	ID: "EDU-24", Cites: "education.leave",
	Text: "A leave has a reason, a first day and, within five years, a last one, and does not overlap another leave.",
	Cure: "Check the days.",
}

var excuseAct = act.Define(learners, "learner.excuse", "Grants somebody a leave.",
	func(cmd Excuse, _ act.Meta) act.Target { return act.To(cmd.Person) }, Learner.excuse)

func (l Learner) excuse(f Facts, cmd Excuse, m act.Meta) ([]act.Event, error) {
	if err := f.learner(); err != nil {
		return nil, err
	}
	if err := f.another(m); err != nil {
		return nil, err
	}
	if cmd.Reason.Empty() || cmd.From.IsZero() || cmd.Until.Before(cmd.From) || cmd.Until.After(cmd.From.AddMonths(12*longestLeave)) {
		return nil, leavePlausible.Refuse("from %s until %s", cmd.From, cmd.Until)
	}
	for _, old := range l.Leaves {
		if old.From == cmd.From && old.Until == cmd.Until {
			return nil, nil
		}
		if !cmd.Until.Before(old.From) && !cmd.From.After(old.Until) {
			return nil, leavePlausible.Refuse("there is one from %s until %s", old.From, old.Until)
		}
	}
	return []act.Event{LeaveGranted{f.ID, cmd.From, cmd.Until, cmd.Reason.OwnedBy("person/" + f.ID), f.Members, m.At}}, nil
}
