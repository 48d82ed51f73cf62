package education

import (
	"time"

	"shingle/internal/act"
)

// Reverse takes a credit from a ledger. It stays there, and counts for nothing.
type Reverse struct {
	Person string `json:"person" label:"Person"`
	Credit int    `json:"credit" label:"Credit" hint:"its number on the person's ledger"`
	Reason string `json:"reason" label:"Reason" hint:"the person and their member read it" choices:"recorded by mistake|not attended|evidence not shown|evidence not genuine|course withdrawn"`
}

// CreditReversed says that a credit counts for nothing.
type CreditReversed struct {
	Person string    `json:"person"`
	Credit int       `json:"credit"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
}

var creditKnown = act.Rule{
	ID: "EDU-21", Cites: "education",
	Text: "Only a credit that is on the ledger is reversed, held or released.",
	Cure: "Check the credit's number.",
}

var reverseAct = act.Define(learners, "credit.reverse", "Takes a credit from a ledger, with a reason.",
	func(cmd Reverse, _ act.Meta) act.Target { return act.To(cmd.Person) }, Learner.reverse)

func (l Learner) reverse(f Facts, cmd Reverse, m act.Meta) ([]act.Event, error) {
	var wrong act.Refusals
	reason := line("reason", cmd.Reason, 1, &wrong)
	switch {
	case cmd.Credit < 1 || cmd.Credit > len(l.Ledger):
		return nil, creditKnown.Refuse("there is no credit %d", cmd.Credit)
	case l.Ledger[cmd.Credit-1].Reversed != "":
		return nil, nil
	case len(wrong) > 0:
		return nil, wrong.Err()
	}
	return []act.Event{CreditReversed{f.ID, cmd.Credit, reason, m.At}}, nil
}
