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
func (r Rules) Evaluate(p *Person, credits []Credit, at act.Date) Ledger {
	if len(r) == 0 {
		r = Rules{{Scheme: Ready(code.Education{})}} // nothing was ever set
	}
	v := &evaluation{rules: r, person: p, credits: credits, at: at, cycles: r.cycles(p, at)}
	v.ledger = Ledger{At: at, NotSet: !r.set(at), Lines: make([]Line, len(credits)), Periods: make([]Period, 0, len(v.cycles))}
	v.take()
	var brought pool
	for i, from := 0, 0; i < len(v.cycles); i++ {
		until := from
		for until < len(v.items) && v.items[until].cycle == i {
			until++
		}
		brought = v.period(v.cycles[i], v.across(brought, i), v.items[from:until])
		from = until
	}
	v.settle(brought, make([]code.Amount, len(brought)))
	return v.ledger
}

// Evaluate does the same for a body that has had one scheme ever since.
func (s *Scheme) Evaluate(p *Person, credits []Credit, at act.Date) Ledger {
	return Rules{{Scheme: s}}.Evaluate(p, credits, at)
}

type evaluation struct {
	rules   Rules
	person  *Person
	credits []Credit
	at      act.Date
	cycles  []cycle
	items   []item // what can be counted, by period and in the order of its scheme
	ledger  Ledger

	scheme *Scheme // of the period that is looked at
	alloc  allocation
	have   [][]code.Amount // at each node of the scheme's trees
	least  [][]code.Amount
	sized  *Scheme // for which these have room
}

// across takes a pool into a period of another scheme: what may come along was decided by the old one, and how it
// counts is said by the new one.
func (v *evaluation) across(brought pool, i int) pool {
	s := v.cycles[i].scheme
	if i == 0 || s == v.cycles[i-1].scheme {
		return brought
	}
	amounts := v.settle(brought, make([]code.Amount, len(brought)))
	var along pool
	for k, it := range brought {
		if amounts[k] > 0 && s.education.CarryOver.Most > 0 {
			it.amount, it.fresh, it.general = amounts[k], false, it.general || s.education.CarryOver.CountsAs == "general"
			along = append(along, it)
		}
	}
	return along
}

// take looks at each credit by itself: whether it can be counted at all, and in which period.
func (v *evaluation) take() {
	v.items = make([]item, 0, len(v.credits))
	own := 0 // the period of the credit before: most often it is the same
	for i := range v.credits {
		c := &v.credits[i]
		if own < 0 || own >= len(v.cycles) || c.On.Before(v.cycles[own].counts) || c.On.After(v.cycles[own].until) {
			own = find(v.cycles, c.On)
		}
		it := item{credit: i, cycle: own, on: c.On, day: c.On, topics: c.Topics, credits: c}
		if it.cycle, v.ledger.Lines[i] = v.look(&it); v.ledger.Lines[i].Why != Counted {
			continue
		}
		it.amount = v.ledger.Lines[i].Worth
		it.left = max(v.ledger.Lines[i].scheme.education.CarryOver.Lasts, 1) + 1
		v.items = append(v.items, it)
	}
	slices.SortStableFunc(v.items, func(a, b item) int {
		day := a.on.Compare(b.on)
		if a.cycle == b.cycle && v.cycles[a.cycle].scheme.education.Order == "newest" {
			day = -day
		}
		return cmp.Or(cmp.Compare(a.cycle, b.cycle), day)
	})
}

// look returns the period in which an item counts, and what is to be said of it before it is counted.
func (v *evaluation) look(it *item) (int, Line) {
	c, p := it.credits, v.person
	own, why := v.assign(it)
	l := Line{ID: c.ID, Period: -1, scheme: v.schemeOf(own, c.On), credit: c, over: [2]int16{-1, -1}}
	l.Worth, l.Why = l.scheme.worth(c)
	switch {
	case c.Reversed != "":
		l.Why = IsReversed
	case c.Held:
		l.Why = IsHeld
	case l.Why != Counted:
	case c.On.After(v.at):
		l.Why = NotYet
	case !p.Left.IsZero() && !c.On.Before(p.Left):
		l.Why = AfterLeaving
	default:
		l.Why = why
	}
	return own, l
}

// schemeOf returns the scheme by which a credit is reckoned.
func (v *evaluation) schemeOf(cycle int, on act.Date) *Scheme {
	if cycle >= 0 {
		return v.cycles[cycle].scheme
	}
	return v.rules[max(0, v.rules.inForce(on))].Scheme
}

// assign finds the period of an item. What is meant for an earlier one counts there as long as its time, the
// grace and a plan included, is not over; nothing is put into another period than its own without being asked.
func (v *evaluation) assign(it *item) (int, Why) {
	own, meant := it.cycle, it.credits.For
	switch {
	case own < 0 && len(v.cycles) > 0 && it.on.Before(v.cycles[0].counts):
		return own, TooEarly
	case own < 0:
		return own, Kept
	case meant.IsZero() || !meant.Before(it.on):
		return own, Counted
	}
	i := find(v.cycles, meant)
	if i < 0 {
		return own, TooEarly
	}
	c := v.cycles[i]
	end := c.until
	if c.partMonths > 0 {
		end = c.from.AddMonths(c.part(&item{day: meant}) * c.partMonths).AddDays(-1)
	}
	switch late := it.on.After(v.deadline(c, end)); {
	case late && i < own:
		return own, TooLate
	case !late:
		it.day = meant
		return i, Counted
	}
	return own, Counted
}

// deadline returns the last day on which what is missing in a period, or a part of it that ends on a day, can
// still be earned.
func (v *evaluation) deadline(c cycle, end act.Date) act.Date {
	last := c.scheme.graceEnd(end)
	for _, plan := range v.person.Plans {
		if !plan.Made.After(v.at) && !plan.For.Before(c.counts) && !plan.For.After(end) && plan.Until.After(last) {
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
	v.scheme = c.scheme
	s := c.scheme
	p := Period{From: c.from, Until: c.until, Of: s.months, Months: c.bound(v.person, c.from, s.months)}
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
