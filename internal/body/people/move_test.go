package people

import (
	"testing"
	"time"

	"shingle/internal/act/acttest"
)

func TestARoleGoesAlong(t *testing.T) {
	goesOn := given(Practitioner, "0043", "2027-06-01")
	goesOn.From, goesOn.At = acttest.Noon, acttest.Noon
	asking(t).Given(invited, given(Practitioner, "0042", "2027-06-01"), given(Representative, "0042", "")).
		When(Move{"0007", "0042", " 0043 ", Practitioner}).Then(ended(Practitioner, "0042", byMoving), goesOn)
	// Who is there already stays as they are there.
	asking(t).Given(invited, given(Practitioner, "0042", "2027-06-01"), given(Practitioner, "0043", "")).
		When(Move{"0007", "0042", "0043", Practitioner}).Then(ended(Practitioner, "0042", byMoving))
}

func TestNobodyMovesOtherwise(t *testing.T) {
	story := asking(t).Given(invited, given(Practitioner, "0042", ""), given(Chair, "", "2027-01-01"))
	story.When(Move{"0007", "0042", "0043", Representative}).Refused(roleHeld)
	story.When(Move{"0007", "0044", "0043", Practitioner}).Refused(roleHeld)
	story.When(Move{"0007", "", "0043", Chair}).Refused(roleHeld)
	story.When(Move{"0007", "0042", "0042", Practitioner}).Refused(movesElsewhere)
	acttest.For(t, Domain()).Knowing(Facts{Person: "0007", Zone: time.UTC}).Given(invited, given(Practitioner, "0042", "")).
		When(Move{"0007", "0042", "0099", Practitioner}).Refused(memberNamed)
}
