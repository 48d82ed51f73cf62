package people

import (
	"testing"

	"shingle/internal/act/acttest"
)

func TestAStrangerRegisters(t *testing.T) {
	asking(t).When(Register{personal("Ada Pine"), personal("ada@cobaltridge.example")}, on("2026-01-01")).Then(PersonRegistered{
		Person: "0007", Name: invited.Name, Email: invited.Email, OpenUntil: noon("2026-01-15"), At: noon("2026-01-01"),
	})
}

func TestWhoIsInvitedJoins(t *testing.T) {
	asking(t).Given(invited).When(Join{"0007"}, on("2026-01-02")).Then(joined)
	asking(t).Given(PersonRegistered{Person: "0007", OpenUntil: noon("2026-01-15")}).When(Join{"0007"}, on("2026-01-02")).Then(joined)
	asking(t).Given(invited, joined).When(Join{"0007"}, on("2026-01-02")).Nothing()
}

func TestAnInvitationIsGoodForAFortnight(t *testing.T) {
	asking(t).Given(invited).When(Join{"0007"}, acttest.At(noon("2026-01-15").Add(-1000))).Events()
	asking(t).Given(invited).When(Join{"0007"}, on("2026-01-15")).Refused(invitationOpen)
	renewed := PersonReinvited{Person: "0007", OpenUntil: noon("2026-02-03"), At: noon("2026-01-20")}
	asking(t).Given(invited).When(Reinvite{"0007", ""}, on("2026-01-20"), as("person/0002", Registrar)).Then(renewed)
	asking(t).Given(invited, renewed).When(Join{"0007"}, on("2026-02-02")).Events()
}

func TestAMemberRenewsTheInvitationsOfItsOwnPeople(t *testing.T) {
	rep := as("person/0001", Representative)
	story := asking(t).Given(invited, given(Practitioner, "0042", ""))
	story.When(Reinvite{"0007", "0042"}, rep).Events()
	story.When(Reinvite{"0007", "0043"}, rep).Refused(ownPeople)
	story.When(Reinvite{"0007", ""}, rep).Refused(ownPeople)
}

// TestNobodyBelowThePresidentLetsAnOfficerBackIn keeps whoever runs the machine, or the register, from getting
// at the links by which an officer signs in anew.
func TestNobodyBelowThePresidentLetsAnOfficerBackIn(t *testing.T) {
	officer := asking(t).Given(invited, joined, given(Chair, "", "2027-12-31"))
	for _, role := range []string{Registrar, Administrator} {
		officer.When(Reinvite{"0007", ""}, as("person/0002", role)).Refused(officerBack)
		asking(t).Given(invited, given(Chair, "", "2027-12-31")).When(Reinvite{"0007", ""}, as("person/0002", role)).Events() // has not joined
		asking(t).Given(invited, joined, given(Practitioner, "0042", "")).When(Reinvite{"0007", ""}, as("person/0002", role)).Events()
	}
	officer.When(Reinvite{"0007", ""}, as("person/0003", President)).Events()
	officer.When(Reinvite{"0007", ""}).Events() // the operator
}
