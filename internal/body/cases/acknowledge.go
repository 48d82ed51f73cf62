package cases

import "shingle/internal/act"

// Acknowledge tells the complainant that the complaint has come. The system asks for it at once.
type Acknowledge struct {
	Case string `json:"case" label:"Case number"`
}

// CaseAcknowledged says that the complainant was told that the complaint has come (EU 2019/1937 art. 9).
type CaseAcknowledged struct{ Of }

func (e CaseAcknowledged) happen(c *Case) { c.done(e.At, TermAcknowledge) }

var acknowledgeAct = act.Define(stream, "case.acknowledge", "Tells the complainant that the complaint has come; the system asks for it.",
	func(cmd Acknowledge, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.acknowledge)

func (c Case) acknowledge(_ act.None, cmd Acknowledge, m act.Meta) ([]act.Event, error) {
	if c.Stage == "" {
		return nil, c.at(cmd.Case)
	}
	if _, runs := c.running(TermAcknowledge); !runs {
		return nil, nil
	}
	return []act.Event{CaseAcknowledged{c.of(m)}}, nil
}
