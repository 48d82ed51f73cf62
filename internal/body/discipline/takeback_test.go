package discipline

import "testing"

func TestTheProposerTakesItBack(t *testing.T) {
	back := OrderWithdrawn{Order: "2026-0001", Member: "0042", At: noon("2026-06-11")}
	asking(t, known()).Given(proposed(Expulsion)).When(TakeBack{"2026-0001"}, on("2026-06-11"), by("token/1")).Then(back)
	asking(t, known()).Given(proposed(Expulsion), back).When(TakeBack{"2026-0001"}, by("token/1")).Nothing()
	asking(t, known()).Given(proposed(Expulsion)).When(TakeBack{"2026-0001"}, by("token/2")).Refused(takesBackOwn)
	asking(t, known()).Given(proposed(Expulsion), confirmed(Expulsion)).When(TakeBack{"2026-0001"}, by("token/1")).Refused(orderProposed)
}
