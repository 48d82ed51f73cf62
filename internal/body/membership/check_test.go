package membership

import "testing"

func TestAnApplicantIsChecked(t *testing.T) {
	asking(t, known()).Given(applied).When(RecordCheck{"0042", "identity", " company register ", "passed"}, on("2026-01-11")).
		Then(Checked{Member: "0042", Check: "identity", How: "company register", Result: "passed", At: noon("2026-01-11")})
}

func TestOnlyWhoAsksIsChecked(t *testing.T) {
	asking(t, known()).When(RecordCheck{"0042", "identity", "looked", "passed"}).Refused(awaitsDecision)
	asking(t, known()).Given(applied, admitted).When(RecordCheck{"0042", "identity", "looked", "passed"}).Refused(awaitsDecision)
	asking(t, known()).Given(applied, admitted, gone).When(RecordCheck{"0042", "identity", "looked", "passed"}).Events()
}

func TestChecksHaveTheirWords(t *testing.T) {
	for _, cmd := range []RecordCheck{{"0042", "shoes", "looked", "passed"}, {"0042", "identity", "looked", "fine"}, {"0042", "identity", " ", "passed"}} {
		asking(t, known()).Given(applied).When(cmd).Refused(checkWords)
	}
}
