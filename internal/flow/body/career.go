package flowbody

import (
	"slices"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/people"
)

// career is the state of the fold "career" of one person: every role that they were given or lost, in order.
type career []turn

// turn is one thing that happened to a role.
type turn struct {
	position     int64
	at           time.Time // when it was recorded
	role, member string
	given        bool
	from, until  time.Time // of the term, where it was given
}

var careerFold = act.Fold{Name: "career", Prefix: "person/", Evolve: func(state any, e act.Recorded) any {
	c, _ := state.(career)
	switch ev := e.Event.(type) {
	case people.PersonAppointed:
		return append(c[:len(c):len(c)], turn{e.Position, e.At, ev.Role, ev.Member, true, ev.From, ev.Until})
	case people.PersonEnded:
		return append(c[:len(c):len(c)], turn{position: e.Position, at: e.At, role: ev.Role, member: ev.Member})
	}
	return state
}}

// stay is a term in which a person held a role at a member, or an office; until is excluded, and zero for no end.
type stay struct {
	position     int64 // of the appointment
	role, member string
	from, until  time.Time
}

func (s stay) at(t time.Time) bool {
	return !t.Before(s.from) && (s.until.IsZero() || t.Before(s.until))
}

// stays returns the terms as they were known at a time, the earliest first.
func (c career) stays(known time.Time) (all []stay) {
	for _, t := range c {
		if t.at.After(known) {
			break
		}
		i := slices.IndexFunc(all, func(s stay) bool {
			return s.role == t.role && s.member == t.member && (s.until.IsZero() || s.until.After(t.at))
		})
		switch {
		case t.given && i >= 0 && all[i].from.Equal(t.from): // the same role for another term
			all[i].until = t.until
		case t.given:
			all = append(all, stay{t.position, t.role, t.member, t.from, t.until})
		case i >= 0:
			all[i].until = t.at
		}
	}
	return all
}

// staff is the state of the fold "staff" of one member: the numbers of all who ever had a role there.
type staff []string

var staffFold = act.Fold{Name: "staff", Prefix: "member/", Evolve: func(state any, e act.Recorded) any {
	ev, ok := e.Event.(people.PersonAppointed)
	s, _ := state.(staff)
	if !ok || slices.Contains(s, ev.Person) {
		return state
	}
	return append(s[:len(s):len(s)], ev.Person)
}}

func careerOf(w act.World, person string) career {
	return act.FoldOf[career](w, careerFold.Name, "person/"+person)
}
