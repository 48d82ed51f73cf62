package standing

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shingle/internal/code"
)

// owes says which duties a member has at the start of a day, one a line: kind, subject, last day, and the day
// before which nothing follows.
func (s story) owes(want ...string) story {
	s.t.Helper()
	s.facts.Body.Zone = time.UTC
	var got []string
	for _, d := range Duties(s.facts, s.at) {
		line := string(d.Kind) + " " + d.Subject + " by " + d.LastDay(time.UTC).String()
		if !d.Lapse.IsZero() {
			line += " else " + lastDayOf(d.Lapse, time.UTC).String()
		}
		got = append(got, line)
		if d.What == "" || !strings.HasSuffix(d.What, ".") || d.Act == "" || d.Cites == "" || d.Consequence != "" && !strings.HasSuffix(d.Consequence, ".") {
			s.t.Errorf("badly worded: %+v", d)
		}
	}
	if !slices.Equal(got, want) {
		s.t.Errorf("on %s it owes\n%s\nwant\n%s", s.at.Format(time.DateOnly), strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	return s
}

func TestAMemberOwesWhatItsCodeAsksFor(t *testing.T) {
	s := given(t, body(), joined("2026-01-01"), signed("2026-01-10", "2026.1"), paid("2026-01-10", "2026-12-31"))
	s.on("2026-02-01").owes(
		"attestation 2026-Q2 by 2026-07-30 else 2026-08-29", // it was no subscriber when the first quarter began
		"dues  by 2026-12-31 else 2027-01-30",
		"renewal  by 2027-01-10 else 2027-02-09",
	)
	s.on("2026-08-10").owes( // in grace
		"attestation 2026-Q2 by 2026-07-30 else 2026-08-29",
		"attestation 2026-Q3 by 2026-10-30 else 2026-11-29",
		"dues  by 2026-12-31 else 2027-01-30",
		"renewal  by 2027-01-10 else 2027-02-09",
	)
	s.on("2027-03-01").is(Suspended, Administrative)
	if d := Duties(s.facts, day("2027-03-01")); !slices.ContainsFunc(d, func(d Duty) bool { return d.Kind == DutyDues && d.Overdue(day("2027-03-01")) }) {
		t.Errorf("dues are overdue for ever: %+v", d)
	}
}

func TestWhoNeverSignedOwesASignature(t *testing.T) {
	given(t, body(), joined("2026-01-01")).on("2026-02-01").owes("subscribe 2026.1 by 2026-04-01 else 2026-05-01")
}

func TestInLaunchModeASignatureHasNoDay(t *testing.T) {
	b := body()
	b.Opened, b.OpenedRecorded = time.Time{}, time.Time{}
	given(t, b, joined("2026-01-01")).on("2026-02-01").owes("subscribe 2026.1 by ")
}

func TestAComingTextIsOwedByTheEndOfItsTransition(t *testing.T) {
	b := body(version("2026.1", "2026-01-01", lasting()), version("2026.2", "2026-06-01", lasting()))
	s := given(t, b, joined("2026-01-01"), signed("2026-01-10", "2026.1"))
	s.on("2026-05-01").owes()
	b.Versions[1].Recorded = day("2026-04-01")
	s.on("2026-05-01").owes("subscribe 2026.2 by 2026-08-30 else 2026-09-29")
}

func TestATextThatIsReplacedInTimeIsNotOwed(t *testing.T) {
	b := body(version("2026.1", "2026-01-01", lasting()), version("2026.2", "2026-03-01", lasting()))
	given(t, b, joined("2026-01-01")).on("2026-02-25").owes("subscribe 2026.2 by 2026-05-30 else 2026-06-29")
}

func TestAnOptionalTextIsAChoiceOfFormerSubscribers(t *testing.T) {
	usual := code.Usual()
	b := body(version("2026.1", "2026-01-01", &usual), version("2026.2", "2026-06-01", &usual))
	s := given(t, b, joined("2026-01-01"), signed("2026-01-10", "2026.1"))
	s.on("2026-06-02").owes("subscribe 2026.2 by 2026-08-30 else 2026-08-30")
	s.on("2026-08-31").is(NotSubscribed, Administrative).owes()
	given(t, b, joined("2026-01-01")).on("2026-06-02").owes()
}

func TestConditionsAreOwedUntilTheyAreMet(t *testing.T) {
	s := given(t, body(version("2026.1", "2026-01-01", lasting())), joined("2026-01-01"), signed("2026-01-10", "2026.1"),
		ordered("2026-03-01", "2026-0001", "conditions", "2026-09-01"))
	s.on("2026-04-01").owes("conditions 2026-0001 by 2026-08-31")
	s.on("2026-09-01").owes()
}

func TestWhoIsOutOwesNothing(t *testing.T) {
	given(t, body(), joined("2026-01-01"), signed("2026-01-10", "2026.1"), paid("2026-01-10", "2026-12-31"), left("2026-03-01")).on("2026-03-02").owes()
	given(t, body(), joined("2026-01-01"), signed("2026-01-10", "2026.1"), ordered("2026-03-01", "2026-0001", "expulsion", "")).on("2026-03-02").owes()
	if d := Duties(Facts{}, day("2026-03-01")); len(d) > 0 {
		t.Errorf("nobody owes %+v", d)
	}
}

// speaksOf reports whether an answer gives the rule of a duty as a reason.
func speaksOf(a Answer, d Duty) bool {
	return slices.ContainsFunc(a.Reasons, func(r Reason) bool { return r.Rule == d.Rule && isAbout(r, d) })
}

func isAbout(r Reason, d Duty) bool {
	switch d.Kind {
	case DutySubscribe:
		return strings.Contains(r.Text, "ersion "+d.Subject+" ")
	case DutyAttestation:
		return strings.Contains(r.Text, "for "+d.Subject+" ")
	}
	return true
}

// TestADutyLapsesWhenTheStandingDoes asks how a member stands just before something follows and from then on.
func TestADutyLapsesWhenTheStandingDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, at := drawFacts(t), drawTime(t, "at")
		for i, d := range Duties(f, at) {
			if i > 0 && Duties(f, at)[i-1].Compare(d) >= 0 {
				t.Fatal("duties are out of order, or twice there")
			}
			if d.Kind == DutyConditions || d.Lapse.IsZero() {
				continue
			}
			if d.Lapse.Before(d.Due) {
				t.Fatalf("it lapses before it is due: %+v", d)
			}
			if d.Rule == ruleNotYetSubscribed.ID || d.Rule == ruleNewTextWaits.ID {
				t.Fatalf("it lapses by a rule that only warns: %+v", d)
			}
			if before := Of(f, d.Lapse.Add(-time.Microsecond), at); d.Lapse.After(at) && speaksOf(before, d) {
				t.Fatalf("failed before %s: %+v\n%+v", d.Lapse, d, before.Reasons)
			}
			if then := Of(f, d.Lapse, at); !speaksOf(then, d) {
				t.Fatalf("not failed at %s: %+v\n%+v", d.Lapse, d, then.Reasons)
			}
		}
	})
}

// TestEveryOmissionIsADuty asks the other way round: whoever stands badly for an omission is told the duty.
func TestEveryOmissionIsADuty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, at := drawFacts(t), drawTime(t, "at")
		a := Of(f, at, at)
		if a.Status == Expelled || a.Status == Withdrawn || a.Status == WithdrawnUnderInvestigation {
			return
		}
		duties := Duties(f, at)
		for _, r := range a.Reasons {
			if !slices.Contains([]string{"STD-05", "STD-06", "STD-09", "STD-10", "STD-12", "STD-13", "STD-14", "STD-15", "STD-25"}, r.Rule) {
				continue
			}
			if !slices.ContainsFunc(duties, func(d Duty) bool { return d.Overdue(at) && isAbout(r, d) }) {
				t.Fatalf("%+v is no duty among %+v", r, duties)
			}
		}
	})
}

// TestDutiesChangeWithTimeOnlyWhenTheySay asks again just before the next change.
func TestDutiesChangeWithTimeOnlyWhenTheySay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, at := drawFacts(t), drawTime(t, "at")
		var known Facts // nothing becomes known meanwhile
		body := *f.Body
		body.Versions = knownVersions(body.Versions, instantOf(at))
		body.Calendars = slices.DeleteFunc(slices.Clone(body.Calendars), func(c Calendar) bool { return c.Recorded.After(at) })
		if body.OpenedRecorded.After(at) {
			body.Opened = time.Time{}
		}
		known.Body, known.Member = &body, knownFacts(f.Member, instantOf(at))
		asked := Ahead(known, at)
		for _, later := range turns(t, known, at) {
			if !later.After(at) || !asked.Next.IsZero() && !later.Before(asked.Next) {
				continue
			}
			if then := Ahead(known, later); !reflect.DeepEqual(then.Duties, asked.Duties) {
				t.Fatalf("asked at %s, next change %s; yet at %s\n%+v\nbecame\n%+v", at, asked.Next, later, asked.Duties, then.Duties)
			}
		}
	})
}

// TestWhatIsDoneIsOwedNoMore does each duty at once, and asks again.
func TestWhatIsDoneIsOwedNoMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, at := drawFacts(t), drawTime(t, "at")
		s := Stamp{Position: 1000, Recorded: at, Effective: at}
		for _, d := range Duties(f, at) {
			var done Fact
			switch d.Kind {
			case DutyDues:
				done = &PaidThrough{s, date("2035-12-31")}
			case DutyRenewal:
				done = &Renewed{s}
			case DutySubscribe:
				done = &Subscribed{s, d.Subject, "sha" + d.Subject}
			case DutyAttestation:
				p, _ := ParsePeriod(d.Subject)
				done = &Attested{s, p}
			case DutyConditions:
				done = &OrderEnded{Stamp: s, Order: d.Subject}
			case DutyEducation:
				continue // it is done on the ledgers of people
			}
			after := Facts{Body: f.Body, Member: append(slices.Clone(f.Member), done)}
			for _, still := range Duties(after, at) {
				again := still.Due.After(d.Due) || d.Kind == DutyRenewal && !still.Overdue(at) // in a year
				if still.Kind == d.Kind && still.Subject == d.Subject && !again {
					t.Fatalf("done, and still owed: %+v", still)
				}
			}
		}
	})
}
