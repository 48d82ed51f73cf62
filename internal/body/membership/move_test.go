package membership

import "testing"

func TestAMemberMoves(t *testing.T) {
	moved := Moved{Member: "0042", Address: "1 Main St", Place: "Boulder", Country: "US", At: noon("2026-03-01")}
	cmd := Move{"0042", "1 Main St", "Boulder", "US"}
	asking(t, known()).Given(applied, admitted).When(cmd, on("2026-03-01")).Then(moved)
	asking(t, known()).Given(applied, admitted, moved).When(cmd).Nothing()
	asking(t, known()).Given(applied, admitted).When(Move{"0042", "1\nMain St", "Boulder", "US"}).Refused(plainNames)
	asking(t, known()).When(cmd).Refused(isMember)
}
