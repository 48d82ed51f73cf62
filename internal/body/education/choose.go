package education

import (
	"cmp"
	"slices"

	"shingle/internal/code"
)

// choose lays out the items of a period where they compete, and returns what is carried over. The first of
// the items were brought from earlier periods.
func (v *evaluation) choose(c cycle, p *Period, items []item, brought int, families []int) []item {
	a := &v.alloc
	a.scheme, a.families, a.least = v.scheme, families, v.least
	a.sort(items, c)
	p.Short = a.solve()
	carry := v.scheme.education.CarryOver.Most
	var rest []item // what may be carried over
	for i := range a.cells {
		x := &a.cells[i]
		for k, f := range families {
			for j, amount := range x.parts[k] {
				v.add(f, amount, x.at[k][j:j+1])
			}
		}
		rest = append(rest, v.hand(x, p, items, brought, families)...)
	}
	for _, it := range items[brought:] {
		if l := &v.ledger.Lines[it.credit]; l.Counts < l.Worth {
			l.over[0], l.over[1] = v.capOver(l)
		}
	}
	// What is of most use later goes first, then what was earned last.
	slices.SortStableFunc(rest, func(a, b item) int { return cmp.Or(cmp.Compare(b.use, a.use), b.on.Compare(a.on)) })
	var out []item
	for _, it := range rest {
		amount := min(it.amount, carry)
		if amount == 0 {
			break
		}
		carry -= amount
		p.Out += amount
		if !it.brought {
			v.ledger.Lines[it.credit].Carried = amount
		}
		it.amount, it.left, it.brought = amount, it.left-1, true
		it.general = v.scheme.education.CarryOver.CountsAs == "general"
		out = append(out, it)
	}
	return out
}

// hand gives what is counted of a cell to its items, in the order of the scheme, and returns those of which
// something is left that may be carried over.
func (v *evaluation) hand(x *cell, p *Period, items []item, brought int, families []int) (rest []item) {
	left := x.counted
	var nth [2]int // the node whose part is being handed out
	var used [2]code.Amount
	for _, i := range x.items {
		it := items[i]
		counts := min(it.amount, left)
		left -= counts
		l := &v.ledger.Lines[it.credit]
		if i < brought {
			p.In[i].Counts = counts
		} else {
			l.Counts = counts
		}
		for k, f := range families {
			for nth[k] < len(x.parts[k])-1 && used[k] >= x.parts[k][nth[k]] {
				nth[k], used[k] = nth[k]+1, 0
			}
			used[k] += counts
			if i >= brought {
				l.at[f] = int16(x.at[k][nth[k]])
			}
		}
		if counts == it.amount {
			continue
		}
		if i >= brought && counts == 0 {
			l.Why = OverCap
			if x.eligible {
				l.Why = NotNeeded
			}
		}
		if x.eligible {
			it.amount -= counts
			it.use = v.alloc.use(x)
			rest = append(rest, it)
		}
	}
	return rest
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
