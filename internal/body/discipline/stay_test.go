package discipline

import "testing"

func staying() Stay { return Stay{Order: "2026-0001", Court: "the High Court", Reference: "2026/118"} }

func stayed() OrderStayed {
	return OrderStayed{
		Order: "2026-0001", Member: "0042", Court: "the High Court", Reference: "2026/118", From: noon("2026-07-01"), At: noon("2026-07-01"),
	}
}

func TestACourtStaysAnOrder(t *testing.T) {
	asking(t, known()).Given(proposed(Expulsion), confirmed(Expulsion)).When(staying(), on("2026-07-01")).Then(stayed())
	asking(t, known()).Given(proposed(Expulsion), confirmed(Expulsion), stayed()).When(staying(), on("2026-07-02")).Nothing()
}

func TestAStayCountsFromItsDay(t *testing.T) {
	cmd, want := staying(), stayed()
	cmd.On, want.From = date("2026-06-20"), start("2026-06-20")
	asking(t, known()).Given(proposed(Expulsion), confirmed(Expulsion)).When(cmd, on("2026-07-01")).Then(want)
	cmd.On, want.From = date("2026-06-11"), noon("2026-06-11") // not before the order
	asking(t, known()).Given(proposed(Expulsion), confirmed(Expulsion)).When(cmd, on("2026-07-01")).Then(want)
	for _, day := range []string{"2026-06-10", "2026-07-02"} {
		cmd.On = date(day)
		asking(t, known()).Given(proposed(Expulsion), confirmed(Expulsion)).When(cmd, on("2026-07-01")).Refused(daysInOrder)
	}
}

func TestOnlyAnOrderInForceIsStayed(t *testing.T) {
	asking(t, known()).When(staying()).Refused(orderInForce)
	asking(t, known()).Given(proposed(Expulsion)).When(staying(), on("2026-07-01")).Refused(orderInForce)
	asking(t, known()).Given(proposed(Suspension), confirmed(Suspension)).When(staying(), on("2027-01-01")).Refused(orderInForce)
}

func TestTheCourtIsNamed(t *testing.T) {
	cmd := staying()
	cmd.Reference = ""
	asking(t, known()).Given(proposed(Expulsion), confirmed(Expulsion)).When(cmd, on("2026-07-01")).Refused(courtNamed)
	asking(t, known()).Given(proposed(Expulsion), confirmed(Expulsion), stayed()).When(LiftStay{"2026-0001", " "}).Refused(courtNamed)
}

func TestAStayIsLifted(t *testing.T) {
	lifted := StayLifted{Order: "2026-0001", Member: "0042", Reference: "2026/119", At: noon("2026-08-01")}
	asking(t, known()).Given(proposed(Expulsion), confirmed(Expulsion), stayed()).When(LiftStay{"2026-0001", "2026/119"}, on("2026-08-01")).Then(lifted)
	asking(t, known()).Given(proposed(Expulsion), confirmed(Expulsion), stayed(), lifted).When(LiftStay{"2026-0001", "2026/119"}).Refused(orderStayed)
}
