package education

import (
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

// MakeUp lets a person make up for a period that they missed, within the time that the code sets.
type MakeUp struct {
	Person string   `json:"person" label:"Person"`
	For    act.Date `json:"for" label:"Period" hint:"a day of it"`
	Until  act.Date `json:"until" label:"Last day"`
}

// MakeUpPlanned says until when a person may make up for a period, that day included.
type MakeUpPlanned struct {
	Person  string    `json:"person"`
	For     act.Date  `json:"for"`
	Until   act.Date  `json:"until"`
	Members []string  `json:"members,omitempty"` // at which the person has a role: it bears on their standing
	At      time.Time `json:"at"`
}

// Concerns names the members.
func (e MakeUpPlanned) Concerns() []string { return at(e.Members) }

var planInTime = act.Rule{
	ID: "EDU-25", Cites: "education.late",
	Text: "A plan to make up for a period ends after its grace, not in the past, and within the time that the code sets for it.",
	Cure: "Choose another day, or have the board change the code.",
}

var planAct = act.Define(learners, "learner.plan", "Lets somebody make up for a period that they missed.",
	func(cmd MakeUp, _ act.Meta) act.Target { return act.To(cmd.Person) }, Learner.plan)

func (l Learner) plan(f Facts, cmd MakeUp, m act.Meta) ([]act.Event, error) {
	if err := f.learner(); err != nil {
		return nil, err
	}
	if err := f.another(m); err != nil {
		return nil, err
	}
	if cmd.For.IsZero() || f.Scheme.Late.MakeUp.IsZero() {
		return nil, planInTime.Refuse("the code sets no time for it, or no period is named")
	}
	s := Ready(f.Scheme)
	c := s.cycleOf(s.anchor(&f.Person), cmd.For)
	end := c.until
	if c.partMonths > 0 {
		end = c.from.AddMonths(c.part(&item{day: cmd.For}) * c.partMonths).AddDays(-1)
	}
	grace := s.graceEnd(end)
	last := code.LastDay(grace.AddDays(1), f.Scheme.Late.MakeUp, nil).AddDays(-1)
	if !cmd.Until.After(grace) || cmd.Until.After(last) || cmd.Until.Before(f.today(m)) {
		return nil, planInTime.Refuse("%s; the grace ends on %s, the time to make up on %s", cmd.Until, grace, last)
	}
	for _, old := range l.Plans {
		if old.For == cmd.For && old.Until == cmd.Until {
			return nil, nil
		}
	}
	return []act.Event{MakeUpPlanned{f.ID, cmd.For, cmd.Until, f.Members, m.At}}, nil
}
