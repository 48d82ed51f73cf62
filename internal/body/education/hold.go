package education

import (
	"time"

	"shingle/internal/act"
)

// Hold keeps a credit from counting while an audit looks at it, or lets it count again.
type Hold struct {
	Person string `json:"person" label:"Person"`
	Credit int    `json:"credit" label:"Credit"`
	Held   bool   `json:"held,omitempty" label:"Hold it" hint:"no lets it count again"`
}

// CreditHeld says that a credit is held, or that it counts again.
type CreditHeld struct {
	Person  string    `json:"person"`
	Credit  int       `json:"credit"`
	Held    bool      `json:"held"`
	Members []string  `json:"members,omitempty"` // at which the person has a role: it bears on their standing
	At      time.Time `json:"at"`
}

// Concerns names the members.
func (e CreditHeld) Concerns() []string { return at(e.Members) }

var holdAct = act.Define(learners, "credit.hold", "Holds a credit during an audit, or lets it count again.",
	func(cmd Hold, _ act.Meta) act.Target { return act.To(cmd.Person) }, Learner.hold)

func (l Learner) hold(f Facts, cmd Hold, m act.Meta) ([]act.Event, error) {
	if err := f.another(m); err != nil {
		return nil, err
	}
	if cmd.Credit < 1 || cmd.Credit > len(l.Ledger) || l.Ledger[cmd.Credit-1].Reversed != "" {
		return nil, creditKnown.Refuse("there is no credit %d that counts", cmd.Credit)
	}
	if l.Ledger[cmd.Credit-1].Held == cmd.Held {
		return nil, nil
	}
	return []act.Event{CreditHeld{f.ID, cmd.Credit, cmd.Held, f.Members, m.At}}, nil
}
