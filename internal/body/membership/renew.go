package membership

import (
	"strings"
	"time"

	"shingle/internal/act"
)

// Renew is the yearly declaration: the member stands by its subscription, met the code, and still
// controls its domains.
type Renew struct {
	Member         string       `json:"member" label:"Member number"`
	Representative act.Personal `json:"representative" label:"Name of the representative"`
	Capacity       string       `json:"capacity" label:"Capacity" hint:"for example director"`
	Declaration    bool         `json:"declaration" label:"We stand by our subscription, keep the code, and control our domains"`
}

// Renewed says that a member declared itself for another term. Domains that it had shown to be its own
// count as proven again, on paper; a declaration alone makes none its own.
type Renewed struct {
	Member         string       `json:"member"`
	Version        string       `json:"version"`
	SHA256         string       `json:"sha256"`
	Representative act.Personal `json:"representative"`
	Capacity       string       `json:"capacity"`
	Person         int          `json:"person"`
	Domains        []string     `json:"domains,omitempty"`
	At             time.Time    `json:"at"`
}

var renewsCurrent = act.Rule{
	ID:    "MEM-21",
	Cites: "membership.renewal",
	Text:  "Who renews has signed the version in force.",
	Cure:  "Subscribe to the version in force first; that renews as well.",
}

var declares = act.Rule{
	ID:    "MEM-22",
	Cites: "membership.renewal",
	Text:  "Who renews declares to stand by the subscription.",
	Cure:  "Make the declaration.",
}

var renewAct = act.Define(stream, "member.renew", "Renews a membership for another term.",
	func(cmd Renew, _ act.Meta) act.Target { return act.To(cmd.Member) }, Member.renew)

func (m Member) renew(f Facts, cmd Renew, meta act.Meta) ([]act.Event, error) {
	if err := m.inside(f); err != nil {
		return nil, err
	}
	text, ok := f.textAt(meta.At)
	capacity := strings.TrimSpace(cmd.Capacity)
	switch {
	case !ok || !m.signed(text):
		return nil, renewsCurrent.Refuse("signed is %q, in force %q", m.Subscription.Version, text.Version)
	case !cmd.Declaration:
		return nil, declares.Refuse("the declaration is not made")
	case cmd.Representative.Empty() || !act.OneLine(capacity, 1, 200):
		return nil, representativeNamed.Refuse("the name is missing, or the capacity is no line of up to 200 characters")
	case !m.Renewed.IsZero() && act.DateIn(m.Renewed, f.zone()) == f.today(meta):
		return nil, nil
	}
	person, n, err := m.signing(f)
	if err != nil {
		return nil, err
	}
	return []act.Event{Renewed{
		Member: f.Number, Version: text.Version, SHA256: text.SHA256,
		Representative: cmd.Representative.OwnedBy(person), Capacity: capacity, Person: n,
		Domains: m.ownDomains(), At: meta.At,
	}}, nil
}
