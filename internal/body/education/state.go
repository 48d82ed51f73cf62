package education

import (
	"slices"
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

// Stage is how far a provider, a course or a claim has come.
type Stage string

// The stages.
const (
	Unknown  Stage = "" // nothing is recorded of it
	Asked    Stage = "asked"
	Returned Stage = "returned" // a claim, for more
	Approved Stage = "approved"
	Declined Stage = "declined"
)

// Provider is the state of a stream "provider/P-0001": somebody else who gives courses.
type Provider struct {
	Stage Stage
	Asked time.Time // when it applied
	Terms []Term    // of approval, in the order in which they were given
}

// Term is a time in which an approval holds, both days included; no Until is no end.
type Term struct{ From, Until act.Date }

// On reports whether an approval holds on a day.
func (p Provider) On(day act.Date) bool { return holds(p.Terms, day) }

func holds(terms []Term, day act.Date) bool {
	return slices.ContainsFunc(terms, func(t Term) bool {
		return !day.Before(t.From) && (t.Until.IsZero() || !day.After(t.Until))
	})
}

// cut ends all terms before a day.
func cut(terms []Term, day act.Date) (left []Term) {
	for _, t := range terms {
		if t.Until.IsZero() || !t.Until.Before(day) {
			t.Until = day.AddDays(-1)
		}
		if !t.Until.Before(t.From) {
			left = append(left, t)
		}
	}
	return left
}

// Course is the state of a stream "course/C-0001".
type Course struct {
	Stage    Stage
	Asked    time.Time // when it was put forward
	Provider string    // number; "" for the body's own
	Topics   []string
	Delivery string
	Kind     string
	Minutes  int
	Credits  code.Amount
	Terms    []Term // in which completions count
}

// Audit is the state of a stream "audit/2026-0001".
type Audit struct {
	Commitment string // "" while there is none
	Committed  time.Time
	Drawn      []string
	IsDrawn    bool
	DrawnAt    time.Time
}

func evolveProvider(p Provider, e act.Event) Provider {
	switch e := e.(type) {
	case ProviderApplied:
		p.Stage, p.Asked = Asked, e.At
	case ProviderApproved:
		p.Stage, p.Terms = Approved, append(slices.Clone(p.Terms), Term{e.From, e.Until})
	case ProviderDeclined:
		p.Stage = Declined
	case ProviderEnded:
		p.Terms = cut(p.Terms, e.From)
	}
	return p
}

func evolveCourse(c Course, e act.Event) Course {
	switch e := e.(type) {
	case CourseOffered:
		c = Course{Stage: Asked, Asked: e.At, Provider: e.Provider, Topics: e.Topics, Delivery: e.Delivery, Kind: e.Kind, Minutes: e.Minutes, Credits: e.Credits}
	case CourseApproved:
		c.Stage, c.Terms = Approved, append(slices.Clone(c.Terms), Term{e.From, e.Until})
	case CourseDeclined:
		c.Stage = Declined
	case CourseWithdrawn:
		c.Terms = cut(c.Terms, e.From)
	}
	return c
}

func evolveAudit(a Audit, e act.Event) Audit {
	switch e := e.(type) {
	case SampleCommitted:
		a.Commitment, a.Committed = e.Commitment, e.At
	case SampleDrawn:
		a.Drawn, a.IsDrawn, a.DrawnAt = e.Drawn, true, e.At
	}
	return a
}

var (
	providers = act.NewStream("provider", evolveProvider,
		act.EventOf[ProviderApplied]("provider.applied"), act.EventOf[ProviderApproved]("provider.approved"),
		act.EventOf[ProviderDeclined]("provider.declined"), act.EventOf[ProviderEnded]("provider.ended"))
	courses = act.NewStream("course", evolveCourse,
		act.EventOf[CourseOffered]("course.offered"), act.EventOf[CourseApproved]("course.approved"),
		act.EventOf[CourseDeclined]("course.declined"), act.EventOf[CourseWithdrawn]("course.withdrawn"))
	learners = act.NewStream("learner", evolveLearner,
		act.EventOf[CreditRecorded]("credit.recorded"), act.EventOf[CreditClaimed]("credit.claimed"),
		act.EventOf[ClaimDecided]("credit.decided"), act.EventOf[CreditReversed]("credit.reversed"),
		act.EventOf[CreditHeld]("credit.held"), act.EventOf[EducationWaived]("learner.waived"),
		act.EventOf[LeaveGranted]("learner.excused"), act.EventOf[MakeUpPlanned]("learner.planned"))
	audits = act.NewStream("audit", evolveAudit,
		act.EventOf[SampleCommitted]("audit.committed"), act.EventOf[SampleDrawn]("audit.drawn"))
)

// Domain returns the streams and acts of education.
func Domain() act.Domain {
	return act.Domain{
		Streams: []*act.Stream{providers, courses, learners, audits},
		Acts: []*act.Act{
			applyAct, approveAct, declineAct, endAct,
			offerAct, acceptAct, rejectAct, withdrawAct,
			recordAct, claimAct, decideAct, reverseAct, holdAct,
			waiveAct, excuseAct, planAct,
			commitAct, drawAct,
		},
	}
}
