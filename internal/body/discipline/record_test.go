package discipline

import (
	"testing"

	"shingle/internal/act"
)

func TestADecisionOnPaperIsProposed(t *testing.T) {
	for _, sanction := range Sanctions {
		asking(t, known()).When(paper(sanction), on("2026-06-10"), by("token/1")).Then(proposed(sanction))
	}
}

func TestASanctionIsKnown(t *testing.T) {
	asking(t, known()).When(paper("tar and feathers"), on("2026-06-10")).Refused(sanctionKnown)
}

func TestADecisionIsWritten(t *testing.T) {
	r := paper(Reprimand)
	r.Text = ""
	asking(t, known()).When(r, on("2026-06-10")).Refused(decisionWritten)
}

func TestServiceIsProven(t *testing.T) {
	r := paper(Expulsion)
	r.ServiceProof = " "
	asking(t, known()).When(r, on("2026-06-10")).Refused(serviceProven)
	r = paper(Expulsion)
	r.Served = act.Date{}
	asking(t, known()).When(r, on("2026-06-10")).Refused(serviceProven)
}

func TestNothingIsServedBeforeItIsDecided(t *testing.T) {
	r := paper(Expulsion)
	r.Served = date("2026-02-09")
	asking(t, known()).When(r, on("2026-06-10")).Refused(daysInOrder)
	launch := known()
	launch.GoLive = act.Date{}
	r = paper(Expulsion)
	r.Decided, r.Served = date("2026-06-11"), date("2026-06-12")
	asking(t, launch).When(r, on("2026-06-10")).Refused(daysInOrder)
}

func TestADecisionSinceGoLiveIsNoPaper(t *testing.T) {
	r := paper(Expulsion)
	r.Decided, r.Served, r.AppealClosed = date("2026-06-01"), date("2026-06-02"), date("2026-07-10")
	asking(t, known()).When(r, on("2026-08-01")).Refused(beforeGoLive)
	r.Decided = date("2026-05-31")
	asking(t, known()).When(r, on("2026-08-01")).Events()
}

func TestTheAppealIsClosed(t *testing.T) {
	r := paper(Expulsion)
	r.AppealClosed = act.Date{}
	asking(t, known()).When(r, on("2026-06-10")).Refused(appealOver)
	r = paper(Expulsion)
	r.AppealClosed = date("2026-06-11")
	asking(t, known()).When(r, on("2026-06-10")).Refused(appealOver)
	r = paper(Expulsion)
	r.AppealClosed = date("2026-03-11") // 20 business days after 12 February end with 12 March
	asking(t, known()).When(r, on("2026-06-10")).Refused(appealOver)
	asking(t, known()).When(paper(Expulsion), on("2026-03-12")).Refused(appealOver)
	asking(t, known()).When(paper(Expulsion), on("2026-03-13")).Events()
}

func TestTermsAreAsTheCodeSays(t *testing.T) {
	for _, c := range []struct {
		sanction, from, until string
		fits                  bool
	}{
		{Suspension, "", "", false},
		{Suspension, "", "2026-03-11", false},
		{Suspension, "2026-07-01", "2026-07-29", false},
		{Suspension, "2026-07-01", "2026-07-30", true},
		{Suspension, "2026-07-01", "2027-07-01", true},
		{Suspension, "2026-07-01", "2027-07-02", false},
		{Probation, "2026-07-01", "2028-07-01", true},
		{Probation, "2026-07-01", "2028-07-02", false},
		{Conditions, "", "", false},
		{Conditions, "", "2031-01-01", true},
		{Expulsion, "", "2027-01-01", false},
	} {
		r := paper(c.sanction)
		r.From, r.Until = act.Date{}, act.Date{}
		if c.from != "" {
			r.From = date(c.from)
		}
		if c.until != "" {
			r.Until = date(c.until)
		}
		story := asking(t, known()).When(r, on("2026-06-10"))
		if c.fits {
			story.Events()
		} else {
			story.Refused(termWithin)
		}
	}
}

func TestEachProvisionHasItsFinding(t *testing.T) {
	for _, list := range [][]string{nil, {""}, {"It sold data"}, {"1="}, {"=It sold data"}, {"1=It sold data", "1=And more"}} {
		r := paper(Reprimand)
		r.Findings = list
		asking(t, known()).When(r, on("2026-06-10")).Refused(findingEach)
	}
	r := paper(Reprimand)
	r.Findings = []string{"1=The sum a=b was wrong"}
	e := asking(t, known()).When(r, on("2026-06-10")).Events()[0].(OrderProposed)
	if len(e.Findings) != 1 || e.Findings[0] != (Finding{"1", "The sum a=b was wrong"}) || e.Provisions[0] != "1" {
		t.Errorf("%+v", e)
	}
}

func TestAnAppealThatWasDecidedIsOverEarly(t *testing.T) {
	r := paper(Expulsion)
	r.AppealDecided, r.AppealClosed = date("2026-02-20"), act.Date{}
	e := asking(t, known()).When(r, on("2026-02-21")).Events()[0].(OrderProposed)
	if e.AppealDecided != r.AppealDecided || e.AppealClosed != r.AppealDecided {
		t.Errorf("%+v", e)
	}
	for what, days := range map[string][2]string{
		"decided before it was served":     {"2026-02-11", "2026-03-12"},
		"decided ahead":                    {"2026-06-11", "2026-06-11"},
		"closed before it was decided":     {"2026-02-20", "2026-02-19"},
		"closed early without any outcome": {"", "2026-02-20"},
	} {
		r := paper(Expulsion)
		if r.AppealDecided = (act.Date{}); days[0] != "" {
			r.AppealDecided = date(days[0])
		}
		r.AppealClosed = date(days[1])
		t.Log(what)
		asking(t, known()).When(r, on("2026-06-10")).Refused(appealOver)
	}
}

func TestAnOrderBeginsWithinAYear(t *testing.T) {
	for from, fits := range map[string]bool{"2001-01-01": false, "2026-02-09": false, "2026-02-10": true, "2027-06-10": true, "2027-06-11": false, "2090-01-01": false} {
		r := paper(Expulsion)
		r.From = date(from)
		if story := asking(t, known()).When(r, on("2026-06-10")); fits {
			story.Events()
		} else {
			story.Refused(startPlausible)
		}
	}
}
