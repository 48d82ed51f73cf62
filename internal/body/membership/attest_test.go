package membership

import "testing"

func attesting() Attest {
	return Attest{Member: "0042", Period: "2026-Q1", UndertakingsShare: 95, Incidents: 2, IncidentsInTime: 2, RequestsHandled: true}
}

func quarter() Facts {
	f := known()
	f.Period = Period{Set: true, Fits: true, End: date("2026-04-01").Start(f.Zone)}
	return f
}

func TestAMemberAttestsAndCorrects(t *testing.T) {
	first := Attested{
		Member: "0042", Period: "2026-Q1", UndertakingsShare: 95, Incidents: 2, IncidentsInTime: 2, RequestsHandled: true, At: noon("2026-04-02"),
	}
	asking(t, quarter()).Given(applied, admitted).When(attesting(), on("2026-04-02")).Then(first)
	asking(t, quarter()).Given(applied, admitted, first).When(attesting(), on("2026-04-03")).Nothing()
	cmd, second := attesting(), first
	cmd.IncidentsInTime, second.IncidentsInTime, second.Corrects, second.At = 1, 1, true, noon("2026-04-04")
	asking(t, quarter()).Given(applied, admitted, first).When(cmd, on("2026-04-04")).Then(second)
}

func TestAPeriodIsOneThatTheCodeAsksFor(t *testing.T) {
	f := quarter()
	f.Period.Set = false
	asking(t, f).Given(applied, admitted).When(attesting()).Refused(attestationAsked)
	f = quarter()
	f.Period.Fits = false
	asking(t, f).Given(applied, admitted).When(attesting()).Refused(attestationAsked)
}

func TestAPeriodIsOver(t *testing.T) {
	asking(t, quarter()).Given(applied, admitted).When(attesting(), on("2026-03-31")).Refused(periodOver)
}

func TestCountsArePossible(t *testing.T) {
	for _, change := range []func(*Attest){
		func(a *Attest) { a.UndertakingsShare = 101 }, func(a *Attest) { a.UndertakingsShare = -1 },
		func(a *Attest) { a.IncidentsInTime = 3 }, func(a *Attest) { a.IncidentsInTime = -1 },
	} {
		cmd := attesting()
		change(&cmd)
		asking(t, quarter()).Given(applied, admitted).When(cmd).Refused(countsPossible)
	}
	asking(t, quarter()).When(attesting()).Refused(isMember)
}
