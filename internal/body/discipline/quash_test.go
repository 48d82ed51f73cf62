package discipline

import "testing"

func TestAnOrderIsSetAside(t *testing.T) {
	quashed := OrderQuashed{
		Order: "2026-0001", Member: "0042", By: "the High Court", Reference: "2026/120", From: noon("2026-08-01"), At: noon("2026-08-01"),
	}
	cmd := Quash{Order: "2026-0001", By: "the High Court", Reference: "2026/120"}
	asking(t, known()).Given(proposed(Expulsion), confirmed(Expulsion), stayed()).When(cmd, on("2026-08-01")).Then(quashed)
	asking(t, known()).Given(proposed(Expulsion), confirmed(Expulsion), quashed).When(cmd, on("2026-08-02")).Nothing()
	asking(t, known()).Given(proposed(Expulsion)).When(cmd).Refused(orderInForce)
	cmd.By = ""
	asking(t, known()).Given(proposed(Expulsion), confirmed(Expulsion)).When(cmd, on("2026-08-01")).Refused(courtNamed)
}
