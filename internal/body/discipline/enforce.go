package discipline

import (
	"slices"
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

// Enforce puts in force what a case ended with. The system asks for it, when the case is final and the certificate
// of its procedure complete.
type Enforce struct {
	Case          string   `json:"case" label:"Case number"`
	Member        string   `json:"member" label:"Member number"`
	Sanction      string   `json:"sanction" label:"Sanction"`
	Provisions    []string `json:"provisions" label:"Provisions"`
	Findings      []string `json:"findings,omitempty" label:"Findings"`
	Text          string   `json:"text,omitempty" label:"Decision" rows:"8"`
	Term          string   `json:"term,omitempty" label:"For how long"`
	Bar           string   `json:"bar,omitempty" label:"Bar after an expulsion"`
	Decided       act.Date `json:"decided" label:"Decided on"`
	Served        act.Date `json:"served" label:"Served on"`
	ServiceProof  string   `json:"service_proof" label:"Proof of service"`
	AppealDecided act.Date `json:"appeal_decided,omitzero" label:"Appeal decided on"`
	AppealClosed  act.Date `json:"appeal_closed" label:"Appeal closed on"`
	Version       string   `json:"version" label:"Version of the code"`
	Certificate   string   `json:"certificate" label:"Certificate of procedure" hint:"its SHA-256, in hex"`
}

// OrderEnforced puts in force what a case ended with.
type OrderEnforced struct {
	Order       string    `json:"order"`
	Case        string    `json:"case"`
	Member      string    `json:"member"`
	Heirs       []string  `json:"heirs,omitempty"`
	Name        string    `json:"name"` // of the member, then
	From        time.Time `json:"from"`
	Until       time.Time `json:"until,omitzero"`
	BarUntil    time.Time `json:"bar_until,omitzero"`
	Certificate string    `json:"certificate"` // SHA-256 of the certificate of procedure, hex
	At          time.Time `json:"at"`
	Proposal
}

// Concerns names the member and those that answer for it.
func (o OrderEnforced) Concerns() []string { return subjects(o.Member, o.Heirs) }

// Claims notes that the case has its order.
func (o OrderEnforced) Claims() []act.Claim {
	return []act.Claim{{Kind: "order", Key: "case/" + o.Case}}
}

var certified = act.Rule{
	ID:    "DISC-35",
	Cites: "publication",
	Text:  "What a case ended with is put in force once, with a complete certificate of procedure, and announced with it.",
	Cure:  "Publish the case with case.publish.",
}

var enforceAct = act.Define(orderStream, "order.enforce", "Puts in force what a case ended with; the system asks for it.",
	func(Enforce, act.Meta) act.Target { return act.NextOfYear() }, enforce)

func enforce(_ Order, f Facts, cmd Enforce, m act.Meta) ([]act.Event, error) {
	if cmd.Certificate == "" || cmd.Certificate != f.Certified {
		return nil, certified.Refuse("case %q has no complete certificate, or another", cmd.Case)
	}
	if !slices.Contains(Sanctions, cmd.Sanction) {
		return nil, sanctionKnown.Refuse("%q", cmd.Sanction)
	}
	p := Proposal{
		Sanction: cmd.Sanction, Provisions: cmd.Provisions, Decided: cmd.Decided, Served: cmd.Served, ServiceProof: cmd.ServiceProof,
		AppealDecided: cmd.AppealDecided, AppealClosed: cmd.AppealClosed, Text: cmd.Text, CodeVersion: cmd.Version,
	}
	if len(cmd.Findings) > 0 {
		proven, err := findings(cmd.Findings)
		if err != nil {
			return nil, err
		}
		p.Findings = proven
	}
	e := OrderEnforced{
		Order: f.ID, Case: cmd.Case, Member: cmd.Member, Heirs: f.Respondent.Heirs, Name: f.Respondent.Name, From: m.At, Certificate: cmd.Certificate,
		At: m.At, Proposal: p.sealed(f.ID),
	}
	until, err := f.after(m.At, cmd.Term)
	if err != nil {
		return nil, err
	}
	bar, err := f.after(m.At, cmd.Bar)
	if err != nil {
		return nil, err
	}
	e.Until, e.BarUntil = until, bar
	return []act.Event{e}, nil
}

// after returns when a term ends that begins at a time; zero for no term.
func (f Facts) after(from time.Time, term string) (time.Time, error) {
	if term == "" {
		return time.Time{}, nil
	}
	d, err := code.ParseDuration(term)
	if err != nil {
		return time.Time{}, termWithin.Refuse("%v", err)
	}
	return code.Deadline(from, d, f.zone(), f.Holidays), nil
}
