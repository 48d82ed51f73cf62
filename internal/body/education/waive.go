package education

import (
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

// Waive frees a person of something in one period, as far as the code lets the body.
type Waive struct {
	Person      string      `json:"person" label:"Person"`
	In          act.Date    `json:"in" label:"Period" hint:"a day of it"`
	Requirement string      `json:"requirement,omitempty" label:"Requirement" hint:"by name; empty for the credits as a whole"`
	Credits     string      `json:"credits,omitempty" label:"Credits" hint:"all of it if left empty"`
	Reason      act.Private `json:"reason" label:"Reason" rows:"3"`
}

// EducationWaived says that a person was freed of something in a period.
type EducationWaived struct {
	Person      string      `json:"person"`
	In          act.Date    `json:"in"` // a day of the period
	Requirement string      `json:"requirement,omitempty"`
	Credits     code.Amount `json:"credits,omitempty"` // 0 for all of it
	Reason      act.Private `json:"reason"`
	Members     []string    `json:"members,omitempty"` // at which the person has a role: it bears on their standing
	At          time.Time   `json:"at"`
}

// Concerns names the members.
func (e EducationWaived) Concerns() []string { return at(e.Members) }

var waiverAllowed = act.Rule{
	ID: "EDU-22", Cites: "education.waivers",
	Text: "The body waives, with a reason, no more in a period than the code lets it.",
	Cure: "Waive less, or have the board change the code.",
}

var requirementNamed = act.Rule{
	ID: "EDU-23", Cites: "education.of-which",
	Text: "What is waived is a requirement of the code in force.",
	Cure: "Name it as the code does, or leave it empty for the credits as a whole.",
}

var waiveAct = act.Define(learners, "learner.waive", "Frees somebody of something that is owed in a period.",
	func(cmd Waive, _ act.Meta) act.Target { return act.To(cmd.Person) }, Learner.waive)

func (l Learner) waive(f Facts, cmd Waive, m act.Meta) ([]act.Event, error) {
	if err := f.learner(); err != nil {
		return nil, err
	}
	if err := f.another(m); err != nil {
		return nil, err
	}
	var wrong act.Refusals
	e := EducationWaived{Person: f.ID, In: cmd.In, Requirement: strings.TrimSpace(cmd.Requirement), Reason: cmd.Reason.OwnedBy("person/" + f.ID), Members: f.Members, At: m.At}
	if cmd.Credits != "" {
		e.Credits = f.length(0, cmd.Credits, &wrong)
	}
	s := Ready(f.Scheme)
	owed, ok := s.owedFor(e.Requirement)
	if !ok {
		wrong.Add("requirement", requirementNamed.Refuse("there is none named %q", e.Requirement))
	}
	c := s.cycleOf(s.anchor(&f.Person), cmd.In)
	off := e.Credits
	if off == 0 {
		off = owed
	}
	for _, w := range l.Waivers {
		if c.has(w.In) && w.Requirement == e.Requirement {
			if w.Credits == 0 {
				return nil, nil // all of it is waived
			}
			off += w.Credits
		}
	}
	most := int(f.Scheme.Waivers.Most)
	if cmd.In.IsZero() || cmd.Reason.Empty() || int(off)*100 > int(owed)*most {
		wrong.Add("credits", waiverAllowed.Refuse("%s of %s, with a reason and a period; at most %d%%", off, owed, most))
	}
	if len(wrong) > 0 {
		return nil, wrong.Err()
	}
	return []act.Event{e}, nil
}

// owedFor returns what is owed of a requirement in a whole period; with no name, of the credits as a whole.
func (s *Scheme) owedFor(requirement string) (code.Amount, bool) {
	if requirement == "" {
		return s.total, s.education.IsSet()
	}
	for _, f := range s.families {
		for _, n := range f.nodes[1:] {
			if n.part == 0 && n.name == requirement {
				return n.least, true
			}
		}
	}
	return 0, false
}
