package education

import (
	"shingle/internal/act"
	"shingle/internal/code"
)

// owed works out what binds the person in a period: the whole, or the part for the months in which the
// scheme binds them, less what is waived.
func (v *evaluation) owed(c cycle, p *Period) []Need {
	s := v.scheme
	v.blank()
	exempt := c.exempt(p.Months) || v.waivedWhole(c)
	if exempt {
		p.Status = Exempt
	}
	count := 1
	for f := range s.families {
		count += len(s.families[f].nodes) - 1
	}
	needs := make([]Need, 0, count)
	for f := range s.families {
		for i := range s.families[f].nodes {
			n := &s.families[f].nodes[i]
			need := Need{Name: n.name, Least: n.least, Most: n.most, Capped: n.capped, By: c.until}
			months, of := p.Months, s.months
			if n.part > 0 {
				from := c.from.AddMonths((n.part - 1) * c.partMonths)
				need.By = c.from.AddMonths(n.part * c.partMonths).AddDays(-1)
				need.Name = "credits from " + longDate(from)
				of = c.partMonths
				if months < s.months {
					months = c.bound(v.person, from, of)
				} else {
					months = of
				}
			}
			if exempt {
				need.Least = 0
			} else {
				need.Least = s.share(need.Least, months, of)
				v.waive(c, &need, f == 0 && i == 0, n.part > 0)
			}
			v.least[f][i] = need.Least
			if i > 0 || f == 0 {
				needs = append(needs, need)
			}
		}
		v.least[f][0] = v.least[0][0]
	}
	return needs
}

// blank makes room for what is owed and had at each node.
func (v *evaluation) blank() {
	s := v.scheme
	if v.sized != s {
		v.sized, v.have, v.least = s, nil, nil
		count := 0
		for f := range s.families {
			count += len(s.families[f].nodes)
		}
		room := make([]code.Amount, 2*count)
		for f := range s.families {
			n := len(s.families[f].nodes)
			v.have, v.least = append(v.have, room[:n:n]), append(v.least, room[n:2*n:2*n])
			room = room[2*n:]
		}
	}
	for f := range v.have {
		clear(v.have[f])
	}
}

func (v *evaluation) waivedWhole(c cycle) bool {
	for _, w := range v.person.Waivers {
		if c.has(w.In) && w.Requirement == "" && w.Credits == 0 {
			return true
		}
	}
	return false
}

func (c cycle) has(day act.Date) bool { return !day.Before(c.counts) && !day.After(c.until) }

func (v *evaluation) waive(c cycle, need *Need, whole, part bool) {
	for _, w := range v.person.Waivers {
		if !c.has(w.In) || part || w.Requirement == "" != whole || !whole && w.Requirement != need.Name {
			continue
		}
		off := w.Credits
		if off == 0 || off > need.Least {
			off = need.Least
		}
		need.Least -= off
		need.Waived += off
	}
}

// conclude says what is missing, by when, and how the person stands.
func (v *evaluation) conclude(c cycle, p *Period) {
	s := v.scheme
	k := 0
	for f := range s.families {
		nodes := s.families[f].nodes
		for i := range nodes {
			if i == 0 && f > 0 {
				continue
			}
			n := &p.Needs[k]
			n.Have = v.have[f][i]
			n.Missing = max(0, n.Least-n.Have)
			k++
		}
		p.Short = max(p.Short, v.short(f))
	}
	if p.Status == Exempt {
		p.Needs = nil
		return
	}
	p.Status = Complete
	for i := range p.Needs {
		n := &p.Needs[i]
		if n.Missing == 0 {
			continue
		}
		var status Status
		if status, n.By = v.stands(c, n.By); rank(status) > rank(p.Status) {
			p.Status = status
		}
		if p.First.IsZero() || n.By.Before(p.First) {
			p.First = n.By
		}
		if n.By.After(p.By) {
			p.By = n.By
		}
	}
}

// short returns how many further credits would meet the requirements of one family.
func (v *evaluation) short(f int) code.Amount {
	nodes := v.scheme.families[f].nodes
	below := make([]code.Amount, len(nodes))
	for i := len(nodes) - 1; ; i-- {
		need := max(v.least[f][i]-v.have[f][i], below[i])
		if i == 0 {
			return max(0, need)
		}
		below[nodes[i].above] += max(0, need)
	}
}

// stands returns how the person stands with something that is missing and was to be earned by a day, and by
// when it still can be.
func (v *evaluation) stands(c cycle, by act.Date) (Status, act.Date) {
	last := v.deadline(c, by)
	grace := v.scheme.graceEnd(by)
	switch {
	case !v.at.After(by):
		return Open, by
	case !v.at.After(grace):
		return InGrace, grace
	case !v.at.After(last):
		return MakingUp, last
	}
	return Short, last
}

func rank(s Status) int {
	switch s {
	case Short:
		return 4
	case MakingUp:
		return 3
	case InGrace:
		return 2
	case Open:
		return 1
	}
	return 0
}
