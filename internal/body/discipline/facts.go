package discipline

import (
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

// Facts is what decisions about orders and charges must know from elsewhere.
type Facts struct {
	ID         string // of the order or charge decided on
	Zone       *time.Location
	Holidays   code.Holidays
	GoLive     act.Date // no date in launch mode
	Code       []Text   // in the order in which they take effect
	Respondent Respondent
	Certified  string // SHA-256 of the certificate of the case that the command names, hex; "" if that is incomplete
}

// Text is one adopted text of the code.
type Text struct {
	*code.Version
	EffectiveAt time.Time
}

// Respondent is the member that an order or charge is about.
type Respondent struct {
	Name    string    // "" if nothing is recorded of it
	Joined  time.Time // when it first became a member; zero if it never did
	Current bool      // it is a member now
	Heirs   []string  // numbers of the members that it merged into, one after another

	Memberships []Membership  // its own, and those of its heirs
	Readmitted  time.Time     // when it was last readmitted; zero if it never was
	Charged     []time.Time   // when charges were served on it
	Interim     time.Duration // how long it is or was suspended for the time being since charges were last served
}

// Membership is a time of membership.
type Membership struct {
	From  time.Time
	Until time.Time // zero while it lasts
}

func (f Facts) zone() *time.Location {
	if f.Zone == nil {
		return time.UTC
	}
	return f.Zone
}

func (f Facts) today(m act.Meta) act.Date { return act.DateIn(m.At, f.zone()) }

// textOn returns the text in force on a day.
func (f Facts) textOn(day act.Date) (Text, bool) {
	start := day.Start(f.zone())
	for i := len(f.Code) - 1; i >= 0; i-- {
		if !f.Code[i].EffectiveAt.After(start) {
			return f.Code[i], true
		}
	}
	return Text{}, false
}

var provisionKnown = act.Rule{
	ID:    "DISC-01",
	Cites: "code",
	Text:  "A member is held to provisions of the code that was in force.",
	Cure:  "Give ids of provisions of that version, such as 1 or 2.3.",
}

var respondentKnown = act.Rule{
	ID:    "DISC-02",
	Cites: "procedure.jurisdiction",
	Text:  "Who is charged or sanctioned was a member by then.",
	Cure:  "Check the number and the dates.",
}

var serviceProven = act.Rule{
	ID:    "DISC-03",
	Cites: "procedure",
	Text:  "What is not proven to have been served has no consequence.",
	Cure:  "Say how and when it was served, and how that is proven.",
}

var daysInOrder = act.Rule{
	ID:    "DISC-04",
	Cites: "procedure",
	Text:  "Decision, service and end of appeal follow one another, and none of them lies ahead.",
	Cure:  "Check the dates.",
}

// provisions refuses provisions that the text of that day does not have.
func (f Facts) provisions(ids []string, day act.Date) ([]string, Text, error) {
	text, ok := f.textOn(day)
	if !ok {
		return nil, Text{}, provisionKnown.Refuse("no code was in force on %s", day)
	}
	var known []string
	for _, id := range ids {
		id = strings.TrimSpace(id)
		if _, ok := text.Provision(id); !ok {
			return nil, Text{}, provisionKnown.Refuse("version %s has no provision %q", text.Label, id)
		}
		known = append(known, id)
	}
	if len(known) == 0 {
		return nil, Text{}, provisionKnown.Refuse("no provision is given")
	}
	return known, text, nil
}

// memberBy refuses somebody who was no member by the end of that day.
func (f Facts) memberBy(number string, day act.Date) error {
	switch r := f.Respondent; {
	case r.Joined.IsZero():
		return respondentKnown.Refuse("no member %s is known", number)
	case !r.Joined.Before(day.End(f.zone())):
		return respondentKnown.Refuse("%s joined on %s, after %s", r.Name, act.DateIn(r.Joined, f.zone()), day)
	}
	return nil
}

var withinJurisdiction = act.Rule{
	ID:    "DISC-29",
	Cites: "procedure.jurisdiction",
	Text:  "A company that has left is held to account if charges were served, or it was decided, within the time of jurisdiction after its leaving.",
	Cure:  "Check the dates. What it does after that time is judged when it asks to be let in again.",
}

// within refuses to hold to account, on that day, who had left for longer than jurisdiction lasts under the
// code that was in force when it left; where there was none yet, under the first.
func (f Facts) within(day act.Date) error {
	start, end := day.Start(f.zone()), day.End(f.zone())
	var left time.Time
	for _, s := range f.Respondent.Memberships {
		switch {
		case !s.From.Before(end):
		case s.Until.IsZero() || s.Until.After(start):
			return nil
		case s.Until.After(left):
			left = s.Until
		}
	}
	if left.IsZero() {
		return nil
	}
	on := act.DateIn(left, f.zone())
	text, ok := f.textOn(on)
	if !ok && len(f.Code) == 0 {
		return nil // there is no code that it could have violated
	} else if !ok {
		text = f.Code[0]
	}
	term := text.Requirements.Procedure.Jurisdiction
	if start.Before(code.Deadline(left, term, f.zone(), f.Holidays)) {
		return nil
	}
	return withinJurisdiction.Refuse("it left on %s, and %s is more than %s later", on, day, term.Words())
}

// decidedWithin refuses a decision that came after the time of jurisdiction, on charges that were not
// served within it.
func (f Facts) decidedWithin(day act.Date) error {
	err := f.within(day)
	for _, served := range f.Respondent.Charged {
		if served.Before(day.End(f.zone())) && f.within(act.DateIn(served, f.zone())) == nil {
			return nil
		}
	}
	return err
}

// subjects names a member and those it merged into.
func subjects(member string, heirs []string) []string {
	names := []string{"member/" + member}
	for _, h := range heirs {
		names = append(names, "member/"+h)
	}
	return names
}
