package education

import (
	"cmp"
	"slices"

	"shingle/internal/code"
)

// pool is what may be counted in a later period because it was not needed in its own. As long as the scheme
// looks at one dimension it is not decided yet which of it is carried over: that is seen when the next period
// is laid out, in the person's favour.
type pool []item

// choose lays out the items of a period where they compete, and returns what may be counted later.
func (v *evaluation) choose(c cycle, p *Period, brought pool, items []item, families []int) pool {
	s, a := v.scheme, &v.alloc
	most := s.education.CarryOver.Most
	a.prepare(v, families)
	all := slices.Concat(brought, items)
	a.sort(all, c)
	if p.Short = a.solve(); p.Short > 0 {
		// Nothing is carried out of a period in which something is missing: all of it is counted there.
		for i := range a.cells {
			a.cells[i].eligible = false
		}
		p.Short = a.solve()
	}
	counts := make([]code.Amount, len(all))
	for i := range a.cells {
		v.hand(&a.cells[i], all, counts, len(brought), families)
	}
	carried := v.settle(brought, counts[:len(brought)])
	var rest pool
	for i, it := range all {
		left := it.amount - counts[i]
		if i < len(brought) {
			if carried[i] > 0 {
				p.In = append(p.In, Carried{Credit: it.credit, Amount: carried[i], Counts: counts[i], Left: it.left})
			}
			left = carried[i] - counts[i]
		} else {
			v.explain(&it, counts[i], p.Short == 0 && s.eligible(&it, c))
		}
		if left > 0 && p.Short == 0 && s.eligible(&it, c) {
			it.amount, it.left, it.fresh, it.brought = left, it.left-1, i >= len(brought), true
			it.use = a.use(families, &it, c)
			it.general = s.education.CarryOver.CountsAs == "general"
			rest = append(rest, it)
			p.Out = min(most, p.Out+left)
		}
	}
	// What is of most use later goes first, then what was earned last.
	slices.SortStableFunc(rest, func(a, b item) int { return cmp.Or(cmp.Compare(b.use, a.use), b.on.Compare(a.on)) })
	if !a.pooled {
		amounts := v.settle(rest, make([]code.Amount, len(rest)))
		for i := range rest {
			rest[i].amount, rest[i].fresh = amounts[i], false
		}
		rest = slices.DeleteFunc(rest, func(it item) bool { return it.amount == 0 })
	}
	return rest
}

// settle decides what of a pool is carried over: what counts, and then in order as much as may be.
func (v *evaluation) settle(rest pool, counts []code.Amount) []code.Amount {
	if len(rest) == 0 {
		return nil
	}
	left := v.scheme.education.CarryOver.Most
	for _, n := range counts {
		left -= n
	}
	carried := make([]code.Amount, len(rest))
	for i, it := range rest {
		more := min(left, it.amount-counts[i])
		left -= more
		carried[i] = counts[i] + more
		if it.fresh {
			v.ledger.Lines[it.credit].Carried = carried[i]
		}
	}
	return carried
}

// hand gives what is counted of a cell to its items, in the order of the scheme.
func (v *evaluation) hand(x *cell, items []item, counts []code.Amount, brought int, families []int) {
	trees := len(v.alloc.trees)
	for k, f := range families {
		for j, amount := range x.parts[trees-len(families)+k] {
			v.add(f, amount, x.at[trees-len(families)+k][j:j+1])
		}
	}
	left := x.counted
	var nth [2]int // the node whose part is being handed out
	var used [2]code.Amount
	for _, i := range x.items {
		counts[i] = min(items[i].amount, left)
		left -= counts[i]
		for k, f := range families {
			t := trees - len(families) + k
			for nth[k] < len(x.parts[t])-1 && used[k] >= x.parts[t][nth[k]] {
				nth[k], used[k] = nth[k]+1, 0
			}
			used[k] += counts[i]
			if i >= brought {
				v.ledger.Lines[items[i].credit].at[f] = int16(x.at[t][nth[k]])
			}
		}
	}
}

// explain says on its line what became of an item. Caps are looked at when the whole period is counted.
func (v *evaluation) explain(it *item, counts code.Amount, eligible bool) {
	l := &v.ledger.Lines[it.credit]
	l.Counts = counts
	if counts == it.amount {
		return
	}
	l.over[0], l.over[1] = v.capOver(l)
	if counts == 0 {
		l.Why = OverCap
		if eligible {
			l.Why = NotNeeded
		}
	}
}

// capOver returns the requirement whose cap keeps a credit from being counted in full; -1 for none.
func (v *evaluation) capOver(l *Line) (family, node int16) {
	for f := range v.scheme.families {
		nodes := v.scheme.families[f].nodes
		for n := int(l.at[f]); n > 0; n = nodes[n].above {
			if nodes[n].capped && v.have[f][n] >= nodes[n].most {
				return int16(f), int16(n)
			}
		}
	}
	return -1, -1
}
