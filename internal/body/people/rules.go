package people

import (
	"net/mail"
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
)

// The rules that several acts share; each of the others stands with its act.

const (
	// longestTerm is in years: whoever serves longer is appointed anew, so that somebody thinks of it.
	longestTerm = 10
	// invitation is how long an invitation is good for, in days: the design's, and no matter of the code.
	invitation = 14
)

var bodyFounded = act.Rule{
	ID:    "PPL-01",
	Cites: "governance",
	Text:  "A body must be founded before people have a part in it.",
	Cure:  "Found the body with body.found.",
}

var personKnown = act.Rule{
	ID:    "PPL-02",
	Cites: "membership.people",
	Text:  "Only somebody who was invited or has registered, and was not forgotten, has a part in the body.",
	Cure:  "Check the number, or invite the person.",
}

var memberRole = act.Rule{
	ID:    "PPL-03",
	Cites: "membership.people",
	Text:  "At a member a person is representative, compliance-officer or practitioner.",
	Cure:  "Name one of these.",
}

var officeNamed = act.Rule{
	ID:    "PPL-04",
	Cites: "governance",
	Text:  "An office is that of registrar, education-officer, case-manager, chair, panelist, board, president, auditor or administrator.",
	Cure:  "Name one of these.",
}

var memberNamed = act.Rule{
	ID:    "PPL-05",
	Cites: "membership.people",
	Text:  "A member's role is held at a member, or at a company that applies to be one.",
	Cure:  "Check the member's number.",
}

var plainName = act.Rule{
	ID:    "PPL-06",
	Cites: "membership.people",
	Text:  "A person has a name, on one line of at most 200 characters.",
	Cure:  "Give the name as the person writes it.",
}

var plainAddress = act.Rule{
	ID:    "PPL-07",
	Cites: "RFC 5321 section 4.1.2",
	Text:  "A person has one e-mail address, of at most 200 characters; other alphabets than ASCII are given as punycode.",
	Cure:  "Give an address such as ada@cobaltridge.example, without a name beside it.",
}

var termPlausible = act.Rule{
	ID:    "PPL-08",
	Cites: "governance",
	Text:  "A term ends after it began, and within ten years.",
	Cure:  "Give a day from today on; whoever serves longer is appointed anew.",
}

var roleHeld = act.Rule{
	ID:    "PPL-09",
	Cites: "membership.people",
	Text:  "Only a role that a person holds can end, or go with them.",
	Cure:  "Check the person, the role and the member.",
}

var notOneself = act.Rule{
	ID:    "PPL-10",
	Cites: "governance",
	Text:  "Nobody appoints themself to an office.",
	Cure:  "Have somebody else who may appoint do it.",
}

var machineApart = act.Rule{
	ID:    "PPL-11",
	Cites: "procedure",
	Text:  "Who runs the machine has no part in cases: an administrator is no case manager, chair or panelist.",
	Cure:  "End the one office before the other begins.",
}

var expelledAddsNobody = act.Rule{
	ID:    "PPL-18",
	Cites: "membership.people",
	Text:  "The people of an expelled member read what is on record, and leave or end roles; they bring in nobody and give nobody another role.",
	Cure:  "Ask the registrar, who can appoint somebody to speak for the company.",
}

// bringsIn refuses those of an expelled member who would give a role in its name.
func (f Facts) bringsIn(member string, m act.Meta) error {
	if f.Expelled && slices.Contains(MemberRoles, m.Role) {
		return expelledAddsNobody.Refuse("member %q is expelled", member)
	}
	return nil
}

// known refuses who is not there, or is not there any more.
func (p Person) known(f Facts) error {
	switch p.Stage {
	case Unknown:
		return personKnown.Refuse("nothing is recorded of a person %q", f.Person)
	case Forgotten:
		return personKnown.Refuse("person %s was forgotten", f.Person)
	}
	return nil
}

// atMember refuses a role that nobody has at a member, and a company at which nobody has one.
func atMember(f Facts, role, member string, wrong *act.Refusals) {
	if !f.Member {
		wrong.Add("member", memberNamed.Refuse("%q is no member and does not apply to be one", member))
	}
	if !slices.Contains(MemberRoles, role) {
		wrong.Add("role", memberRole.Refuse("%q is no such role", role))
	}
}

func office(role string) error {
	if !slices.Contains(Offices, role) {
		return officeNamed.Refuse("%q is no office", role)
	}
	return nil
}

// plain refuses a name or an address that can be none. It is the one look that is taken at them, and what
// it says does not repeat them. It returns them without the space around them.
func plain(name, email act.Personal, wrong *act.Refusals) (act.Personal, act.Personal) {
	called := strings.TrimSpace(name.Text())
	if !act.OneLine(called, 1, 200) {
		wrong.Add("name", plainName.Refuse("what is given is no name"))
	}
	address := strings.TrimSpace(email.Text())
	if !IsAddress(address) {
		wrong.Add("email", plainAddress.Refuse("what is given is no address"))
	}
	return act.NewPersonal("", called), act.NewPersonal("", address)
}

// IsAddress reports whether an address can be one to which mail is sent (RFC 5321), without comments,
// quotes or a name beside it.
func IsAddress(address string) bool {
	if len(address) > 200 || strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return false
	}
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address {
		return false
	}
	at := strings.LastIndexByte(address, '@')
	return at <= 64 && act.IsDomain(strings.ToLower(address[at+1:]))
}

// openUntil returns when an invitation ends that is given now.
func openUntil(m act.Meta) time.Time { return m.At.AddDate(0, 0, invitation) }
