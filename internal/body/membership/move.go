package membership

import (
	"strings"
	"time"

	"shingle/internal/act"
)

// Move gives a member its new address.
type Move struct {
	Member  string `json:"member" label:"Member number"`
	Address string `json:"address" label:"Address"`
	Place   string `json:"place" label:"Place"`
	Country string `json:"country" label:"Country"`
}

// Moved says where a member is now.
type Moved struct {
	Member  string    `json:"member"`
	Address string    `json:"address"`
	Place   string    `json:"place"`
	Country string    `json:"country"`
	At      time.Time `json:"at"`
}

var moveAct = act.Define(stream, "member.move", "Gives a member its new address.",
	func(cmd Move, _ act.Meta) act.Target { return act.To(cmd.Member) }, Member.move)

func (m Member) move(f Facts, cmd Move, meta act.Meta) ([]act.Event, error) {
	if err := m.inside(f); err != nil {
		return nil, err
	}
	e := Moved{
		Member: f.Number, Address: strings.TrimSpace(cmd.Address), Place: strings.TrimSpace(cmd.Place),
		Country: strings.TrimSpace(cmd.Country), At: meta.At,
	}
	if err := plain(m.Name, []string{e.Address, e.Place, e.Country}); err != nil {
		return nil, err
	}
	if e.Address == m.Address && e.Place == m.Place && e.Country == m.Country {
		return nil, nil
	}
	return []act.Event{e}, nil
}
