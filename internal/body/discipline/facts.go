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

// subjects names a member and those it merged into.
func subjects(member string, heirs []string) []string {
	names := []string{"member/" + member}
	for _, h := range heirs {
		names = append(names, "member/"+h)
	}
	return names
}
