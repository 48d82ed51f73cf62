package people

import (
	"time"

	"shingle/internal/act"
)

// Facts is what decisions about a person must know from elsewhere. What an act does not ask for may be
// left out.
type Facts struct {
	Person string         // number of the person decided on
	Zone   *time.Location // of the body; nil as long as there is none
	// Member says that the member named by the act is one, or applies to be. One that was expelled still is:
	// somebody must speak for it when it appeals.
	Member bool
	// Expelled says that this member was expelled; it is looked at for those who ask in a member's role alone.
	Expelled bool
	// Contact says that a member named the person, who has no stream yet, when it applied or was taken over, or
	// that the person signed for it: their words can be forgotten too.
	Contact bool
}

// owner is the name under which what is personal is sealed.
func (f Facts) owner() string { return "person/" + f.Person }

// founded refuses what needs a body.
func (f Facts) founded() error {
	if f.Zone == nil {
		return bodyFounded.Refuse("there is no body yet")
	}
	return nil
}

// term returns when a term ends that lasts through a day; no day is no end.
func (f Facts) term(until act.Date, m act.Meta) (time.Time, error) {
	if until.IsZero() {
		return time.Time{}, nil
	}
	today := act.DateIn(m.At, f.Zone)
	if until.Before(today) || until.After(today.AddMonths(12*longestTerm)) {
		return time.Time{}, termPlausible.Refuse("from %s until %s", today, until)
	}
	return until.End(f.Zone), nil
}
