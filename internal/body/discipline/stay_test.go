package discipline

import (
	"testing"

	"shingle/internal/act"
)

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

func TestNothingIsDecidedAboutAnOrderBeforeWhatWasDecidedLast(t *testing.T) {
	lifted := StayLifted{Order: "2026-0001", Member: "0042", Reference: "2026/119", At: noon("2026-08-01")}
	story := []act.Event{proposed(Expulsion), confirmed(Expulsion), stayed(), lifted}
	again := staying()
	again.On = date("2026-07-31")
	asking(t, known()).Given(story...).When(again, on("2026-09-01")).Refused(turnsInOrder)
	again.On = date("2026-08-01")
	if e := asking(t, known()).Given(story...).When(again, on("2026-09-01")).Events()[0].(OrderStayed); !e.From.Equal(lifted.At) {
		t.Errorf("stayed from %s", e.From)
	}
	quash := Quash{Order: "2026-0001", By: "the High Court", Reference: "7", On: date("2026-07-15")}
	asking(t, known()).Given(story...).When(quash, on("2026-09-01")).Refused(turnsInOrder)
}

func TestNoEffectIsTakenFromAnOrderThatHasNone(t *testing.T) {
	asking(t, known()).Given(proposed(Suspension), confirmed(Suspension), stayed()).When(LiftStay{"2026-0001", "7"}, on("2027-01-01")).Refused(orderInForce)
	back := known()
	back.Respondent.Readmitted = noon("2029-07-01")
	asking(t, back).Given(proposed(Expulsion), confirmed(Expulsion)).When(staying(), on("2029-08-01")).Refused(orderInForce)
	lifted := InterimLifted{Order: "2026-0001", Member: "0042", At: noon("2026-09-01")}
	asking(t, known()).Given(imposed(), OrderStayed{Order: "2026-0001"}, lifted).When(LiftStay{"2026-0001", "7"}, on("2026-09-02")).Refused(orderStayed)
}
