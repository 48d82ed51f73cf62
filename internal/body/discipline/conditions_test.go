package discipline

import "testing"

func TestConditionsAreMet(t *testing.T) {
	met := ConditionsMet{Order: "2026-0001", Member: "0042", How: "audited twice", At: noon("2026-09-01")}
	cmd := MeetConditions{"2026-0001", "audited twice"}
	for _, sanction := range []string{Conditions, Probation} {
		asking(t, known()).Given(proposed(sanction), confirmed(sanction)).When(cmd, on("2026-09-01")).Then(met)
		asking(t, known()).Given(proposed(sanction), confirmed(sanction), met).When(cmd, on("2026-09-02")).Nothing()
		asking(t, known()).Given(proposed(sanction)).When(cmd).Refused(orderInForce)
		asking(t, known()).Given(proposed(sanction), confirmed(sanction)).When(cmd, on("2028-01-01")).Refused(orderInForce)
	}
	asking(t, known()).Given(proposed(Suspension), confirmed(Suspension)).When(cmd).Refused(conditionsOnly)
	asking(t, known()).Given(proposed(Probation), confirmed(Probation)).When(MeetConditions{"2026-0001", " "}).Refused(conditionsOnly)
}
