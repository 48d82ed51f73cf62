package education

import (
	"slices"
	"time"

	"shingle/internal/act"
)

// Learner is the state of a stream "learner/0007": the ledger of one person's education. It remembers when each
// thing became known, so that it can be looked at as it was: see [Learner.Known].
type Learner struct {
	Ledger  []Entry // the n-th is credit number n+1
	Claims  []Claim // the n-th is claim number n+1
	Leaves  []LeaveGranted
	Waivers []EducationWaived
	Plans   []MakeUpPlanned
	Last    time.Time // when anything on it last changed
}

// Entry is one credit of a ledger, with the course that it is from.
type Entry struct {
	Credit
	Course   string
	Claim    int         // number of the person's claim that it follows from; 0 for none
	Recorded time.Time   // when it was put on the ledger
	Off      time.Time   // when it was reversed
	Turned   []time.Time // when it was held, let go, held again, …
}

// Claim is what a person says that they completed.
type Claim struct {
	Stage Stage
	Put   time.Time // when it was put, last
	What  Credit
}

// Credits returns the ledger as [Rules.Evaluate] takes it.
func (l Learner) Credits() []Credit {
	all := make([]Credit, len(l.Ledger))
	for i, e := range l.Ledger {
		all[i] = e.Credit
	}
	return all
}

// Waiting returns how many claims wait for an answer, and since when the first of them has.
func (l Learner) Waiting() (n int, since time.Time) {
	for _, c := range l.Claims {
		if c.Stage == Asked {
			if n++; n == 1 || c.Put.Before(since) {
				since = c.Put
			}
		}
	}
	return n, since
}

// Bear adds to a person what was granted to them: leaves, waivers and plans. zone is the body's: it says on which day
// a plan was made.
func (l Learner) Bear(p *Person, zone *time.Location) {
	for _, e := range l.Leaves {
		p.Leaves = append(p.Leaves, Leave{e.From, e.Until})
	}
	for _, e := range l.Waivers {
		p.Waivers = append(p.Waivers, Waiver{e.In, e.Requirement, e.Credits})
	}
	for _, e := range l.Plans {
		p.Plans = append(p.Plans, Plan{e.For, e.Until, act.DateIn(e.At, zone)})
	}
}

// Known returns the ledger as it was known at a time: without what came later, and with what was reversed later.
func (l Learner) Known(at time.Time) Learner {
	if !l.Last.After(at) {
		return l
	}
	var was Learner
	for _, e := range l.Ledger {
		if e.Recorded.After(at) {
			break // whatever is on it came after this one
		}
		if e.Off.After(at) {
			e.Reversed, e.Off = "", time.Time{}
		}
		e.Turned = before(e.Turned, at, func(t time.Time) time.Time { return t })
		e.Held = len(e.Turned)%2 == 1
		was.Ledger, was.Last = append(was.Ledger, e), at
	}
	was.Leaves = before(l.Leaves, at, func(e LeaveGranted) time.Time { return e.At })
	was.Waivers = before(l.Waivers, at, func(e EducationWaived) time.Time { return e.At })
	was.Plans = before(l.Plans, at, func(e MakeUpPlanned) time.Time { return e.At })
	return was
}

// before returns those that were there at a time; they stand in the order in which they came.
func before[T any](all []T, at time.Time, when func(T) time.Time) []T {
	n := len(all)
	for n > 0 && when(all[n-1]).After(at) {
		n--
	}
	return all[:n:n]
}

func evolveLearner(l Learner, e act.Event) Learner {
	switch e := e.(type) {
	case CreditRecorded:
		l.Ledger, l.Last = append(slices.Clone(l.Ledger), Entry{Credit: e.credit(), Course: e.Course, Claim: e.Claim, Recorded: e.At}), e.At
	case CreditReversed:
		l.Ledger, l.Last = with(l.Ledger, e.Credit, func(c *Entry) { c.Reversed, c.Off = e.Reason, e.At }), e.At
	case CreditHeld:
		l.Ledger, l.Last = with(l.Ledger, e.Credit, func(c *Entry) { c.hold(e) }), e.At
	case CreditClaimed:
		claim := Claim{Asked, e.At, e.credit()}
		if e.Claim > len(l.Claims) {
			l.Claims = append(slices.Clone(l.Claims), claim)
		} else {
			l.Claims = with(l.Claims, e.Claim, func(c *Claim) { *c = claim })
		}
	case ClaimDecided:
		l.Claims = with(l.Claims, e.Claim, func(c *Claim) { c.Stage = e.Stage })
	case LeaveGranted:
		l.Leaves, l.Last = append(slices.Clone(l.Leaves), e), e.At
	case EducationWaived:
		l.Waivers, l.Last = append(slices.Clone(l.Waivers), e), e.At
	case MakeUpPlanned:
		l.Plans, l.Last = append(slices.Clone(l.Plans), e), e.At
	}
	return l
}

func (c *Entry) hold(e CreditHeld) {
	if c.Held != e.Held {
		c.Held, c.Turned = e.Held, append(slices.Clone(c.Turned), e.At)
	}
}

// with returns a list in which the n-th, from 1, was changed: a list of its own, as states are shared.
func with[T any](all []T, n int, change func(*T)) []T {
	if n < 1 || n > len(all) {
		return all
	}
	all = slices.Clone(all)
	change(&all[n-1])
	return all
}
