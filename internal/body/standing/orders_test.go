package standing

import (
	"strings"
	"testing"

	"shingle/internal/code"
)

func subscriber(facts ...Fact) []Fact {
	return append([]Fact{joined("2026-01-01"), signed("2026-01-02", "2026.1")}, facts...)
}

func TestOrdersActAsTheySay(t *testing.T) {
	b := body(version("2026.1", "2026-01-01", lasting()))
	for _, c := range []struct {
		sanction, until string
		status          Status
		kind            Kind
	}{
		{"conditions", "2026-09-01", Conditional, Disciplinary},
		{"probation", "2026-09-01", Conditional, Disciplinary},
		{"suspension", "2026-09-01", Suspended, Disciplinary},
		{"expulsion", "", Expelled, Disciplinary},
		{"reprimand", "", Good, ""},
		{"warning", "", Good, ""},
	} {
		s := given(t, b, subscriber(ordered("2026-03-01", "2026-0001", c.sanction, c.until))...)
		s.on("2026-02-28").is(Good, "")
		s.on("2026-03-01").is(c.status, c.kind)
		if c.until != "" {
			s.on("2026-08-31").is(c.status, c.kind).next("2026-09-01", "2026-09-01")
			s.on("2026-09-01").is(Good, "").since("2026-09-01")
		}
	}
}

func TestReasonsNameTheOrder(t *testing.T) {
	b := body(version("2026.1", "2026-01-01", lasting()))
	given(t, b, subscriber(ordered("2026-03-01", "2026-0001", "expulsion", ""))...).on("2026-04-01").Refused(ruleExpelled)
	given(t, b, subscriber(ordered("2026-03-01", "2026-0001", "suspension", "2026-09-01"))...).on("2026-04-01").Refused(ruleSuspended)
	given(t, b, subscriber(ordered("2026-03-01", "2026-0001", "conditions", "2026-09-01"))...).on("2026-04-01").Refused(ruleConditions)
	s := given(t, b, subscriber(ordered("2026-03-01", "2026-0001", "probation", "2026-09-01"))...).on("2026-04-01").Refused(ruleProbation)
	r := s.answer().Public().Reasons[0]
	if r.Provision != "1" || len(r.Evidence) != 1 || r.Evidence[0] != 3 || !r.By.Equal(day("2026-09-01")) {
		t.Errorf("reason %+v", r)
	}
	if want := "On probation by order 2026-0001 since 1 March 2026, until the end of 31 August 2026."; r.Text != want {
		t.Errorf("reason %q, want %q", r.Text, want)
	}
}

func TestAnInterimSuspensionIsNoFinding(t *testing.T) {
	o := ordered("2026-03-01", "2026-0001", "suspension", "2026-09-01").(*Ordered)
	o.Interim = true
	b := body(version("2026.1", "2026-01-01", lasting()))
	s := given(t, b, subscriber(o, &OrderEnded{at("2026-05-01"), "2026-0001", false})...)
	s = s.on("2026-04-01").is(Suspended, Interim).Refused(ruleInterim)
	if text := s.answer().Reasons[0].Text; !strings.Contains(text, "without any finding") {
		t.Errorf("reason %q", text)
	}
	s.on("2026-05-01").is(Good, "").since("2026-05-01")
}

func TestAStayRestoresTheStandingAtOnce(t *testing.T) {
	b := body(version("2026.1", "2026-01-01", lasting()))
	s := given(t, b, subscriber(ordered("2026-03-01", "2026-0001", "expulsion", ""),
		&Stayed{at("2026-04-01"), "2026-0001"}, &StayLifted{at("2026-06-01"), "2026-0001"})...)
	s.on("2026-03-31").is(Expelled, Disciplinary)
	s.on("2026-04-01").is(Good, "").since("2026-04-01").Refused(ruleStayed)
	s.on("2026-06-01").is(Expelled, Disciplinary).since("2026-06-01")
	s.knowing("2026-03-15").on("2026-05-01").is(Expelled, Disciplinary)
}

func TestAQuashedOrderHasNoEffectAnyMore(t *testing.T) {
	b := body(version("2026.1", "2026-01-01", lasting()))
	s := given(t, b, subscriber(ordered("2026-03-01", "2026-0001", "suspension", "2026-09-01"),
		&Stayed{at("2026-04-01"), "2026-0001"}, &OrderEnded{at("2026-05-01"), "2026-0001", true})...)
	s.on("2026-05-02").is(Good, "").since("2026-04-01").Refused(ruleQuashed)
	s.on("2026-09-02").is(Good, "").silent(ruleQuashed)
	if UnderOrder(s.facts, day("2026-05-02")) || !UnderOrder(s.facts, day("2026-04-02")) {
		t.Error("a stayed order has not ended, a quashed one has")
	}
}

func TestWhatRanOutDuringAnExpulsionRunsAnew(t *testing.T) {
	b := body(version("2026.1", "2026-01-01", quarterly()))
	s := given(t, b, subscriber(paid("2026-01-02", "2026-12-31"), attested("2026-07-01", "2026-Q2"),
		ordered("2026-08-01", "2026-0001", "expulsion", ""), &OrderEnded{at("2027-08-01"), "2026-0001", true})...)
	s.on("2027-08-01").is(Good, "").since("2027-08-01").next("2027-09-01", "2027-09-01")
	s.on("2027-09-01").is(Suspended, Administrative)
}

func TestTheGraverKindShows(t *testing.T) {
	o := ordered("2026-03-01", "2026-0001", "suspension", "2026-12-01").(*Ordered)
	o.Interim = true
	b := body(version("2026.1", "2026-01-01", quarterly()))
	s := given(t, b, joined("2026-01-01"), signed("2026-01-01", "2026.1"), o, ordered("2026-07-01", "2026-0002", "suspension", "2026-10-01"))
	s.on("2026-06-15").is(Suspended, Interim)
	s.on("2026-07-15").is(Suspended, Disciplinary)
	s.on("2026-10-01").is(Suspended, Interim).since("2026-10-01")
	s.on("2026-12-01").is(Suspended, Administrative).since("2026-12-01")
}

func TestWhatIsDecidedAboutAnOrderToComeHolds(t *testing.T) {
	b := body(version("2026.1", "2026-01-01", lasting()))
	o := ordered("2026-06-01", "2026-0001", "expulsion", "").(*Ordered)
	o.Recorded = day("2026-03-01")
	for what, c := range map[string]struct {
		then    []Fact
		expels  bool
		because string
	}{
		"a stay":             {[]Fact{&Stayed{at("2026-04-01"), "2026-0001"}}, false, ruleStayed.ID},
		"a stay that ended":  {[]Fact{&Stayed{at("2026-04-01"), "2026-0001"}, &StayLifted{at("2026-05-01"), "2026-0001"}}, true, ruleExpelled.ID},
		"its setting aside":  {[]Fact{&OrderEnded{at("2026-04-01"), "2026-0001", true}}, false, ruleQuashed.ID},
		"a fresh membership": {[]Fact{&Readmitted{at("2026-04-01")}, signed("2026-04-01", "2026.1")}, true, ruleExpelled.ID},
	} {
		s := given(t, b, subscriber(append([]Fact{o}, c.then...)...)...)
		s.on("2026-05-31").is(Good, "")
		want := Good
		if c.expels {
			want = Expelled
		}
		a := s.on("2026-06-01").answer()
		if a.Status != want || a.Reasons[0].Rule != c.because || a.Reasons[0].Order != "2026-0001" {
			t.Errorf("after %s: %s because of %+v", what, a.Status, a.Reasons)
		}
		o.Position = 0
	}
}

func TestAnOrderToComeIsAnOrder(t *testing.T) {
	b := body(version("2026.1", "2026-01-01", lasting()))
	o := ordered("2026-06-01", "2026-0001", "expulsion", "").(*Ordered)
	o.Recorded = day("2026-03-01")
	f := given(t, b, subscriber(o)...).facts
	if UnderOrder(f, day("2026-02-28")) || !UnderOrder(f, day("2026-03-02")) {
		t.Error("it is one from its confirmation on")
	}
}

func TestReasonsSayWhichOrderStandsBehindThem(t *testing.T) {
	b := body(version("2026.1", "2026-01-01", lasting()))
	s := given(t, b, subscriber(ordered("2026-03-01", "2026-0002", "expulsion", ""), ordered("2026-05-01", "2026-0001", "suspension", "2026-09-01"))...)
	if r := s.on("2026-06-01").answer().Public().Reasons; r[0].Order != "2026-0002" || r[1].Order != "2026-0001" || r[len(r)-1].Order != "" {
		t.Errorf("reasons %+v", r)
	}
}

func TestASuspendedMemberThatLeavesStaysSuspendedForItsTime(t *testing.T) {
	b := body(version("2026.1", "2026-01-01", lasting()))
	s := given(t, b, subscriber(ordered("2026-03-01", "2026-0001", "suspension", "2026-09-01"), left("2026-04-01"))...)
	s.on("2026-05-01").is(Suspended, Disciplinary)
	s.on("2026-09-01").is(Withdrawn, Administrative)
}

func TestTheBarStandsWithItsOrder(t *testing.T) {
	o := ordered("2026-03-01", "2026-0001", "expulsion", "").(*Ordered)
	o.BarUntil = day("2029-03-02")
	b := body(version("2026.1", "2026-01-01", lasting()))
	f := given(t, b, subscriber(o, &Stayed{at("2026-05-01"), "2026-0001"}, &StayLifted{at("2026-06-01"), "2026-0001"})...).facts
	for when, barred := range map[string]bool{"2026-02-01": false, "2026-04-01": true, "2026-05-15": false, "2026-07-01": true} {
		if got := BarredUntil(f, day(when)); got.IsZero() == barred {
			t.Errorf("on %s barred until %s", when, got)
		}
		if under := UnderOrder(f, day(when)); under != (when > "2026-03") {
			t.Errorf("on %s under order: %v", when, under)
		}
	}
}

func TestOpenChargesAreThoseNotClosed(t *testing.T) {
	f := given(t, body(), subscriber(&Charged{at("2026-02-01"), "2026-0001"}, &Charged{at("2026-02-02"), "2026-0002"},
		&Discharged{at("2026-03-01"), "2026-0001"})...).facts
	for when, want := range map[string]string{"2026-01-31": "", "2026-02-03": "2026-0001 2026-0002", "2026-03-01": "2026-0002"} {
		if got := strings.Join(OpenCharges(f, day(when)), " "); got != want {
			t.Errorf("on %s open: %q, want %q", when, got, want)
		}
	}
}

func TestDeadlinesEndInTheZoneOfTheBody(t *testing.T) {
	b := body(version("2026.1", "2026-01-01", lasting()))
	var err error
	if b.Zone, err = loadZone("America/New_York"); err != nil {
		t.Fatal(err)
	}
	s := given(t, b, subscriber(paid("2026-01-02", "2026-12-31"))...).on("2026-12-31")
	want := code.EndOf(date("2027-01-30"), b.Zone)
	if got := s.answer().PublicNextChange; !got.Equal(want) {
		t.Errorf("lapses at %s, want %s", got, want)
	}
}
