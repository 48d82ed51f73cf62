package standing

import (
	"slices"
	"testing"
	"time"
)

// since is how education stood as far as was known from a day on.
type since struct {
	known string
	spans []LearningSpan
}

func learns(s story, all ...since) story {
	s.facts.Learning = func(known time.Time) (spans []LearningSpan) {
		for _, l := range all {
			if !day(l.known).After(known) {
				spans = l.spans
			}
		}
		return spans
	}
	return s
}

func learning(from string, l Learning, by string) LearningSpan {
	span := LearningSpan{From: day(from), Learning: l, Evidence: []int64{7, 8, 9}}
	if by != "" {
		span.By = day(by)
	}
	return span
}

// A year is missed: standing changes on the day the grace ends. A plan makes it conditional, and what is made up
// cures it. What was known before stays as it was.
func TestMissedEducationSuspendsAndAPlanCuresIt(t *testing.T) {
	s := learns(given(t, body(version("2026.1", "2026-01-01", lasting())), joined("2026-01-01"), signed("2026-01-02", "2026.1")),
		since{"2026-06-01", []LearningSpan{learning("2026-06-01", LearningMet, ""), learning("2027-03-02", LearningMissed, "")}},
		since{"2027-03-20", []LearningSpan{learning("2026-06-01", LearningMet, ""), learning("2027-03-02", LearningMissed, ""),
			learning("2027-03-20", LearningMaking, "2027-09-02"), learning("2027-09-02", LearningMissed, "")}},
		since{"2027-05-05", []LearningSpan{learning("2026-06-01", LearningMet, ""), learning("2027-03-02", LearningMissed, ""),
			learning("2027-03-20", LearningMaking, "2027-09-02"), learning("2027-05-05", LearningMet, "")}})
	s.knowing("2027-01-01").on("2027-01-01").is(Good, "").next("2027-03-02", "2027-03-02")
	missed := s.knowing("2027-03-03").on("2027-03-03").is(Suspended, Administrative).since("2027-03-02").Refused(ruleLearningMissed)
	if evidence := missed.answer().Reasons[0].Evidence; !slices.Equal(evidence, []int64{7, 8}) {
		t.Errorf("the evidence is %v", evidence)
	}
	making := s.knowing("2027-04-01").on("2027-04-01").is(Conditional, Administrative).since("2027-03-20").Refused(ruleLearningMade).next("2027-09-02", "2027-09-02")
	if by := making.answer().Reasons[0].By; !by.Equal(day("2027-09-02")) {
		t.Errorf("what is missing can be made up until %s", by)
	}
	s.knowing("2027-06-01").on("2027-06-01").is(Good, "").since("2027-05-05").next("", "")
	s.knowing("2027-03-03").on("2027-06-01").is(Suspended, Administrative)
}

// A credit that is reversed takes its consequences along, for whoever knows of it.
func TestAReversalTakesItsConsequencesAlong(t *testing.T) {
	s := learns(given(t, body(version("2026.1", "2026-01-01", lasting())), joined("2026-01-01"), signed("2026-01-02", "2026.1")),
		since{"2026-06-01", []LearningSpan{learning("2026-06-01", LearningMet, "")}},
		since{"2027-08-01", []LearningSpan{learning("2026-06-01", LearningMet, ""), learning("2027-03-02", LearningMissed, "")}})
	s.knowing("2027-07-31").on("2027-04-01").is(Good, "")
	s.knowing("2027-08-01").on("2027-04-01").is(Suspended, Administrative)
	s.knowing("2027-08-01").on("2027-06-01").is(Suspended, Administrative).since("2027-03-02")
}

// It says nothing of who is no member, and less than an order does.
func TestEducationBindsMembers(t *testing.T) {
	s := learns(given(t, body(version("2026.1", "2026-01-01", lasting())), joined("2026-01-01"), signed("2026-01-02", "2026.1"),
		ordered("2026-07-01", "2026-0001", "suspension", "2026-08-01"), left("2026-09-01")),
		since{"2025-06-01", []LearningSpan{learning("2025-06-01", LearningMet, ""), learning("2026-06-01", LearningMissed, "")}})
	s.on("2026-05-15").is(Good, "")
	s.on("2026-06-15").is(Suspended, Administrative)
	s.on("2026-07-15").is(Suspended, Disciplinary).Refused(ruleLearningMissed)
	s.on("2026-08-15").is(Suspended, Administrative)
	s.on("2026-09-15").is(Withdrawn, Administrative)
}

// What is owed by the people is a duty of their member: due when it is suspended otherwise, also while a plan runs.
func TestEducationIsADuty(t *testing.T) {
	s := learns(given(t, body(version("2026.1", "2026-01-01", lasting())), joined("2026-01-01"), signed("2026-01-02", "2026.1")),
		since{"2026-06-01", []LearningSpan{learning("2026-06-01", LearningMet, ""), learning("2027-03-02", LearningMissed, "")}},
		since{"2027-03-20", []LearningSpan{learning("2026-06-01", LearningMet, ""), learning("2027-03-02", LearningMissed, ""),
			learning("2027-03-20", LearningMaking, "2027-09-02"), learning("2027-09-02", LearningMissed, "")}},
		since{"2027-05-05", []LearningSpan{learning("2026-06-01", LearningMet, ""), learning("2027-03-02", LearningMissed, ""),
			learning("2027-03-20", LearningMaking, "2027-09-02"), learning("2027-05-05", LearningMet, "")}})
	for now, due := range map[string]string{"2026-05-01": "", "2026-12-01": "2027-03-02", "2027-03-10": "2027-03-02", "2027-04-01": "2027-09-02", "2027-06-01": ""} {
		var owed []Duty
		for _, d := range Duties(s.facts, day(now)) {
			if d.Kind == DutyEducation {
				owed = append(owed, d)
			}
		}
		switch {
		case due == "" && len(owed) == 0:
		case due == "" || len(owed) != 1 || !owed[0].Due.Equal(day(due)) || !owed[0].Lapse.Equal(day(due)) || owed[0].What == "":
			t.Errorf("on %s: %+v, want due %s", now, owed, due)
		}
	}
}
