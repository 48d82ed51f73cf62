package education

import (
	"slices"

	"shingle/internal/code"
)

// cell is what is alike to the scheme: it can be counted at the same nodes, and carried over or not.
type cell struct {
	at       [2][]int // the nodes of each family where it may be counted
	eligible bool     // it may be carried over
	left     int      // periods in which it could still be used
	use      int64    // in a later period
	amount   code.Amount
	items    []int

	counted code.Amount
	parts   [2][]code.Amount // of what is counted, at each of its nodes
}

// What a unit of flow costs. Each weighs more than all the lesser ones on any path together: first what is
// owed is met, then with as few missing credits as can be, then with as little as can be of what could be
// carried over, of that with what is the least use later; and what else there is counts as far as caps allow.
// Among what is alike the earlier cell goes first, by a unit each.
const (
	costOwed    = -1_000_000_000_000_000
	costMissing = 1_000_000_000_000
	costCarried = 100_000_000
	costUse     = 10_000
	costCounted = -100_000
)

// allocation lays out the items of a period over the requirements that compete, in one tree or two.
type allocation struct {
	scheme   *Scheme
	families []int
	pooled   bool // the first tree tells what was brought from earlier periods, and how much of it may count
	trees    [][]node
	least    [][]code.Amount // what is owed at each node
	cells    []cell
	net      network
}

// prepare sets the trees of families. Beside a single one there is room for another tree: it holds what was
// brought from earlier periods to what may be carried over.
func (a *allocation) prepare(v *evaluation, families []int) {
	a.scheme, a.trees, a.least = v.scheme, a.trees[:0], a.least[:0]
	most := v.scheme.education.CarryOver.Most
	if a.pooled = len(families) == 1 && most > 0; a.pooled {
		a.trees = append(a.trees, []node{{above: -1}, {capped: true, most: most}})
		a.least = append(a.least, []code.Amount{v.least[0][0], 0})
	}
	for _, f := range families {
		a.trees = append(a.trees, v.scheme.families[f].nodes)
		a.least = append(a.least, v.least[f])
	}
	a.families = families
}

// places returns where in each tree an item may be counted.
func (a *allocation) places(it *item, c cycle) (at [2][]int) {
	k := 0
	if a.pooled {
		at[0], k = []int{0}, 1
		if it.brought {
			at[0][0] = 1
		}
	}
	for i, f := range a.families {
		at[k+i] = a.scheme.families[f].places(it, c, nil)
	}
	return at
}

// sort puts the items into cells.
func (a *allocation) sort(items []item, c cycle) {
	a.cells = a.cells[:0]
	for i := range items {
		it := &items[i]
		at := a.places(it, c)
		eligible := a.scheme.eligible(it, c)
		n := slices.IndexFunc(a.cells, func(o cell) bool {
			return o.eligible == eligible && o.left == it.left && slices.Equal(o.at[0], at[0]) && slices.Equal(o.at[1], at[1])
		})
		if n < 0 {
			n = len(a.cells)
			a.cells = append(a.cells, cell{at: at, eligible: eligible, left: it.left, use: a.use(a.families, it, c)})
		}
		a.cells[n].amount += it.amount
		a.cells[n].items = append(a.cells[n].items, i)
	}
}

// solve decides how much of each cell is counted, and returns the least number of credits that are missing.
//
// Credits flow from the whole of the first family down to the node where a cell belongs, through the cell,
// and up the second family. An arc into a node carries first what is owed there, then the rest up to its cap.
// Credits that are still to be earned pass beside the cells, from any node to any node, as caps allow.
func (a *allocation) solve() code.Amount {
	const source, sink, hub = 0, 1, 2
	one := a.trees[0]
	base := [2]int{3, 3 + len(one)}
	cells := base[1]
	if len(a.trees) == 2 {
		cells += len(a.trees[1])
	}
	w := &a.net
	w.reset(cells + 2*len(a.cells))
	missing := 0
	for i, n := range one {
		from := source
		if i > 0 {
			from = base[0] + n.above
		}
		a.link(0, i, from, base[0]+i)
		w.arc(base[0]+i, hub, endless, costMissing)
	}
	if len(a.trees) == 2 {
		for i, n := range a.trees[1] {
			to := sink
			if i > 0 {
				to = base[1] + n.above
			}
			a.link(1, i, base[1]+i, to)
			w.arc(hub, base[1]+i, endless, 0)
		}
	} else {
		w.arc(hub, sink, endless, 0)
	}
	var arcs [][2][]int
	for i := range a.cells {
		arcs = append(arcs, a.through(i, cells+2*i, base))
	}
	w.fill()
	for i := range a.cells {
		x := &a.cells[i]
		x.counted = 0
		for k := range x.at {
			x.parts[k] = nil
			for _, arc := range arcs[i][k] {
				x.parts[k] = append(x.parts[k], code.Amount(w.through(arc)))
			}
		}
		for _, part := range x.parts[0] {
			x.counted += part
		}
	}
	for arc := w.first[hub]; arc >= 0; arc = w.arcs[arc].next {
		if arc&1 == 1 { // the way back of what came in
			missing += w.arcs[arc].left
		}
	}
	return code.Amount(missing)
}

// link adds the arcs of a node: what is owed there, and what else may be counted.
func (a *allocation) link(k, i, from, to int) {
	n := a.trees[k][i]
	owed, rest := int(a.least[k][i]), endless
	if n.capped {
		owed = min(owed, int(n.most))
		rest = int(n.most) - owed
	}
	a.net.arc(from, to, owed, costOwed)
	a.net.arc(from, to, rest, 0)
}

// through adds the arcs of a cell, and returns those that come in and those that go out.
func (a *allocation) through(i, in int, base [2]int) (arcs [2][]int) {
	x := &a.cells[i]
	cost := int64(costCounted + i)
	if x.eligible {
		cost = costCarried + costUse*x.use + x.rank()
	}
	a.net.arc(in, in+1, int(x.amount), cost)
	for _, at := range x.at[0] {
		arcs[0] = append(arcs[0], a.net.arc(base[0]+at, in, endless, 0))
	}
	for _, at := range x.at[1] {
		arcs[1] = append(arcs[1], a.net.arc(in+1, base[1]+at, endless, 0))
	}
	if len(a.trees) == 1 {
		a.net.arc(in+1, 1, endless, 0)
	}
	return arcs
}

// rank orders cells that may be carried over by what they are alone: not by what else there is, so that
// another credit does not change which of two others is left.
func (x *cell) rank() int64 {
	n := 0
	for _, at := range x.at {
		for _, i := range at {
			n = (n*31 + i + 1) % 9973
		}
	}
	return int64(n)
}

// use returns of how much use an item is in a later period: more if requirements ask for it, less if it falls
// under caps.
func (a *allocation) use(families []int, it *item, c cycle) (n int64) {
	for _, f := range families {
		nodes := a.scheme.families[f].nodes
		for at := a.scheme.families[f].places(it, c, nil)[0]; at > 0; at = nodes[at].above {
			switch q := nodes[at]; {
			case q.part > 0 || q.window > 0:
			case q.capped:
				n--
			case q.least > 0:
				n++
			}
		}
	}
	return n
}

// eligible reports whether an item may be carried over into the next period.
func (s *Scheme) eligible(it *item, c cycle) bool {
	o := s.education.CarryOver
	if o.Most == 0 || it.left <= 1 && it.brought {
		return false
	}
	if it.brought {
		return true
	}
	if n, ok := o.Window.MonthsLong(); ok && n > 0 && it.on.Before(c.until.AddDays(1).AddMonths(-n)) {
		return false
	}
	return len(o.Topics) == 0 || slices.ContainsFunc(it.topics, o.Topics.Covers)
}
