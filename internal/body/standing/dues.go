package standing

import (
	"shingle/internal/act"
	"shingle/internal/code"
)

// ruleNotContinued is what the public reads where dues or the renewal are overdue.
var ruleNotContinued = act.Rule{
	ID:    "STD-11",
	Cites: "membership",
	Text:  "The membership was not continued in time.",
	Cure:  "The member continues its membership.",
}

var ruleDuesOverdue = act.Rule{
	ID:    "STD-12",
	Cites: "membership.dues-grace",
	Text:  "Dues are paid before the grace after the last paid day is over.",
	Cure:  "Pay the dues.",
}

var ruleDuesInGrace = act.Rule{
	ID:    "STD-13",
	Cites: "membership.dues-grace",
	Text:  "Dues are overdue and in grace.",
	Cure:  "Pay the dues.",
}

var ruleRenewalOverdue = act.Rule{
	ID:    "STD-14",
	Cites: "membership.renewal-grace",
	Text:  "A membership is renewed before the grace after its term is over.",
	Cure:  "Renew the membership.",
}

var ruleRenewalInGrace = act.Rule{
	ID:    "STD-15",
	Cites: "membership.renewal-grace",
	Text:  "The renewal is overdue and in grace.",
	Cure:  "Renew the membership.",
}

// dues finds when dues were overdue. Without any paid day on record, nothing is known to be owed.
func (e *evaluation) dues(s *stint) {
	for i, f := range e.facts {
		paid, ok := f.(*PaidThrough)
		if !ok || instantOf(paid.Effective) < s.from || instantOf(paid.Effective) >= s.until {
			continue
		}
		until := s.until
		for _, later := range e.facts[i+1:] {
			if p, ok := later.(*PaidThrough); ok {
				until = min(until, instantOf(p.Effective))
				break
			}
		}
		due := instantOf(code.EndOf(paid.Date, e.body.Zone))
		since := max(due, instantOf(paid.Effective))
		if r := e.requirements(due); r != nil {
			e.overdue(since, until, due, r.Membership.DuesGrace, cause{
				rule: &ruleDuesInGrace, say: sayDues, facts: [2]int64{paid.Position},
			}, &ruleDuesOverdue)
		}
	}
}

// renewal finds when the yearly renewal was overdue. It is owed by subscribers; signing a text renews,
// and a member taken over from before this system owes it from then on.
func (e *evaluation) renewal(s *stint) {
	subscribed, _ := e.subscribed(s)
	var base instant
	var position int64
	owedUntil := func(until instant) {
		if base == 0 {
			return
		}
		due := e.deadline(max(base, s.recorded), e.requirements(base).Membership.Renewal)
		if due >= until {
			return
		}
		e.overdue(due, until, due, e.requirements(due).Membership.RenewalGrace, cause{
			rule: &ruleRenewalInGrace, say: sayRenewal, facts: [2]int64{position},
		}, &ruleRenewalOverdue)
	}
	signed := 1 // the first signature is the absence of one
	for _, f := range e.facts {
		at := instantOf(f.stamp().Effective)
		if at < s.from || at >= s.until {
			continue
		}
		switch f.(type) {
		case *Subscribed:
			if signed >= len(s.signatures) || s.signatures[signed].position != f.stamp().Position {
				continue
			}
			signed++
		case *Renewed:
			if base == 0 {
				continue
			}
		default:
			continue
		}
		owedUntil(at)
		base, position = max(at, subscribed), f.stamp().Position
	}
	owedUntil(s.until)
}

// overdue notes a term that ended at due and was not met from since to until: first in grace, where
// the member alone is warned, then lapsed by the rule fails.
func (e *evaluation) overdue(since, until, due instant, grace code.Setting[code.Duration], warned cause, fails *act.Rule) {
	if since >= until {
		return
	}
	due, end := e.resume(due, e.then(due, grace), grace)
	end = max(end, e.launch)
	warned.from, warned.until, warned.rank, warned.when, warned.by = max(since, due), min(end, until), good, due, end
	e.add(warned)
	warned.from, warned.until, warned.rank, warned.rule, warned.by = max(since, end), until, lapsed, fails, never
	warned.publicly = &ruleNotContinued
	e.add(warned)
}

func sayDues(e *evaluation, c *cause) string {
	return "Dues are paid through " + e.lastDay(c.when) + e.graceOf(c)
}

func sayRenewal(e *evaluation, c *cause) string {
	return "The renewal was due by the end of " + e.lastDay(c.when) + e.graceOf(c)
}

// graceOf ends a sentence about something overdue.
func (e *evaluation) graceOf(c *cause) string {
	switch {
	case c.rank != good:
		return "; the grace is over."
	case c.by == never:
		return "."
	}
	return "; the grace ends with " + e.lastDay(c.by) + "."
}
