package governance

import "testing"

func TestTheRegisterGoesLive(t *testing.T) {
	dublin := demo("").Location
	asking(t).Given(founding).When(Open{}, on("2026-06-01")).
		Then(Opened{GoLive: date("2026-06-01"), Start: date("2026-06-01").Start(dublin), At: noon("2026-06-01")})
	asking(t).Given(founding).When(Open{GoLive: date("2026-09-01")}, on("2026-06-01")).
		Then(Opened{GoLive: date("2026-09-01"), Start: date("2026-09-01").Start(dublin), At: noon("2026-06-01")})
}

func TestTheRegisterGoesLiveOnce(t *testing.T) {
	live := Opened{GoLive: date("2026-06-01")}
	asking(t).Given(founding, live).When(Open{GoLive: date("2026-06-01")}, on("2026-07-01")).Nothing()
	asking(t).Given(founding, live).When(Open{}, on("2026-07-01")).Refused(openedOnce)
}

// TestGoLiveIsNear also keeps the register from having been live when decisions on paper were taken, or texts
// adopted with a day of before, that are on the record already.
func TestGoLiveIsNear(t *testing.T) {
	asking(t).Given(founding).When(Open{GoLive: date("2026-05-31")}, on("2026-06-01")).Refused(goLiveNear)
	asking(t).Given(founding).When(Open{GoLive: date("2026-01-09")}, on("2026-06-01")).Refused(goLiveNear)
	asking(t).Given(founding).When(Open{GoLive: date("2027-06-02")}, on("2026-06-01")).Refused(goLiveNear)
}

func TestThereMustBeABodyFirst(t *testing.T) {
	asking(t).When(Open{}).Refused(notFounded)
	asking(t).When(SetHolidays{Year: 2030}).Refused(notFounded)
	asking(t).When(Adopt{Text: text("2026", "2026-03-01")}).Refused(notFounded)
}
