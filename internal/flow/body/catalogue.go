// Package flowbody joins the body's domains. No domain knows another: what a decision must know from
// elsewhere is gathered here, and what follows from one domain's events in another is asked for here.
//
// [Catalogue] is everything that a body can be asked for. [FactsOf] is what a member's standing follows
// from. There is one file for each sort of facts and for each reaction.
package flowbody

import (
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/custody"
	"shingle/internal/body/discipline"
	"shingle/internal/body/education"
	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	"shingle/internal/body/people"
	"shingle/internal/body/standing"
)

// Catalogue returns everything that a body can be asked for, and all that can have happened in it.
func Catalogue() *act.Catalogue {
	c := act.NewCatalogue(
		[]act.Domain{governance.Domain(), membership.Domain(), people.Domain(), discipline.Domain(), cases.Domain(), standing.Domain(), custody.Domain(), education.Domain()},
		[]act.Gatherer{
			act.Gather(bodyFacts),
			act.Gather(membershipFacts),
			act.Gather(peopleFacts),
			act.Gather(disciplineFacts),
			act.Gather(noticeFacts),
			act.Gather(caseFacts),
			act.Gather(standingNow),
			act.Gather(educationFacts),
		},
		[]act.Fold{standingFold, crewFold, trailFold, careerFold, staffFold},
		append(announce(), speaksFor, goAlong, acknowledge, takeIn, enforce, stateStanding),
	)
	c.Zone = func(w act.World) *time.Location { return bodyOf(w).Location }
	return c
}
