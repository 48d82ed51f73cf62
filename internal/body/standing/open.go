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
