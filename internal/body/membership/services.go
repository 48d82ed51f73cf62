package membership

import (
	"slices"
	"time"

	"shingle/internal/act"
)

// SetServices says what a member offers.
type SetServices struct {
	Member   string   `json:"member" label:"Member number"`
	Services []string `json:"services" label:"Services"`
}

// ServicesSet says what a member offers from now on.
type ServicesSet struct {
	Member   string    `json:"member"`
	Services []string  `json:"services"`
	At       time.Time `json:"at"`
}

var setServicesAct = act.Define(stream, "services.set", "Says what a member offers.",
	func(cmd SetServices, _ act.Meta) act.Target { return act.To(cmd.Member) }, Member.setServices)

func (m Member) setServices(f Facts, cmd SetServices, meta act.Meta) ([]act.Event, error) {
	if err := m.inside(f); err != nil {
		return nil, err
	}
	services := trimmed(cmd.Services)
	if err := plain(m.Name, nil, services); err != nil {
		return nil, err
	}
	if slices.Equal(services, m.Services) {
		return nil, nil
	}
	return []act.Event{ServicesSet{Member: f.Number, Services: services, At: meta.At}}, nil
}
