package body

import (
	"context"
	"slices"
	"strings"

	"shingle/internal/body/cases"
)

// Part says which part a person has, or had, in a case.
type Part struct {
	Case string
	As   string
	Now  bool // false for a part that is over
}

// The parts that somebody has now in a case. What somebody did before is named as [cases.Hand] has it: "screened",
// "investigated", "reviewed", "ruled", "sat", "stepped down".
const (
	PartManager    = "manager"
	PartPresiding  = "presiding"
	PartPanelist   = "panelist"
	PartAlternate  = "alternate"
	PartAppealHead = "appeal-presiding"
	PartAppeal     = "appeal-panelist"
	PartAppealAlt  = "appeal-alternate"
)

// personActor begins the name of a person's stream.
const personActor = "person/"

// CasesOf returns the parts that a person has, or had, in cases for the body, by the number of the case. The person
// is given by number, or as who asks: "person/0007".
func (r Register) CasesOf(ctx context.Context, person string) ([]Part, error) {
	rows, err := r.DB.QueryContext(ctx, `SELECT id, part, now FROM docket_part WHERE person = $1 ORDER BY id, part`, strings.TrimPrefix(person, personActor))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Part
	for rows.Next() {
		var p Part
		var now int64
		if err := rows.Scan(&p.Case, &p.As, &now); err != nil {
			return nil, err
		}
		p.Now = now == 1
		all = append(all, p)
	}
	return all, rows.Err()
}

// place is a part of a person in a case that is being written.
type place struct {
	person, part string
	now          bool
}

// placesOf returns who has or had a part in a case.
func placesOf(c cases.Case) (all []place) {
	add := func(p place) {
		if !slices.ContainsFunc(all, func(o place) bool { return o.person == p.person && o.part == p.part }) {
			all = append(all, p)
		}
	}
	if c.Manager != "" {
		add(place{strings.TrimPrefix(c.Manager, personActor), PartManager, true})
	}
	presiding, panelist, alternate := PartPresiding, PartPanelist, PartAlternate
	if !c.Appeal.Lodged.IsZero() {
		presiding, panelist, alternate = PartAppealHead, PartAppeal, PartAppealAlt
	}
	for _, s := range c.Panel.Seats {
		switch {
		case s.Alternate:
			add(place{s.Person, alternate, true})
		case s.Person == c.Panel.Presides():
			add(place{s.Person, presiding, true})
		default:
			add(place{s.Person, panelist, true})
		}
	}
	for _, h := range c.Hands {
		if person, ok := strings.CutPrefix(h.Who, personActor); ok {
			add(place{person, h.Did, false})
		}
	}
	return all
}
