package people

import (
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
)

// Forget takes a person's name, address and whatever else belongs to them out of the record, for ever. Their
// number stays, and what they did.
type Forget struct {
	Person string `json:"person" label:"Person" hint:"the person's number, for example 0007; that of somebody a member named is its number and a hyphen, for example 0042-1"`
	Reason string `json:"reason" label:"Reason" choices:"no-longer-needed|consent-withdrawn|objection|unlawful|obligation=An obligation by law"`
}

// PersonForgotten says that a person's words are gone. The key that opened them is destroyed after this is
// recorded, and before anybody is told.
type PersonForgotten struct {
	Person string    `json:"person"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
}

// Reasons are the grounds on which a person is forgotten: those of the regulation, in its order. They are
// words of this list because whatever is typed freely stays for ever.
var Reasons = []string{"no-longer-needed", "consent-withdrawn", "objection", "unlawful", "obligation"}

var forgetsFor = act.Rule{
	ID:    "PPL-17",
	Cites: "GDPR art. 17(1)",
	Text:  "A person is forgotten because their words are no longer needed, they withdraw their consent or object, it is unlawful to keep them, or a law obliges to erase them.",
	Cure:  "Name one of no-longer-needed, consent-withdrawn, objection, unlawful and obligation.",
}

var forgetAct = act.Define(stream, "person.forget", "Forgets a person: what is personal to them can never be read again.",
	func(cmd Forget, _ act.Meta) act.Target { return act.To(cmd.Person) }, Person.forget)

func (p Person) forget(f Facts, cmd Forget, m act.Meta) ([]act.Event, error) {
	switch {
	case p.Stage == Forgotten:
		return nil, nil
	case p.Stage == Unknown && !f.Contact:
		return nil, personKnown.Refuse("nothing is recorded of a person %q", f.Person)
	}
	reason := strings.TrimSpace(cmd.Reason)
	if !slices.Contains(Reasons, reason) {
		return nil, forgetsFor.Refuse("%q is none of these", reason)
	}
	every := func(Held) bool { return true }
	return append(p.endAll(f, every, byForgetting, m), PersonForgotten{Person: f.Person, Reason: reason, At: m.At}), nil
}
