package discipline

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

// Record proposes an order: a decision that was taken on paper before this system. It has no effect
// until a second officer confirms it.
type Record struct {
	Member       string   `json:"member" label:"Member number"`
	Sanction     string   `json:"sanction" label:"Sanction" hint:"advice, warning, reprimand, required-education, conditions, probation, suspension or expulsion"`
	Provisions   []string `json:"provisions" label:"Provisions" hint:"ids of the provisions violated, for example 1 or 2.3"`
	Finding      string   `json:"finding" label:"Finding" hint:"what was proven, in a sentence that is published"`
	Decided      act.Date `json:"decided" label:"Decided on"`
	Served       act.Date `json:"served" label:"Served on"`
	ServiceProof string   `json:"service_proof,omitempty" label:"Proof of service" hint:"how it was served, for example courier receipt 1183"`
	AppealClosed act.Date `json:"appeal_closed,omitzero" label:"Appeal closed on" hint:"when the appeal was decided, or the time for it had run"`
	From         act.Date `json:"from,omitzero" label:"From" hint:"only where the decision names a later day"`
	Until        act.Date `json:"until,omitzero" label:"Until" hint:"last day of a suspension, probation or of conditions"`
	Text         string   `json:"text" label:"Decision" hint:"the text that is published"`
}

// Proposal is what was decided on paper.
type Proposal struct {
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
	CodeVersion  string   `json:"code_version"` // in force when it was decided
}

// OrderProposed says that an officer recorded a decision. It is not public and has no effect.
type OrderProposed struct {
	Order    string    `json:"order"`
	Member   string    `json:"member"`
	Proposer string    `json:"proposer"`
	At       time.Time `json:"at"`
	Proposal
}

// Concerns names the member.
func (o OrderProposed) Concerns() []string { return []string{"member/" + o.Member} }

var sanctionKnown = act.Rule{
	ID:    "DISC-05",
	Cites: "procedure",
	Text:  "A sanction is one that the procedure knows.",
	Cure:  "Say advice, warning, reprimand, required-education, conditions, probation, suspension or expulsion.",
}

var decisionWritten = act.Rule{
	ID:    "DISC-06",
	Cites: "procedure",
	Text:  "A decision has a finding and a text.",
	Cure:  "Give what was found, and the text of the decision.",
}

var beforeGoLive = act.Rule{
	ID:    "DISC-07",
	Cites: "procedure",
	Text:  "A decision on paper is one from before the register went live; later ones are taken in this system.",
	Cure:  "Lodge a complaint.",
}

var appealOver = act.Rule{
	ID:    "DISC-08",
	Cites: "procedure.appeal",
	Text:  "An order is recorded when the appeal is closed, or the time for it has run.",
	Cure:  "Wait for the end of the appeal, and give its day.",
}

var termWithin = act.Rule{
	ID:    "DISC-09",
	Cites: "procedure.suspension-max",
	Text:  "A suspension, probation or conditions have an end; a suspension is as long, and a probation no longer, than the code allows.",
	Cure:  "Give the days from which and until which the decision says.",
}

var recordAct = act.Define(orderStream, "order.record", "Proposes an order that was decided on paper before this system.",
	func(_ Record, m act.Meta) act.Target { return act.NextOf(fmt.Sprintf("%d-", m.At.Year())) }, record)

func record(_ Order, f Facts, cmd Record, m act.Meta) ([]act.Event, error) {
	proof, finding, text := strings.TrimSpace(cmd.ServiceProof), strings.TrimSpace(cmd.Finding), strings.TrimSpace(cmd.Text)
	today := f.today(m)
	switch {
	case !slices.Contains(Sanctions, cmd.Sanction):
		return nil, sanctionKnown.Refuse("%q", cmd.Sanction)
	case finding == "" || text == "":
		return nil, decisionWritten.Refuse("the finding or the text is missing")
	case cmd.Served.IsZero() || proof == "":
		return nil, serviceProven.Refuse("no proof is given")
	case cmd.Served.Before(cmd.Decided) || cmd.Decided.After(today) || cmd.Served.After(today):
		return nil, daysInOrder.Refuse("decided on %s, served on %s", cmd.Decided, cmd.Served)
	case !f.GoLive.IsZero() && !cmd.Decided.Before(f.GoLive):
		return nil, beforeGoLive.Refuse("decided on %s; the register is live since %s", cmd.Decided, f.GoLive)
	}
	if err := f.memberBy(cmd.Member, cmd.Decided); err != nil {
		return nil, err
	}
	provisions, version, err := f.provisions(cmd.Provisions, cmd.Decided)
	if err != nil {
		return nil, err
	}
	procedure := version.Requirements.Procedure
	if err := f.appealIsOver(cmd, procedure, today); err != nil {
		return nil, err
	}
	if err := f.term(cmd, procedure); err != nil {
		return nil, err
	}
	return []act.Event{OrderProposed{
		Order: f.ID, Member: cmd.Member, Proposer: m.Actor, At: m.At,
		Proposal: Proposal{
			Sanction: cmd.Sanction, Provisions: provisions, Finding: finding, Decided: cmd.Decided, Served: cmd.Served,
			ServiceProof: proof, AppealClosed: cmd.AppealClosed, FromDay: cmd.From, UntilDay: cmd.Until, Text: text,
			CodeVersion: version.Label,
		},
	}}, nil
}

// appealIsOver refuses a decision that could still be appealed, or is.
func (f Facts) appealIsOver(cmd Record, p code.Procedure, today act.Date) error {
	last := code.LastDay(cmd.Served, p.Appeal, f.Holidays)
	switch {
	case cmd.AppealClosed.IsZero():
		return appealOver.Refuse("the day on which the appeal closed is missing")
	case cmd.AppealClosed.After(today):
		return appealOver.Refuse("the appeal closes on %s", cmd.AppealClosed)
	case cmd.AppealClosed.Before(last) || !last.Before(today):
		return appealOver.Refuse("served on %s, it can be appealed until the end of %s", cmd.Served, last)
	}
	return nil
}

// term refuses a sanction whose time is not as the code says.
func (f Facts) term(cmd Record, p code.Procedure) error {
	from := cmd.From
	if from.IsZero() {
		from = cmd.AppealClosed
	}
	timed := cmd.Sanction == Suspension || cmd.Sanction == Probation || cmd.Sanction == Conditions
	switch {
	case !timed:
		if !cmd.Until.IsZero() {
			return termWithin.Refuse("%s has no end", cmd.Sanction)
		}
		return nil
	case cmd.Until.IsZero():
		return termWithin.Refuse("until when is missing")
	case cmd.Until.Before(from):
		return termWithin.Refuse("it would end on %s, before it begins on %s", cmd.Until, from)
	case cmd.Sanction == Suspension && cmd.Until.Before(code.LastDay(from.AddDays(-1), p.SuspensionMin, f.Holidays)):
		return termWithin.Refuse("from %s until %s is less than %s", from, cmd.Until, p.SuspensionMin.Words())
	case cmd.Sanction == Suspension && cmd.Until.After(code.LastDay(from, p.SuspensionMax, f.Holidays)):
		return termWithin.Refuse("from %s until %s is more than %s", from, cmd.Until, p.SuspensionMax.Words())
	case cmd.Sanction == Probation && cmd.Until.After(code.LastDay(from, p.ProbationMax, f.Holidays)):
		return termWithin.Refuse("from %s until %s is more than %s", from, cmd.Until, p.ProbationMax.Words())
	}
	return nil
}
