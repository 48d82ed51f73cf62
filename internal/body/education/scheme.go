package education

import (
	"slices"

	"shingle/internal/act"
	"shingle/internal/code"
)

// Scheme is a code's education, made ready to be used for many people. It can be shared.
type Scheme struct {
	education code.Education
	months    int // of a period
	part      int // months of a part of it; 0 if it has none
	families  []family
	chooses   bool // credits can compete: under a cap, or for a carry-over
	total     code.Amount
}

// family is all requirements of one dimension, as a tree. Whatever is counted belongs to one of its nodes
// (the deepest one that fits) and to all above that.
type family struct {
	by    code.Dimension
	nodes []node // the first is the whole
}

type node struct {
	name        string
	above       int // the node it is a part of; -1 for the whole
	below       []int
	by          code.Dimension
	any         code.Words
	window      int // months at the end of the period
	part        int // of the period, from 1; 0 if it is no such
	least, most code.Amount
	capped      bool
}

// Ready makes a scheme ready. It takes what [code.Parse] and [code.ParseEducation] let pass.
func Ready(e code.Education) *Scheme {
	s := &Scheme{education: e, total: e.Credits.Or(0)}
	s.months, _ = e.Period.Or(code.Duration{N: 1, Unit: code.Years}).MonthsLong()
	s.part, _ = e.Each.Period.MonthsLong()
	for _, q := range e.All() {
		s.add(q, s.family(q.By), 0)
	}
	if s.part > 0 {
		f := s.family(code.ByTime)
		for i := range s.months / s.part {
			s.families[f].grow(node{part: i + 1, by: code.ByTime, least: e.Each.Least}, 0)
		}
	}
	if len(s.families) == 0 {
		s.family(code.ByTopic)
	}
	s.chooses = e.CarryOver.Most > 0 || slices.ContainsFunc(s.families, func(f family) bool {
		return slices.ContainsFunc(f.nodes, func(n node) bool { return n.capped })
	})
	return s
}

// family returns the place of a dimension's tree, planted if there is none.
func (s *Scheme) family(by code.Dimension) int {
	if i := slices.IndexFunc(s.families, func(f family) bool { return f.by == by }); i >= 0 {
		return i
	}
	s.families = append(s.families, family{by, []node{{name: "credits", above: -1, least: s.total}}})
	return len(s.families) - 1
}

func (s *Scheme) add(q code.Requirement, f, above int) {
	n := node{name: q.Name, by: q.By, any: q.Any, least: q.Least.Or(0)}
	n.window, _ = q.Window.MonthsLong()
	n.most, n.capped = q.Most.Get()
	i := s.families[f].grow(n, above)
	for _, below := range q.OfWhich {
		s.add(below, f, i)
	}
}

func (f *family) grow(n node, above int) int {
	n.above = above
	i := len(f.nodes)
	f.nodes[above].below = append(f.nodes[above].below, i)
	f.nodes = append(f.nodes, n)
	return i
}

// item is something that can be counted in a period: a credit, or a part of one that was carried over.
type item struct {
	credit  int // its place among those given
	cycle   int // the number of the period in which it counts
	on      act.Date
	day     act.Date // the same, or the day for which it makes up
	topics  []string
	credits *Credit
	amount  code.Amount
	fresh   bool  // it comes out of its own period
	general bool  // it counts towards the total only
	brought bool  // from an earlier period
	use     int64 // in a later period; see allocation.use
	left    int   // periods in which it can still be used, this one included
}

// fits reports whether an item is of the kind that a node asks for.
func (n *node) fits(it *item, topic string, c cycle) bool {
	switch n.by {
	case code.ByTopic:
		return n.any.Covers(topic)
	case code.ByDelivery:
		return n.any.Covers(it.credits.Delivery)
	case code.ByKind:
		return n.any.Covers(it.credits.Kind)
	case code.ByProvider:
		return n.any.Covers(it.credits.Provider)
	case code.ByProof:
		return n.any.Covers(it.credits.Proof)
	}
	switch {
	case it.brought:
		return false
	case n.part > 0:
		return c.part(it) == n.part
	}
	return !it.on.Before(c.until.AddDays(1).AddMonths(-n.window))
}

// place returns the deepest node of the tree that an item belongs to, by one of its topics.
func (f *family) place(it *item, topic string, c cycle) int {
	at := 0
	if it.general {
		return at
	}
	for {
		i := slices.IndexFunc(f.nodes[at].below, func(b int) bool { return f.nodes[b].fits(it, topic, c) })
		if i < 0 {
			return at
		}
		at = f.nodes[at].below[i]
	}
}

// places returns all nodes that an item may be counted at: with several topics, there may be several.
func (f *family) places(it *item, c cycle, into []int) []int {
	if len(it.topics) < 2 {
		topic := ""
		if len(it.topics) == 1 {
			topic = it.topics[0]
		}
		return append(into, f.place(it, topic, c))
	}
	for _, topic := range it.topics {
		if at := f.place(it, topic, c); !slices.Contains(into, at) {
			into = append(into, at)
		}
	}
	return into
}
