package cases

import (
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
)

// The sides from which panelists come.
const (
	Public = "public" // a lay member: nobody who works for a provider
	Trade  = "member"
)

// Seated is the state of a stream "panelist/0007": somebody in the pool from which panels are named.
type Seated struct {
	Person    string
	Side      string // "" for nobody in the pool
	Declared  bool   // their interests are on record
	Employer  string // number of the member for which they work, ""
	Interests []string
}

// Enlist takes somebody who is a panelist into the pool.
type Enlist struct {
	Person string `json:"person" label:"Panelist" hint:"number of the person"`
	Side   string `json:"side" label:"Side" choices:"public=A lay member, from the public|member=From the trade"`
}

// Enlisted takes somebody into the pool.
type Enlisted struct {
	Person string    `json:"person"`
	Side   string    `json:"side"`
	At     time.Time `json:"at"`
}

// DeclareInterests says in whose affairs a panelist has an interest.
type DeclareInterests struct {
	Panelist  string   `json:"panelist" label:"Your number"`
	Employer  string   `json:"employer,omitempty" label:"Where you work" hint:"number of the member, if it is one"`
	Interests []string `json:"interests,omitempty" label:"Interests" hint:"numbers of members that you own, advise, compete with or are close to"`
}

// InterestsDeclared says in whose affairs a panelist has an interest.
type InterestsDeclared struct {
	Person    string    `json:"person"`
	Employer  string    `json:"employer,omitempty"`
	Interests []string  `json:"interests,omitempty"`
	At        time.Time `json:"at"`
}

// Strike takes somebody out of the pool.
type Strike struct {
	Person string `json:"person" label:"Panelist" hint:"number of the person"`
}

// Struck takes somebody out of the pool.
type Struck struct {
	Person string    `json:"person"`
	At     time.Time `json:"at"`
}

func evolvePool(s Seated, e act.Event) Seated {
	switch e := e.(type) {
	case Enlisted:
		s.Person, s.Side = e.Person, e.Side
	case InterestsDeclared:
		s.Person, s.Declared, s.Employer, s.Interests = e.Person, true, e.Employer, e.Interests
	case Struck:
		s.Side = ""
	}
	return s
}

var poolOfPanelists = act.Rule{
	ID:    "CASE-38",
	Cites: "procedure.panel",
	Text:  "In the pool are people who hold the office of a panelist, lay members or from the trade; nobody from the public works at a member.",
	Cure:  "Appoint the person to be a panelist first, and say on which side they are.",
}

var enlistAct = act.Define(poolStream, "panelist.enlist", "Takes a panelist into the pool.",
	func(cmd Enlist, _ act.Meta) act.Target { return act.To(strings.TrimSpace(cmd.Person)) }, Seated.enlist)

func (s Seated) enlist(f Facts, cmd Enlist, m act.Meta) ([]act.Event, error) {
	number := strings.TrimSpace(cmd.Person)
	p := f.People[number]
	switch {
	case !p.Office, cmd.Side != Public && cmd.Side != Trade, cmd.Side == Public && (len(p.Works) > 0 || s.Employer != ""):
		return nil, poolOfPanelists.Refuse("person %q, side %q", number, cmd.Side)
	case s.Side == cmd.Side:
		return nil, nil
	}
	return []act.Event{Enlisted{number, cmd.Side, m.At}}, nil
}

var self = act.Rule{
	ID:    "CASE-39",
	Cites: "procedure.impartiality",
	Text:  "What a panelist says and does, they say and do themself.",
	Cure:  "Give your own number, signed in.",
}

// isSelf refuses whoever acts for somebody else.
func isSelf(number string, m act.Meta) error {
	if number == "" || m.Actor != "person/"+number {
		return self.Refuse("%s is not panelist %q", m.Actor, number)
	}
	return nil
}

var declareAct = act.Define(poolStream, "panelist.declare", "Says in whose affairs a panelist has an interest.",
	func(cmd DeclareInterests, _ act.Meta) act.Target { return act.To(strings.TrimSpace(cmd.Panelist)) }, Seated.declare)

func (s Seated) declare(_ Facts, cmd DeclareInterests, m act.Meta) ([]act.Event, error) {
	if err := isSelf(cmd.Panelist, m); err != nil {
		return nil, err
	}
	interests := slices.Sorted(slices.Values(cmd.Interests))
	for _, n := range append(slices.Clone(interests), cmd.Employer) {
		if n != "" && !act.IsMemberNumber(n) {
			return nil, poolOfPanelists.Refuse("%q is no member's number", n)
		}
	}
	if s.Side == Public && cmd.Employer != "" {
		return nil, poolOfPanelists.Refuse("who works at a member is not from the public")
	}
	if s.Declared && s.Employer == cmd.Employer && slices.Equal(s.Interests, interests) {
		return nil, nil
	}
	return []act.Event{InterestsDeclared{cmd.Panelist, cmd.Employer, interests, m.At}}, nil
}

var strikeAct = act.Define(poolStream, "panelist.strike", "Takes somebody out of the pool.",
	func(cmd Strike, _ act.Meta) act.Target { return act.To(strings.TrimSpace(cmd.Person)) }, Seated.strike)

func (s Seated) strike(_ act.None, cmd Strike, m act.Meta) ([]act.Event, error) {
	if s.Side == "" {
		return nil, nil
	}
	return []act.Event{Struck{s.Person, m.At}}, nil
}

var poolStream = act.NewStream("panelist", evolvePool,
	act.EventOf[Enlisted]("panelist.enlisted"),
	act.EventOf[InterestsDeclared]("panelist.interests-declared"),
	act.EventOf[Struck]("panelist.struck"),
)
