package cases

import (
	"slices"
	"strings"

	"shingle/internal/act"
)

// Panelist is what is known of a person who is to have a part in a case.
type Panelist struct {
	Manages   bool      // holds the office of a case manager
	Office    bool      // holds the office of a panelist
	Side      string    // [Public] or [Trade]; "" for nobody in the pool
	Declared  bool      // their interests are on record
	Works     []Company // members where they hold a role, or say that they work
	Interests []string  // numbers of members
}

func (p Panelist) worksAt(member string) bool {
	return slices.ContainsFunc(p.Works, func(c Company) bool { return c.Number == member })
}

// answering are the members that answer in a case now.
func (c Case) answering(f Facts) []string { return append([]string{c.Member}, c.heirs(f)...) }

// parties are the members that have a stake in a case.
func (c Case) parties(f Facts) []string {
	all := c.answering(f)
	if c.Complainant.Member != "" {
		all = append(all, c.Complainant.Member)
	}
	return all
}

var fromPool = act.Rule{
	ID:    "CASE-40",
	Cites: "procedure.panel",
	Text:  "Panels are named from the pool: people who hold the office of a panelist, and whose interests are on record.",
	Cure:  "Name somebody of the pool; have them declare their interests with panelist.declare.",
}

var noPartBefore = act.Rule{
	ID:    "CASE-41",
	Cites: "procedure.impartiality",
	Text:  "Nobody sits who complained, or who screened, investigated, reviewed, ruled or sat in the case before.",
	Cure:  "Name somebody who had no part in the case.",
}

var noInterest = act.Rule{
	ID:    "CASE-42",
	Cites: "procedure.impartiality",
	Text:  "Nobody sits who works for a party or has an interest in it.",
	Cure:  "Name somebody who is close to neither side.",
}

var noCompetitor = act.Rule{
	ID:    "CASE-43",
	Cites: "procedure.impartiality",
	Text:  "Nobody sits whose company competes with the respondent: in the same place, with the same service.",
	Cure:  "Name somebody from elsewhere, or from the public.",
}

// MaySit refuses somebody who has a conflict in a case.
func (c Case) MaySit(f Facts, number string) error {
	p, who := f.People[number], "person/"+number
	switch {
	case !p.Office || p.Side == "":
		return fromPool.Refuse("%q is not in the pool", number)
	case !p.Declared:
		return fromPool.Refuse("%s has not declared their interests", number)
	case c.Manager == who || c.Complainant.Actor == who:
		return noPartBefore.Refuse("%s has a part in case %s", number, c.ID)
	case c.Did(who) != "":
		return noPartBefore.Refuse("%s has %s in case %s", number, c.Did(who), c.ID)
	}
	for _, party := range c.parties(f) {
		if p.worksAt(party) || slices.Contains(p.Interests, party) {
			return noInterest.Refuse("%s is close to member %s", number, party)
		}
	}
	for _, company := range p.Works {
		if company.competes(f.Respondent) {
			return noCompetitor.Refuse("%s works at member %s, which competes with member %s", number, company.Number, c.Member)
		}
	}
	return nil
}

// competes reports whether two companies offer the same service in the same place.
func (c Company) competes(o Company) bool {
	same := func(a, b string) bool {
		return a != "" && strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
	}
	return same(c.Place, o.Place) && slices.ContainsFunc(c.Services, func(s string) bool {
		return slices.ContainsFunc(o.Services, func(t string) bool { return same(s, t) })
	})
}
