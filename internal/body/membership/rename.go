package membership

import (
	"strings"
	"time"

	"shingle/internal/act"
)

// Rename gives a member its new legal name.
type Rename struct {
	Member string `json:"member" label:"Member number"`
	Name   string `json:"name" label:"New legal name"`
}

// Renamed says that a member has another name, and which one it had.
type Renamed struct {
	Member string    `json:"member"`
	Name   string    `json:"name"`
	Before string    `json:"before"`
	At     time.Time `json:"at"`
}

var renameAct = act.Define(stream, "member.rename", "Gives a member its new legal name.",
	func(cmd Rename, _ act.Meta) act.Target { return act.To(cmd.Member) }, Member.rename)

func (m Member) rename(f Facts, cmd Rename, meta act.Meta) ([]act.Event, error) {
	if err := m.inside(f); err != nil {
		return nil, err
	}
	name := strings.TrimSpace(cmd.Name)
	if err := plain(name, nil); err != nil {
		return nil, err
	}
	if name == m.Name {
		return nil, nil
	}
	return []act.Event{Renamed{Member: f.Number, Name: name, Before: m.Name, At: meta.At}}, nil
}
