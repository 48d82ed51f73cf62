package people

import "testing"

func TestSomebodyLeavesAMember(t *testing.T) {
	asking(t).Given(
		invited, given(Practitioner, "0042", ""), given(Practitioner, "0043", ""), given(Representative, "0042", "2027-01-01"), given(Board, "", "2027-01-01"),
	).When(Leave{"0007", "0042"}).Then(ended(Practitioner, "0042", byLeaving), ended(Representative, "0042", byLeaving))
}

func TestNobodyLeavesWhereTheyAreNot(t *testing.T) {
	story := asking(t).Given(invited, given(Practitioner, "0042", "2026-03-31"), given(Board, "", "2027-01-01"))
	for _, member := range []string{"0042", "0043", ""} { // "" is where offices are held
		story.When(Leave{"0007", member}).Refused(roleHeld)
	}
}
