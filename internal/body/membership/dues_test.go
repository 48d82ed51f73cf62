package membership

import "testing"

func TestDuesAreRecorded(t *testing.T) {
	paid := PaidThrough{Member: "0042", Through: date("2026-12-31"), At: noon("2026-03-01")}
	asking(t, known()).Given(applied, admitted).When(RecordDues{"0042", date("2026-12-31"), ""}, on("2026-03-01")).Then(paid)
	asking(t, known()).Given(applied, admitted, paid).When(RecordDues{"0042", date("2026-12-31"), ""}, on("2026-03-02")).Nothing()
	asking(t, known()).When(RecordDues{"0042", date("2026-12-31"), ""}).Refused(isMember)
}

func TestAnEarlierDayIsACorrection(t *testing.T) {
	paid := PaidThrough{Member: "0042", Through: date("2026-12-31"), At: noon("2026-03-01")}
	asking(t, known()).Given(applied, admitted, paid).When(RecordDues{"0042", date("2026-06-30"), " "}).Refused(duesCorrected)
	asking(t, known()).Given(applied, admitted, paid).When(RecordDues{"0042", date("2026-06-30"), "the bank took it back"}, on("2026-03-05")).
		Then(PaidThrough{Member: "0042", Through: date("2026-06-30"), Reason: "the bank took it back", At: noon("2026-03-05")})
}
