package discipline

import (
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
)

// Charge records charges that were served on paper, so that leaving does not make them vanish. It is
// not public by itself.
type Charge struct {
	Member       string   `json:"member" label:"Member number"`
	Provisions   []string `json:"provisions" label:"Provisions" hint:"ids of the provisions said to be violated"`
	Served       act.Date `json:"served" label:"Served on"`
	ServiceProof string   `json:"service_proof,omitempty" label:"Proof of service" hint:"how it was served, for example courier receipt 1183"`
}

// ChargeRecorded says that charges were served. It takes effect on that day.
type ChargeRecorded struct {
	Charge       string    `json:"charge"`
	Member       string    `json:"member"`
	Heirs        []string  `json:"heirs,omitempty"` // members that it merged into before
	Provisions   []string  `json:"provisions"`
	Served       act.Date  `json:"served"`
	ServiceProof string    `json:"service_proof"`
	From         time.Time `json:"from"`
	At           time.Time `json:"at"`
}

// Concerns names the member and those that it merged into.
func (c ChargeRecorded) Concerns() []string { return subjects(c.Member, c.Heirs) }

// TakesEffect returns the start of the day of service.
func (c ChargeRecorded) TakesEffect() time.Time { return c.From }

var chargeAct = act.Define(chargeStream, "charge.record", "Records charges that were served on paper.",
	func(Charge, act.Meta) act.Target { return act.NextOfYear() }, charge)

func charge(_ ChargeState, f Facts, cmd Charge, m act.Meta) ([]act.Event, error) {
	proof := strings.TrimSpace(cmd.ServiceProof)
	switch {
	case proof == "":
		return nil, serviceProven.Refuse("no proof is given")
	case cmd.Served.After(f.today(m)):
		return nil, daysInOrder.Refuse("served on %s, which lies ahead", cmd.Served)
	}
	if err := f.memberBy(cmd.Member, cmd.Served); err != nil {
		return nil, err
	}
	if err := f.within(cmd.Served); err != nil {
		return nil, err
	}
	provisions, _, err := f.provisions(cmd.Provisions, cmd.Served)
	if err != nil {
		return nil, err
	}
	return []act.Event{ChargeRecorded{
		Charge: f.ID, Member: cmd.Member, Heirs: f.Respondent.Heirs, Provisions: provisions, Served: cmd.Served,
		ServiceProof: proof, From: cmd.Served.Start(f.zone()), At: m.At,
	}}, nil
}

// dismissed is the outcome of charges that failed.
const dismissed = "dismissed"

// CloseCharge records what became of charges.
type CloseCharge struct {
	Charge  string `json:"charge" label:"Charge number"`
	Outcome string `json:"outcome" label:"Outcome" choices:"dismissed|upheld|settled"`
}

// ChargeClosed says that charges are no longer open.
type ChargeClosed struct {
	Charge  string    `json:"charge"`
	Member  string    `json:"member"`
	Heirs   []string  `json:"heirs,omitempty"`
	Outcome string    `json:"outcome"`
	At      time.Time `json:"at"`
}

// Concerns names the member and those that it merged into.
func (c ChargeClosed) Concerns() []string { return subjects(c.Member, c.Heirs) }

// Failed reports whether nothing came of the charges.
func (c ChargeClosed) Failed() bool { return c.Outcome == dismissed }

var chargeOpen = act.Rule{
	ID:    "DISC-23",
	Cites: "procedure",
	Text:  "Only open charges are closed, and once.",
	Cure:  "Check the number of the charges.",
}

var outcomeKnown = act.Rule{
	ID:    "DISC-24",
	Cites: "procedure",
	Text:  "Charges are dismissed, upheld or settled.",
	Cure:  "Use one of these words.",
}

var closeChargeAct = act.Define(chargeStream, "charge.close", "Records what became of charges.",
	func(cmd CloseCharge, _ act.Meta) act.Target { return act.To(cmd.Charge) }, ChargeState.close)

func (c ChargeState) close(f Facts, cmd CloseCharge, m act.Meta) ([]act.Event, error) {
	switch {
	case !slices.Contains([]string{dismissed, "upheld", "settled"}, cmd.Outcome):
		return nil, outcomeKnown.Refuse("%q", cmd.Outcome)
	case c.ID != "" && c.Outcome == cmd.Outcome:
		return nil, nil
	case c.ID == "" || c.Outcome != "":
		return nil, chargeOpen.Refuse("charges %q are not open", cmd.Charge)
	}
	return []act.Event{ChargeClosed{
		Charge: c.ID, Member: c.Member, Heirs: f.Respondent.Heirs, Outcome: cmd.Outcome, At: m.At,
	}}, nil
}
