package discipline

import "testing"

func TestASecondOfficerPutsItInForce(t *testing.T) {
	for _, sanction := range Sanctions {
		asking(t, known()).Given(proposed(sanction)).When(Confirm{"2026-0001"}, on("2026-06-11"), by("token/2")).Then(confirmed(sanction))
		asking(t, known()).Given(proposed(sanction), confirmed(sanction)).When(Confirm{"2026-0001"}, by("token/2")).Nothing()
	}
}

func TestItBeginsOnALaterDayThatItNames(t *testing.T) {
	p, want := proposed(Suspension), confirmed(Suspension)
	p.FromDay, want.FromDay, want.From = date("2026-07-01"), date("2026-07-01"), start("2026-07-01")
	asking(t, known()).Given(p).When(Confirm{"2026-0001"}, on("2026-06-11"), by("token/2")).Then(want)
	p.FromDay, want.FromDay, want.From = date("2026-05-01"), date("2026-05-01"), noon("2026-06-11") // not back in time
	asking(t, known()).Given(p).When(Confirm{"2026-0001"}, on("2026-06-11"), by("token/2")).Then(want)
}

func TestNobodyConfirmsTheirOwn(t *testing.T) {
	asking(t, known()).Given(proposed(Expulsion)).When(Confirm{"2026-0001"}, by("token/1")).Refused(twoPeople)
}

func TestOnlyAProposedOrderIsConfirmed(t *testing.T) {
	asking(t, known()).When(Confirm{"2026-0001"}, by("token/2")).Refused(orderProposed)
	asking(t, known()).Given(proposed(Expulsion), OrderWithdrawn{Order: "2026-0001"}).When(Confirm{"2026-0001"}, by("token/2")).Refused(orderProposed)
	asking(t, known()).Given(imposed()).When(Confirm{"2026-0001"}, by("token/2")).Refused(orderProposed)
}

func TestAnOrderThatIsOverIsNotConfirmed(t *testing.T) {
	asking(t, known()).Given(proposed(Suspension)).When(Confirm{"2026-0001"}, on("2027-01-01"), by("token/2")).Refused(notOver)
}
