package standing

import "shingle/internal/act"

var ruleExpelled = act.Rule{
	ID:    "STD-01",
	Cites: "procedure.readmission-bar",
	Text:  "An expelled member is out until it is readmitted.",
	Cure:  "A fresh application after the bar has run.",
}

var ruleSuspended = act.Rule{
	ID:    "STD-02",
	Cites: "procedure.suspension-max",
	Text:  "A suspended member is out for the time that the order says.",
	Cure:  "The time runs out.",
}

var ruleInterim = act.Rule{
	ID:    "STD-03",
	Cites: "procedure.interim-max",
	Text:  "An interim suspension protects while a matter is open; it is no finding.",
	Cure:  "The matter is decided, or the interim order lifted.",
}

var ruleConditions = act.Rule{
	ID:    "STD-16",
	Cites: "procedure",
	Text:  "A member under an order of conditions stands on those conditions.",
	Cure:  "Meet the conditions.",
}

var ruleProbation = act.Rule{
	ID:    "STD-20",
	Cites: "procedure.probation-max",
	Text:  "A member on probation stands on condition that nothing more happens.",
	Cure:  "The time runs out.",
}

var ruleStayed = act.Rule{
	ID:    "STD-21",
	Cites: "procedure",
	Text:  "An order that a court has stayed has no effect while the stay lasts.",
}

var ruleQuashed = act.Rule{
	ID:    "STD-23",
	Cites: "procedure",
	Text:  "An order that was set aside has no effect any more.",
}

// orders finds when orders were in force. A stay takes the effect from one for as long as it lasts.
func (e *evaluation) orders() {
	for i, f := range e.facts {
		o, ok := f.(*Ordered)
		if !ok {
			continue
		}
		c := cause{public: true, order: o.Order, provision: o.Provisions, say: sayOrder, facts: [2]int64{o.Position}}
		switch {
		case o.Sanction == "expulsion":
			c.rank, c.rule = expelled, &ruleExpelled
		case o.Sanction == "suspension" && o.Interim:
			c.rank, c.rule = suspendedMeanwhile, &ruleInterim
		case o.Sanction == "suspension":
			c.rank, c.rule = suspendedByOrder, &ruleSuspended
		case o.Sanction == "conditions":
			c.rank, c.rule = conditional, &ruleConditions
		case o.Sanction == "probation":
			c.rank, c.rule = conditional, &ruleProbation
		default:
			continue // reprimands and the like change no standing
		}
		c.from, c.until, c.when = instantOf(o.Effective), never, instantOf(o.Effective)
		if !o.Until.IsZero() {
			c.until, c.by = instantOf(o.Until), instantOf(o.Until)
		}
		if c.latest = c.until; !o.Latest.IsZero() {
			c.latest = instantOf(o.Latest)
		}
		e.course(c, i)
	}
}

// course follows the order at place i of the facts through stays to its end. What a court or the body did
// about an order that was yet to come into force holds from the moment at which it would have.
func (e *evaluation) course(c cause, i int) {
	begun, total, stayed := c.from, c.until, false
	turn := func(at instant, position int64) {
		part := c
		part.until = min(at, total)
		if stayed {
			part.rank, part.rule, part.say, part.by = good, &ruleStayed, sayStayed, never
		} else if part.rank == expelled && part.until < never {
			e.outside = append(e.outside, span{part.from, part.until, expelled})
		}
		e.add(part)
		c.from, c.facts[1] = at, position
	}
	for j, f := range e.facts {
		at, position := max(instantOf(f.stamp().Effective), begun), f.stamp().Position
		if j <= i && position <= c.facts[0] {
			continue
		}
		switch f := f.(type) {
		case *Stayed:
			if f.Order == c.order && !stayed {
				turn(at, position)
				stayed = true
			}
		case *StayLifted:
			if f.Order == c.order && stayed {
				turn(at, position)
				stayed = false
			}
		case *Reviewed:
			if until := instantOf(f.Until); f.Order == c.order && at < total {
				turn(at, position)
				total = until
				c.until, c.by = until, until
			}
		case *Readmitted:
			if c.rank == expelled && j > i && !stayed {
				turn(at, position)
				return
			}
		case *OrderEnded:
			if f.Order == c.order {
				turn(at, position)
				if f.Quashed {
					stayed = false
					c.rank, c.rule, c.say, c.by, c.ended = good, &ruleQuashed, sayQuashed, never, true
					c.until = total
					e.add(c)
				}
				return
			}
		}
	}
	turn(never, 0)
}

func sayOrder(e *evaluation, c *cause) string {
	var words string
	switch c.rank {
	case expelled:
		words = "Expelled"
	case suspendedMeanwhile:
		words = "Suspended for the time being, as a protection and without any finding,"
	case suspendedByOrder:
		words = "Suspended"
	default:
		words = "In good standing on conditions only,"
		if c.rule == &ruleProbation {
			words = "On probation"
		}
	}
	words += " by order " + c.order + " since " + e.day(c.when)
	if c.by != never {
		words += ", until the end of " + e.lastDay(c.by)
	}
	if c.by != never && c.latest > c.by {
		words += " unless it is continued on review"
	}
	return words + "."
}

func sayStayed(e *evaluation, c *cause) string {
	return "Order " + c.order + " of " + e.day(c.when) + " is stayed by a court since " + e.day(c.from) + " and has no effect meanwhile."
}

func sayQuashed(e *evaluation, c *cause) string {
	return "Order " + c.order + " of " + e.day(c.when) + " was set aside on " + e.day(c.from) + " and has no effect any more."
}
