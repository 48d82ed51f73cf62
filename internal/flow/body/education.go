package flowbody

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/education"
	"shingle/internal/body/governance"
	"shingle/internal/body/people"
	"shingle/internal/code"
)

// educationFacts gathers what an act about education must know.
func educationFacts(w act.World, stream string, cmd any, m act.Meta) education.Facts {
	sort, id, _ := strings.Cut(stream, "/")
	f := education.Facts{ID: id}
	b := bodyOf(w)
	if b.Founded.IsZero() {
		return f
	}
	f.Zone = b.Location
	if v, ok := codeOf(w).InForce(m.At); ok {
		f.Scheme = v.Requirements.Education
	}
	if sort == "learner" {
		person := personOf(w, "person/"+id)
		f.Known = person.Stage == people.Invited || person.Stage == people.Joined
		f.Person = personUnder(rulesOf(w, m.At), careerOf(w, id), m.At, b.Location)
		for _, held := range person.Roles {
			if held.Member != "" && held.At(m.At) && takesPart(w, held.Member) {
				f.Members = appendOnce(f.Members, held.Member)
			}
		}
	}
	switch cmd := cmd.(type) {
	case education.Record:
		f.Course = act.StateOf[education.Course](w, "course/"+strings.TrimSpace(cmd.Course))
		f.Provider = act.StateOf[education.Provider](w, "provider/"+f.Course.Provider)
	case education.Offer:
		f.Provider = act.StateOf[education.Provider](w, "provider/"+strings.TrimSpace(cmd.Provider))
	case education.Draw:
		f.People = BoundPeople(w, m.At)
	}
	return f
}

func appendOnce(all []string, s string) []string {
	for _, have := range all {
		if have == s {
			return all
		}
	}
	return append(all, s)
}

// BoundPeople returns the numbers of all whom the code in force binds at a time, as was known then. People are numbered
// one after the other, so that nobody is left out.
func BoundPeople(w act.World, at time.Time) (all []string) {
	v, ok := codeOf(w).InForce(at)
	if !ok {
		return nil
	}
	scheme := schemeOf(v)
	for n := 1; ; n++ {
		number := fmt.Sprintf("%04d", n)
		if personOf(w, "person/"+number).Stage == people.Unknown {
			return all
		}
		if slices.ContainsFunc(careerOf(w, number).stays(at), func(s stay) bool { return s.member != "" && scheme.Binds(s.role) && s.at(at) }) {
			all = append(all, number)
		}
	}
}

// Sampled returns the numbers of all from whom an audit was drawn, or would be drawn at a time; false if there is no
// such audit.
func Sampled(w act.World, audit string, at time.Time) (people []string, ok bool) {
	a := act.StateOf[education.Audit](w, "audit/"+audit)
	if a.Commitment == "" {
		return nil, false
	}
	if a.IsDrawn {
		at = a.DrawnAt
	}
	return BoundPeople(w, at), true
}

// schemes are those that were made ready once, by the hash of their text: string → *education.Scheme.
var schemes sync.Map

func schemeOf(v governance.Adoption) *education.Scheme {
	if s, ok := schemes.Load(v.Hash()); ok {
		return s.(*education.Scheme)
	}
	s, _ := schemes.LoadOrStore(v.Hash(), education.Ready(v.Requirements.Education))
	return s.(*education.Scheme)
}

// rulesOf returns the schemes of the body over time, as far as they were adopted at a time; none if nothing was ever
// owed. A version that says the same of education as the one before it begins no reign of its own.
func rulesOf(w act.World, known time.Time) education.Rules { return rulesIn(codeOf(w), known) }

func rulesIn(adopted governance.Code, known time.Time) (rules education.Rules) {
	set := false
	var last *code.Education
	for _, v := range adopted.Versions {
		e := &v.Requirements.Education
		if v.Adopted.After(known) || last != nil && reflect.DeepEqual(*last, *e) {
			continue
		}
		set = set || e.IsSet()
		rules, last = append(rules, education.Reign{From: v.Effective, Scheme: schemeOf(v)}), e
	}
	if !set {
		return nil
	}
	return rules
}

// personUnder returns from when on somebody is bound, and until when, as far as is known: from their first day in a
// role that any of the schemes binds. They keep their place in the periods when they change the member; days in
// between, with no such role, are as a leave.
func personUnder(rules education.Rules, c career, known time.Time, zone *time.Location) (p education.Person) {
	var end act.Date // the first day without a role, so far
	open := false
	for _, s := range c.stays(known) {
		if s.member == "" || !binds(rules, s.role) {
			continue
		}
		from, until := act.DateIn(s.from, zone), act.Date{}
		if !s.until.IsZero() {
			until = act.DateIn(s.until, zone)
		}
		switch {
		case p.Joined.IsZero():
			p.Joined = from
		case !open && from.After(end):
			p.Leaves = append(p.Leaves, education.Leave{From: end, Until: from.AddDays(-1)})
		}
		open = open || until.IsZero()
		if until.After(end) {
			end = until
		}
	}
	if !open {
		p.Left = end
	}
	return p
}

func binds(rules education.Rules, role string) bool {
	for _, r := range rules {
		if r.Scheme.Binds(role) {
			return true
		}
	}
	return false
}
