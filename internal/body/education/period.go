package education

import (
	"shingle/internal/act"
	"shingle/internal/code"
)

// cycle is one period of a person: one of the calendar that their scheme follows, or the part of it in which
// the scheme binds them.
type cycle struct {
	scheme      *Scheme
	number      int // from the anchor; negative before it
	from, until act.Date
	binds       act.Date // the first day on which the scheme binds the person in it
	counts      act.Date // the first day on which what is completed counts in it
	partMonths  int
}

// anchor returns the day from which a person's periods are counted.
func (s *Scheme) anchor(p *Person) act.Date {
	a := s.education.Anchor
	for _, c := range a.Cohorts {
		if c.Name == p.Cohort {
			return c.On
		}
	}
	switch {
	case a.Joined:
		return p.Joined
	case len(a.Cohorts) > 0:
		return a.Cohorts[0].On
	case !a.On.IsZero():
		return a.On
	}
	return act.On(2000, 1, 1)
}

// cycleOf returns the period with a day in it.
func (s *Scheme) cycleOf(anchor, day act.Date) cycle {
	n := 12*(day.Year()-anchor.Year()) + int(day.Month()) - int(anchor.Month())
	if n >= 0 {
		n /= s.months
	} else {
		n = -((s.months - 1 - n) / s.months)
	}
	c := s.cycle(anchor, n)
	for day.Before(c.from) {
		c = s.cycle(anchor, c.number-1)
	}
	for day.After(c.until) {
		c = s.cycle(anchor, c.number+1)
	}
	return c
}

func (s *Scheme) cycle(anchor act.Date, n int) cycle {
	from := anchor.AddMonths(n * s.months)
	return cycle{s, n, from, anchor.AddMonths((n + 1) * s.months).AddDays(-1), from, from, s.part}
}

// part returns in which part of the period an item counts, from 1.
func (c cycle) part(it *item) int {
	day := it.day
	if day.After(c.until) {
		day = c.until
	}
	n := 1
	for day.Compare(c.from.AddMonths(n*c.partMonths)) >= 0 {
		n++
	}
	return n
}

// bound returns for how many of the months from a day the scheme binds a person. Months that are wholly free
// are taken off: before joining, after leaving, or on leave.
func (c cycle) bound(p *Person, from act.Date, months int) int {
	early := c.scheme.education.Newcomers != "full" && c.binds.After(from)
	if !early && p.Left.IsZero() && len(p.Leaves) == 0 {
		return months
	}
	n := 0
	for i := range months {
		first, next := from.AddMonths(i), from.AddMonths(i+1)
		switch {
		case early && !c.binds.Before(next):
		case !p.Left.IsZero() && !p.Left.After(first):
		case c.scheme.education.Leave != "full" && onLeave(p, first, next):
		default:
			n++
		}
	}
	return n
}

func onLeave(p *Person, first, next act.Date) bool {
	for _, l := range p.Leaves {
		if !l.From.After(first) && !l.Until.AddDays(1).Before(next) {
			return true
		}
	}
	return false
}

// exempt reports whether a person who is bound for so many months of the period owes nothing in it.
func (c cycle) exempt(months int) bool {
	limit, _ := c.scheme.education.ProRata.Exempt.MonthsLong()
	return months == 0 || months < c.scheme.months && months <= limit ||
		c.scheme.education.Newcomers == "exempt" && c.binds.After(c.from)
}

// share returns what is owed of an amount for some of the months.
func (s *Scheme) share(a code.Amount, months, of int) code.Amount {
	if months >= of {
		return a
	}
	step := s.education.ProRata.Step
	if step == 0 {
		step = max(s.education.Unit.Step, 1)
		if s.education.Unit.Minutes == 0 {
			step = code.Credit // there are no parts of a course
		}
	}
	whole := int(a) * months
	unit := of * int(step)
	n := whole / unit
	if s.education.ProRata.Round == "up" && whole%unit != 0 {
		n++
	}
	return code.Amount(n) * step
}

// EvidenceUntil returns the last day on which evidence for credits of a period has to be kept; its last day, if
// the scheme sets no time.
func (s *Scheme) EvidenceUntil(p Period) act.Date {
	return code.LastDay(p.Until.AddDays(1), s.education.Evidence.Keep, nil).AddDays(-1)
}
