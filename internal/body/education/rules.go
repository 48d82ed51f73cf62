package education

import (
	"slices"

	"shingle/internal/act"
)

// Rules are the schemes of a body over time. A period is judged to its end by the scheme that was in force on
// the first day of it that binds the person; a new version of the code takes effect with the next period, or at
// once for who was bound by none.
type Rules []Reign

// Reign is a scheme from the day on which its version of the code takes effect, until the next one does. Who
// puts rules together leaves out versions that change nothing about education.
type Reign struct {
	From   act.Date // none for ever since
	Scheme *Scheme
}

// inForce returns the place of the scheme in force on a day; -1 if there is none yet.
func (r Rules) inForce(day act.Date) int {
	i := len(r) - 1
	for i >= 0 && r[i].From.After(day) {
		i--
	}
	return i
}

// set reports whether something is owed by the scheme in force on a day.
func (r Rules) set(day act.Date) bool {
	i := r.inForce(day)
	return i >= 0 && r[i].Scheme.education.IsSet()
}

// cycles returns a person's periods up to the one with a day in it.
func (r Rules) cycles(p *Person, until act.Date) (all []cycle) {
	if !p.Left.IsZero() && !p.Left.After(until) {
		until = p.Left.AddDays(-1)
	}
	for day := p.Joined; !day.After(until); {
		i := r.inForce(day)
		if i < 0 || !r[i].Scheme.education.IsSet() {
			if i+1 == len(r) {
				break
			}
			day = r[i+1].From
			continue
		}
		c := r[i].Scheme.cycleFrom(p, day)
		if n := len(all); n > 0 && !c.counts.After(all[n-1].until) {
			c.counts = all[n-1].until.AddDays(1)
		}
		all = append(all, c)
		day = c.until.AddDays(1)
	}
	return all
}

// cycleFrom returns the period with a day in it, for a person whom the scheme binds from that day on.
func (s *Scheme) cycleFrom(p *Person, day act.Date) cycle {
	c := s.cycleOf(s.anchor(p), day)
	c.binds = day
	if s.education.Newcomers != "full" {
		for month := c.from.AddMonths(1); !month.After(day); month = month.AddMonths(1) {
			c.counts = month
		}
	}
	return c
}

// find returns the place of the period with a day in it; -1 if there is none.
func find(all []cycle, day act.Date) int {
	i, _ := slices.BinarySearchFunc(all, day, func(c cycle, day act.Date) int { return c.until.Compare(day) })
	if i < len(all) && !day.Before(all[i].counts) {
		return i
	}
	return -1
}
