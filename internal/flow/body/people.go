package flowbody

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/education"
	"shingle/internal/body/membership"
	"shingle/internal/body/people"
	"shingle/internal/body/standing"
)

func personOf(w act.World, stream string) people.Person { return act.StateOf[people.Person](w, stream) }

// peopleFacts gathers what an act about a person must know.
func peopleFacts(w act.World, stream string, cmd any, m act.Meta) people.Facts {
	f := people.Facts{Person: strings.TrimPrefix(stream, "person/")}
	if b := bodyOf(w); !b.Founded.IsZero() {
		f.Zone = b.Location
	}
	switch cmd := cmd.(type) {
	case people.Invite:
		f.Member, f.Expelled = takesPart(w, cmd.Member), expelled(w, cmd.Member, m)
	case people.Appoint:
		f.Member, f.Expelled = takesPart(w, cmd.Member), expelled(w, cmd.Member, m)
	case people.Move:
		f.Member = takesPart(w, cmd.To)
	case people.Forget:
		f.Contact = named(w, f.Person)
	}
	return f
}

// takesPart reports whether a company is a member or applies to be one.
func takesPart(w act.World, number string) bool {
	stage := memberOf(w, strings.TrimSpace(number)).Stage
	return stage == membership.Current || stage == membership.Applicant
}

// expelled reports whether a member that its own people ask for something at is expelled.
func expelled(w act.World, number string, m act.Meta) bool {
	return slices.Contains(people.MemberRoles, m.Role) &&
		standing.Of(FactsOf(w, strings.TrimSpace(number)), m.At, m.At).Status == standing.Expelled
}

// named reports whether a member, or a provider of courses, named somebody under a number such as 0042-1, whom the
// record knows by nothing else.
func named(w act.World, person string) bool {
	i := strings.LastIndexByte(person, '-')
	if i < 0 {
		return false
	}
	n, err := strconv.Atoi(person[i+1:])
	if p := act.StateOf[education.Provider](w, "provider/"+person[:i]); p.Stage != education.Unknown {
		return person[i:] == "-1"
	}
	return err == nil && n > 0 && strconv.Itoa(n) == person[i+1:] && n <= memberOf(w, person[:i]).Named()
}

// inOwnName returns the stream of the person who asks for something for themself or for their member; "" if
// it is an officer who enters what others have signed, or nobody in particular.
func inOwnName(m act.Meta) string {
	if strings.HasPrefix(m.Actor, "person/") && (m.Role == "person" || slices.Contains(people.MemberRoles, m.Role)) {
		return m.Actor
	}
	return ""
}

// crew is the state of the fold "people" of one member: who was given which role there, and did not lose it.
type crew []seat

type seat struct{ person, role string }

var crewFold = act.Fold{Name: "people", Prefix: "member/", Evolve: man}

// man adds what an event says to a member's people.
func man(state any, e act.Recorded) any {
	var c crew
	switch ev := e.Event.(type) {
	case people.PersonAppointed:
		c, _ = state.(crew)
		return append(c.without(ev.Person, ev.Role), seat{ev.Person, ev.Role})
	case people.PersonEnded:
		c, _ = state.(crew)
		return c.without(ev.Person, ev.Role)
	}
	return state
}

// without returns the people without one who loses a role, in a list of its own: states are shared.
func (c crew) without(person, role string) crew {
	return slices.DeleteFunc(slices.Clone(c), func(s seat) bool { return s == seat{person, role} })
}

// speaksFor makes whoever applies for a company in their own name its representative.
var speaksFor = act.Reaction{On: "member.applied", React: func(_ act.World, e act.Recorded) []any {
	applicant, ok := strings.CutPrefix(inOwnName(act.Meta{Actor: e.Actor, Role: e.Role}), "person/")
	if !ok {
		return nil
	}
	return []any{people.Appoint{
		Person: applicant, Member: e.Event.(membership.Applied).Member, Role: people.Representative,
	}}
}}

// goAlong moves the people of a member that merged to the one that remains, each in the role they had.
var goAlong = act.Reaction{On: "member.merged", React: func(w act.World, e act.Recorded) (asked []any) {
	merged := e.Event.(membership.Merged)
	for _, s := range act.FoldOf[crew](w, crewFold.Name, "member/"+merged.Member) {
		if holds(w, s, merged.Member, e.At) { // else their term is over
			asked = append(asked, people.Move{Person: s.person, Role: s.role, From: merged.Member, To: merged.Into})
		}
	}
	return asked
}}

func holds(w act.World, s seat, member string, at time.Time) bool {
	return personOf(w, "person/"+s.person).Holds(s.role, member, at)
}
