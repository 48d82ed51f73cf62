package standing

import "testing"

func TestBeforeJoiningThereIsNoStanding(t *testing.T) {
	s := given(t, body(), joined("2026-02-01"))
	s.on("2026-01-31").is("", "").next("2026-02-01", "2026-02-01")
	s.knowing("2026-01-31").on("2026-02-10").is("", "")
}

func TestLeavingTakesEffectAtOnceAndEndsOmissions(t *testing.T) {
	s := given(t, body(), joined("2026-01-01"), signed("2026-01-02", "2026.1"), paid("2026-01-02", "2026-01-31"), left("2026-04-20"))
	s.on("2026-04-19").is(Lapsed, Administrative).next("2026-04-20", "2026-04-20")
	s.on("2026-04-20").is(Withdrawn, Administrative).since("2026-04-20").Refused(ruleWithdrawn).next("", "")
}

func TestLeavingDoesNotEndCharges(t *testing.T) {
	s := given(t, body(), joined("2026-01-01"), signed("2026-01-02", "2026.1"),
		&Charged{at("2026-02-01"), "2026-0001"}, left("2026-03-01"), &Discharged{at("2026-05-01"), "2026-0001"})
	s.on("2026-02-15").is(Good, "")
	s.on("2026-03-01").is(WithdrawnUnderInvestigation, Interim).Refused(ruleUnderInvestigation)
	s.on("2026-05-01").is(Withdrawn, Administrative).since("2026-05-01")
}

func TestItIsSaidWhetherChargesCameBeforeTheLeavingOrAfter(t *testing.T) {
	for served, want := range map[string]string{
		"2026-02-01": "Left on 1 March 2026 while charges were open. No finding has been made.",
		"2026-03-01": "Left on 1 March 2026 while charges were open. No finding has been made.",
		"2026-04-01": "Left on 1 March 2026. Charges were served on 1 April 2026. No finding has been made.",
	} {
		s := given(t, body(), joined("2026-01-01"), signed("2026-01-02", "2026.1"), left("2026-03-01"), &Charged{at(served), "2026-0001"}).
			on("2026-05-01").is(WithdrawnUnderInvestigation, Interim).Refused(ruleUnderInvestigation)
		if text := s.answer().Reasons[0].Text; text != want {
			t.Errorf("charges served on %s: %q", served, text)
		}
	}
}

func TestChargesAreNotPublicWhileAMember(t *testing.T) {
	given(t, body(), joined("2026-01-01"), signed("2026-01-02", "2026.1"), &Charged{at("2026-02-01"), "2026-0001"}).
		on("2026-02-15").is(Good, "").silent(ruleUnderInvestigation)
}

func TestReadmissionBeginsAfresh(t *testing.T) {
	s := given(t, body(version("2026.1", "2026-01-01", lasting())),
		joined("2026-01-01"), signed("2026-01-02", "2026.1"), ordered("2026-02-01", "2026-0001", "expulsion", ""),
		&Readmitted{at("2029-02-01")}, signed("2029-02-10", "2026.1"))
	s.on("2029-01-31").is(Expelled, Disciplinary).since("2026-02-01")
	s.on("2029-02-05").is(NotSubscribed, Administrative).since("2029-02-01")
	s.on("2029-02-10").is(Good, "").since("2029-02-10")
}
