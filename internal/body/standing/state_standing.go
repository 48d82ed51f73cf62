package standing

import (
	"slices"

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
}

var stateAct = act.Define(stream, "standing.state", "States in public how a member stands, if that has changed.",
	func(cmd State, _ act.Meta) act.Target { return act.To(cmd.Member) }, state)

func state(s Statements, now Now, cmd State, m act.Meta) ([]act.Event, error) {
	if now.Answer.Status == "" {
		return nil, nil // not a member, or not yet: nothing to state
	}
	next := Stated{
		Member: cmd.Member, Name: now.Name, Domains: slices.Sorted(slices.Values(now.Domains)),
		Status: now.Answer.Status, Kind: now.Answer.Kind, Since: now.Answer.Since, At: m.At, Number: s.Count + 1,
	}
	if c := now.Answer.Code; c != nil {
		next.CodeVersion, next.CodeSHA256 = c.Version, c.SHA256
	}
	if s.Count > 0 && s.Last.says(next) {
		return nil, nil
	}
	return []act.Event{next}, nil
}
