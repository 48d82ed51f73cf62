package membership

import (
	"strings"
	"time"

	"shingle/internal/act"
)

// Decline turns an applicant down.
type Decline struct {
	Member string `json:"member" label:"Member number"`
	Reason string `json:"reason" label:"Reason" hint:"the applicant reads it" rows:"4"`
}

// Declined says that an applicant was turned down.
type Declined struct {
	Member string    `json:"member"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
}

var declinedWithReason = act.Rule{
	ID:    "MEM-12",
	Cites: "membership",
	Text:  "An applicant is turned down with a reason.",
	Cure:  "Say why.",
}

var declineAct = act.Define(stream, "member.decline", "Turns an applicant down.",
	func(cmd Decline, _ act.Meta) act.Target { return act.To(cmd.Member) }, Member.decline)

func (m Member) decline(f Facts, cmd Decline, meta act.Meta) ([]act.Event, error) {
	reason := strings.TrimSpace(cmd.Reason)
	switch {
	case m.Stage == TurnedDown:
		return nil, nil
	case m.Stage != Applicant:
		return nil, awaitsDecision.Refuse("member %s does not ask to be let in", f.Number)
	case reason == "":
		return nil, declinedWithReason.Refuse("no reason is given")
	}
	return []act.Event{Declined{Member: f.Number, Reason: reason, At: meta.At}}, nil
}
