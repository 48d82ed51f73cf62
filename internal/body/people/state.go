// Package people follows a person through the body: somebody who works at a member, or serves the body
// itself.
//
// A member's representative invites a colleague, the president an officer ([Invite], [InviteOfficer]); a
// stranger who wants to apply for membership registers ([Register]). The invitation is good for a
// fortnight and can be renewed ([Reinvite]). Whoever accepts it and has shown for the first time who they
// are has joined ([Join]).
//
// What a person may do hangs on the roles they hold, each for a term. A member's roles are held at one
// member and given by its representative ([Appoint]); they end when somebody ends them ([End]), when the
// person leaves ([Leave]) or when their term is over, and go with the person who moves to another member
// ([Move]), or with all of them when their company merges. Offices are given and ended by the president
// ([AppointOfficer], [EndOfficer]); nobody appoints themself, and who runs the machine has no part in cases.
//
// Names and addresses belong to the person, and to nobody's rules: they are looked at when they are given,
// and never again. They can be set right ([Correct]), and one day they are forgotten ([Forget]): then the
// roles end, the words are gone, and the number stays behind.
//
// How people prove who they are is not decided here.
package people

import (
	"slices"
	"time"

	"shingle/internal/act"
)

// Stage is how far a person has come.
type Stage string

// The stages.
const (
	Unknown   Stage = "" // nothing is recorded of them
	Invited   Stage = "invited"
	Joined    Stage = "joined"
	Forgotten Stage = "forgotten"
)

// Person is the state of a stream "person/0007". Nothing personal is in it.
type Person struct {
	Stage     Stage
	OpenUntil time.Time // when the invitation ends, excluded
	Roles     []Held    // not ended; the term of some may be over

}

// Held is a role that somebody was given and that nobody has ended.
type Held struct {
	Role   string
	Member string    // number, "" for an office
	From   time.Time // when it was given
	Until  time.Time // the end of the term, excluded; zero for none
}

// At reports whether the role is held at a time.
func (h Held) At(t time.Time) bool {
	return !t.Before(h.From) && (h.Until.IsZero() || t.Before(h.Until))
}

// Holds reports whether the person holds a role at a member, or, with no member, an office, at a time.
func (p Person) Holds(role, member string, at time.Time) bool {
	_, ok := p.held(role, member, at)
	return ok
}

func (p Person) held(role, member string, at time.Time) (Held, bool) {
	i := slices.IndexFunc(p.Roles, func(h Held) bool { return h.Role == role && h.Member == member && h.At(at) })
	if i < 0 {
		return Held{}, false
	}
	return p.Roles[i], true
}

// worksAt reports whether the person holds any role at a member.
func (p Person) worksAt(member string, at time.Time) bool {
	return slices.ContainsFunc(p.Roles, func(h Held) bool { return h.Member == member && h.At(at) })
}

// serves reports whether the person holds any office.
func (p Person) serves(at time.Time) bool { return p.worksAt("", at) }

func evolve(p Person, e act.Event) Person {
	switch e := e.(type) {
	case PersonInvited:
		p.Stage, p.OpenUntil = Invited, e.OpenUntil
	case PersonRegistered:
		p.Stage, p.OpenUntil = Invited, e.OpenUntil
	case PersonReinvited:
		p.OpenUntil = e.OpenUntil
	case PersonJoined:
		p.Stage = Joined
	case PersonAppointed:
		p.Roles = append(p.without(e.Role, e.Member), Held{e.Role, e.Member, e.From, e.Until})
	case PersonEnded:
		p.Roles = p.without(e.Role, e.Member)
	case PersonForgotten:
		p = Person{Stage: Forgotten}
	}
	return p
}

// without returns the roles but one, in a list of its own: states are shared.
func (p Person) without(role, member string) []Held {
	return slices.DeleteFunc(slices.Clone(p.Roles), func(h Held) bool { return h.Role == role && h.Member == member })
}

var stream = act.NewStream("person", evolve,
	act.EventOf[PersonInvited]("person.invited"),
	act.EventOf[PersonRegistered]("person.registered"),
	act.EventOf[PersonReinvited]("person.reinvited"),
	act.EventOf[PersonJoined]("person.joined"),
	act.EventOf[PersonAppointed]("person.appointed"),
	act.EventOf[PersonEnded]("person.ended"),
	act.EventOf[PersonCorrected]("person.corrected"),
	act.EventOf[PersonForgotten]("person.forgotten"),
)

// Domain returns the streams and acts of people.
func Domain() act.Domain {
	return act.Domain{
		Streams: []*act.Stream{stream},
		Acts: []*act.Act{
			inviteAct, appointAct, endAct, leaveAct, moveAct,
			inviteOfficerAct, appointOfficerAct, endOfficerAct,
			registerAct, joinAct, correctAct, reinviteAct, forgetAct,
		},
	}
}
