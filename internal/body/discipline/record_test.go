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
	r.Finding = " "
	asking(t, known()).When(r, on("2026-06-10")).Refused(decisionWritten)
	r = paper(Reprimand)
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
