package discipline

import (
	"testing"
	"time"
)

func TestProvisionsAreThoseOfTheCodeThen(t *testing.T) {
	for _, ids := range [][]string{{"3"}, {"1", ""}, nil} {
		r := paper(Reprimand)
		r.Provisions = ids
		asking(t, known()).When(r, on("2026-06-10")).Refused(provisionKnown)
	}
	r := paper(Reprimand)
	r.Decided, r.Served = date("2025-12-31"), date("2026-01-02")
	asking(t, known()).When(r, on("2026-06-10")).Refused(provisionKnown) // no code was in force
}

func TestTheRespondentWasAMember(t *testing.T) {
	f := known()
	f.Respondent.Joined = start("2026-02-11")
	asking(t, f).When(paper(Reprimand), on("2026-06-10")).Refused(respondentKnown)
	f.Respondent.Joined = noon("2026-02-10")
	asking(t, f).When(paper(Reprimand), on("2026-06-10")).Events()
	f.Respondent = Respondent{}
	asking(t, f).When(paper(Reprimand), on("2026-06-10")).Refused(respondentKnown)
}

func TestDaysAreThoseOfTheZone(t *testing.T) {
	if (Facts{}).zone() != time.UTC || (NoticeFacts{}).expires() != (time.Time{}) {
		t.Error("without a zone it is not UTC")
	}
}
