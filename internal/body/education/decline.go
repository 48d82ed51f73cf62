package education

import (
	"time"

	"shingle/internal/act"
)

// Decline turns a provider down.
type Decline struct {
	Provider string `json:"provider" label:"Provider"`
	Reason   string `json:"reason" label:"Reason" hint:"the provider reads it"`
}

// ProviderDeclined says that a provider was turned down.
type ProviderDeclined struct {
	Provider string    `json:"provider"`
	Reason   string    `json:"reason"`
	At       time.Time `json:"at"`
}

var stillAsks = act.Rule{
	ID: "EDU-10", Cites: "education.approval",
	Text: "Only what still waits for a decision is declined.",
	Cure: "End the approval instead.",
}

var declineAct = act.Define(providers, "provider.decline", "Turns a provider of courses down, with a reason.",
	func(cmd Decline, _ act.Meta) act.Target { return act.To(cmd.Provider) }, Provider.decline)

func (p Provider) decline(f Facts, cmd Decline, m act.Meta) ([]act.Event, error) {
	var wrong act.Refusals
	reason := line("reason", cmd.Reason, 1, &wrong)
	switch {
	case p.Stage == Unknown:
		return nil, providerKnown.Refuse("there is no provider %q", f.ID)
	case p.Stage != Asked:
		return nil, stillAsks.Refuse("provider %s is %s", f.ID, p.Stage)
	case len(wrong) > 0:
		return nil, wrong.Err()
	}
	return []act.Event{ProviderDeclined{f.ID, reason, m.At}}, nil
}
