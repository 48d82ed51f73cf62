package education

import (
	"slices"

	"shingle/internal/act"
	"shingle/internal/code"
)

// Span is how somebody stands from a day until the next span begins.
type Span struct {
	From   act.Date
	Status Status
}

// Worst returns the worst status of a ledger's periods; Exempt if there are none.
func (l Ledger) Worst() Status {
	worst := Exempt
	for _, p := range l.Periods {
		if rank(p.Status) > rank(worst) || worst == Exempt && p.Status == Complete {
			worst = p.Status
		}
	}
	return worst
}

// Timeline returns how a person stands from joining until a day, as far as it follows from the credits there
// are. What is to come by the passing of time alone is part of it: the end of a period, of its grace and of a
// plan. There are no spans while nothing is set.
func (r Rules) Timeline(p *Person, credits []Credit, until act.Date) (spans []Span) {
	for _, day := range r.turns(p, credits, until) {
		status := r.Evaluate(p, credits, day).Worst()
		if len(spans) == 0 || spans[len(spans)-1].Status != status {
			spans = append(spans, Span{day, status})
		}
	}
	return spans
}

// Ahead is the timeline as far as it follows from what there is: until somebody who earns nothing more, and is granted
// nothing more, has run out of all that could help.
func (r Rules) Ahead(p *Person, credits []Credit) []Span {
	last := p.Joined
	later := func(d act.Date) {
		if d.After(last) {
			last = d
		}
	}
	for i := range credits {
		later(credits[i].On)
	}
	for _, l := range p.Leaves {
		later(l.Until)
	}
	for _, w := range p.Waivers {
		later(w.In)
	}
	for _, plan := range p.Plans {
		later(plan.Until)
	}
	for _, reign := range r {
		later(reign.From)
	}
	until := last
	for _, reign := range r {
		e := reign.Scheme.education
		// the period that runs, those in which something carried over can be used, and one in which nothing is left
		end := reign.Scheme.graceEnd(last.AddMonths(reign.Scheme.months * (max(e.CarryOver.Lasts, 1) + 2)))
		if end.After(until) {
			until = end
		}
	}
	return r.Timeline(p, credits, until.AddDays(1))
}

// turns returns the days on which a status can change, in order; none if nothing is ever owed.
func (r Rules) turns(p *Person, credits []Credit, until act.Date) []act.Date {
	all := r.cycles(p, until)
	if len(all) == 0 {
		return nil
	}
	days := []act.Date{p.Joined}
	for _, c := range all {
		part := c.partMonths
		if part == 0 {
			part = c.scheme.months
		}
		days = append(days, c.binds)
		for month := part; month <= c.scheme.months; month += part {
			next := c.from.AddMonths(month)
			days = append(days, next, c.scheme.graceEnd(next.AddDays(-1)).AddDays(1))
		}
	}
	for _, plan := range p.Plans {
		days = append(days, plan.Made, plan.Until.AddDays(1))
	}
	for i := range credits {
		if credits[i].Reversed == "" {
			days = append(days, credits[i].On)
		}
	}
	if !p.Left.IsZero() {
		days = append(days, p.Left)
	}
	days = slices.DeleteFunc(days, func(d act.Date) bool { return d.Before(p.Joined) || d.After(until) })
	slices.SortFunc(days, act.Date.Compare)
	return slices.Compact(days)
}

// Owes reports whether the scheme says how much is owed.
func (s *Scheme) Owes() bool { return s.education.IsSet() }

// Binds reports whether the education of people with a role counts at their member.
func (s *Scheme) Binds(role string) bool {
	if len(s.education.Who.Roles) == 0 {
		return role == "practitioner"
	}
	return slices.Contains(s.education.Who.Roles, role)
}

// Colleague is one person at a member, in a role that the scheme binds.
type Colleague struct {
	From, Until act.Date // first day, and first day after; none if it has no end
	Spans       []Span   // of the person's timeline
	Evidence    int64    // position in the record of what made them one
}

// Here reports whether the person is at the member on a day.
func (p Colleague) Here(day act.Date) bool {
	return !day.Before(p.From) && (p.Until.IsZero() || day.Before(p.Until))
}

// Outcome is what the education of a member's people means for the member.
type Outcome string

// The outcomes.
const (
	Met    Outcome = "met"    // enough people have what is owed, or still have time
	Making Outcome = "making" // they would, if those who are making up for it were counted
	Missed Outcome = "missed"
)

// MemberSpan is how a member stands from a day until the next span begins.
type MemberSpan struct {
	From     act.Date
	Outcome  Outcome
	People   int // whom the scheme binds
	Needed   int // of them, by the share
	MakingUp int
	Short    int
}

// Member sums up a member's people. Where the share is not a whole number of people it is rounded up. Nobody
// is missed at a member without people.
func (s *Scheme) Member(people []Colleague) (spans []MemberSpan) {
	var days []act.Date
	for _, p := range people {
		days = append(days, p.From)
		if !p.Until.IsZero() {
			days = append(days, p.Until)
		}
		for _, span := range p.Spans {
			days = append(days, span.From)
		}
	}
	slices.SortFunc(days, act.Date.Compare)
	for _, day := range slices.Compact(days) {
		span := s.member(people, day)
		if n := len(spans); n == 0 || !same(spans[n-1], span) {
			spans = append(spans, span)
		}
	}
	return spans
}

func same(a, b MemberSpan) bool {
	a.From = b.From
	return a == b
}

func (s *Scheme) member(people []Colleague, day act.Date) MemberSpan {
	m := MemberSpan{From: day, Outcome: Met}
	for _, p := range people {
		if !p.Here(day) {
			continue
		}
		m.People++
		switch p.At(day) {
		case Short:
			m.Short++
		case MakingUp:
			m.MakingUp++
		}
	}
	share := s.education.Who.Share
	if share == 0 {
		share = code.Percent(100)
	}
	m.Needed = (m.People*int(share) + 99) / 100
	switch {
	case m.People-m.Short < m.Needed:
		m.Outcome = Missed
	case m.People-m.Short-m.MakingUp < m.Needed:
		m.Outcome = Making
	}
	return m
}

// At returns how the person stands on a day; Exempt before the timeline begins.
func (p Colleague) At(day act.Date) Status {
	status := Exempt
	for _, span := range p.Spans {
		if span.From.After(day) {
			break
		}
		status = span.Status
	}
	return status
}
