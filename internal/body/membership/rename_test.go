package membership

import "testing"

func TestAMemberIsRenamed(t *testing.T) {
	asking(t, known()).Given(applied, admitted).When(Rename{"0042", "Cobalt Group"}, on("2026-03-01")).
		Then(Renamed{Member: "0042", Name: "Cobalt Group", Before: "Cobalt Ridge IT", At: noon("2026-03-01")})
	asking(t, known()).Given(applied, admitted).When(Rename{"0042", "Cobalt Ridge IT"}).Nothing()
	asking(t, known()).Given(applied, admitted).When(Rename{"0042", ""}).Refused(plainNames)
	asking(t, known()).When(Rename{"0042", "X"}).Refused(isMember)
}
