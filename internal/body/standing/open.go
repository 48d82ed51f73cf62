package standing

import (
	"slices"
	"time"
)

// BarredUntil returns the end of the readmission bar that stands at t, and the zero time if none does.
// A bar falls with its order: when it is set aside, and while it is stayed.
func BarredUntil(f Facts, t time.Time) time.Time {
	now := instantOf(t)
	e := evaluate(f, now, now)
	var until time.Time
	for _, c := range e.causes {
		if c.rank != expelled || now < c.from || c.until <= now {
			continue
		}
		for _, fact := range e.facts {
			if o, ok := fact.(*Ordered); ok && o.Order == c.order && o.BarUntil.After(until) {
				until = o.BarUntil
			}
		}
	}
	return until
}

// UnderOrder reports whether an order that bears on the standing is in force at t, is stayed, or will come
// into force on a later day.
func UnderOrder(f Facts, t time.Time) bool {
	now := instantOf(t)
	for _, c := range evaluate(f, now, now).causes {
		if c.order != "" && !c.ended && now < c.until {
			return true
		}
	}
	return false
}

// InterimSince returns for how long, in all, a member was suspended for the time being, or is to be, since
// charges were last served on it, as known at t. An order that lasts counts as long as it may be continued.
func InterimSince(f Facts, t time.Time) (all time.Duration) {
	now := instantOf(t)
	charged := dawn
	for _, fact := range knownFacts(f.Member, now) {
		if c, ok := fact.(*Charged); ok && instantOf(c.Effective) <= now {
			charged = max(charged, instantOf(c.Effective))
		}
	}
	for _, c := range evaluate(f, now, now).causes {
		until := c.until
		if now < until {
			until = max(until, c.latest)
		}
		if from := max(c.from, charged); c.rank == suspendedMeanwhile && from < until {
			all += time.Duration(until-from) * time.Microsecond
		}
	}
	return all
}

// Membership is a time of membership; Until is zero while it lasts.
type Membership struct{ From, Until time.Time }

// Memberships returns when the company was a member, as known at t.
func Memberships(f Facts, t time.Time) []Membership {
	e := evaluate(f, instantOf(t), instantOf(t))
	all := make([]Membership, len(e.stints))
	for i, s := range e.stints {
		all[i] = Membership{s.from.time(), s.until.time()}
	}
	return all
}

// OpenCharges returns the charges that were served and are not closed at t.
func OpenCharges(f Facts, t time.Time) []string {
	var open []string
	for _, fact := range knownFacts(f.Member, instantOf(t)) {
		switch fact := fact.(type) {
		case *Charged:
			if !fact.Effective.After(t) {
				open = append(open, fact.Charge)
			}
		case *Discharged:
			if !fact.Effective.After(t) {
				open = slices.DeleteFunc(open, func(c string) bool { return c == fact.Charge })
			}
		}
	}
	return open
}
