package cases

import "shingle/internal/act"

// AskName asks the complainant whether their name may be told with the charges.
type AskName struct {
	Case string `json:"case" label:"Case number"`
}

// NameAsked says that the complainant was asked whether their name may be told.
type NameAsked struct{ Of }

func (e NameAsked) happen(c *Case) { c.Complainant.Asked = true }

var askNameAct = act.Define(stream, "case.ask-name", "Asks the complainant whether their name may be told with the charges.",
	func(cmd AskName, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.askName)

func (c Case) askName(_ Facts, cmd AskName, m act.Meta) ([]act.Event, error) {
	if err := first(c.at(cmd.Case, Investigating), c.managed(m)); err != nil {
		return nil, err
	}
	if c.Complainant.Asked || c.Complainant.Anonymous {
		return nil, nil
	}
	return []act.Event{NameAsked{c.of(m)}}, nil
}

// AnswerName is what the complainant says to that.
type AnswerName struct {
	Case    string       `json:"case" label:"Case number"`
	Receipt act.Personal `json:"receipt,omitzero" label:"Receipt code"`
	Answer  string       `json:"answer" label:"Answer" choices:"agree=You may tell my name|withhold=Go on without my name|withdraw=I withdraw my complaint"`
}

// NameAnswered says whether the complainant's name may be told.
type NameAnswered struct {
	Of
	Agreed bool `json:"agreed"`
}

// ComplaintWithdrawn says that the complainant does not complain any more. The body may go on, without a name.
type ComplaintWithdrawn struct{ Of }

func (e NameAnswered) happen(c *Case) { c.Complainant.Agreed = e.Agreed }

func (e ComplaintWithdrawn) happen(c *Case) {
	c.Complainant.Withdrawn, c.Complainant.Agreed = true, false
}

var beforeCharges = act.Rule{
	ID:    "CASE-31",
	Cites: "procedure",
	Text:  "The complainant is asked about their name, and can withdraw, before charges are served.",
	Cure:  "Write to the body with case.write-in.",
}

var answerNameAct = act.Define(stream, "case.answer-name", "Says whether the complainant's name may be told, or withdraws the complaint.",
	func(cmd AnswerName, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.answerName)

func (c Case) answerName(_ Facts, cmd AnswerName, m act.Meta) ([]act.Event, error) {
	if err := first(c.complains(cmd.Case, cmd.Receipt, m), oneOf(cmd.Answer, "agree", "withhold", "withdraw")); err != nil {
		return nil, err
	}
	early := c.Stage == Lodged || c.Stage == Offered || c.Stage == Investigating
	switch {
	case !early || cmd.Answer == "agree" && !c.Complainant.Asked:
		return nil, beforeCharges.Refuse("case %s is %s", c.ID, c.Stage)
	case cmd.Answer == "withdraw" && c.Complainant.Withdrawn:
		return nil, nil
	case cmd.Answer == "withdraw":
		return []act.Event{ComplaintWithdrawn{c.of(m)}}, nil
	case c.Complainant.Withdrawn:
		return nil, beforeCharges.Refuse("the complaint is withdrawn")
	case c.Complainant.Agreed == (cmd.Answer == "agree"):
		return nil, nil
	}
	return []act.Event{NameAnswered{c.of(m), cmd.Answer == "agree"}}, nil
}
