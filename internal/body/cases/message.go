package cases

import "shingle/internal/act"

// The parties of a case, as messages name them.
const (
	toComplainant = "complainant"
	toRespondent  = "respondent"
	toBody        = "body"
)

// Write sends a message of the body to a party.
type Write struct {
	Case string      `json:"case" label:"Case number"`
	To   string      `json:"to" label:"To" choices:"complainant=The complainant|respondent=The respondent"`
	Text act.Private `json:"text,omitzero" label:"Message" rows:"6"`
}

// WriteIn sends a message of the complainant to the body.
type WriteIn struct {
	Case    string       `json:"case" label:"Case number"`
	Receipt act.Personal `json:"receipt,omitzero" label:"Receipt code"`
	Text    act.Private  `json:"text,omitzero" label:"Message" rows:"6"`
}

// WriteBack sends a message of the respondent to the body.
type WriteBack struct {
	Case   string      `json:"case" label:"Case number"`
	Member string      `json:"member" label:"Member number"`
	Text   act.Private `json:"text,omitzero" label:"Message" rows:"6"`
}

// MessageSent is a message between the body and a party.
type MessageSent struct {
	Of
	From string      `json:"from"`
	To   string      `json:"to"`
	Text act.Private `json:"text"`
}

func (e MessageSent) happen(c *Case) { c.Told = c.Told || e.To == toRespondent }

var messageSaysSomething = act.Rule{
	ID:    "CASE-21",
	Cites: "procedure",
	Text:  "A message has a text, and none goes to the respondent before the case is screened.",
	Cure:  "Write something. Until an offer is made or an investigation opened, write to the complainant alone.",
}

var writeAct = act.Define(stream, "case.write", "Sends a message to the complainant or the respondent.",
	func(cmd Write, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.write)

func (c Case) write(_ Facts, cmd Write, m act.Meta) ([]act.Event, error) {
	if err := first(c.managed(m), oneOf(cmd.To, toComplainant, toRespondent)); err != nil {
		return nil, err
	}
	if cmd.Text.Empty() || cmd.To == toRespondent && (c.Stage == Lodged || !c.IsOpen()) {
		return nil, messageSaysSomething.Refuse("a message to the %s", cmd.To)
	}
	return c.message(toBody, cmd.To, cmd.Text, m), nil
}

var writeInAct = act.Define(stream, "case.write-in", "Sends a message of the complainant to the body.",
	func(cmd WriteIn, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.writeIn)

func (c Case) writeIn(_ Facts, cmd WriteIn, m act.Meta) ([]act.Event, error) {
	if err := c.complains(cmd.Case, cmd.Receipt, m); err != nil {
		return nil, err
	}
	if cmd.Text.Empty() || c.Stage == Destroyed {
		return nil, messageSaysSomething.Refuse("there is no text, or no file any more")
	}
	return c.message(toComplainant, toBody, cmd.Text, m), nil
}

var writeBackAct = act.Define(stream, "case.write-back", "Sends a message of the respondent to the body.",
	func(cmd WriteBack, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.writeBack)

func (c Case) writeBack(f Facts, cmd WriteBack, m act.Meta) ([]act.Event, error) {
	if err := c.answers(f, cmd.Case, cmd.Member); err != nil {
		return nil, err
	}
	if cmd.Text.Empty() || c.Stage == Destroyed {
		return nil, messageSaysSomething.Refuse("there is no text, or no file any more")
	}
	return c.message(toRespondent, toBody, cmd.Text, m), nil
}

func (c Case) message(from, to string, text act.Private, m act.Meta) []act.Event {
	return []act.Event{MessageSent{c.of(m), from, to, text.OwnedBy(c.owner())}}
}
