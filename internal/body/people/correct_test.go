package people

import (
	"testing"

	"shingle/internal/act/acttest"
)

func TestAPersonIsCalledOtherwise(t *testing.T) {
	asking(t).Given(invited).When(Correct{"0007", personal(" Ada Birch"), personal("ada@birch.example ")}, as("person/0002", Registrar)).Then(PersonCorrected{
		Person: "0007", Name: owned("Ada Birch"), Email: owned("ada@birch.example"), At: acttest.Noon,
	})
	asking(t).Given(invited).When(Correct{"0007", personal(""), personal("ada@birch.example")}).Refused(plainName)
	asking(t).Given(invited).When(Correct{"0007", personal("Ada"), personal("birch.example")}).Refused(plainAddress)
}

func TestOfficersCorrectTheirOwnAddress(t *testing.T) {
	story := asking(t).Given(invited, joined, given(Chair, "", "2027-12-31"))
	cmd := Correct{"0007", personal("Ada Birch"), personal("ada@birch.example")}
	story.When(cmd, as("person/0002", Registrar)).Refused(officersThemselves)
	story.When(cmd).Refused(officersThemselves)
	story.When(cmd, as("person/0007", "person")).Events()
}
