package standing

import (
	"testing"
	"time"

	"shingle/internal/code"
)

func TestNobodyLapsesInLaunchMode(t *testing.T) {
	b := body()
	b.Opened = day("2030-01-01")
	b.OpenedRecorded = day("2029-12-01")
	s := given(t, b, joined("2026-01-01"), paid("2026-01-02", "2026-01-31"))
	s.knowing("2028-01-01").on("2027-12-31").is(NotSubscribed, Administrative).Refused(ruleNotYetSubscribed)
	s.knowing("2031-01-01").on("2030-03-01").is(NotSubscribed, Administrative)
	s.knowing("2031-01-01").on("2030-12-01").is(Lapsed, Administrative)
}

func TestWithoutACodeNobodySubscribes(t *testing.T) {
	given(t, body(version("2026.1", "2026-01-01", lasting())), joined("2015-01-01"), signed("2026-01-01", "2026.1")).
		on("2020-01-01").is(NotSubscribed, Administrative).Refused(ruleNotYetSubscribed).next("2026-01-01", "2026-01-01")
}

func TestWhoNeverSubscribesLapses(t *testing.T) {
	s := given(t, body(), joined("2025-01-01"))
	// The transition ends with 1 April, its grace with 1 May.
	s.on("2026-04-20").is(NotSubscribed, Administrative).Refused(ruleNotYetSubscribed).next("2026-05-02", "2026-05-02")
	s.on("2026-05-02").is(Lapsed, Administrative).since("2026-05-02").Refused(ruleNeverSubscribed)
}

func TestWhoJoinsLateHasAsLong(t *testing.T) {
	given(t, body(), joined("2026-06-01")).on("2026-06-02").is(NotSubscribed, Administrative).next("2026-09-30", "2026-09-30")
}

func TestSubscriptionMayBeOptional(t *testing.T) {
	r := lasting()
	r.Membership.Subscription = code.Set(code.Optional)
	s := given(t, body(version("2026.1", "2026-01-01", r)), joined("2025-01-01"), signed("2030-01-01", "2026.1"))
	s.on("2029-01-01").is(NotSubscribed, Administrative).Refused(ruleNoSubscriber)
	s.on("2030-01-01").is(Good, "").since("2030-01-01")
}

func TestANewVersionIsSignedInItsTransition(t *testing.T) {
	b := body(version("2026.1", "2026-01-01", lasting()), version("2027.1", "2027-01-01", lasting()))
	s := given(t, b, joined("2026-01-01"), signed("2026-01-02", "2026.1"), signed("2027-07-01", "2027.1"))
	s.on("2027-01-02").is(Good, "").Refused(ruleNewTextWaits).silent(ruleNewTextWaits).next("2027-05-02", "2027-05-02")
	s.on("2027-05-02").is(Lapsed, Administrative).Refused(ruleNewTextUnsigned)
	s = s.on("2027-07-01").is(Good, "").since("2027-07-01")
	if got := s.answer().Code.Version; got != "2027.1" {
		t.Errorf("signed %s", got)
	}
}

func TestANewVersionMayBeSignedBeforeItTakesEffect(t *testing.T) {
	b := body(version("2026.1", "2026-01-01", lasting()), version("2027.1", "2027-01-01", lasting()))
	given(t, b, joined("2026-01-01"), signed("2026-01-02", "2026.1"), signed("2026-12-28", "2027.1")).
		on("2028-01-01").is(Good, "").since("2026-01-02")
}

func TestWhoSignsAheadIsNoSubscriberYet(t *testing.T) {
	b := body(version("2026.1", "2026-01-01", lasting()), version("2027.1", "2027-01-01", lasting()))
	s := given(t, b, joined("2026-01-01"), signed("2026-02-01", "2027.1"))
	s.on("2026-02-02").is(NotSubscribed, Administrative).since("2026-01-01").Refused(ruleNotYetSubscribed).next("2026-05-02", "2026-05-02")
	s.on("2026-05-02").is(Lapsed, Administrative).Refused(ruleNeverSubscribed)
	s.on("2027-01-01").is(Good, "").since("2027-01-01")

	// The text in force can still be signed, and counts at once.
	s = given(t, b, joined("2026-01-01"), signed("2026-02-01", "2027.1"), signed("2026-03-01", "2026.1"))
	s.on("2026-02-28").is(NotSubscribed, Administrative)
	s.on("2026-03-01").is(Good, "").since("2026-03-01")
	s = s.on("2028-01-01").is(Good, "").since("2026-03-01")
	if got := s.answer().Code.Version; got != "2027.1" {
		t.Errorf("signed %s", got)
	}
}

func TestSigningAheadMendsNoLapse(t *testing.T) {
	b := body(version("2026.1", "2026-01-01", lasting()), version("2026.2", "2026-06-01", lasting()), version("2027.1", "2027-01-01", lasting()))
	s := given(t, b, joined("2026-01-01"), signed("2026-06-10", "2027.1"))
	s.on("2026-06-15").is(Lapsed, Administrative).since("2026-05-02") // although the transition to 2026.2 runs
	s.on("2027-01-01").is(Good, "").since("2027-01-01")
}

func TestWhatIsOwedBySubscribersIsNotOwedByThoseWhoSignedAhead(t *testing.T) {
	b := body(version("2026.1", "2026-01-01", requirements()), version("2027.1", "2027-01-01", requirements()))
	s := given(t, b, joined("2026-01-01"), signed("2026-01-10", "2027.1"))
	// The first quarter that it attests is the one that began when it became a subscriber; renewal is due a year after.
	s.on("2027-01-01").is(Good, "").next("2027-05-31", "2027-05-01")
	s = given(t, b, joined("2026-01-01"), signed("2026-01-10", "2027.1"), attested("2027-04-05", "2027-Q1"), attested("2027-07-05", "2027-Q2"), attested("2027-10-05", "2027-Q3"))
	s.on("2027-12-31").is(Good, "").next("2028-02-01", "2028-01-02")
}

func TestASubscriberMayStayBehindWhereTheCodeLeavesTheChoice(t *testing.T) {
	r := lasting()
	r.Membership.Subscription = code.Set(code.Optional)
	b := body(version("2026.1", "2026-01-01", lasting()), version("2027.1", "2027-01-01", r))
	s := given(t, b, joined("2026-01-01"), signed("2026-01-02", "2026.1"))
	s.on("2027-03-31").is(Good, "")
	s.on("2027-04-02").is(NotSubscribed, Administrative)
}

func TestALapseOutlivesTheNextVersion(t *testing.T) {
	b := body(version("2026.1", "2026-01-01", lasting()), version("2027.1", "2027-01-01", lasting()))
	given(t, b, joined("2025-01-01")).on("2027-02-01").is(Lapsed, Administrative).since("2026-05-02")
}

func TestASignatureUnderAnotherTextCountsForNothing(t *testing.T) {
	other := signed("2026-01-02", "2026.1").(*Subscribed)
	other.SHA256 = "another"
	given(t, body(), joined("2026-01-01"), other).on("2026-02-01").is(NotSubscribed, Administrative)
}

func TestWhatIsNotSetFailsNobodyAndIsSaid(t *testing.T) {
	given(t, body(version("2026.1", "2026-01-01", lasting())), joined("2026-01-01"), signed("2026-01-02", "2026.1")).
		on("2036-01-01").is(Good, "").Refused(ruleEducationNotSet).Refused(ruleAttestationNotSet).next("", "")
}

func TestAnOlderTextSignedLateChangesNothing(t *testing.T) {
	b := body(version("2026.1", "2026-01-01", lasting()), version("2027.1", "2027-01-01", lasting()))
	s := given(t, b, joined("2026-01-01"), signed("2027-02-01", "2027.1"), signed("2027-02-02", "2026.1")).on("2027-06-01").is(Good, "")
	if got := s.answer().Code.Version; got != "2027.1" {
		t.Errorf("signed %s", got)
	}
}

func TestTheFirstTransitionEnds(t *testing.T) {
	b := &Body{Zone: time.UTC}
	if end := FirstTransition(b, day("2027-01-01")); !end.IsZero() {
		t.Errorf("without a text it ends on %s", end)
	}
	transition := code.Duration{N: 90, Unit: code.Days}
	b.Versions = []Version{{Label: "2026", Transition: transition, Recorded: day("2025-12-01"), Effective: day("2026-01-01"), TransitionUntil: code.Deadline(day("2026-01-01"), transition, time.UTC, nil)}}
	if end := FirstTransition(b, day("2027-01-01")); !end.IsZero() {
		t.Errorf("in launch mode it ends on %s", end)
	}
	b.Opened, b.OpenedRecorded = day("2026-03-10"), day("2026-03-01")
	if end := FirstTransition(b, day("2027-01-01")); !end.Equal(day("2026-06-09")) { // with 8 June
		t.Errorf("it ends on %s", end)
	}
	if end := FirstTransition(b, day("2026-02-01")); !end.IsZero() {
		t.Errorf("before the opening was recorded it ends on %s", end)
	}
	b.Opened = day("2025-06-01") // before there was a text
	if end := FirstTransition(b, day("2027-01-01")); !end.Equal(b.Versions[0].TransitionUntil) {
		t.Errorf("it ends on %s", end)
	}
}
