package membership

import (
	"time"

	"shingle/internal/act"
)

// Withdraw ends a membership at the member's wish. It takes effect at once and ends no case.
type Withdraw struct {
	Member string   `json:"member" label:"Member number"`
	On     act.Date `json:"on,omitzero" label:"Left on" hint:"today if left empty"`
}

// Withdrawn says that a member left.
type Withdrawn struct {
	Member string    `json:"member"`
	Left   time.Time `json:"left"`
	At     time.Time `json:"at"`
}

// TakesEffect returns when the member left.
func (w Withdrawn) TakesEffect() time.Time { return w.Left }

var leavesToday = act.Rule{
	ID:    "MEM-36",
	Cites: "membership.withdrawal",
	Text:  "A member leaves today; that it left on an earlier day the registrar enters, who has its letter.",
	Cure:  "Leave the day empty, or send the office the letter.",
}

var withdrawAct = act.Define(stream, "member.withdraw", "Ends a membership at the member's wish.",
	func(cmd Withdraw, _ act.Meta) act.Target { return act.To(cmd.Member) }, Member.withdraw)

func (m Member) withdraw(f Facts, cmd Withdraw, meta act.Meta) ([]act.Event, error) {
	if m.Stage == Former && m.Successor == "" {
		return nil, nil
	}
	if err := m.inside(f); err != nil {
		return nil, err
	}
	if !cmd.On.IsZero() && cmd.On.Before(f.today(meta)) && !byOffice(meta) {
		return nil, leavesToday.Refuse("%s is over", cmd.On)
	}
	left, err := m.leaving(f, cmd.On, meta)
	if err != nil {
		return nil, err
	}
	return []act.Event{Withdrawn{Member: f.Number, Left: left, At: meta.At}}, nil
}

// leaving returns when a member leaves that does so on that day.
func (m Member) leaving(f Facts, on act.Date, meta act.Meta) (time.Time, error) {
	if on.After(f.today(meta)) {
		return time.Time{}, dayPlausible.Refuse("%s lies ahead; leaving takes effect at once", on)
	}
	left := f.instant(on, meta)
	if left.Before(m.Joined) || left.Before(m.Subscription.At) {
		return time.Time{}, dayPlausible.Refuse("on %s it had not joined or signed yet", on)
	}
	return left, nil
}
