package discipline

import (
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

// Record proposes an order: a decision that was taken on paper before this system. It has no effect
// until a second officer confirms it.
type Record struct {
	Member        string   `json:"member" label:"Member number"`
	Sanction      string   `json:"sanction" label:"Sanction" choices:"advice|warning|reprimand|required-education|conditions|probation|suspension|expulsion"`
	Findings      []string `json:"findings" label:"Findings" hint:"what was proven of each provision violated, a sentence each: 1.1=It sold its customers' data"`
	Decided       act.Date `json:"decided" label:"Decided on"`
	Served        act.Date `json:"served" label:"Served on"`
	ServiceProof  string   `json:"service_proof,omitempty" label:"Proof of service" hint:"how it was served, for example courier receipt 1183"`
	AppealDecided act.Date `json:"appeal_decided,omitzero" label:"Appeal decided on" hint:"only where there was an appeal; it may be over before the time for one has run"`
	AppealClosed  act.Date `json:"appeal_closed,omitzero" label:"Appeal closed on" hint:"when the time for an appeal had run; with an appeal, that of its decision if left empty"`
	From          act.Date `json:"from,omitzero" label:"From" hint:"only where the decision names a later day"`
	Until         act.Date `json:"until,omitzero" label:"Until" hint:"last day of a suspension, probation or of conditions"`
	Text          string   `json:"text" label:"Decision" hint:"the text that is published; of an advice or a warning it stays sealed, as do the findings" rows:"8"`
}

// Proposal is what was decided on paper.
type Proposal struct {
	Sanction      string      `json:"sanction"`
	Provisions    []string    `json:"provisions"`
	Findings      []Finding   `json:"findings,omitempty"` // one for each provision; none where they are confidential
	Decided       act.Date    `json:"decided"`
	Served        act.Date    `json:"served"`
	ServiceProof  string      `json:"service_proof"`
	AppealDecided act.Date    `json:"appeal_decided,omitzero"` // no date where there was no appeal
	AppealClosed  act.Date    `json:"appeal_closed"`
	FromDay       act.Date    `json:"from_day,omitzero"`
	UntilDay      act.Date    `json:"until_day,omitzero"`
	Text          string      `json:"text,omitempty"`
	Confidential  act.Private `json:"confidential"` // findings and text of an advice or a warning
	CodeVersion   string      `json:"code_version"` // in force when it was decided
}

// OrderProposed says that an officer recorded a decision. It is not public and has no effect.
type OrderProposed struct {
	Order    string    `json:"order"`
	Member   string    `json:"member"`
	Proposer string    `json:"proposer"`
	Holder   string    `json:"holder,omitempty"` // the person behind the proposer, see [act.Meta]
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
	Text:  "A decision has a text.",
	Cure:  "Give the text of the decision.",
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
	Text:  "An order is recorded when the appeal was decided, or the time for one has run without any.",
	Cure:  "Wait for the end of the appeal, and give its day; where an appeal was decided, the day of that too.",
}

var termWithin = act.Rule{
	ID:    "DISC-09",
	Cites: "procedure.suspension-max",
	Text:  "A suspension, probation or conditions have an end; a suspension is as long, and a probation no longer, than the code allows.",
	Cure:  "Give the days from which and until which the decision says.",
}

var startPlausible = act.Rule{
	ID:    "DISC-28",
	Cites: "procedure",
	Text:  "An order takes effect when it is confirmed, or on a later day that the decision names, within a year.",
	Cure:  "Give the day that the decision names, or none.",
}

var recordAct = act.Define(orderStream, "order.record", "Proposes an order that was decided on paper before this system.",
	func(Record, act.Meta) act.Target { return act.NextOfYear() }, record)

func record(_ Order, f Facts, cmd Record, m act.Meta) ([]act.Event, error) {
	text := strings.TrimSpace(cmd.Text)
	switch {
	case !slices.Contains(Sanctions, cmd.Sanction):
		return nil, sanctionKnown.Refuse("%q", cmd.Sanction)
	case text == "":
		return nil, decisionWritten.Refuse("the text is missing")
	}
	proven, err := findings(cmd.Findings)
	if err != nil {
		return nil, err
	}
	p := Proposal{
		Sanction: cmd.Sanction, Provisions: provisionsOf(proven), Findings: proven, Decided: cmd.Decided, Served: cmd.Served,
		ServiceProof: strings.TrimSpace(cmd.ServiceProof), AppealDecided: cmd.AppealDecided, AppealClosed: cmd.AppealClosed,
		FromDay: cmd.From, UntilDay: cmd.Until, Text: text,
	}
	if p.AppealClosed.IsZero() {
		p.AppealClosed = p.AppealDecided
	}
	version, err := f.stands(p, cmd.Member, m)
	if err != nil {
		return nil, err
	}
	p.CodeVersion = version.Label
	return []act.Event{OrderProposed{
		Order: f.ID, Member: cmd.Member, Proposer: m.Actor, Holder: m.Holder, At: m.At, Proposal: p.sealed(f.ID),
	}}, nil
}

// stands refuses a decision on paper that does not hold. It is asked when the decision is recorded, and
// again when it is confirmed: much may have become known between.
func (f Facts) stands(p Proposal, member string, m act.Meta) (Text, error) {
	today := f.today(m)
	switch {
	case p.Served.IsZero() || p.ServiceProof == "":
		return Text{}, serviceProven.Refuse("no proof is given")
	case p.Served.Before(p.Decided) || p.Decided.After(today) || p.Served.After(today):
		return Text{}, daysInOrder.Refuse("decided on %s, served on %s", p.Decided, p.Served)
	case !f.GoLive.IsZero() && !p.Decided.Before(f.GoLive):
		return Text{}, beforeGoLive.Refuse("decided on %s; the register is live since %s", p.Decided, f.GoLive)
	case !p.FromDay.IsZero() && p.FromDay.Before(p.Decided):
		return Text{}, startPlausible.Refuse("from %s on, and decided on %s", p.FromDay, p.Decided)
	case p.FromDay.After(today.AddMonths(12)):
		return Text{}, startPlausible.Refuse("%s is more than a year ahead", p.FromDay)
	}
	if err := f.memberBy(member, p.Decided); err != nil {
		return Text{}, err
	}
	if err := f.decidedWithin(p.Decided); err != nil {
		return Text{}, err
	}
	_, version, err := f.provisions(p.Provisions, p.Decided)
	if err != nil {
		return Text{}, err
	}
	procedure := version.Requirements.Procedure
	if err := f.appealIsOver(p, procedure, today); err != nil {
		return Text{}, err
	}
	return version, f.term(p, procedure)
}

// appealIsOver refuses a decision that could still be appealed, or is. An appeal that was decided is over,
// also before the time for one has run.
func (f Facts) appealIsOver(d Proposal, p code.Procedure, today act.Date) error {
	last := code.LastDay(d.Served, p.Appeal, f.Holidays)
	switch {
	case d.AppealClosed.IsZero():
		return appealOver.Refuse("the day on which the appeal closed is missing")
	case d.AppealClosed.After(today):
		return appealOver.Refuse("the appeal closes on %s", d.AppealClosed)
	case !d.AppealDecided.IsZero() && (d.AppealDecided.Before(d.Served) || d.AppealClosed.Before(d.AppealDecided)):
		return appealOver.Refuse("served on %s, appeal decided on %s, closed on %s", d.Served, d.AppealDecided, d.AppealClosed)
	case !d.AppealDecided.IsZero():
		return nil
	case d.AppealClosed.Before(last) || !last.Before(today):
		return appealOver.Refuse("served on %s, it can be appealed until the end of %s", d.Served, last)
	}
	return nil
}

// term refuses a sanction whose time is not as the code says.
func (f Facts) term(d Proposal, p code.Procedure) error {
	from, until := d.FromDay, d.UntilDay
	if from.IsZero() {
		from = d.AppealClosed
	}
	timed := d.Sanction == Suspension || d.Sanction == Probation || d.Sanction == Conditions
	switch {
	case !timed:
		if !until.IsZero() {
			return termWithin.Refuse("%s has no end", d.Sanction)
		}
		return nil
	case until.IsZero():
		return termWithin.Refuse("until when is missing")
	case until.Before(from):
		return termWithin.Refuse("it would end on %s, before it begins on %s", until, from)
	case d.Sanction == Suspension && until.Before(code.LastDay(from.AddDays(-1), p.SuspensionMin, f.Holidays)):
		return termWithin.Refuse("from %s until %s is less than %s", from, until, p.SuspensionMin.Words())
	case d.Sanction == Suspension && until.After(code.LastDay(from, p.SuspensionMax, f.Holidays)):
		return termWithin.Refuse("from %s until %s is more than %s", from, until, p.SuspensionMax.Words())
	case d.Sanction == Probation && until.After(code.LastDay(from, p.ProbationMax, f.Holidays)):
		return termWithin.Refuse("from %s until %s is more than %s", from, until, p.ProbationMax.Words())
	}
	return nil
}
