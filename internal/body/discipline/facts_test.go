package discipline

import (
	"testing"
	"time"
)

func TestProvisionsAreThoseOfTheCodeThen(t *testing.T) {
	for _, list := range [][]string{{"3=x"}, {"1=x", "1.2=y"}} {
		r := paper(Reprimand)
		r.Findings = list
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

// gone are facts about member 0042, which left on 1 March 2026.
func gone() Facts {
	f := known()
	f.Respondent.Current = false
	f.Respondent.Memberships = []Membership{{start("2020-05-04"), noon("2026-03-01")}}
	return f
}

func TestWhoLeftIsChargedForTheTimeOfJurisdiction(t *testing.T) {
	cmd := charging()
	for served, in := range map[string]bool{"2026-02-01": true, "2026-03-01": true, "2028-03-01": true, "2028-03-02": false} {
		cmd.Served = date(served)
		if story := asking(t, gone()).When(cmd, on("2029-01-01")); in {
			story.Events()
		} else {
			story.Refused(withinJurisdiction)
		}
	}
	back := gone()
	back.Respondent.Memberships = append(back.Respondent.Memberships, Membership{From: start("2028-05-01")})
	cmd.Served = date("2028-05-01")
	asking(t, back).When(cmd, on("2029-01-01")).Events()
	cmd.Served = date("2028-04-30")
	asking(t, back).When(cmd, on("2029-01-01")).Refused(withinJurisdiction)
}

func TestWhoLeftIsJudgedOnChargesServedInTime(t *testing.T) {
	f := gone()
	f.Respondent.Memberships[0].Until = noon("2023-03-01") // there was no code yet: that of the decision counts
	r := paper(Expulsion)
	asking(t, f).When(r, on("2026-06-10")).Refused(withinJurisdiction)
	f.Respondent.Charged = []time.Time{start("2025-03-02")}
	asking(t, f).When(r, on("2026-06-10")).Refused(withinJurisdiction)
	f.Respondent.Charged = []time.Time{start("2025-03-01")}
	asking(t, f).When(r, on("2026-06-10")).Events()
	f.Respondent.Memberships[0].Until = noon("2024-03-01")
	f.Respondent.Charged = nil
	asking(t, f).When(r, on("2026-06-10")).Events()
}
