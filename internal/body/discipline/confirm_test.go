package discipline

import (
	"testing"

	"shingle/internal/act"
	"shingle/internal/act/acttest"
	"shingle/internal/code"
)

func TestASecondOfficerPutsItInForce(t *testing.T) {
	for _, sanction := range Sanctions {
		asking(t, known()).Given(proposed(sanction)).When(Confirm{"2026-0001"}, on("2026-06-11"), by("token/2")).Then(confirmed(sanction))
		asking(t, known()).Given(proposed(sanction), confirmed(sanction)).When(Confirm{"2026-0001"}, by("token/2")).Nothing()
	}
}

func TestItBeginsOnALaterDayThatItNames(t *testing.T) {
	p, want := proposed(Suspension), confirmed(Suspension)
	p.FromDay, want.FromDay, want.From = date("2026-07-01"), date("2026-07-01"), start("2026-07-01")
	asking(t, known()).Given(p).When(Confirm{"2026-0001"}, on("2026-06-11"), by("token/2")).Then(want)
	p.FromDay, want.FromDay, want.From = date("2026-05-01"), date("2026-05-01"), noon("2026-06-11") // not back in time
	asking(t, known()).Given(p).When(Confirm{"2026-0001"}, on("2026-06-11"), by("token/2")).Then(want)
}

func TestNobodyConfirmsTheirOwn(t *testing.T) {
	asking(t, known()).Given(proposed(Expulsion)).When(Confirm{"2026-0001"}, by("token/1")).Refused(twoPeople)
}

func TestSomebodyWithTwoTokensConfirmsNothing(t *testing.T) {
	p := proposed(Expulsion)
	p.Holder = "token/1"
	as := func(holder string) acttest.Option { return func(m *act.Meta) { m.Actor, m.Holder = "token/2", holder } }
	asking(t, known()).Given(p).When(Confirm{"2026-0001"}, on("2026-06-11"), as("token/1")).Refused(twoPeople)
	asking(t, known()).Given(p).When(Confirm{"2026-0001"}, on("2026-06-11"), as("token/2")).Events()
	asking(t, known()).Given(proposed(Expulsion)).When(Confirm{"2026-0001"}, on("2026-06-11"), as("")).Events() // nobody knows
	asking(t, known()).Given(proposed(Expulsion)).When(Confirm{"2026-0001"}, on("2026-06-11"), as("token/1")).Refused(twoPeople)
	asking(t, known()).Given(p).When(TakeBack{"2026-0001"}, as("token/1")).Events()
}

func TestWhatWasProposedMustStillHold(t *testing.T) {
	live := known()
	live.GoLive = date("2026-02-10")
	confirming := func(f Facts) *acttest.Story {
		return asking(t, f).Given(proposed(Expulsion)).When(Confirm{"2026-0001"}, on("2026-06-11"), by("token/2"))
	}
	confirming(live).Refused(beforeGoLive)
	left := gone()
	left.Respondent.Memberships[0].Until = noon("2023-03-01")
	confirming(left).Refused(withinJurisdiction)
	late := known()
	late.Respondent.Joined = start("2026-02-11")
	confirming(late).Refused(respondentKnown)
	other := known()
	v := *other.Code[0].Version
	v.Label = "2026.2"
	other.Code = append(other.Code, Text{&v, start("2026-02-01")})
	confirming(other).Refused(provisionKnown)
	soon := known()
	soon.Holidays = code.Holidays{date("2026-03-12"): "Holiday"}
	asking(t, soon).Given(proposed(Expulsion)).When(Confirm{"2026-0001"}, on("2026-03-13"), by("token/2")).Refused(appealOver)
	asking(t, known()).Given(proposed(Expulsion)).When(Confirm{"2026-0001"}, on("2026-03-13"), by("token/2")).Events()
}

func TestAProposalOfBeforeIsConfirmed(t *testing.T) {
	p := proposed(Reprimand).Proposal
	for _, sanction := range []string{Reprimand, Warning} {
		before := OrderProposed1{Order: "2026-0001", Member: "0042", Proposer: "token/1", At: noon("2026-06-10"), Proposal1: Proposal1{
			Sanction: sanction, Provisions: p.Provisions, Finding: "It sold data", Decided: p.Decided, Served: p.Served,
			ServiceProof: p.ServiceProof, AppealClosed: p.AppealClosed, Text: "The panel decides", CodeVersion: p.CodeVersion,
		}}
		e := asking(t, known()).Given(before).When(Confirm{"2026-0001"}, on("2026-06-11"), by("token/2")).Events()[0].(OrderConfirmed)
		if open := len(e.Findings) == 1 && e.Findings[0] == (Finding{"1, 1.1", "It sold data"}) && e.Text != "" && e.Confidential.Empty(); open != (sanction == Reprimand) {
			t.Errorf("%s: %+v", sanction, e)
		}
		if sanction == Warning && (len(e.Findings) > 0 || e.Text != "" || e.Confidential.Empty()) {
			t.Errorf("a warning is told: %+v", e)
		}
	}
}

func TestOnlyAProposedOrderIsConfirmed(t *testing.T) {
	asking(t, known()).When(Confirm{"2026-0001"}, by("token/2")).Refused(orderProposed)
	asking(t, known()).Given(proposed(Expulsion), OrderWithdrawn{Order: "2026-0001"}).When(Confirm{"2026-0001"}, by("token/2")).Refused(orderProposed)
	asking(t, known()).Given(imposed()).When(Confirm{"2026-0001"}, by("token/2")).Refused(orderProposed)
}

func TestAnOrderThatIsOverIsNotConfirmed(t *testing.T) {
	asking(t, known()).Given(proposed(Suspension)).When(Confirm{"2026-0001"}, on("2027-01-01"), by("token/2")).Refused(notOver)
}
