package discipline

import (
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
)

// OrderProposed1 and OrderConfirmed1 are [OrderProposed] and [OrderConfirmed] as they were written before
// there was a finding for each provision, and before those of an advice or a warning were sealed. They are
// read, and never written again.
type (
	OrderProposed1 struct {
		Order    string    `json:"order"`
		Member   string    `json:"member"`
		Proposer string    `json:"proposer"`
		At       time.Time `json:"at"`
		Proposal1
	}

	OrderConfirmed1 struct {
		Order    string    `json:"order"`
		Member   string    `json:"member"`
		Name     string    `json:"name"`
		From     time.Time `json:"from"`
		Until    time.Time `json:"until,omitzero"`
		BarUntil time.Time `json:"bar_until,omitzero"`
		At       time.Time `json:"at"`
		Proposal1
	}

	// Proposal1 is a [Proposal] with one finding for all provisions.
	Proposal1 struct {
		Sanction     string   `json:"sanction"`
		Provisions   []string `json:"provisions"`
		Finding      string   `json:"finding"`
		Decided      act.Date `json:"decided"`
		Served       act.Date `json:"served"`
		ServiceProof string   `json:"service_proof"`
		AppealClosed act.Date `json:"appeal_closed"`
		FromDay      act.Date `json:"from_day,omitzero"`
		UntilDay     act.Date `json:"until_day,omitzero"`
		Text         string   `json:"text"`
		CodeVersion  string   `json:"code_version"`
	}
)

// Concerns names the member.
func (o OrderProposed1) Concerns() []string { return []string{"member/" + o.Member} }

// Concerns names the member.
func (o OrderConfirmed1) Concerns() []string { return []string{"member/" + o.Member} }

// TakesEffect returns when the order comes into force.
func (o OrderConfirmed1) TakesEffect() time.Time { return o.From }

// Now returns the event as it would be written now.
func (o OrderProposed1) Now() OrderProposed {
	return OrderProposed{Order: o.Order, Member: o.Member, Proposer: o.Proposer, At: o.At, Proposal: o.Proposal1.now()}
}

// Now returns the event as it would be written now.
func (o OrderConfirmed1) Now() OrderConfirmed {
	return OrderConfirmed{
		Order: o.Order, Member: o.Member, Name: o.Name, From: o.From, Until: o.Until, BarUntil: o.BarUntil, At: o.At,
		Proposal: o.Proposal1.now(),
	}
}

func (p Proposal1) now() Proposal {
	return Proposal{
		Sanction: p.Sanction, Provisions: p.Provisions, Findings: OneFinding(p.Provisions, p.Finding), Decided: p.Decided,
		Served: p.Served, ServiceProof: p.ServiceProof, AppealClosed: p.AppealClosed, FromDay: p.FromDay, UntilDay: p.UntilDay,
		Text: p.Text, CodeVersion: p.CodeVersion,
	}
}

// OneFinding returns one finding that was made for all provisions together.
func OneFinding(provisions []string, text string) []Finding {
	if text == "" {
		return nil
	}
	return []Finding{{strings.Join(slices.Clone(provisions), ", "), text}}
}
