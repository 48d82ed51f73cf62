package membership

import (
	"testing"
	"time"

	"shingle/internal/act/acttest"
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

func TestAMemberLeavesOnNoEarlierDay(t *testing.T) {
	for _, role := range []string{"representative", "compliance-officer", ""} {
		by := acttest.By("person/0007", role)
		asking(t, known()).Given(applied, admitted).When(Withdraw{"0042", date("2026-04-20")}, on("2026-05-01"), by).Refused(leavesToday)
		asking(t, known()).Given(applied, admitted).When(Withdraw{"0042", date("2026-05-01")}, on("2026-05-01"), by).Then(gone)
	}
	asking(t, known()).Given(applied, admitted).When(Withdraw{"0042", date("2026-04-20")}, on("2026-05-01"), acttest.By("person/0001", "registrar")).Events()
}
