package education

import (
	"time"

	"shingle/internal/act"
)

// End ends a provider's approval. What was completed before counts as before.
type End struct {
	Provider string   `json:"provider" label:"Provider"`
	From     act.Date `json:"from,omitzero" label:"First day without approval" hint:"today if left empty"`
	Reason   string   `json:"reason" label:"Reason"`
}

// ProviderEnded says from which day on completions of a provider's courses no longer count.
type ProviderEnded struct {
	Provider string    `json:"provider"`
	From     act.Date  `json:"from"`
	Reason   string    `json:"reason"`
	At       time.Time `json:"at"`
}

var notBackwards = act.Rule{
	ID: "EDU-11", Cites: "education.approval",
	Text: "An approval is not ended for the past: people relied on it.",
	Cure: "End it from today on, and reverse credits one by one where there is a reason.",
}

var endAct = act.Define(providers, "provider.end", "Ends a provider's approval.",
	func(cmd End, _ act.Meta) act.Target { return act.To(cmd.Provider) }, Provider.end)

func (p Provider) end(f Facts, cmd End, m act.Meta) ([]act.Event, error) {
	if err := f.founded(); err != nil {
		return nil, err
	}
	if p.Stage == Unknown {
		return nil, providerKnown.Refuse("there is no provider %q", f.ID)
	}
	from, reason, err := f.ending(cmd.From, cmd.Reason, m)
	if err != nil || len(cut(p.Terms, from)) == len(p.Terms) && !holds(p.Terms, from) {
		return nil, err
	}
	return []act.Event{ProviderEnded{f.ID, from, reason, m.At}}, nil
}

func (f Facts) ending(from act.Date, reason string, m act.Meta) (act.Date, string, error) {
	var wrong act.Refusals
	reason = line("reason", reason, 1, &wrong)
	if from.IsZero() {
		from = f.today(m)
	}
	if from.Before(f.today(m)) {
		wrong.Add("from", notBackwards.Refuse("%s is past", from))
	}
	if len(wrong) > 0 {
		return from, reason, wrong.Err()
	}
	return from, reason, nil
}
