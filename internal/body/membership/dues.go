package membership

import (
	"strings"
	"time"

	"shingle/internal/act"
)

// RecordDues says through which day a member has paid its dues. Money itself is not handled here.
type RecordDues struct {
	Member      string   `json:"member" label:"Member number"`
	PaidThrough act.Date `json:"paid_through" label:"Paid through"`
	Reason      string   `json:"reason,omitempty" label:"Reason" hint:"only for a correction to an earlier day"`
}

// PaidThrough says through which day dues are paid. The latest one counts.
type PaidThrough struct {
	Member  string    `json:"member"`
	Through act.Date  `json:"through"`
	Reason  string    `json:"reason,omitempty"`
	At      time.Time `json:"at"`
}

var duesCorrected = act.Rule{
	ID:    "MEM-20",
	Cites: "membership.dues-grace",
	Text:  "The day through which dues are paid moves back only by a correction that says why.",
	Cure:  "Give the reason of the correction.",
}

var recordDuesAct = act.Define(stream, "dues.record", "Records through which day a member has paid its dues.",
	func(cmd RecordDues, _ act.Meta) act.Target { return act.To(cmd.Member) }, Member.recordDues)

func (m Member) recordDues(f Facts, cmd RecordDues, meta act.Meta) ([]act.Event, error) {
	if err := m.inside(f); err != nil {
		return nil, err
	}
	reason := strings.TrimSpace(cmd.Reason)
	switch {
	case cmd.PaidThrough == m.PaidThrough:
		return nil, nil
	case cmd.PaidThrough.Before(m.PaidThrough) && reason == "":
		return nil, duesCorrected.Refuse("%s is before %s", cmd.PaidThrough, m.PaidThrough)
	}
	return []act.Event{PaidThrough{Member: f.Number, Through: cmd.PaidThrough, Reason: reason, At: meta.At}}, nil
}
