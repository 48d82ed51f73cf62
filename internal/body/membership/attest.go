package membership

import (
	"time"

	"shingle/internal/act"
)

// Attest is a member's own statement, entered by hand, of how it met the code in a period: counts and
// yes or no, nothing about customers.
type Attest struct {
	Member            string `json:"member" label:"Member number"`
	Period            string `json:"period" label:"Period" hint:"for example 2026-Q3, or 2026 where the code asks once a year"`
	UndertakingsShare int    `json:"undertakings_share,omitempty" label:"People with a current undertaking" hint:"in percent"`
	Incidents         int    `json:"incidents,omitempty" label:"Incidents"`
	IncidentsInTime   int    `json:"incidents_in_time,omitempty" label:"Incidents notified in time"`
	RequestsHandled   bool   `json:"requests_handled" label:"Every request was handled under the code"`
}

// Attested says what a member stated for a period.
type Attested struct {
	Member            string    `json:"member"`
	Period            string    `json:"period"`
	UndertakingsShare int       `json:"undertakings_share"`
	Incidents         int       `json:"incidents"`
	IncidentsInTime   int       `json:"incidents_in_time"`
	RequestsHandled   bool      `json:"requests_handled"`
	Corrects          bool      `json:"corrects,omitempty"` // replaces what was stated for the period before
	At                time.Time `json:"at"`
}

var attestationAsked = act.Rule{
	ID:    "MEM-23",
	Cites: "confidentiality.attestation",
	Text:  "A member attests for a period as the code in force sets it.",
	Cure:  "Name a period such as 2026-Q3, or 2026 where the code asks once a year.",
}

var periodOver = act.Rule{
	ID:    "MEM-24",
	Cites: "confidentiality.attestation",
	Text:  "A member attests for a period that is over.",
	Cure:  "Attest when the period is over.",
}

var countsPossible = act.Rule{
	ID:    "MEM-25",
	Cites: "confidentiality.attestation",
	Text:  "A share lies between 0 and 100 percent, and no more incidents were notified in time than there were.",
	Cure:  "Check the numbers.",
}

var attestAct = act.Define(stream, "member.attest", "Attests how a member met the code in a period.",
	func(cmd Attest, _ act.Meta) act.Target { return act.To(cmd.Member) }, Member.attestFor)

func (m Member) attestFor(f Facts, cmd Attest, meta act.Meta) ([]act.Event, error) {
	if err := m.inside(f); err != nil {
		return nil, err
	}
	switch {
	case !f.Period.Set:
		return nil, attestationAsked.Refuse("the code does not ask for attestations for %q", cmd.Period)
	case !f.Period.Fits:
		return nil, attestationAsked.Refuse("%q is no such period", cmd.Period)
	case meta.At.Before(f.Period.End):
		return nil, periodOver.Refuse("%s ends with %s", cmd.Period, f.lastDay(f.Period.End))
	case cmd.UndertakingsShare < 0 || cmd.UndertakingsShare > 100 || cmd.IncidentsInTime < 0 || cmd.Incidents < cmd.IncidentsInTime:
		return nil, countsPossible.Refuse("%d percent, %d of %d incidents in time", cmd.UndertakingsShare, cmd.IncidentsInTime, cmd.Incidents)
	}
	a := Attestation{cmd.Period, cmd.UndertakingsShare, cmd.Incidents, cmd.IncidentsInTime, cmd.RequestsHandled}
	i, before := m.attestation(cmd.Period)
	if before && m.Attestations[i] == a {
		return nil, nil
	}
	return []act.Event{Attested{
		Member: f.Number, Period: a.Period, UndertakingsShare: a.UndertakingsShare, Incidents: a.Incidents,
		IncidentsInTime: a.IncidentsInTime, RequestsHandled: a.RequestsHandled, Corrects: before, At: meta.At,
	}}, nil
}
