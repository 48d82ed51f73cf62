package membership

import (
	"testing"
	"time"
)

func TestAMemberLeavesAtOnce(t *testing.T) {
	asking(t, known()).Given(applied, admitted).When(Withdraw{Member: "0042"}, on("2026-05-01")).Then(gone)
	asking(t, known()).Given(applied, admitted, gone).When(Withdraw{Member: "0042"}, on("2026-06-01")).Nothing()
	earlier := Withdrawn{Member: "0042", Left: date("2026-04-20").Start(time.UTC), At: noon("2026-05-01")}
	asking(t, known()).Given(applied, admitted).When(Withdraw{"0042", date("2026-04-20")}, on("2026-05-01")).Then(earlier)
}

func TestNobodyLeavesAheadOrBeforeJoining(t *testing.T) {
	asking(t, known()).Given(applied, admitted).When(Withdraw{"0042", date("2026-05-02")}, on("2026-05-01")).Refused(dayPlausible)
	asking(t, known()).Given(applied, admitted).When(Withdraw{"0042", date("2026-01-31")}, on("2026-05-01")).Refused(dayPlausible)
	asking(t, known()).Given(applied, admitted, signed).When(Withdraw{"0042", date("2026-02-02")}, on("2026-05-01")).Refused(dayPlausible)
	asking(t, known()).Given(applied).When(Withdraw{Member: "0042"}).Refused(isMember)
}
