package governance

import (
	"time"

	"shingle/internal/act"
)

// Open ends launch mode: from the day of go-live the register is public.
type Open struct {
	GoLive act.Date `json:"go_live,omitzero" label:"Day of go-live" hint:"today if left empty"`
}

// Opened says when the register went live. It takes effect at the start of that day.
type Opened struct {
	GoLive act.Date  `json:"go_live"`
	Start  time.Time `json:"start"`
	At     time.Time `json:"at"`
}

// TakesEffect returns the start of the day of go-live.
func (o Opened) TakesEffect() time.Time { return o.Start }

var openedOnce = act.Rule{
	ID:    "GOV-07",
	Cites: "governance",
	Text:  "A register goes live once.",
	Cure:  "Nothing is needed: it is public from the day that was named first.",
}

var goLiveNear = act.Rule{
	ID:    "GOV-08",
	Cites: "governance",
	Text:  "A register goes live today or within a year: on a day that is over it was not public, and what is on the record could not stand beside it.",
	Cure:  "Give a day that comes, or none for today.",
}

var openAct = act.Define(bodyStream, "register.open", "Takes the register live: from that day on it is public.",
	func(Open, act.Meta) act.Target { return act.To("") }, open)

func open(b Body, _ act.None, cmd Open, m act.Meta) ([]act.Event, error) {
	if b.Founded.IsZero() {
		return nil, notFounded.Refuse("there is no body yet")
	}
	today := act.DateIn(m.At, b.Location)
	day := cmd.GoLive
	if day.IsZero() {
		day = today
	}
	if !b.GoLive.IsZero() {
		if cmd.GoLive == b.GoLive {
			return nil, nil
		}
		return nil, openedOnce.Refuse("it went live on %s", b.GoLive)
	}
	if day.Before(today) || day.After(today.AddMonths(12)) {
		return nil, goLiveNear.Refuse("%s is not between today, %s, and a year from now", day, today)
	}
	return []act.Event{Opened{GoLive: day, Start: day.Start(b.Location), At: m.At}}, nil
}
