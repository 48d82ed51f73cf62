package people

import "testing"

func TestARoleEnds(t *testing.T) {
	asking(t).Given(invited, given(Practitioner, "0042", ""), given(Representative, "0042", "")).
		When(End{"0007", " 0042", Practitioner}).Then(ended(Practitioner, "0042", byOthers))
}

func TestOnlyWhatIsHeldEnds(t *testing.T) {
	held := asking(t).Given(invited, given(Practitioner, "0042", "2026-03-31"), given(Representative, "0043", ""), given(Chair, "", "2027-01-01"))
	for _, cmd := range []End{
		{"0007", "0042", Practitioner}, {"0007", "0042", Representative}, {"0007", "0043", Practitioner}, {"0007", "", Representative}, {"0007", "0044", ""},
	} {
		held.When(cmd).Refused(roleHeld)
	}
}
