package discipline

import (
	"testing"
	"time"

	"shingle/internal/act"
)

// imposing asks on Monday 10 August for a suspension of which the member was told on Tuesday 4 August.
func imposing() Impose {
	return Impose{
		Member: "0042", Provisions: []string{"1"}, Reason: act.NewPrivate("", "its backups are for sale"),
		Notified: noon("2026-08-04"), Heard: act.NewPrivate("", "it said nothing"), Until: date("2026-12-31"),
	}
}

func imposed() InterimImposed {
	return InterimImposed{
		Order: "2026-0001", Member: "0042", Name: "Cobalt Ridge IT", Provisions: []string{"1"},
		Reason:   act.NewPrivate("order/2026-0001", "its backups are for sale"),
		Notified: noon("2026-08-04"), Heard: act.NewPrivate("order/2026-0001", "it said nothing"),
		From: noon("2026-08-10"), Until: date("2026-12-31").End(time.UTC), Review: date("2026-11-10").End(time.UTC),
	}
}

func TestAMemberIsSuspendedForTheTimeBeing(t *testing.T) {
	asking(t, known()).When(imposing(), on("2026-08-10")).Then(imposed())
}

func TestItIsHeardFirst(t *testing.T) {
	cmd := imposing() // three business days end with Friday 7 August
	asking(t, known()).When(cmd, on("2026-08-07")).Refused(heardFirst)
	cmd.Imminent = true
	asking(t, known()).When(cmd, on("2026-08-05")).Events()
	cmd.Notified = noon("2026-08-04").Add(time.Second)
	asking(t, known()).When(cmd, on("2026-08-05")).Refused(heardFirst)
	cmd = imposing()
	cmd.Heard = act.Private{}
	asking(t, known()).When(cmd, on("2026-08-10")).Refused(heardFirst)
}

func TestThereIsAThreat(t *testing.T) {
	cmd := imposing()
	cmd.Reason = act.Private{}
	asking(t, known()).When(cmd, on("2026-08-10")).Refused(threatGiven)
}

func TestItIsShort(t *testing.T) {
	cmd := imposing()
	cmd.Until = date("2026-08-09")
	asking(t, known()).When(cmd, on("2026-08-10")).Refused(interimShort)
	cmd.Until = date("2027-02-11")
	asking(t, known()).When(cmd, on("2026-08-10")).Refused(interimShort)
	cmd.Until = date("2027-02-10")
	asking(t, known()).When(cmd, on("2026-08-10")).Events()
	cmd.Until = date("2026-11-10") // short enough to need no review
	if e := asking(t, known()).When(cmd, on("2026-08-10")).Events()[0].(InterimImposed); !e.Review.IsZero() {
		t.Errorf("to be reviewed by %s", e.Review)
	}
}

func TestInterimSuspensionsAreNoMoreTogetherThanOne(t *testing.T) {
	f, cmd := known(), imposing()
	f.Respondent.Interim = 120 * 24 * time.Hour
	asking(t, f).When(cmd, on("2026-08-10")).Refused(interimTogether)
	cmd.Until = date("2026-10-14") // six months end with 10 February; 120 days fewer
	asking(t, f).When(cmd, on("2026-08-10")).Refused(interimTogether)
	cmd.Until = date("2026-10-13")
	asking(t, f).When(cmd, on("2026-08-10")).Events()
}

func TestAMemberIsToldAtAPlausibleTime(t *testing.T) {
	for when, fits := range map[string]bool{"2020-05-03": false, "2026-05-08": false, "2026-05-10": true, "2026-08-04": true} {
		cmd := imposing()
		cmd.Notified = noon(when)
		if story := asking(t, known()).When(cmd, on("2026-08-10")); fits {
			story.Events()
		} else {
			story.Refused(notifiedPlausible)
		}
	}
	f, cmd := known(), imposing()
	f.Respondent.Joined = noon("2026-08-05")
	asking(t, f).When(cmd, on("2026-08-10")).Refused(notifiedPlausible)
	f = known()
	f.Respondent.Readmitted = noon("2026-08-05")
	asking(t, f).When(cmd, on("2026-08-10")).Refused(notifiedPlausible)
	cmd.Notified = noon("2026-08-11")
	asking(t, known()).When(cmd, on("2026-08-10")).Refused(heardFirst)
}

func TestOnlyAMemberIsSuspendedForTheTimeBeing(t *testing.T) {
	f := known()
	f.Respondent.Current = false
	asking(t, f).When(imposing(), on("2026-08-10")).Refused(currentMember)
	cmd := imposing()
	cmd.Provisions = []string{"9"}
	asking(t, known()).When(cmd, on("2026-08-10")).Refused(provisionKnown)
}

func TestAnInterimSuspensionIsLifted(t *testing.T) {
	lifted := InterimLifted{Order: "2026-0001", Member: "0042", Reason: act.NewPrivate("order/2026-0001", "over"), At: noon("2026-09-01")}
	cmd := Lift{"2026-0001", act.NewPrivate("", "over")}
	asking(t, known()).Given(imposed()).When(cmd, on("2026-09-01")).Then(lifted)
	asking(t, known()).Given(imposed(), lifted).When(cmd, on("2026-09-02")).Nothing()
	asking(t, known()).Given(imposed()).When(cmd, on("2027-01-01")).Nothing() // it is over
	asking(t, known()).Given(proposed(Suspension), confirmed(Suspension)).When(cmd).Refused(interimInForce)
}
