package discipline

import (
	"slices"
	"strings"

	"shingle/internal/act"
)

// Finding is what was proven of one provision.
type Finding struct {
	Provision string `json:"provision"` // id; several, comma separated, where an older record has one finding for all
	Text      string `json:"text"`
}

var findingEach = act.Rule{
	ID:    "DISC-27",
	Cites: "procedure",
	Text:  "There is a finding for each provision that was violated, and one only.",
	Cure:  "Give a list such as 1.1=It sold its customers' data;1.2=It told nobody. A finding with a semicolon in it is sent as JSON.",
}

// findings reads a list of findings, each behind the id of its provision.
func findings(list []string) ([]Finding, error) {
	var all []Finding
	for _, entry := range list {
		provision, text, ok := strings.Cut(entry, "=")
		f := Finding{strings.TrimSpace(provision), strings.TrimSpace(text)}
		switch {
		case !ok || f.Provision == "" || f.Text == "":
			return nil, findingEach.Refuse("%q is no finding on a provision", entry)
		case slices.ContainsFunc(all, func(o Finding) bool { return o.Provision == f.Provision }):
			return nil, findingEach.Refuse("there are two on provision %s", f.Provision)
		}
		all = append(all, f)
	}
	if len(all) == 0 {
		return nil, findingEach.Refuse("there is none")
	}
	return all, nil
}

func provisionsOf(all []Finding) []string {
	ids := make([]string, len(all))
	for i, f := range all {
		ids[i] = f.Provision
	}
	return ids
}

// public reports whether a sanction is one that is published.
func public(sanction string) bool {
	return slices.Index(Sanctions, sanction) >= slices.Index(Sanctions, Reprimand)
}

// sealed returns the proposal as it is recorded: the findings and the text of an advice or a warning stay
// between the body and the member.
func (p Proposal) sealed(order string) Proposal {
	if public(p.Sanction) || len(p.Findings) == 0 && p.Text == "" {
		return p
	}
	var lines []string
	for _, f := range p.Findings {
		lines = append(lines, f.Provision+": "+f.Text)
	}
	p.Confidential = act.NewPrivate("order/"+order, strings.Join(append(lines, p.Text), "\n\n"))
	p.Findings, p.Text = nil, ""
	return p
}
