package standing

import (
	"strings"
	"testing"

	"shingle/internal/code"
)

func TestDuesHaveGraceThatOnlyTheMemberSees(t *testing.T) {
	b := body(version("2026.1", "2026-01-01", lasting()))
	s := given(t, b, joined("2026-01-01"), signed("2026-01-02", "2026.1"), paid("2026-01-02", "2026-12-31"), paid("2027-03-01", "2027-12-31"))
	s.on("2026-12-31").is(Good, "").next("2027-01-31", "2027-01-01")
	s.on("2027-01-15").is(Good, "").Refused(ruleDuesInGrace).silent(ruleDuesInGrace).next("2027-01-31", "2027-01-31")
	if public := s.on("2027-01-15").answer().Public(); !public.NextChange.IsZero() {
		t.Errorf("the public can tell that grace runs, until %s", public.NextChange)
	}
	if public := s.on("2026-12-30").answer().Public(); !public.NextChange.Equal(day("2027-01-31")) {
		t.Errorf("before any grace the public is told of %s", public.NextChange)
	}
	s.on("2027-01-31").is(Lapsed, Administrative).since("2027-01-31").Refused(ruleDuesOverdue).silent(ruleDuesOverdue)
	for _, r := range s.on("2027-01-31").Refused(ruleNotContinued).answer().Public().Reasons {
		if strings.Contains(strings.ToLower(r.Text+r.Cure), "dues") {
			t.Errorf("the public reads of money: %+v", r)
		}
	}
	s.on("2027-03-01").is(Good, "").since("2027-03-01")
}

func TestACorrectionOfThePaidDayCounts(t *testing.T) {
	b := body(version("2026.1", "2026-01-01", lasting()))
	given(t, b, joined("2026-01-01"), signed("2026-01-02", "2026.1"), paid("2026-01-02", "2027-12-31"), paid("2026-06-01", "2026-03-31")).
		on("2026-06-02").is(Lapsed, Administrative).since("2026-06-01")
}

func TestGraceThatIsNotSetNeverEnds(t *testing.T) {
	r := lasting()
	r.Membership.DuesGrace = code.Setting[code.Duration]{}
	given(t, body(version("2026.1", "2026-01-01", r)), joined("2026-01-01"), signed("2026-01-02", "2026.1"), paid("2026-01-02", "2026-12-31")).
		on("2030-01-01").is(Good, "").Refused(ruleDuesInGrace)
}

func TestRenewalIsYearly(t *testing.T) {
	r := lasting()
	r.Membership.Renewal = code.Set(code.Duration{N: 1, Unit: code.Years})
	s := given(t, body(version("2026.1", "2026-01-01", r)), joined("2026-01-01"), signed("2026-02-01", "2026.1"), &Renewed{at("2027-05-01")})
	s.on("2027-02-02").is(Good, "").Refused(ruleRenewalInGrace).silent(ruleRenewalInGrace)
	s.on("2027-03-04").is(Lapsed, Administrative).since("2027-03-04").Refused(ruleRenewalOverdue).silent(ruleRenewalOverdue)
	s.on("2027-05-01").is(Good, "").next("2028-06-01", "2028-05-02")
}

func TestATakenOverMemberOwesItsRenewalFromThenOn(t *testing.T) {
	r := lasting()
	r.Membership.Renewal = code.Set(code.Duration{N: 1, Unit: code.Years})
	facts := []Fact{joined("2019-01-01"), signed("2026-01-02", "2026.1")}
	for _, f := range facts {
		f.stamp().Recorded = day("2027-11-01")
	}
	given(t, body(version("2026.1", "2026-01-01", r)), facts...).on("2027-11-02").is(Good, "").next("2028-12-02", "2028-11-02")
}

func TestThePublicReadsOnceThatAMembershipWasNotContinued(t *testing.T) {
	r := lasting()
	r.Membership.Renewal = code.Set(code.Duration{N: 1, Unit: code.Years})
	a := given(t, body(version("2026.1", "2026-01-01", r)), joined("2026-01-01"), signed("2026-02-01", "2026.1"), paid("2026-02-01", "2026-12-31")).
		on("2027-04-01").is(Lapsed, Administrative).Refused(ruleDuesOverdue).Refused(ruleRenewalOverdue).answer()
	said := 0
	for _, reason := range a.Public().Reasons {
		if reason.Rule == ruleNotContinued.ID {
			said++
		}
	}
	if said != 1 {
		t.Errorf("the public reads it %d times: %+v", said, a.Public().Reasons)
	}
}
