package cases

import (
	"slices"

	"shingle/internal/act"
	"shingle/internal/code"
)

// Panel is the people who hear a case, or its appeal.
type Panel struct {
	Seats      []Seat   // the first of those who are no alternates presides
	Challenged []string // numbers of those on whom the chair has yet to rule
	Sat        []string // numbers of those who heard the case
	Voted      []string
	Signed     []string
}

// Seat is somebody on a panel.
type Seat struct {
	Person    string `json:"person"` // number
	Lay       bool   `json:"lay"`
	Alternate bool   `json:"alternate"` // stands by
}

func (p Panel) seat(number string) *Seat {
	i := slices.IndexFunc(p.Seats, func(s Seat) bool { return s.Person == number })
	if i < 0 {
		return nil
	}
	return &p.Seats[i]
}

// Sitting are the numbers of those on the panel who do not stand by.
func (p Panel) Sitting() (all []string) {
	for _, s := range p.Seats {
		if !s.Alternate {
			all = append(all, s.Person)
		}
	}
	return all
}

// Presides returns who leads the panel, "" where there is none.
func (p Panel) Presides() string {
	if len(p.Sat) > 0 {
		return p.Sat[0]
	}
	if all := p.Sitting(); len(all) > 0 {
		return all[0]
	}
	return ""
}

func (p Panel) lay(numbers []string) (n int) {
	for _, s := range p.Seats {
		if s.Lay && slices.Contains(numbers, s.Person) {
			n++
		}
	}
	return n
}

// NamePanel names who hears a case, or its appeal. Their names go to the respondent, which may challenge them.
type NamePanel struct {
	Case       string   `json:"case" label:"Case number"`
	Panelists  []string `json:"panelists" label:"Panelists" hint:"their numbers; the first presides"`
	Alternates []string `json:"alternates,omitempty" label:"Alternates" hint:"numbers of those who stand by"`
}

// PanelNamed says who hears a case, or its appeal.
type PanelNamed struct {
	Of
	By     string    `json:"by"`
	Appeal bool      `json:"appeal"`
	Seats  []Seat    `json:"seats"`
	Size   int       `json:"size"` // as the code asks
	Lay    int       `json:"lay"`  // lay members, at least
	Quorum int       `json:"quorum"`
	Terms  []TermSet `json:"terms"`
}

func (e PanelNamed) happen(c *Case) {
	c.Panel, c.Hearing = Panel{Seats: e.Seats}, Hearing{} // a new panel hears it on a day of its own
	c.hand(e.By, didRule)
	c.begin(e.At, e.Terms...)
}

var panelComplete = act.Rule{
	ID:    "CASE-44",
	Cites: "procedure.panel",
	Text:  "A panel has as many people as the code says, as many alternates and lay members at least, nobody twice, and not whoever names it.",
	Cure:  "Name as many as the code asks for, with lay members among them.",
}

var namePanelAct = act.Define(stream, "case.name-panel", "Names who hears a case, or its appeal.",
	func(cmd NamePanel, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.namePanel)

func (c Case) namePanel(f Facts, cmd NamePanel, m act.Meta) ([]act.Event, error) {
	if err := first(c.at(cmd.Case, Charged, Appealed), inOwnName(m), c.runs()); err != nil {
		return nil, err
	}
	if len(c.Panel.Seats) > 0 {
		return nil, stageFits.Refuse("a panel is named; seats that are empty are filled with case.fill-seats")
	}
	p := f.procedure(m)
	seats, err := c.seats(f, cmd.Panelists, cmd.Alternates, m)
	if err != nil {
		return nil, err
	}
	panel := Panel{Seats: seats}
	switch lay := panel.lay(cmd.Panelists); {
	case len(cmd.Panelists) != p.Panel || len(cmd.Alternates) < p.Alternates:
		return nil, panelComplete.Refuse("%d panelists and %d alternates; the code asks for %d and %d", len(cmd.Panelists), len(cmd.Alternates), p.Panel, p.Alternates)
	case lay < p.Lay:
		return nil, panelComplete.Refuse("%d lay members; the code asks for %d", lay, p.Lay)
	}
	return []act.Event{PanelNamed{
		c.of(m), m.Actor, c.Stage == Appealed, seats, p.Panel, p.Lay, p.Quorum, []TermSet{{TermChallenge, f.deadline(m.At, p.Challenge)}},
	}}, nil
}

// seats refuses people who are named twice, name themselves, or have a conflict.
func (c Case) seats(f Facts, panelists, alternates []string, m act.Meta) ([]Seat, error) {
	var seats []Seat
	for i, number := range append(slices.Clone(panelists), alternates...) {
		if m.Actor == "person/"+number || slices.ContainsFunc(seats, func(s Seat) bool { return s.Person == number }) || c.Panel.seat(number) != nil {
			return nil, panelComplete.Refuse("%s is named twice, or names themself", number)
		}
		if err := c.MaySit(f, number); err != nil {
			return nil, err
		}
		seats = append(seats, Seat{number, f.People[number].Side == Public, i >= len(panelists)})
	}
	return seats, nil
}

// FillSeats names people for seats that have become empty.
type FillSeats struct {
	Case       string   `json:"case" label:"Case number"`
	Panelists  []string `json:"panelists,omitempty" label:"Panelists" hint:"numbers of those who are to sit"`
	Alternates []string `json:"alternates,omitempty" label:"Alternates" hint:"numbers of those who stand by"`
}

// SeatsFilled adds people to a panel; the respondent may challenge them too.
type SeatsFilled struct {
	Of
	By    string    `json:"by"`
	Seats []Seat    `json:"seats"`
	Terms []TermSet `json:"terms"`
}

func (e SeatsFilled) happen(c *Case) {
	c.Panel.Seats = append(slices.Clone(c.Panel.Seats), e.Seats...)
	c.done(e.At, TermChallenge)
	c.begin(e.At, e.Terms...)
}

var fillSeatsAct = act.Define(stream, "case.fill-seats", "Names people for seats of a panel that have become empty.",
	func(cmd FillSeats, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.fillSeats)

func (c Case) fillSeats(f Facts, cmd FillSeats, m act.Meta) ([]act.Event, error) {
	if err := first(c.at(cmd.Case, Charged, Appealed), inOwnName(m), c.runs()); err != nil {
		return nil, err
	}
	p := f.procedure(m)
	seats, err := c.seats(f, cmd.Panelists, cmd.Alternates, m)
	switch {
	case err != nil:
		return nil, err
	case c.Panel.Seats == nil || len(seats) == 0 || len(c.Panel.Sitting())+len(cmd.Panelists) > p.Panel:
		return nil, panelComplete.Refuse("there is no empty seat, or nobody for it")
	}
	return []act.Event{SeatsFilled{c.of(m), m.Actor, seats, []TermSet{{TermChallenge, f.deadline(m.At, p.Challenge)}}}}, nil
}

var panelReady = act.Rule{
	ID:    "CASE-45",
	Cites: "procedure.challenge",
	Text:  "A panel acts when every seat is taken, the time to challenge it has run, and every challenge is ruled on.",
	Cure:  "Fill the seats, wait for the end of the time to challenge, and rule on what is open.",
}

// ready refuses a panel that cannot act yet at a time.
func (c Case) ready(p code.Procedure, m act.Meta) error {
	switch {
	case len(c.Panel.Sitting()) < p.Quorum:
		return panelReady.Refuse("%d sit; the quorum is %d", len(c.Panel.Sitting()), p.Quorum)
	case c.Panel.lay(c.Panel.Sitting()) < p.Lay:
		return panelReady.Refuse("%d lay members sit; the code asks for %d", c.Panel.lay(c.Panel.Sitting()), p.Lay)
	case c.open(TermChallenge, m.At):
		return panelReady.Refuse("the time to challenge it runs")
	case len(c.Panel.Challenged) > 0:
		return panelReady.Refuse("a challenge is open")
	}
	return nil
}
