package cases

import (
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

// Facts is what decisions about cases must know from elsewhere.
type Facts struct {
	ID         string // of the case decided on
	Zone       *time.Location
	Holidays   code.Holidays
	Code       []Text // in the order in which they take effect
	Respondent Company
	For        Company             // the member that complains, or that the case is to be extended to
	People     map[string]Panelist // those whom the command names and those on the panel, by number
	Other      Case                // the case that the command names beside its own
	Order      Order               // the order that the command names
	Trail      []act.Recorded      // what happened in the case, for what follows when it is final
	NoticeEnds time.Time           // when the notice of its order comes down; zero for never or none
	NoticeUp   bool                // there is one, and it stays for ever
}

// Text is one adopted text of the code.
type Text struct {
	*code.Version
	EffectiveAt time.Time
}

// Company is a member, or what is known of one.
type Company struct {
	Number      string // "" if nothing is recorded of it
	Name        string
	Current     bool // it is a member now
	Memberships []Membership
	Bound       []Bound  // texts that it signed, in order
	Heirs       []string // members that it merged into, one after another
	Place       string
	Services    []string
	People      []string // streams of people who hold a role there now
}

// Membership is a time of membership.
type Membership struct {
	From  time.Time
	Until time.Time // zero while it lasts
}

// Bound is a signature under a text of the code.
type Bound struct {
	Version string
	From    time.Time
}

// Order is an order on record.
type Order struct {
	ID     string // "" if there is none
	Member string
}

func (f Facts) zone() *time.Location {
	if f.Zone == nil {
		return time.UTC
	}
	return f.Zone
}

func (f Facts) today(m act.Meta) act.Date { return act.DateIn(m.At, f.zone()) }

// textOn returns the text in force on a day; before the first, none.
func (f Facts) textOn(day act.Date) (Text, bool) {
	end := day.End(f.zone())
	for _, t := range slices.Backward(f.Code) {
		if t.EffectiveAt.Before(end) {
			return t, true
		}
	}
	return Text{}, false
}

// binding returns the text that bound the respondent on a day: the one that it had signed last, or, if it
// had signed none, the one in force.
func (f Facts) binding(day act.Date) (Text, bool) {
	for _, b := range slices.Backward(f.Respondent.Bound) {
		if b.From.Before(day.End(f.zone())) {
			if t, ok := f.text(b.Version); ok {
				return t, true
			}
		}
	}
	return f.textOn(day)
}

// text returns the text with that label.
func (f Facts) text(label string) (Text, bool) {
	i := slices.IndexFunc(f.Code, func(t Text) bool { return t.Label == label })
	if i < 0 {
		return Text{}, false
	}
	return f.Code[i], true
}

// procedure returns the clocks in force; those of a code that sets none where there is no code.
func (f Facts) procedure(m act.Meta) code.Procedure {
	if t, ok := f.textOn(f.today(m)); ok {
		return t.Requirements.Procedure
	}
	return code.Usual().Procedure
}

// deadline returns when a term ends that begins at a time.
func (f Facts) deadline(from time.Time, d code.Duration) time.Time {
	return code.Deadline(from, d, f.zone(), f.Holidays)
}

// was reports whether a company was a member at some time between the start of one day and the end of
// another.
func (c Company) was(from, to act.Date, zone *time.Location) bool {
	return slices.ContainsFunc(c.Memberships, func(s Membership) bool {
		return s.From.Before(to.End(zone)) && (s.Until.IsZero() || s.Until.After(from.Start(zone)))
	})
}

// left returns when a company last left; zero while it is a member.
func (c Company) left() (left time.Time) {
	for _, s := range c.Memberships {
		if s.Until.IsZero() {
			return time.Time{}
		}
		if s.Until.After(left) {
			left = s.Until
		}
	}
	return left
}

var withinJurisdiction = act.Rule{
	ID:    "CASE-03",
	Cites: "procedure.jurisdiction",
	Text:  "A company that has left is charged within the time of jurisdiction after its leaving.",
	Cure:  "What it does after that time is judged when it asks to be let in again.",
}

// within refuses to hold to account who had left for longer than jurisdiction lasts under the code that was
// in force when it left.
func (f Facts) within(day act.Date) error {
	left := f.Respondent.left()
	if left.IsZero() {
		return nil
	}
	on := act.DateIn(left, f.zone())
	t, ok := f.textOn(on)
	if !ok {
		return nil
	}
	term := t.Requirements.Procedure.Jurisdiction
	if day.Start(f.zone()).Before(f.deadline(left, term)) {
		return nil
	}
	return withinJurisdiction.Refuse("it left on %s, and %s is more than %s later", on, day, term.Words())
}

var provisionKnown = act.Rule{
	ID:    "CASE-04",
	Cites: "code",
	Text:  "Conduct is judged by the version of the code that bound the member when it happened.",
	Cure:  "Give ids of provisions of that version, such as 1 or 2.3.",
}

// provisions refuses provisions that a text does not have, or that are named twice.
func provisions(ids []string, t Text) ([]string, error) {
	var known []string
	for _, id := range ids {
		id = strings.TrimSpace(id)
		if _, ok := t.Provision(id); !ok {
			return nil, provisionKnown.Refuse("version %s has no provision %q", t.Label, id)
		}
		if slices.Contains(known, id) {
			return nil, provisionKnown.Refuse("provision %s is named twice", id)
		}
		known = append(known, id)
	}
	return known, nil
}
