package education

import (
	"time"

	"shingle/internal/act"
)

// Approve approves a provider for the time that the code sets, or renews an approval.
type Approve struct {
	Provider string `json:"provider" label:"Provider" hint:"for example P-0001"`
}

// ProviderApproved says in which time completions of a provider's courses count, both days included.
type ProviderApproved struct {
	Provider string    `json:"provider"`
	From     act.Date  `json:"from"`
	Until    act.Date  `json:"until,omitzero"` // none for no end
	At       time.Time `json:"at"`
}

var providerKnown = act.Rule{
	ID: "EDU-09", Cites: "education.approval",
	Text: "Only a provider that applied is approved, declined or ended.",
	Cure: "Check the provider's number.",
}

var approveAct = act.Define(providers, "provider.approve", "Approves a provider of courses, or renews its approval.",
	func(cmd Approve, _ act.Meta) act.Target { return act.To(cmd.Provider) }, Provider.approve)

// An approval reaches back as far as the code says. A renewal begins when the last one ends, if that is still
// to come.
func (p Provider) approve(f Facts, _ Approve, m act.Meta) ([]act.Event, error) {
	if err := f.founded(); err != nil {
		return nil, err
	}
	if p.Stage == Unknown {
		return nil, providerKnown.Refuse("there is no provider %q", f.ID)
	}
	from, ok := f.term(p.Terms, m)
	if !ok {
		return nil, nil
	}
	return []act.Event{ProviderApproved{Provider: f.ID, From: from.From, Until: from.Until, At: m.At}}, nil
}

// term returns the next term of an approval; false if the last one has no end, or was given today.
func (f Facts) term(terms []Term, m act.Meta) (Term, bool) {
	today := f.today(m)
	from := today
	if d := f.Scheme.Approval.Retrospective; !d.IsZero() && len(terms) == 0 {
		from = backFrom(today, d)
	}
	if n := len(terms); n > 0 {
		last := terms[n-1]
		if last.Until.IsZero() || last.From.After(today) {
			return Term{}, false
		}
		if !last.Until.Before(today) {
			from = last.Until.AddDays(1)
		}
	}
	start := from
	if start.Before(today) {
		start = today
	}
	return Term{from, until(start, f.Scheme.Approval.Valid)}, true
}
