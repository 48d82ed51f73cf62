package membership

import (
	"strings"
	"time"

	"shingle/internal/act"
)

// Subscribe is a member's acceptance of one exact text, signed by somebody entitled to bind it.
type Subscribe struct {
	Member         string       `json:"member" label:"Member number"`
	Version        string       `json:"version" label:"Version of the code"`
	SHA256         string       `json:"sha256" label:"SHA-256 of the text" hint:"64 hexadecimal digits; it says which exact text was read"`
	Representative act.Personal `json:"representative" label:"Name of the representative"`
	Capacity       string       `json:"capacity" label:"Capacity" hint:"for example director"`
}

// Subscribed says that a member accepted one exact text.
type Subscribed struct {
	Member         string       `json:"member"`
	Version        string       `json:"version"`
	SHA256         string       `json:"sha256"`
	Representative act.Personal `json:"representative"`
	Capacity       string       `json:"capacity,omitempty"`
	Person         int          `json:"person"` // which of the people named by this member it is; 0 for who asked in their own name
	SignedAt       time.Time    `json:"signed_at"`
	At             time.Time    `json:"at"`
}

// TakesEffect returns when it was signed.
func (s Subscribed) TakesEffect() time.Time { return s.SignedAt }

var textAdopted = act.Rule{
	ID:    "MEM-16",
	Cites: "membership.subscription",
	Text:  "A member subscribes to a version that the body has adopted.",
	Cure:  "Name an adopted version.",
}

var textExact = act.Rule{
	ID:    "MEM-17",
	Cites: "membership.subscription",
	Text:  "A member subscribes to one exact text, named by its SHA-256.",
	Cure:  "Read the text again and give the hash that stands beside it.",
}

var textCurrent = act.Rule{
	ID:    "MEM-18",
	Cites: "membership.subscription",
	Text:  "A member subscribes to the version in force or to one that is yet to take effect.",
	Cure:  "Subscribe to the version in force.",
}

var representativeNamed = act.Rule{
	ID:    "MEM-19",
	Cites: "membership.subscription",
	Text:  "Somebody who is named, in a capacity in which they bind the company, signs for it.",
	Cure:  "Give the representative's name and capacity.",
}

var subscribeAct = act.Define(stream, "member.subscribe", "Accepts one exact text of the code for a member.",
	func(cmd Subscribe, _ act.Meta) act.Target { return act.To(cmd.Member) }, Member.subscribe)

func (m Member) subscribe(f Facts, cmd Subscribe, meta act.Meta) ([]act.Event, error) {
	if err := m.inside(f); err != nil {
		return nil, err
	}
	text, superseded, err := f.text(cmd.Version, meta)
	if err != nil {
		return nil, err
	}
	hash := strings.ToLower(strings.TrimSpace(cmd.SHA256))
	capacity := strings.TrimSpace(cmd.Capacity)
	switch {
	case hash != text.SHA256:
		return nil, textExact.Refuse("version %s is %s, not %s", text.Version, text.SHA256, hash)
	case m.signed(text):
		return nil, nil
	case superseded != "":
		return nil, textCurrent.Refuse("version %s is superseded by %s", text.Version, superseded)
	case cmd.Representative.Empty() || !act.OneLine(capacity, 1, 200):
		return nil, representativeNamed.Refuse("the name is missing, or the capacity is no line of up to 200 characters")
	}
	person, n, err := m.signing(f)
	if err != nil {
		return nil, err
	}
	return []act.Event{Subscribed{
		Member: f.Number, Version: text.Version, SHA256: text.SHA256,
		Representative: cmd.Representative.OwnedBy(person), Capacity: capacity, Person: n,
		SignedAt: meta.At, At: meta.At,
	}}, nil
}

// text returns the adopted version of that label, and the label of the one in force that supersedes it.
func (f Facts) text(label string, meta act.Meta) (t Text, superseded string, err error) {
	found := false
	for _, v := range f.Code {
		if v.Version == label && !v.Adopted.After(meta.At) {
			t, found = v, true
		} else if found && !v.Effective.After(meta.At) {
			superseded = v.Version
		}
	}
	if !found {
		return Text{}, "", textAdopted.Refuse("version %q is not adopted", label)
	}
	return t, superseded, nil
}
