package standing

import (
	"slices"
	"time"

	"shingle/internal/act"
)

// State makes the public statement of a member's standing, if it has become another. The system asks
// for it after everything that concerns a member, and the clock when time alone changes an answer.
type State struct {
	Member string `json:"member" label:"Member number" hint:"for example 0042"`
}

// Now is what State must know: how the member stands at the moment, and under which name.
type Now struct {
	Name    string
	Domains []string // proven ones
	Answer  Answer
	// Missed are the spans that began after the last statement and are over: time went on while nobody
	// stated anything, because the server was down or a demo's clock was moved.
	Missed []Missed
}

// Missed is a span of public standing that came and went without a statement.
type Missed struct {
	Span
	Domains []string // proven ones when it began
}

var stateAct = act.Define(stream, "standing.state", "States in public how a member stands, if that has changed.",
	func(cmd State, _ act.Meta) act.Target { return act.To(cmd.Member) }, state)

func state(s Statements, now Now, cmd State, m act.Meta) ([]act.Event, error) {
	if now.Answer.Status == "" {
		return nil, nil // not a member, or not yet: nothing to state
	}
	next := Stated{Member: cmd.Member, Name: now.Name, At: m.At}
	if c := now.Answer.Code; c != nil {
		next.CodeVersion, next.CodeSHA256 = c.Version, c.SHA256
	}
	var events []act.Event
	last, count := s.Last, s.Count
	say := func(status Status, kind Kind, since time.Time, domains []string) {
		next.Status, next.Kind, next.Since, next.Domains = status, kind, since, slices.Sorted(slices.Values(domains))
		next.Number = count + 1
		if count == 0 || !last.says(next) {
			events = append(events, next)
			last, count = next, next.Number
		}
	}
	for _, m := range now.Missed {
		say(m.Status, m.Kind, m.From, m.Domains)
	}
	say(now.Answer.Status, now.Answer.Kind, now.Answer.Since, now.Domains)
	return events, nil
}
