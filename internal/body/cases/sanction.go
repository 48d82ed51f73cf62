package cases

import (
	"slices"
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

// The measures, rising. They are those that orders have.
const (
	Advice            = "advice"
	Warning           = "warning"
	Reprimand         = "reprimand"
	RequiredEducation = "required-education"
	Conditions        = "conditions"
	Probation         = "probation"
	Suspension        = "suspension"
	Expulsion         = "expulsion"
)

// Measures lists all measures, rising. The first two are private.
var Measures = []string{Advice, Warning, Reprimand, RequiredEducation, Conditions, Probation, Suspension, Expulsion}

// Sanction is what is ordered.
type Sanction struct {
	Measure    string        // "" for none
	Provisions []string      // that were violated
	Term       code.Duration // of a suspension, probation or of conditions
	Bar        code.Duration // after an expulsion
}

// IsPublic reports whether a sanction is one that is published.
func (s Sanction) IsPublic() bool { return rank(s.Measure) >= rank(Reprimand) }

func rank(measure string) int { return slices.Index(Measures, measure) }

var sanctionFits = act.Rule{
	ID:    "CASE-54",
	Cites: "procedure.suspension-max",
	Text:  "A measure is one that the procedure knows; a suspension, probation or conditions have a term, within what the code allows now and allowed then.",
	Cure:  "Give a term such as 60d or 6mo that both versions allow, or a milder measure.",
}

// sanction reads a measure and its term. Where the code that bound the member at the time of its conduct and the
// one in force now differ, the milder counts.
func (c Case) sanction(f Facts, measure, term string, m act.Meta) (Sanction, error) {
	s := Sanction{Measure: measure}
	then, now := f.procedure(m), f.procedure(m)
	if t, ok := f.text(c.Version); ok {
		then = t.Requirements.Procedure
	}
	if rank(measure) < 0 {
		return s, sanctionFits.Refuse("%q is no measure", measure)
	}
	timed := measure == Suspension || measure == Probation || measure == Conditions
	if !timed {
		if term != "" {
			return s, sanctionFits.Refuse("%s has no term", measure)
		}
		if measure == Expulsion {
			s.Bar = f.shorter(then.ReadmissionBar, now.ReadmissionBar, m)
		}
		return s, nil
	}
	d, err := code.ParseDuration(term)
	if term == "" || err != nil || d.N == 0 {
		return s, sanctionFits.Refuse("%q is no term", term)
	}
	s.Term = d
	end := f.deadline(m.At, d)
	longest := f.shorter(then.SuspensionMax, now.SuspensionMax, m)
	if measure == Probation {
		longest = f.shorter(then.ProbationMax, now.ProbationMax, m)
	}
	switch {
	case measure != Conditions && end.After(f.deadline(m.At, longest)):
		return s, sanctionFits.Refuse("%s is more than %s", d.Words(), longest.Words())
	case measure == Suspension && end.Before(f.deadline(m.At, f.shorter(then.SuspensionMin, now.SuspensionMin, m))):
		return s, sanctionFits.Refuse("%s is too short for a suspension", d.Words())
	}
	return s, nil
}

// shorter returns the term that ends first, begun now.
func (f Facts) shorter(a, b code.Duration, m act.Meta) code.Duration {
	if f.deadline(m.At, b).Before(f.deadline(m.At, a)) {
		return b
	}
	return a
}

// worse reports whether a sanction is harder than another.
func (f Facts) worse(s, than Sanction, at time.Time) bool {
	if s.Measure != than.Measure {
		return rank(s.Measure) > rank(than.Measure)
	}
	return f.deadline(at, s.Term).After(f.deadline(at, than.Term))
}
