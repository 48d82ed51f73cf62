package people

import (
	"slices"
	"time"
)

// The roles that are held at a member.
const (
	Representative    = "representative"
	ComplianceOfficer = "compliance-officer"
	Practitioner      = "practitioner"
)

// The offices that serve the body.
const (
	Registrar        = "registrar"
	EducationOfficer = "education-officer"
	CaseManager      = "case-manager"
	Chair            = "chair"
	Panelist         = "panelist"
	Board            = "board"
	President        = "president"
	Auditor          = "auditor"
	Administrator    = "administrator"
)

// MemberRoles are the roles that are held at a member; Offices are those that serve the body.
var (
	MemberRoles = []string{Representative, ComplianceOfficer, Practitioner}
	Offices     = []string{Registrar, EducationOfficer, CaseManager, Chair, Panelist, Board, President, Auditor, Administrator}
)

// caseOffices have a part in cases.
var caseOffices = []string{CaseManager, Chair, Panelist}

// apart refuses an office to somebody who runs the machine and would act in cases, or the other way round.
func (p Person) apart(office string, at time.Time) error {
	for _, h := range p.Roles {
		if !h.At(at) || h.Member != "" {
			continue
		}
		if office == Administrator && slices.Contains(caseOffices, h.Role) || h.Role == Administrator && slices.Contains(caseOffices, office) {
			return machineApart.Refuse("who is to be %s is %s", office, h.Role)
		}
	}
	return nil
}
