package standing

import (
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

func quarterly() *code.Requirements {
	r := lasting()
	r.Confidentiality.Attestation = code.Set(code.Duration{N: 3, Unit: code.Months})
	return r
}

func TestAMissingAttestationSuspendsUntilItIsGiven(t *testing.T) {
	s := given(t, body(version("2026.1", "2026-01-01", quarterly())),
		joined("2026-01-01"), signed("2026-02-01", "2026.1"), attested("2026-09-20", "2026-Q2"), attested("2026-10-05", "2026-Q3"))
	// Q1 had begun when it subscribed. Q2 was due by 30 July, with grace by 29 August.
	s.on("2026-07-30").is(Good, "")
	s.on("2026-08-01").is(Good, "").Refused(ruleAttestationInGrace).silent(ruleAttestationInGrace).next("2026-08-30", "2026-08-30")
	s.on("2026-08-30").is(Suspended, Administrative).since("2026-08-30").Refused(ruleAttestationMissing)
	s.on("2026-09-20").is(Good, "").since("2026-09-20")
	s.on("2026-10-06").is(Good, "").next("2027-03-02", "2027-01-31")
}

func TestAllMissingAttestationsAreNamed(t *testing.T) {
	s := given(t, body(version("2026.1", "2026-01-01", quarterly())), joined("2026-01-01"), signed("2026-01-01", "2026.1")).on("2027-01-05")
	missing := 0
	for _, r := range s.is(Suspended, Administrative).answer().Reasons {
		if r.Rule == ruleAttestationMissing.ID {
			missing++
		}
	}
	if missing != 3 { // of Q1, Q2 and Q3; Q4 is not due yet
		t.Errorf("%d attestations are named", missing)
	}
}

func TestLongSilenceIsToldShortly(t *testing.T) {
	s := given(t, body(version("2026.1", "2026-01-01", quarterly())), joined("2026-01-01"), signed("2026-01-01", "2026.1"))
	s = s.on("2999-01-01").is(Suspended, Administrative).since("2026-05-31")
	if n := len(s.answer().Reasons); n != mostNamed+1 { // and that the number of courses is not set
		t.Errorf("%d reasons", n)
	}
	started := time.Now()
	for range 100 {
		Of(s.facts, day("2999-01-01"), day("2999-01-01"))
		Timeline(s.facts, day("2999-01-01"))
	}
	if took := time.Since(started); took > 2*time.Second { // two hundred of them: a hundredth of a second each is far too much
		t.Errorf("answers for a distant day take %s", took/200)
	}
}

func TestAGraceThatIsSetLaterSuspendsThen(t *testing.T) {
	patient := quarterly()
	patient.Confidentiality.Grace = code.Setting[code.Duration]{}
	b := body(version("2026.1", "2026-01-01", patient), version("2031.1", "2031-01-01", quarterly()))
	s := given(t, b, joined("2026-01-01"), signed("2026-01-01", "2026.1"), signed("2031-01-01", "2031.1")).knowing("2031-02-01")
	s.on("2031-01-02").is(Good, "")
	line := Timeline(s.facts, s.known)
	if last := line[len(line)-1]; last.Status != Suspended || !last.From.Equal(day("2031-05-31")) {
		t.Errorf("to come is %+v", last)
	}
}

func TestNothingIsAttestedForTheTimeBeforeThisSystem(t *testing.T) {
	facts := []Fact{joined("2019-01-01"), signed("2026-01-02", "2026.1")}
	for _, f := range facts {
		f.stamp().Recorded = day("2027-11-10")
	}
	given(t, body(version("2026.1", "2026-01-01", quarterly())), facts...).on("2027-11-11").is(Good, "").next("2028-05-31", "2028-05-01")
}

func TestAChangeOfTheIntervalCounts(t *testing.T) {
	yearly := lasting()
	yearly.Confidentiality.Attestation = code.Set(code.Duration{N: 1, Unit: code.Years})
	b := body(version("2026.1", "2026-01-01", quarterly()), version("2026.2", "2026-05-15", yearly))
	s := given(t, b, joined("2026-01-01"), signed("2026-01-01", "2026.1"), attested("2026-04-10", "2026-Q1"), signed("2026-05-16", "2026.2"))
	s.on("2026-12-31").is(Good, "").next("2027-03-02", "2027-01-31")
}

func TestPeriodsHaveOneLabel(t *testing.T) {
	for label, first := range map[string]string{
		"2026": "2026-01-01", "2026-Q3": "2026-07-01", "2026-H2": "2026-07-01", "2026-M07": "2026-07-01", "2026-T2": "2026-05-01", "2026-B6": "2026-11-01",
	} {
		p, ok := ParsePeriod(label)
		if !ok || p.First() != date(first) || p.String() != label {
			t.Errorf("%s: %v %v from %s", label, ok, p, p.First())
		}
	}
	for _, bad := range []string{"", "2026-", "2026-Q5", "2026-Q0", "2026-Q03", "2026-q3", "26-Q3", "2026-M7", "2026-M13", "2026-Q", "x", "2026-Q3-", "+2026", "2026-X1"} {
		if p, ok := ParsePeriod(bad); ok {
			t.Errorf("%q is read as %v", bad, p)
		}
	}
	if p, _ := ParsePeriod("2026-Q4"); p.Last() != act.On(2026, 12, 31) || p.next().String() != "2027-Q1" {
		t.Errorf("%v ends on %s and is followed by %v", p, p.Last(), p.next())
	}
}

func TestNothingIsAttestedForPeriodsBegunWhileExpelled(t *testing.T) {
	s := given(t, body(version("2026.1", "2026-01-01", quarterly())), joined("2026-01-01"), signed("2026-01-01", "2026.1"),
		ordered("2026-02-15", "2026-0001", "expulsion", ""), attested("2026-04-05", "2026-Q1"),
		&OrderEnded{at("2026-05-10"), "2026-0001", true}, attested("2026-10-05", "2026-Q3"))
	s.on("2026-09-15").is(Good, "").since("2026-05-10") // Q2 began while it was out
}
