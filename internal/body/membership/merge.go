package membership

import (
	"time"

	"shingle/internal/act"
)

// Merge ends a membership because the company became part of another member, which inherits its
// history and its open charges.
type Merge struct {
	Member string   `json:"member" label:"Number of the member that disappears"`
	Into   string   `json:"into" label:"Number of the member that remains"`
	On     act.Date `json:"on,omitzero" label:"Merged on" hint:"today if left empty"`
}

// Merged says that a member became part of another one. Its domains are free for that one to add.
type Merged struct {
	Member      string    `json:"member"`
	Into        string    `json:"into"`
	Domains     []string  `json:"domains,omitempty"`
	OpenCharges []string  `json:"open_charges,omitempty"`
	Left        time.Time `json:"left"`
	At          time.Time `json:"at"`
}

// TakesEffect returns when the companies merged.
func (m Merged) TakesEffect() time.Time { return m.Left }

// Concerns names both members.
func (m Merged) Concerns() []string { return []string{"member/" + m.Member, "member/" + m.Into} }

// Claims gives the domains up.
func (m Merged) Claims() []act.Claim { return released(m.Domains) }

var mergesIntoMember = act.Rule{
	ID:    "MEM-30",
	Cites: "membership",
	Text:  "A member merges into another one.",
	Cure:  "Name the member that remains; a company that is none applies.",
}

var noPhoenix = act.Rule{
	ID:    "MEM-31",
	Cites: "procedure.readmission-bar",
	Text:  "Nobody sheds an order by merging, whether it is in force or stayed.",
	Cure:  "Wait until the order has ended.",
}

var mergeAct = act.Define(stream, "member.merge", "Records that a member became part of another one.",
	func(cmd Merge, _ act.Meta) act.Target { return act.To(cmd.Member) }, Member.merge)

func (m Member) merge(f Facts, cmd Merge, meta act.Meta) ([]act.Event, error) {
	if m.Stage == Former && m.Successor == cmd.Into && cmd.Into != "" {
		return nil, nil
	}
	if err := m.inside(f); err != nil {
		return nil, err
	}
	if cmd.Into == f.Number || !f.Into.Current {
		return nil, mergesIntoMember.Refuse("%q is not another member", cmd.Into)
	}
	if f.UnderOrder {
		return nil, noPhoenix.Refuse("an order against %s has not ended", m.Name)
	}
	left, err := m.leaving(f, cmd.On, meta)
	if err != nil {
		return nil, err
	}
	return []act.Event{Merged{
		Member: f.Number, Into: cmd.Into, Domains: m.ownDomains(), OpenCharges: f.OpenCharges, Left: left, At: meta.At,
	}}, nil
}
