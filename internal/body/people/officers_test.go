package people

import (
	"testing"

	"shingle/internal/act"
	"shingle/internal/act/acttest"
)

func TestAnOfficerIsInvited(t *testing.T) {
	asking(t).When(InviteOfficer{Chair, personal("Ada Pine"), personal("ada@cobaltridge.example"), date("2028-12-31")}, on("2026-01-01")).
		Then(invited, given(Chair, "", "2028-12-31"))
	for _, role := range []string{"", "king", Practitioner, "operator", "system"} {
		asking(t).When(InviteOfficer{role, personal("Ada"), personal("ada@x.example"), date("2028-12-31")}).Refused(officeNamed)
		asking(t).Given(invited).When(AppointOfficer{"0007", role, date("2028-12-31")}).Refused(officeNamed)
	}
}

func TestAnOfficerServesAnotherTerm(t *testing.T) {
	again := given(Chair, "", "2028-12-31")
	again.At = acttest.Noon
	story := asking(t).Given(invited, joined, given(Chair, "", "2026-12-31"))
	story.When(AppointOfficer{"0007", Chair, date("2026-12-31")}).Nothing()
	story.When(AppointOfficer{"0007", Chair, date("2028-12-31")}).Then(again)
}

func TestNobodyAppointsThemself(t *testing.T) {
	story := asking(t).Given(invited, joined, given(President, "", "2027-12-31"))
	story.When(AppointOfficer{"0007", Board, date("2026-12-31")}, as("person/0007", President)).Refused(notOneself)
	story.When(AppointOfficer{"0007", President, date("2028-12-31")}, as("person/0007", President)).Refused(notOneself)
	byToken := func(m *act.Meta) { m.Actor, m.Holder, m.Role = "token/4f2a", "person/0007", President }
	story.When(AppointOfficer{"0007", Board, date("2026-12-31")}, byToken).Refused(notOneself)
	story.When(AppointOfficer{"0007", Board, date("2026-12-31")}, as("person/0008", President)).Events()
}

func TestWhoRunsTheMachineHasNoPartInCases(t *testing.T) {
	for _, office := range []string{CaseManager, Chair, Panelist} {
		asking(t).Given(invited, given(Administrator, "", "2027-12-31")).When(AppointOfficer{"0007", office, date("2026-12-31")}).Refused(machineApart)
		asking(t).Given(invited, given(office, "", "2027-12-31")).When(AppointOfficer{"0007", Administrator, date("2026-12-31")}).Refused(machineApart)
		// One after the other is fine.
		asking(t).Given(invited, given(office, "", "2026-05-31")).When(AppointOfficer{"0007", Administrator, date("2026-12-31")}).Events()
	}
	asking(t).Given(invited, given(Administrator, "", "2027-12-31")).When(AppointOfficer{"0007", Registrar, date("2026-12-31")}).Events()
}

func TestAnOfficeEnds(t *testing.T) {
	story := asking(t).Given(invited, given(Chair, "", "2027-12-31"), given(Practitioner, "0042", ""))
	story.When(EndOfficer{"0007", Chair}).Then(ended(Chair, "", byOthers))
	story.When(EndOfficer{"0007", Panelist}).Refused(roleHeld)
	story.When(EndOfficer{"0007", Practitioner}).Refused(roleHeld)
}
