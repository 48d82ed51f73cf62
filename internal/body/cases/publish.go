package cases

import (
	"slices"
	"strings"

	"shingle/internal/act"
	"shingle/internal/code"
)

// Publish puts a final outcome in force, and publishes it with its findings, redacted as need be. An advice or a
// warning is put in force and stays between the body and the member.
type Publish struct {
	Case     string   `json:"case" label:"Case number"`
	Findings []string `json:"findings,omitempty" label:"Findings as published" hint:"a sentence on each provision that was violated: 1.1=It sold its customers' data; without what must not be told"`
	Text     string   `json:"text,omitempty" label:"Decision as published" hint:"without names of people and customers" rows:"8"`
}

// Published is a finding as everyone may read it.
type Published struct {
	Provision string `json:"provision"`
	Text      string `json:"text"`
}

// CasePublished puts a final outcome in force. The certificate says how it came about.
type CasePublished struct {
	About
	Sanction      string        `json:"sanction"`
	Provisions    []string      `json:"provisions"`
	Term          code.Duration `json:"term"`
	Bar           code.Duration `json:"bar"`
	Findings      []Published   `json:"findings,omitempty"`
	Text          string        `json:"text,omitempty"`
	Version       string        `json:"version"` // by which the conduct was judged
	Decided       act.Date      `json:"decided"`
	Service       Service       `json:"service"`
	AppealDecided act.Date      `json:"appeal_decided,omitzero"`
	AppealClosed  act.Date      `json:"appeal_closed"`
	Certificate   Certificate   `json:"certificate"`
	SHA256        string        `json:"sha256"` // of the certificate, hex
}

func (e CasePublished) happen(c *Case) {
	c.Stage, c.Published = Closed, e.At
	c.doneAll(e.At)
}

var certificateComplete = act.Rule{
	ID:    "CASE-61",
	Cites: "publication",
	Text:  "An outcome is put in force and published when it is final, and every step of the procedure is on record.",
	Cure:  "Take the steps that are missing.",
}

var publishedText = act.Rule{
	ID:    "CASE-62",
	Cites: "publication",
	Text:  "What is published has a text and a sentence on each provision that was violated; of an advice or a warning nothing is.",
	Cure:  "Give a list such as 1.1=It sold its customers' data, and the text of the decision.",
}

var publishAct = act.Define(stream, "case.publish", "Puts a final outcome in force, and publishes it.",
	func(cmd Publish, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.publish)

func (c Case) publish(f Facts, cmd Publish, m act.Meta) ([]act.Event, error) {
	if c.Stage == "" {
		return nil, c.at(cmd.Case)
	}
	if !c.Published.IsZero() {
		return nil, nil
	}
	certificate := CertificateOf(c.ID, f.Trail)
	if len(certificate.Missing) > 0 || c.Stage != Final {
		missing := certificate.Missing
		if len(missing) == 0 {
			missing = []string{"case " + c.ID + " is " + string(c.Stage) + ", and not final"}
		}
		return nil, certificateComplete.Refuse("missing: %s", strings.Join(missing, "; "))
	}
	if err := inOwnName(m); err != nil {
		return nil, err
	}
	s := c.Decision.Sanction
	findings, err := published(cmd.Findings, s)
	if err != nil {
		return nil, err
	}
	text := strings.TrimSpace(cmd.Text)
	if (text == "") == s.IsPublic() {
		return nil, publishedText.Refuse("the text of a %s is missing, or given where none is published", s.Measure)
	}
	e := CasePublished{
		About: c.about(f, m), Sanction: s.Measure, Provisions: s.Provisions, Term: s.Term, Bar: s.Bar, Findings: findings, Text: text,
		Version: c.Version, Decided: c.Decision.On, Service: c.Decision.Service, AppealDecided: c.Appeal.On,
		AppealClosed: c.Appeal.Closed, Certificate: certificate, SHA256: certificate.Hash(),
	}
	if e.Decided.IsZero() { // an advice or a warning that was accepted
		e.Decided, e.AppealClosed = act.DateIn(c.Over, f.zone()), act.DateIn(c.Over, f.zone())
		e.Service = Service{On: e.AppealClosed, How: "accepted by the respondent"}
	}
	return []act.Event{e}, nil
}

// published reads the findings as they are published, one on each provision that was violated.
func published(list []string, s Sanction) ([]Published, error) {
	var all []Published
	for _, entry := range list {
		provision, text, _ := strings.Cut(entry, "=")
		p := Published{strings.TrimSpace(provision), strings.TrimSpace(text)}
		if p.Text == "" || !slices.Contains(s.Provisions, p.Provision) || slices.ContainsFunc(all, func(o Published) bool { return o.Provision == p.Provision }) {
			return nil, publishedText.Refuse("%q is no finding on a provision that was violated, or a second one", entry)
		}
		all = append(all, p)
	}
	switch {
	case s.IsPublic() && len(all) != len(s.Provisions):
		return nil, publishedText.Refuse("%d findings, and %d provisions were violated", len(all), len(s.Provisions))
	case !s.IsPublic() && len(all) > 0:
		return nil, publishedText.Refuse("of %s nothing is published", s.Measure)
	}
	return all, nil
}
