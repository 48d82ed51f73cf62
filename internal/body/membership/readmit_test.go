package membership

import "testing"

func TestAFormerMemberComesBackAfterAFreshApplication(t *testing.T) {
	f := known()
	f.Since = noon("2026-05-01")
	back := Readmitted{Member: "0042", Decision: "The board, 1 July.", Domains: []string{"cobaltridge.example"}, At: noon("2026-07-01")}
	cmd := Readmit{"0042", "The board, 1 July."}
	asking(t, f).Given(applied).Given(checked("2026-01-20")...).Given(admitted, gone).When(cmd, on("2026-07-01")).Refused(checksPassed)
	asking(t, f).Given(applied, admitted, gone).Given(checked("2026-06-20")...).When(cmd, on("2026-07-01")).Then(back)
	asking(t, f).Given(applied, admitted, gone).Given(checked("2026-06-20")...).When(Readmit{"0042", " "}, on("2026-07-01")).Refused(decisionSaid)

	f.Holders = map[string]string{"cobaltridge.example": "0007"}
	asking(t, f).Given(applied, admitted, gone).Given(checked("2026-06-20")...).When(cmd, on("2026-07-01")).Refused(domainFree)
}

func TestAnExpelledMemberWaitsForTheBar(t *testing.T) {
	f := known()
	f.Expelled, f.Since, f.BarredUntil = true, noon("2026-05-01"), noon("2029-05-01")
	asking(t, f).Given(applied, admitted).Given(checked("2026-06-20")...).When(Readmit{"0042", "The board."}, on("2026-07-01")).Refused(notBarred)
	asking(t, f).Given(applied, admitted).Given(checked("2029-06-20")...).When(Readmit{"0042", "The board."}, on("2029-07-01")).Events()
}

func TestOnlyWhoseMembershipEndedIsReadmitted(t *testing.T) {
	asking(t, known()).Given(applied, admitted).When(Readmit{"0042", "The board."}).Refused(onceAMember)
	asking(t, known()).When(Readmit{"0042", "The board."}).Refused(onceAMember)
}
