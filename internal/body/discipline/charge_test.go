package discipline

import "testing"

func charging() Charge {
	return Charge{"0042", []string{"1.1"}, date("2026-05-04"), "courier receipt 1190"}
}

func charged() ChargeRecorded {
	return ChargeRecorded{
		Charge: "2026-0001", Member: "0042", Provisions: []string{"1.1"}, Served: date("2026-05-04"),
		ServiceProof: "courier receipt 1190", From: start("2026-05-04"), At: noon("2026-06-10"),
	}
}

func TestChargesAreRecordedAndClosed(t *testing.T) {
	asking(t, known()).When(charging(), on("2026-06-10")).Then(charged())
	heirs := known()
	heirs.Respondent.Heirs = []string{"0043"}
	closed := ChargeClosed{Charge: "2026-0001", Member: "0042", Heirs: []string{"0043"}, Outcome: "dismissed", At: noon("2026-08-01")}
	asking(t, heirs).Given(charged()).When(CloseCharge{"2026-0001", "dismissed"}, on("2026-08-01")).Then(closed)
	asking(t, heirs).Given(charged(), closed).When(CloseCharge{"2026-0001", "dismissed"}).Nothing()
	asking(t, heirs).Given(charged(), closed).When(CloseCharge{"2026-0001", "upheld"}).Refused(chargeOpen)
	asking(t, heirs).When(CloseCharge{"2026-0001", "upheld"}).Refused(chargeOpen)
	asking(t, heirs).Given(charged()).When(CloseCharge{"2026-0001", "forgotten"}).Refused(outcomeKnown)
	if got := closed.Concerns(); len(got) != 2 || got[1] != "member/0043" {
		t.Errorf("it concerns %v", got)
	}
}

func TestChargesAreServedOnAMember(t *testing.T) {
	cmd := charging()
	cmd.ServiceProof = ""
	asking(t, known()).When(cmd, on("2026-06-10")).Refused(serviceProven)
	asking(t, known()).When(charging(), on("2026-05-03")).Refused(daysInOrder)
	f := known()
	f.Respondent = Respondent{}
	asking(t, f).When(charging(), on("2026-06-10")).Refused(respondentKnown)
	cmd = charging()
	cmd.Provisions = []string{"7"}
	asking(t, known()).When(cmd, on("2026-06-10")).Refused(provisionKnown)
}
