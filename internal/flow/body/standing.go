package flowbody

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/discipline"
	"shingle/internal/body/membership"
	"shingle/internal/body/standing"
)

// life is the state of the fold "standing" of one member: what its standing follows from, in order of
// (effective, position).
type life struct {
	member string // number
	facts  []standing.Fact
}

var standingFold = act.Fold{Name: "standing", Prefix: "member/", Evolve: live}

// live adds what an event says to a member's life.
func live(state any, e act.Recorded) any {
	l, _ := state.(life)
	s := standing.Stamp{Position: e.Position, Recorded: e.At, Effective: e.Effective}
	switch ev := e.Event.(type) {
	case membership.Applied:
		l.member = ev.Member
	case membership.Enrolled:
		l.member = ev.Member
		return l.with(&standing.Joined{Stamp: s})
	case membership.Admitted:
		return l.with(&standing.Joined{Stamp: s})
	case membership.Readmitted:
		return l.with(&standing.Readmitted{Stamp: s})
	case membership.Withdrawn:
		return l.with(&standing.Left{Stamp: s})
	case membership.Merged:
		return l.merge(ev, s)
	case membership.Subscribed:
		return l.with(&standing.Subscribed{Stamp: s, Version: ev.Version, SHA256: ev.SHA256})
	case membership.Renewed:
		return l.with(&standing.Renewed{Stamp: s})
	case membership.PaidThrough:
		return l.with(&standing.PaidThrough{Stamp: s, Date: ev.Through})
	case membership.Attested:
		if p, ok := standing.ParsePeriod(ev.Period); ok && !ev.Corrects {
			return l.with(&standing.Attested{Stamp: s, Period: p})
		}
	case discipline.ChargeRecorded:
		return l.with(&standing.Charged{Stamp: s, Charge: ev.Charge})
	case discipline.ChargeClosed:
		return l.with(&standing.Discharged{Stamp: s, Charge: ev.Charge})
	case cases.ChargesServed:
		return l.with(&standing.Charged{Stamp: s, Charge: e.Stream})
	case cases.CaseExtended:
		if l.member == ev.Successor {
			return l.with(&standing.Charged{Stamp: s, Charge: e.Stream})
		}
	case cases.CaseFinalized:
		if ev.Failed() {
			return l.with(&standing.Discharged{Stamp: s, Charge: e.Stream})
		}
	case cases.CasePublished: // its order follows
		return l.with(&standing.Discharged{Stamp: s, Charge: e.Stream})
	case discipline.OrderEnforced:
		return l.with(&standing.Ordered{
			Stamp: s, Order: ev.Order, Sanction: ev.Sanction, Provisions: strings.Join(ev.Provisions, ", "), Until: ev.Until, BarUntil: ev.BarUntil,
		})
	case discipline.OrderConfirmed1:
		return l.with(ordered(ev.Now(), s))
	case discipline.OrderConfirmed:
		return l.with(ordered(ev, s))
	case discipline.InterimImposed:
		o := &standing.Ordered{
			Stamp: s, Order: ev.Order, Sanction: discipline.Suspension, Interim: true,
			Provisions: strings.Join(ev.Provisions, ", "), Until: ev.Until,
		}
		if !ev.Review.IsZero() {
			o.Until, o.Latest = ev.Review, ev.Until
		}
		return l.with(o)
	case discipline.InterimReviewed:
		if ev.Continued {
			return l.with(&standing.Reviewed{Stamp: s, Order: ev.Order, Until: ev.Until})
		}
	case discipline.InterimLifted:
		return l.with(&standing.OrderEnded{Stamp: s, Order: ev.Order})
	case discipline.ConditionsMet:
		return l.with(&standing.OrderEnded{Stamp: s, Order: ev.Order})
	case discipline.OrderQuashed:
		return l.with(&standing.OrderEnded{Stamp: s, Order: ev.Order, Quashed: true})
	case discipline.OrderStayed:
		return l.with(&standing.Stayed{Stamp: s, Order: ev.Order})
	case discipline.StayLifted:
		return l.with(&standing.StayLifted{Stamp: s, Order: ev.Order})
	}
	return l
}

func ordered(e discipline.OrderConfirmed, s standing.Stamp) *standing.Ordered {
	return &standing.Ordered{
		Stamp: s, Order: e.Order, Sanction: e.Sanction, Provisions: strings.Join(e.Provisions, ", "), Until: e.Until, BarUntil: e.BarUntil,
	}
}

// with returns the life with one more fact, in its place. States are shared, so the list is a new one.
func (l life) with(f standing.Fact) life {
	i, _ := slices.BinarySearchFunc(l.facts, f, func(a, b standing.Fact) int {
		x, y := standing.StampOf(a), standing.StampOf(b)
		return cmp.Or(x.Effective.Compare(y.Effective), cmp.Compare(x.Position, y.Position))
	})
	l.facts = slices.Insert(l.facts[:len(l.facts):len(l.facts)], i, f)
	return l
}

// merge ends the life of the member that disappears, and brings its open charges into the other's.
func (l life) merge(e membership.Merged, s standing.Stamp) life {
	if l.member == e.Member {
		return l.with(&standing.Left{Stamp: s})
	}
	for _, c := range e.OpenCharges {
		l = l.with(&standing.Charged{Stamp: s, Charge: c})
	}
	return l
}

// FactsOf returns all that a member's standing follows from.
func FactsOf(w act.World, member string) standing.Facts {
	return standing.Facts{Body: standingBody(w), Member: act.FoldOf[life](w, "standing", "member/"+member).facts, Learning: learningOf(w, member)}
}

// standingBody returns what bears on the standing of every member.
func standingBody(w act.World) *standing.Body {
	b := bodyOf(w)
	body := &standing.Body{Zone: b.Location, OpenedRecorded: b.Opened}
	if !b.GoLive.IsZero() {
		body.Opened = b.GoLive.Start(b.Location)
	}
	for _, c := range b.Calendars {
		body.Calendars = append(body.Calendars, standing.Calendar(c))
	}
	versions := codeOf(w).Versions
	body.Versions = make([]standing.Version, len(versions))
	for i, v := range versions {
		body.Versions[i] = standing.Version{
			Label: v.Label, SHA256: v.Hash(), Requirements: &v.Version.Requirements, Transition: v.Transition,
			Recorded: v.Adopted, Effective: v.EffectiveAt, TransitionUntil: v.TransitionUntil,
		}
	}
	return body
}

// standingNow is what a public statement is made from.
func standingNow(w act.World, stream string, cmd any, m act.Meta) standing.Now {
	number := cmd.(standing.State).Member
	member, facts := memberOf(w, number), FactsOf(w, number)
	proven := func(at time.Time) []string {
		return member.ProvenDomains(at, func(proven time.Time) time.Time { return ProofUntil(w, proven, at) })
	}
	now := standing.Now{Name: member.Name, Domains: proven(m.At), Answer: standing.Of(facts, m.At, m.At)}
	said := act.StateOf[standing.Statements](w, stream)
	if said.Count == 0 || !now.Answer.Since.After(said.Last.At) {
		return now // nothing can have been missed
	}
	for _, s := range standing.Timeline(facts, m.At) {
		if s.From.After(said.Last.At) && s.From.Before(now.Answer.Since) {
			now.Missed = append(now.Missed, standing.Missed{Span: s, Domains: proven(s.From)})
		}
	}
	return now
}

func memberOf(w act.World, number string) membership.Member {
	return act.StateOf[membership.Member](w, "member/"+number)
}

// ages is an end that no proof lives to see.
var ages = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// ProofUntil returns when the proof of a domain, given at proven, runs out under the code in force at
// the time at; the year 9999 if it never does. When a proof runs out, the public statement changes.
func ProofUntil(w act.World, proven, at time.Time) time.Time {
	if _, lapse, ends := proofTerm(w, proven, at); ends {
		return lapse
	}
	return ages
}
