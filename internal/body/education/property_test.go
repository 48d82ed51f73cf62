package education

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"shingle/internal/act"
	"shingle/internal/code"
)

// someScheme draws a scheme that the check lets pass. Small ones can be worked out by trying everything.
func someScheme(t *rapid.T, small bool) *Scheme {
	n := func(label string, least, most int) int { return rapid.IntRange(least, most).Draw(t, label) }
	credits := n("credits", 1, 4)
	if !small {
		credits = n("more credits", 4, 30)
	}
	bounds := func(label string, most int) string {
		s := ""
		least := 0
		if rapid.Bool().Draw(t, label+" has least") {
			least = n(label+" least", 1, most)
			s += fmt.Sprintf(", least: %d", least)
		}
		if rapid.Bool().Draw(t, label+" has most") || s == "" {
			s += fmt.Sprintf(", most: %d", n(label+" most", max(1, least), max(1, most)))
		}
		return s
	}
	var b strings.Builder
	fmt.Fprintf(&b, "credits: %d\nperiod: 1y\ntopics: [a, a/x, a/y, b]\ndeliveries: {live: {}, self: {}}\n", credits)
	var parts []string
	if rapid.Bool().Draw(t, "a") {
		below := ""
		if rapid.Bool().Draw(t, "a/x") {
			below = fmt.Sprintf(", of-which: [{name: X, topic: a/x%s}]", bounds("x", max(1, credits/2)))
		}
		parts = append(parts, fmt.Sprintf("  - {name: A, topic: a%s%s}", bounds("a", credits), below))
	}
	if rapid.Bool().Draw(t, "b") {
		parts = append(parts, fmt.Sprintf("  - {name: B, topic: b%s}", bounds("b", credits)))
	}
	if rapid.Bool().Draw(t, "self") {
		parts = append(parts, fmt.Sprintf("  - {name: Self, delivery: self%s}", bounds("self", credits)))
	} else if !small && rapid.Bool().Draw(t, "each") {
		fmt.Fprintf(&b, "each: {period: 6mo, least: %d}\n", n("each", 1, credits/2))
	}
	if len(parts) > 0 {
		b.WriteString("of-which:\n" + strings.Join(parts, "\n") + "\n")
	}
	if rapid.Bool().Draw(t, "carry") {
		fmt.Fprintf(&b, "carry-over: {most: %d", n("carry", 1, 3))
		if rapid.Bool().Draw(t, "carry window") {
			b.WriteString(", window: 6mo")
		}
		if rapid.Bool().Draw(t, "carry topics") {
			b.WriteString(", topics: [a]")
		}
		if looksAtTwo := strings.Contains(b.String(), "each") && len(parts) > 0 || strings.Contains(b.String(), "Self") && len(parts) > 1; looksAtTwo || rapid.Bool().Draw(t, "general") {
			b.WriteString(", counts-as: general")
		}
		if rapid.Bool().Draw(t, "lasts") {
			b.WriteString(", lasts: 2")
		}
		b.WriteString("}\n")
	}
	e, problems := code.ParseEducation([]byte(b.String()))
	if problems != nil {
		t.Skip(problems.Error())
	}
	return Ready(e)
}

func someCredits(t *rapid.T, most, biggest, years int) []Credit {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Credit {
		c := Credit{
			On:       act.On(2026, 1, 1).AddDays(rapid.IntRange(0, 365*years-1).Draw(t, "day")),
			Credits:  code.Amount(rapid.IntRange(1, biggest).Draw(t, "amount")) * code.Credit,
			Topics:   rapid.SampledFrom([][]string{nil, {"a"}, {"a/x"}, {"a/y"}, {"b"}, {"a/x", "b"}}).Draw(t, "topics"),
			Delivery: rapid.SampledFrom([]string{"live", "self"}).Draw(t, "delivery"),
		}
		c.ID = fmt.Sprint(c.On, c.Credits, c.Topics, c.Delivery)
		return c
	}), 0, most).Draw(t, "credits")
}

var newcomer = Person{Joined: act.On(2026, 1, 1)}

// TestNothingBetterCanBeFound compares what is laid out with what trying everything finds.
func TestNothingBetterCanBeFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := someScheme(t, true)
		if !s.chooses || len(s.families) > 2 {
			t.Skip("nothing to choose")
		}
		credits := someCredits(t, 3, 2, 1)
		l := s.Evaluate(&newcomer, credits, act.On(2026, 12, 31))
		p := l.Periods[0]
		short, out := everything(s, credits)
		if p.Short != short || p.Out != out {
			t.Errorf("%v\nshort %v, carried over %v; by trying everything %v and %v", s.education, p.Short, p.Out, short, out)
		}
	})
}

// everything tries every way to count whole credits, and every way to add missing ones.
func everything(s *Scheme, credits []Credit) (short, out code.Amount) {
	c := s.cycleOf(s.anchor(&newcomer), act.On(2026, 6, 1))
	var items []item
	for i := range credits {
		items = append(items, item{credit: i, on: credits[i].On, day: credits[i].On, topics: credits[i].Topics, credits: &credits[i], amount: credits[i].Credits})
	}
	have := make([][]code.Amount, len(s.families))
	for f := range have {
		have[f] = make([]code.Amount, len(s.families[f].nodes))
	}
	add := func(f, at int, amount code.Amount) {
		for ; at >= 0; at = s.families[f].nodes[at].above {
			have[f][at] += amount
		}
	}
	within := func() bool {
		for f := range s.families {
			for i, n := range s.families[f].nodes {
				if n.capped && have[f][i] > n.most {
					return false
				}
			}
		}
		return true
	}
	met := func() bool {
		for f := range s.families {
			for i, n := range s.families[f].nodes {
				if have[f][i] < n.least {
					return false
				}
			}
		}
		return true
	}
	second := 1
	if len(s.families) == 2 {
		second = len(s.families[1].nodes)
	}
	// further reports whether so many further credits, from a pair of nodes on, meet all requirements.
	var further func(n, pair int) bool
	further = func(n, pair int) bool {
		if n == 0 {
			return met()
		}
		for ; pair < len(s.families[0].nodes)*second; pair++ {
			one, two := pair/second, pair%second
			put := func(a code.Amount) {
				add(0, one, a)
				if len(s.families) == 2 {
					add(1, two, a)
				}
			}
			put(code.Credit)
			found := within() && further(n-1, pair)
			put(-code.Credit)
			if found {
				return true
			}
		}
		return false
	}
	best, most := 1<<20, code.Amount(-1)
	var try func(i int, carried code.Amount)
	try = func(i int, carried code.Amount) {
		if i == len(items) {
			for n := 0; n <= best && n <= 12; n++ {
				if further(n, 0) {
					carry := min(carried, s.education.CarryOver.Most)
					if n < best || carry > most {
						best, most = n, carry
					}
					break
				}
			}
			return
		}
		it := &items[i]
		ones := s.families[0].places(it, c, nil)
		twos := []int{0}
		if len(s.families) == 2 {
			twos = s.families[1].places(it, c, nil)
		}
		left := code.Amount(0)
		if s.eligible(it, c) {
			left = code.Credit
		}
		// A credit of two can be split over two topics: each of its units is placed by itself.
		var unit func(n code.Amount, carried code.Amount, from int)
		unit = func(n, carried code.Amount, from int) {
			if n == 0 {
				try(i+1, carried)
				return
			}
			unit(n-code.Credit, carried+left, len(ones)*len(twos)) // units that are not counted come last
			for pair := from; pair < len(ones)*len(twos); pair++ {
				put := func(a code.Amount) {
					add(0, ones[pair/len(twos)], a)
					if len(s.families) == 2 {
						add(1, twos[pair%len(twos)], a)
					}
				}
				put(code.Credit)
				if within() {
					unit(n-code.Credit, carried, pair)
				}
				put(-code.Credit)
			}
		}
		unit(it.amount, carried, 0)
	}
	try(0, 0)
	if best > 0 {
		most = 0 // nothing is carried out of a period in which something is missing
	}
	return code.Amount(best) * code.Credit, most
}

// TestACreditMoreNeverLowers adds a credit anywhere in three years.
func TestACreditMoreNeverLowers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := someScheme(t, false)
		credits := someCredits(t, 12, 6, 3)
		before := s.Evaluate(&newcomer, credits, act.On(2028, 12, 31))
		extra := someCredits(t, 1, 6, 3)
		after := s.Evaluate(&newcomer, append(slices.Clone(credits), extra...), act.On(2028, 12, 31))
		for i := range before.Periods {
			if b, a := before.Periods[i], after.Periods[i]; a.Short > b.Short || rank(a.Status) > rank(b.Status) {
				t.Errorf("%v\nwith %v, %s became %s", s.education, extra, b, a)
			}
		}
	})
}

// TestAReversalUndoesExactly compares a ledger with a reversed credit with one that never had it.
func TestAReversalUndoesExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := someScheme(t, false)
		credits := someCredits(t, 12, 6, 3)
		without := s.Evaluate(&newcomer, credits, act.On(2028, 12, 31))
		extra := someCredits(t, 1, 6, 3)
		for i := range extra {
			extra[i].Reversed = "by mistake"
		}
		with := s.Evaluate(&newcomer, append(slices.Clone(credits), extra...), act.On(2028, 12, 31))
		for i := range extra {
			if l := with.Lines[len(credits)+i]; l.Counts != 0 || l.Carried != 0 || l.Why != IsReversed {
				t.Errorf("a reversed credit counts: %s", l)
			}
		}
		with.Lines = with.Lines[:len(credits)]
		if diff := cmp.Diff(said(without), said(with)); diff != "" {
			t.Error(diff)
		}
		// Nor does it matter in which order the ledger is read.
		turned := slices.Clone(credits)
		slices.Reverse(turned)
		other := s.Evaluate(&newcomer, turned, act.On(2028, 12, 31))
		for i, p := range without.Periods {
			if p.Short != other.Periods[i].Short || p.Out != other.Periods[i].Out || p.Status != other.Periods[i].Status {
				t.Errorf("read backwards, %s is %s", p, other.Periods[i])
			}
		}
	})
}

func said(l Ledger) string {
	var b strings.Builder
	for _, p := range l.Periods {
		fmt.Fprintln(&b, p, p.Needs, p.In, p.Out)
	}
	for _, line := range l.Lines {
		fmt.Fprintln(&b, line)
	}
	return b.String()
}

// TestSumsAgreeWithTheFlow takes both ways where there is nothing to choose.
func TestSumsAgreeWithTheFlow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := someScheme(t, false)
		if s.chooses || len(s.families) > 2 {
			t.Skip("there is something to choose")
		}
		credits := someCredits(t, 12, 6, 3)
		for i := range credits {
			credits[i].Topics = credits[i].Topics[:min(1, len(credits[i].Topics))]
		}
		sums := said(s.Evaluate(&newcomer, credits, act.On(2028, 12, 31)))
		flow := *s
		flow.chooses = true
		if diff := cmp.Diff(sums, said(flow.Evaluate(&newcomer, credits, act.On(2028, 12, 31)))); diff != "" {
			t.Error(diff)
		}
	})
}

// TestLinesAddUp holds lines to periods: what counts in a period is the sum of what its credits count.
func TestLinesAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := someScheme(t, false)
		credits := someCredits(t, 12, 6, 3)
		l := s.Evaluate(&newcomer, credits, act.On(2028, 12, 31))
		have, out := make([]code.Amount, len(l.Periods)), make([]code.Amount, len(l.Periods))
		for _, line := range l.Lines {
			if line.Counts < 0 || line.Carried < 0 || line.Counts+line.Carried > line.Worth || line.String() == "" {
				t.Errorf("%+v", line)
			}
			have[line.Period] += line.Counts
			out[line.Period] += line.Carried
		}
		for i, p := range l.Periods {
			for _, in := range p.In {
				have[i] += in.Counts
			}
			if len(p.Needs) > 0 && p.Needs[0].Have != have[i] {
				t.Errorf("%s: the whole has %s, the lines %s", p, p.Needs[0].Have, have[i])
			}
			if p.Out < out[i] || p.Out > s.education.CarryOver.Most {
				t.Errorf("%s: %s go into the next period, the lines say %s", p, p.Out, out[i])
			}
			for _, n := range p.Needs {
				if n.Capped && n.Have > n.Most {
					t.Errorf("%s: over its cap", n)
				}
			}
		}
	})
}
