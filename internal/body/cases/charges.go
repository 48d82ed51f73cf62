package cases

import (
	"time"

	"shingle/internal/act"
)

// Charges are what a respondent is to answer.
type Charges struct {
	Provisions []string  // one for each charge, which are numbered from 1
	Served     time.Time // start of the day on which they were; zero while they are drafted
	Named      bool      // the complainant's name was told
	Answered   bool
	Defaulted  time.Time // when the time to answer had run without an answer
}

// settled reports whether the time to answer is over: there is an answer, or a default.
func (c Charges) settled() bool { return c.Answered || !c.Defaulted.IsZero() }

// DraftCharges writes down what a respondent is to answer. They can be drafted anew until they are served.
type DraftCharges struct {
	Case       string      `json:"case" label:"Case number"`
	Provisions []string    `json:"provisions" label:"Charges" hint:"the provision of each charge, one a line"`
	Statement  act.Private `json:"statement,omitzero" label:"Statement" hint:"what is said to have been done, charge by charge, and what shows it" rows:"10"`
}

// ChargesDrafted is what a respondent is to answer.
type ChargesDrafted struct {
	Of
	By         string      `json:"by"`
	Provisions []string    `json:"provisions"`
	Statement  act.Private `json:"statement"`
}

func (e ChargesDrafted) happen(c *Case) {
	c.hand(e.By, didInvestigate)
	c.Charges = Charges{Provisions: e.Provisions}
}

var chargesStated = act.Rule{
	ID:    "CASE-32",
	Cites: "procedure",
	Text:  "Charges name a provision each, and say what was done and what shows it.",
	Cure:  "Draft them with case.draft-charges.",
}

var draftChargesAct = act.Define(stream, "case.draft-charges", "Writes down what a respondent is to answer.",
	func(cmd DraftCharges, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.draftCharges)

func (c Case) draftCharges(f Facts, cmd DraftCharges, m act.Meta) ([]act.Event, error) {
	if err := first(c.at(cmd.Case, Investigating), c.managed(m), c.timely()); err != nil {
		return nil, err
	}
	text, ok := f.text(c.Version)
	if !ok || len(cmd.Provisions) == 0 || cmd.Statement.Empty() {
		return nil, chargesStated.Refuse("there is no provision, or no statement")
	}
	ids, err := provisions(cmd.Provisions, text)
	if err != nil {
		return nil, err
	}
	return []act.Event{ChargesDrafted{c.of(m), m.Actor, ids, cmd.Statement.OwnedBy(c.owner())}}, nil
}

// ServeCharges says that charges reached the respondent.
type ServeCharges struct {
	Case  string   `json:"case" label:"Case number"`
	On    act.Date `json:"on" label:"Served on"`
	Proof string   `json:"proof" label:"Proof of service" hint:"how it was served, for example courier receipt 1183"`
	Name  bool     `json:"name" label:"With the complainant's name"`
}

// ChargesServed says that charges reached the respondent. From that day on its leaving does not make them vanish.
type ChargesServed struct {
	About
	Provisions []string  `json:"provisions"`
	Service    Service   `json:"service"`
	Named      bool      `json:"named"`
	From       time.Time `json:"from"` // start of the day of service
	Terms      []TermSet `json:"terms"`
}

// TakesEffect returns the start of the day of service.
func (e ChargesServed) TakesEffect() time.Time { return e.From }

func (e ChargesServed) happen(c *Case) {
	c.Stage, c.Heirs, c.Told = Charged, e.Heirs, true
	c.Charges.Served, c.Charges.Named = e.From, e.Named
	c.begin(e.At, e.Terms...)
}

var nameTold = act.Rule{
	ID:    "CASE-33",
	Cites: "procedure",
	Text:  "The complainant's name is told with charges alone, when they were asked, could withdraw, and have agreed.",
	Cure:  "Ask with case.ask-name; without an agreement, serve the charges without the name.",
}

var serveChargesAct = act.Define(stream, "case.serve-charges", "Says that charges were served, with proof.",
	func(cmd ServeCharges, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.serveCharges)

func (c Case) serveCharges(f Facts, cmd ServeCharges, m act.Meta) ([]act.Event, error) {
	if err := first(c.at(cmd.Case, Investigating), c.managed(m), c.runs()); err != nil {
		return nil, err
	}
	if len(c.Charges.Provisions) == 0 {
		return nil, chargesStated.Refuse("none are drafted")
	}
	who := c.Complainant
	if !who.Anonymous && !who.Asked && !who.Withdrawn || cmd.Name && !who.Agreed {
		return nil, nameTold.Refuse("the complainant has not agreed, or was not asked")
	}
	service, err := f.served(cmd.On, cmd.Proof, c.To, m)
	if err != nil {
		return nil, err
	}
	if err := f.within(cmd.On); err != nil {
		return nil, err
	}
	from := cmd.On.Start(f.zone())
	return []act.Event{ChargesServed{
		About: c.about(f, m), Provisions: c.Charges.Provisions, Service: service, Named: cmd.Name, From: from,
		Terms: []TermSet{{TermAnswer, f.deadline(from, f.procedure(m).Answer)}},
	}}, nil
}
