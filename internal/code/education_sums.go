package code

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// sums checks that what is asked for can be earned: parts are no more than their whole, and caps leave
// room for it.
func (c *partsCheck) sums(e *Education, at ast.Node) {
	byDimension := map[Dimension]Amount{}
	owed := map[Dimension]Amount{}
	limited := map[Dimension][]Requirement{}
	for i, q := range e.OfWhich {
		byDimension[q.By] += c.owed(q, fmt.Sprintf("/%d", i))
		limited[q.By] = append(limited[q.By], q)
	}
	byDimension[ByProvider] += e.Own
	total, set := e.Credits.Get()
	for _, d := range Dimensions {
		owed[d] = byDimension[d]
		if set && owed[d] > total {
			c.wrongAt(at, "What is owed of each sort is a part of the credits.", "Lower it, or raise the credits.",
				"by %s, %s are owed of %s credits", d, owed[d], total)
		}
		if set {
			c.room(d, limited[d], total, at)
		}
	}
}

// owed returns what a requirement and all below it come to.
func (c *partsCheck) owed(q Requirement, path string) Amount {
	var parts Amount
	for i, below := range q.OfWhich {
		parts += c.owed(below, fmt.Sprintf("%s/%d", path, i))
	}
	least, set := q.Least.Get()
	if most, capped := q.Most.Get(); set && parts > least || capped && parts > most {
		c.wrongAt(c.places[path], "Parts are no more than their whole.", "Lower the parts, or raise the whole.",
			"the parts of %q come to %s", q.Name, parts)
	}
	c.room(q.By, q.OfWhich, least, c.places[path])
	return max(least, parts)
}

// room complains of caps that cover all there is and together come to less than what is owed.
func (c *partsCheck) room(by Dimension, all []Requirement, owed Amount, at ast.Node) {
	universe := map[Dimension]Words{ByProvider: orAll(c.e.Providers, providerWords), ByProof: orAll(c.e.Proofs, proofWords)}[by]
	if len(universe) == 0 {
		return
	}
	var caps Amount
	var covered Words
	for _, q := range all {
		most, capped := q.Most.Get()
		if !capped || q.By != by {
			return
		}
		caps += most
		covered = append(covered, q.Any...)
	}
	if caps < owed && within(universe, covered) {
		c.wrongAt(at, "Caps leave room for what is owed.", "Raise one of them.", "by %s, at most %s can be earned of %s", by, caps, owed)
	}
}

// dimensions refuses what cannot be worked out exactly. What counts for what is a flow through two
// dimensions; caps or a carry-over with more of them would make it a puzzle that nobody could check by hand.
func (c *partsCheck) dimensions(e *Education, at, carry, double ast.Node) {
	var looked []string
	for _, q := range e.All() {
		if !slices.Contains(looked, string(q.By)) {
			looked = append(looked, string(q.By))
		}
	}
	if e.Each != (Each{}) && !slices.Contains(looked, string(ByTime)) {
		looked = append(looked, "each part of the period")
	}
	chooses := e.CarryOver.Most > 0 || caps(e.OfWhich)
	if chooses && len(looked) > 2 {
		c.wrongAt(at, "With a cap or a carry-over, requirements look at two dimensions at most.",
			`Say a cap as the least of the rest ("at most 12 of 25 in self-study" is at least 13 of the others), or put a requirement below another one.`,
			"requirements look at %s", strings.Join(looked, ", "))
	}
	if e.CarryOver.Most > 0 && e.CarryOver.CountsAs != "general" && len(looked) > 1 {
		c.wrongAt(carry, "What is carried over keeps its topic and the rest only where requirements look at one dimension: else another credit could make a person worse off.",
			`Add "counts-as: general": it then counts towards the total.`, "requirements look at %s", strings.Join(looked, ", "))
	}
	if chooses && e.DoubleCount == "yes" {
		c.wrongAt(double, "Where something has a cap or is carried over, nothing counts twice.", `Take out "double-counting", or the caps and the carry-over.`,
			"double counting stands beside a cap or a carry-over")
	}
}

func caps(all []Requirement) bool {
	return slices.ContainsFunc(all, func(q Requirement) bool { return q.Most.IsSet() || caps(q.OfWhich) })
}
