package gate

import (
	"fmt"
	"slices"
	"strings"

	"shingle/internal/act"
)

// The roles.
const (
	Registrar         = "registrar"
	EducationOfficer  = "education-officer"
	CaseManager       = "case-manager"
	Chair             = "chair"
	Panelist          = "panelist"
	Board             = "board"
	President         = "president"
	Auditor           = "auditor"
	Administrator     = "administrator"
	Monitor           = "monitor"
	Representative    = "representative"
	ComplianceOfficer = "compliance-officer"
	Practitioner      = "practitioner"
	Person            = "person"
	Operator          = "operator"
	System            = "system"
	Clock             = "clock"
	Anyone            = "anyone"
)

// Role is a capacity in which somebody asks.
type Role struct {
	Name      string
	Title     string // with its article, e.g. "a registrar"
	ForMember bool   // acts for one member, and for no other
	ByToken   bool   // a bearer token may have it
}

// Roles are all roles that there are.
var Roles = []Role{
	// the body's officers
	{Name: Registrar, Title: "a registrar", ByToken: true},
	{Name: EducationOfficer, Title: "an education officer", ByToken: true},
	{Name: CaseManager, Title: "a case manager", ByToken: true},
	{Name: Chair, Title: "the chair", ByToken: true},
	{Name: Panelist, Title: "a panelist", ByToken: true},
	{Name: Board, Title: "a board member", ByToken: true},
	{Name: President, Title: "the president", ByToken: true},
	{Name: Auditor, Title: "an auditor", ByToken: true},
	{Name: Administrator, Title: "an administrator", ByToken: true},
	// a program that watches over the machine, and sees nothing but how it is
	{Name: Monitor, Title: "a monitor", ByToken: true},
	// a member's people
	{Name: Representative, Title: "a member's representative", ForMember: true, ByToken: true},
	{Name: ComplianceOfficer, Title: "a member's compliance officer", ForMember: true, ByToken: true},
	{Name: Practitioner, Title: "a member's practitioner", ForMember: true, ByToken: true},
	// everybody who signed in, whatever else they are: what they do in their own name
	{Name: Person, Title: "a person who signed in"},
	// the machine: whoever runs it, at its own command line; what follows from an event; what time brings
	{Name: Operator, Title: "the operator"},
	{Name: System, Title: "the system"},
	{Name: Clock, Title: "the clock"},
	// everybody, signed in or not
	{Name: Anyone, Title: "anyone"},
}

// MayHold says whether a bearer token may have a role, and act for a member: a member's role needs one,
// the others have none. Errors are of type [*act.BadField].
func MayHold(role, member string) error {
	r, ok := roleNamed(role)
	switch {
	case !ok || !r.ByToken:
		return &act.BadField{Field: "role", Detail: fmt.Sprintf("%q is no role that a token can have; those are %s", role, strings.Join(tokenRoles(), ", "))}
	case r.ForMember && member == "":
		return &act.BadField{Field: "member", Detail: "is missing; " + r.Title + " acts for a member"}
	case !r.ForMember && member != "":
		return &act.BadField{Field: "member", Detail: r.Title + " acts for no member"}
	case r.ForMember && !act.IsMemberNumber(member):
		return &act.BadField{Field: "member", Detail: "should be a member's number such as 0042"}
	}
	return nil
}

func tokenRoles() (names []string) {
	for _, r := range Roles {
		if r.ByToken {
			names = append(names, r.Name)
		}
	}
	return names
}

func roleNamed(name string) (Role, bool) {
	i := slices.IndexFunc(Roles, func(r Role) bool { return r.Name == name })
	if i < 0 {
		return Role{}, false
	}
	return Roles[i], true
}

// titled begins a sentence with the role.
func (r Role) titled() string { return strings.ToUpper(r.Title[:1]) + r.Title[1:] }
