package standing

import (
	"slices"
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

// Outlook is what is known of a member's standing at one moment: its life in spans, and what it owes.
type Outlook struct {
	Spans  []Span // as [Timeline] returns them
	Duties []Duty // by [Duty.Compare], without words: see [Duty.Worded]
	// Next is when time alone next makes the duties others; zero for never.
	Next time.Time
}

// Duties returns what a member owes at a time, as far as is known then. It is total: every list of facts has
// an answer. Somebody who is no member, or expelled, owes nothing. The proofs of domains are not among the
// facts; see the flow between the domains for these.
func Duties(f Facts, at time.Time) []Duty {
	duties, zone := Ahead(f, at).Duties, time.UTC
	if f.Body != nil && f.Body.Zone != nil {
		zone = f.Body.Zone
	}
	for i := range duties {
		duties[i] = duties[i].Worded(zone)
	}
	return duties
}

// Ahead returns the outlook at a time, as far as is known then.
func Ahead(f Facts, at time.Time) Outlook {
	now := instantOf(at)
	e := evaluate(f, now, now)
	spans := e.spans()
	duties, next := e.duties(now, spans)
	return Outlook{Spans: spansOut(spans), Duties: duties, Next: next.time()}
}

// owed says what sort of duty stands behind a rule, and whether the rule is the one by which it is failed.
func owed(r *act.Rule) (kind DutyKind, fails bool) {
	switch r {
	case &ruleDuesInGrace, &ruleDuesOverdue:
		return DutyDues, r == &ruleDuesOverdue
	case &ruleRenewalInGrace, &ruleRenewalOverdue:
		return DutyRenewal, r == &ruleRenewalOverdue
	case &ruleAttestationInGrace, &ruleAttestationMissing:
		return DutyAttestation, r == &ruleAttestationMissing
	case &ruleNotYetSubscribed, &ruleNewTextWaits, &ruleNeverSubscribed, &ruleNewTextUnsigned, &ruleNoSubscriber:
		return DutySubscribe, r == &ruleNeverSubscribed || r == &ruleNewTextUnsigned
	case &ruleConditions:
		return DutyConditions, false
	case &ruleLearningMade, &ruleLearningMissed:
		return DutyEducation, r == &ruleLearningMissed
	}
	return "", false
}

// open is a duty as it is read off the causes that speak of it.
type open struct {
	kind       DutyKind
	subject    string
	since      int64 // the fact from which it follows
	due, lapse instant
	until      instant // of the last cause that speaks of it
	rule       *act.Rule
}

// duties reads off the causes what is owed: whatever is, or will be, overdue unless something is done. A duty
// and its omission are the same computation, so that no duty is ever late by another day than its standing.
func (e *evaluation) duties(now instant, spans []span) (duties []Duty, next instant) {
	next = never
	for i := range e.causes {
		next = soonest(next, now, e.causes[i].from)
		next = soonest(next, now, e.causes[i].until)
	}
	s := e.stintAt(now)
	if s == nil || rankAt(spans, now) == expelled {
		return nil, next
	}
	for _, o := range e.open(s, now) {
		d := Duty{Kind: o.kind, Subject: o.subject, Rule: o.rule.ID, Due: o.due.time(), Lapse: o.lapse.time()}
		if p, ok := ParsePeriod(o.subject); ok && o.kind == DutyAttestation {
			d.From = code.EndOf(p.Last(), e.body.Zone).UTC()
		}
		duties = append(duties, d)
	}
	slices.SortFunc(duties, Duty.Compare)
	return duties, next
}

// open gathers the causes that speak of one duty each.
func (e *evaluation) open(s *stint, now instant) []open {
	var all []open
	for i := range e.causes {
		c := &e.causes[i]
		kind, fails := owed(c.rule)
		if kind == "" || c.from >= s.until || c.until <= s.from || kind == DutySubscribe && c.subject == "" {
			continue
		}
		o := open{kind: kind, subject: c.subject, since: c.facts[0], due: c.when, lapse: never, until: c.until, rule: c.rule}
		switch {
		case c.rule == &ruleNoSubscriber: // the code leaves the choice to those who had signed the text before
			if c.facts[1] == 0 || c.from <= now {
				continue
			}
			o.due, o.lapse = c.from, c.from
		case kind == DutyConditions:
			o.subject, o.due = c.order, c.by
		case kind == DutyEducation:
			if c.until <= now { // what was missed before was made up for, or is being
				continue
			}
			o.since, o.due = 0, c.by
			if fails {
				o.due, o.lapse = c.from, c.from
			}
		case fails:
			o.lapse = c.from
		}
		i := slices.IndexFunc(all, func(p open) bool { return p.kind == o.kind && p.subject == o.subject && p.since == o.since })
		if i < 0 {
			all = append(all, o)
			continue
		}
		p := &all[i]
		if o.lapse < p.lapse {
			p.rule = c.rule
		}
		p.due, p.lapse, p.until = min(p.due, o.due), min(p.lapse, o.lapse), max(p.until, o.until)
	}
	all = slices.DeleteFunc(all, func(o open) bool {
		replaced := o.kind == DutySubscribe && o.lapse == never && o.until <= o.due && o.until < never
		return o.until <= now || replaced // by the next text, before anything follows
	})
	return once(all)
}

// once keeps, of duties that read the same, the earliest.
func once(all []open) []open {
	var kept []open
	for _, o := range all {
		i := slices.IndexFunc(kept, func(k open) bool { return k.kind == o.kind && k.subject == o.subject })
		switch {
		case i < 0:
			kept = append(kept, o)
		case o.due < kept[i].due:
			kept[i] = o
		}
	}
	return kept
}

func (e *evaluation) stintAt(t instant) *stint {
	for i := range e.stints {
		if s := &e.stints[i]; s.from <= t && t < s.until {
			return s
		}
	}
	return nil
}

func rankAt(spans []span, t instant) rank {
	for _, s := range spans {
		if s.from <= t && t < s.until {
			return s.rank
		}
	}
	return 0
}

// soonest returns the earlier of two times, as long as it lies ahead.
func soonest(next, now, at instant) instant {
	if at <= now {
		return next
	}
	return min(next, at)
}
