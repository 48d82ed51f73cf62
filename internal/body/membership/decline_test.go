package membership

import "testing"

func TestAnApplicantIsTurnedDownWithAReason(t *testing.T) {
	no := Declined{Member: "0042", Reason: "No references.", At: noon("2026-02-01")}
	asking(t, known()).Given(applied).When(Decline{"0042", "No references."}, on("2026-02-01")).Then(no)
	asking(t, known()).Given(applied, no).When(Decline{"0042", "No references."}).Nothing()
	asking(t, known()).Given(applied).When(Decline{"0042", " "}).Refused(declinedWithReason)
	asking(t, known()).Given(applied, admitted).When(Decline{"0042", "No references."}).Refused(awaitsDecision)
}
