package education

import (
	"cmp"
	"slices"

	"shingle/internal/act"
	"shingle/internal/code"
)

// Evaluate returns what a person's credits come to on a day. Credits may come in any order; those that were
// recorded later than the caller wants to know of are left out by the caller. The time it takes grows with
// the number of credits and of periods.
func (s *Scheme) Evaluate(p *Person, credits []Credit, at act.Date) Ledger {
	v := &evaluation{scheme: s, person: p, credits: credits, at: at, anchor: s.anchor(p)}
	v.ledger = Ledger{At: at, NotSet: !s.education.IsSet(), Lines: make([]Line, len(credits))}
	v.take()
	if v.ledger.NotSet || at.Before(p.Joined) {
		return v.ledger
	}
	last := v.last()
	v.ledger.Periods = make([]Period, 0, last-v.first.number+1)
	var brought pool
	for n, from := v.first.number, 0; n <= last; n++ {
		until := from
		for until < len(v.items) && v.items[until].cycle <= n {
			until++
		}
		brought = v.period(s.cycle(v.anchor, n), brought, v.items[from:until])
		from = until
	}
	v.settle(brought, make([]code.Amount, len(brought)))
	return v.ledger
}

type evaluation struct {
	scheme  *Scheme
	person  *Person
	credits []Credit
	at      act.Date
	anchor  act.Date
	first   cycle  // that binds the person
	near    cycle  // of the credit that was looked at last
	items   []item // what can be counted, by period and in the order of the scheme
	ledger  Ledger
	alloc   allocation
	have    [][]code.Amount
	least   [][]code.Amount
}

// last returns the number of the last period to be looked at.
func (v *evaluation) last() int {
	day := v.at
	if left := v.person.Left; !left.IsZero() && !left.After(day) {
		day = left.AddDays(-1)
	}
	return v.scheme.cycleOf(v.anchor, day).number
}

// take looks at each credit by itself: whether it can be counted at all, and in which period.
func (v *evaluation) take() {
	s, p := v.scheme, v.person
	v.first = s.cycleOf(v.anchor, p.Joined)
	v.near = v.first
	since := v.first.from
	if s.education.Newcomers != "full" && p.Joined.After(since) {
		for since.AddMonths(1).Compare(p.Joined) <= 0 {
			since = since.AddMonths(1)
		}
	}
	v.items = make([]item, 0, len(v.credits))
	for i := range v.credits {
		c := &v.credits[i]
		l := &v.ledger.Lines[i]
		*l = Line{ID: c.ID, Period: -1, scheme: s, credit: c, over: [2]int16{-1, -1}}
		l.Worth, l.Why = s.worth(c)
		it := item{credit: i, on: c.On, day: c.On, topics: c.Topics, credits: c, amount: l.Worth, left: max(s.education.CarryOver.Lasts, 1) + 1}
		switch {
		case c.Reversed != "":
			l.Why = IsReversed
		case c.Held:
			l.Why = IsHeld
		case l.Why != Counted:
		case v.ledger.NotSet:
			l.Why = Kept
		case c.On.After(v.at):
			l.Why = NotYet
		case c.On.Before(since):
			l.Why = TooEarly
		case !p.Left.IsZero() && !c.On.Before(p.Left):
			l.Why = AfterLeaving
		default:
			l.Why = v.assign(&it)
		}
		if l.Why == Counted {
			v.items = append(v.items, it)
		}
	}
	newest := s.education.Order == "newest"
	slices.SortStableFunc(v.items, func(a, b item) int {
		day := a.on.Compare(b.on)
		if newest {
			day = -day
		}
		return cmp.Or(cmp.Compare(a.cycle, b.cycle), day)
	})
}

// assign finds the period of an item. What is meant for an earlier one counts there as long as its time, the
// grace and a plan included, is not over; nothing is put into another period than its own without being asked.
func (v *evaluation) assign(it *item) Why {
	if !v.near.has(it.on) { // most credits are of the same period as the one before
		v.near = v.scheme.cycleOf(v.anchor, it.on)
	}
	own := v.near
	it.cycle = own.number
	meant := it.credits.For
	if meant.IsZero() || !meant.Before(it.on) {
		return Counted
	}
	c := v.scheme.cycleOf(v.anchor, meant)
	end := c.until
	if c.partMonths > 0 {
		it.day = meant
		end = c.from.AddMonths(c.part(it) * c.partMonths).AddDays(-1)
		it.day = it.on
	}
	switch late := it.on.After(v.deadline(c, end)); {
	case c.number < v.first.number:
		return TooEarly
	case late && c.number < own.number:
		return TooLate
	case !late:
		it.cycle, it.day = c.number, meant
	}
	return Counted
}

// deadline returns the last day on which what is missing in a period, or a part of it that ends on a day, can
// still be earned.
func (v *evaluation) deadline(c cycle, end act.Date) act.Date {
	last := v.scheme.graceEnd(end)
	for _, plan := range v.person.Plans {
		if !plan.For.Before(c.from) && !plan.For.After(end) && plan.Until.After(last) {
			last = plan.Until
		}
	}
	return last
}

// graceEnd returns the last day of the grace after a day. Months are counted from the first day after it, so
// that four months after 30 June end on 31 October.
func (s *Scheme) graceEnd(end act.Date) act.Date {
	return code.LastDay(end.AddDays(1), s.education.Late.Grace, nil).AddDays(-1)
}

// period works out one period and returns what goes into the next.
func (v *evaluation) period(c cycle, brought pool, items []item) pool {
	s := v.scheme
	p := Period{From: c.from, Until: c.until, Of: s.months, Months: s.bound(v.person, c.from, s.months)}
	p.Needs = v.owed(c, &p)
	index := len(v.ledger.Periods)
	for _, it := range items {
		v.ledger.Lines[it.credit].Period = index
	}
	var rest pool
	choosing := v.choosing(items)
	if choosing != nil {
		rest = v.choose(c, &p, brought, items, choosing)
	}
	v.sum(c, items, choosing)
	v.conclude(c, &p)
	v.ledger.Periods = append(v.ledger.Periods, p)
	return rest
}

// choosing returns the families for which it must be chosen what counts where; none if everything counts
// wherever it fits.
func (v *evaluation) choosing(items []item) []int {
	s := v.scheme
	if s.chooses {
		all := make([]int, len(s.families))
		for i := range all {
			all[i] = i
		}
		return all
	}
	several := func(it item) bool { return len(it.topics) > 1 }
	if f := slices.IndexFunc(s.families, func(f family) bool { return f.by == code.ByTopic }); f >= 0 &&
		s.education.DoubleCount != "yes" && slices.ContainsFunc(items, several) {
		return []int{f}
	}
	return nil
}

// sum counts in full, at every node where it fits, what there is nothing to choose about.
func (v *evaluation) sum(c cycle, items []item, chosen []int) {
	for f := range v.scheme.families {
		if slices.Contains(chosen, f) {
			continue
		}
		fam := &v.scheme.families[f]
		for i := range items {
			it := &items[i]
			at := fam.places(it, c, make([]int, 0, 8))
			v.add(f, it.amount, at)
			l := &v.ledger.Lines[it.credit]
			l.at[f] = int16(at[0])
			if chosen == nil {
				l.Counts = it.amount
			}
		}
	}
}

// add counts an amount at nodes and at all above them, at each once.
func (v *evaluation) add(f int, amount code.Amount, at []int) {
	fam := &v.scheme.families[f]
	if len(at) == 1 {
		for n := at[0]; n >= 0; n = fam.nodes[n].above {
			v.have[f][n] += amount
		}
		return
	}
	var done []int
	for _, n := range at {
		for ; n >= 0 && !slices.Contains(done, n); n = fam.nodes[n].above {
			done = append(done, n)
			v.have[f][n] += amount
		}
	}
}
