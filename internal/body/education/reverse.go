package education

import (
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
)

// Reverse takes a credit from a ledger. It stays there, and counts for nothing.
type Reverse struct {
	Person string `json:"person" label:"Person"`
	Credit int    `json:"credit" label:"Credit" hint:"its number on the person's ledger"`
	Reason string `json:"reason" label:"Reason" hint:"the person and their member read it" choices:"mistake=Recorded by mistake|not-attended|evidence-not-shown|evidence-not-genuine|course-withdrawn"`
}

// Reasons are those for which a credit is reversed. They are words of this list because whatever is typed freely
// about a person stays for ever.
var Reasons = []string{"mistake", "not-attended", "evidence-not-shown", "evidence-not-genuine", "course-withdrawn"}

// CreditReversed says that a credit counts for nothing.
type CreditReversed struct {
	Person  string    `json:"person"`
	Credit  int       `json:"credit"`
	Reason  string    `json:"reason"`            // one of Reasons
	Members []string  `json:"members,omitempty"` // at which the person has a role: it bears on their standing
	At      time.Time `json:"at"`
}

// Concerns names the members.
func (e CreditReversed) Concerns() []string { return at(e.Members) }

var creditKnown = act.Rule{
	ID: "EDU-21", Cites: "education",
	Text: "Only a credit that is on the ledger is reversed, held or released.",
	Cure: "Check the credit's number.",
}

var reversedFor = act.Rule{
	ID: "EDU-29", Cites: "education",
	Text: "A credit is reversed because it was a mistake, the course was not attended, its evidence is not shown or not genuine, or the course was withdrawn.",
	Cure: "Name one of mistake, not-attended, evidence-not-shown, evidence-not-genuine and course-withdrawn.",
}

var reverseAct = act.Define(learners, "credit.reverse", "Takes a credit from a ledger, with a reason.",
	func(cmd Reverse, _ act.Meta) act.Target { return act.To(cmd.Person) }, Learner.reverse)

func (l Learner) reverse(f Facts, cmd Reverse, m act.Meta) ([]act.Event, error) {
	reason := strings.TrimSpace(cmd.Reason)
	switch {
	case cmd.Credit < 1 || cmd.Credit > len(l.Ledger):
		return nil, creditKnown.Refuse("there is no credit %d", cmd.Credit)
	case l.Ledger[cmd.Credit-1].Reversed != "":
		return nil, nil
	case !slices.Contains(Reasons, reason):
		return nil, reversedFor.Refuse("%q is none of these", reason)
	}
	return []act.Event{CreditReversed{f.ID, cmd.Credit, reason, f.Members, m.At}}, nil
}
