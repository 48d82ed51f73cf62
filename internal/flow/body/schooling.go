package flowbody

import (
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/education"
	"shingle/internal/code"
)

// Schooling is somebody's education at a time, as it is shown to them and to who looks after it.
type Schooling struct {
	Person  string
	At      act.Date       // the day it is reckoned on
	Bound   bool           // they have, or had, a role that the code binds; else there are no periods, and everything is kept
	Scheme  code.Education // of the text in force; what people may choose from when they claim
	Version string         // of the text in force, "" before the first
	Who     education.Person
	Entries []education.Entry
	Claims  []education.Claim
	Ledger  education.Ledger // its n-th line is of the n-th entry
}

// SchoolingOf returns a person's education at a time, as far as is known then. It is total: of nobody there is none.
func SchoolingOf(w act.World, person string, at time.Time) Schooling {
	zone := bodyOf(w).Location
	if zone == nil {
		zone = time.UTC
	}
	s := Schooling{Person: person, At: act.DateIn(at, zone)}
	rules := rulesOf(w, at)
	if v, ok := codeOf(w).InForce(at); ok {
		s.Scheme, s.Version = v.Requirements.Education, v.Label
	}
	known := learnerOf(w, person).Known(at)
	s.Who = personUnder(orAny(rules), careerOf(w, person), at, zone)
	s.Bound = !s.Who.Joined.IsZero()
	if !s.Bound {
		s.Who.Joined, rules = s.At, nil
	}
	known.Bear(&s.Who, zone)
	s.Entries, s.Claims = known.Ledger, learnerOf(w, person).Claims
	s.Ledger = rules.Evaluate(&s.Who, known.Credits(), s.At)
	return s
}

// orAny returns rules under which practitioners are bound, where nothing was ever owed.
func orAny(rules education.Rules) education.Rules {
	if len(rules) == 0 {
		return education.Rules{{Scheme: education.Ready(code.Education{})}}
	}
	return rules
}

// Pupils returns the education of everybody at a member whom the code in force binds at a time, by number.
func Pupils(w act.World, member string, at time.Time) (all []Schooling) {
	v, ok := codeOf(w).InForce(at)
	if !ok {
		return nil
	}
	scheme := schemeOf(v)
	for _, person := range act.FoldOf[staff](w, staffFold.Name, "member/"+member) {
		here := slices.ContainsFunc(careerOf(w, person).stays(at), func(s stay) bool {
			return s.member == member && scheme.Binds(s.role) && s.at(at)
		})
		if here {
			all = append(all, SchoolingOf(w, person, at))
		}
	}
	slices.SortFunc(all, func(a, b Schooling) int { return strings.Compare(a.Person, b.Person) })
	return all
}
