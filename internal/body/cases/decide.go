package cases

import (
	"slices"
	"strconv"
	"strings"

	"shingle/internal/act"
	"shingle/internal/code"
)

// Decision is what a panel decided.
type Decision struct {
	On       act.Date // zero for none
	Sanction Sanction // with no measure if nothing is proven
	Service  Service  // zero until it is served
}

// Decide writes down what the panel decided, charge by charge.
type Decide struct {
	Case     string      `json:"case" label:"Case number"`
	Panelist string      `json:"panelist" label:"Presiding panelist" hint:"your number"`
	Findings []string    `json:"findings" label:"Findings" hint:"on each charge, on the balance of probabilities, one a line: 1=proven or 2=not-proven"`
	Sanction string      `json:"sanction,omitempty" label:"Sanction" hint:"none if nothing is proven" choices:"advice|warning|reprimand|required-education|conditions|probation|suspension|expulsion"`
	Term     string      `json:"term,omitempty" label:"For how long" hint:"of a suspension, probation or of conditions, for example 60d or 6mo"`
	Reasons  act.Private `json:"reasons,omitzero" label:"Reasons" hint:"for each finding and the sanction" rows:"10"`
}

// DecisionMade is what a panel decided, charge by charge.
type DecisionMade struct {
	Of
	By         string        `json:"by"` // number of the presiding panelist
	On         act.Date      `json:"on"`
	Findings   []Finding     `json:"findings"`
	Sanction   string        `json:"sanction,omitempty"` // "" if nothing is proven
	Provisions []string      `json:"provisions,omitempty"`
	Term       code.Duration `json:"term"`
	Bar        code.Duration `json:"bar"`
	Reasons    act.Private   `json:"reasons"`
}

// Finding is what was found on a charge.
type Finding struct {
	Charge    int    `json:"charge"` // from 1
	Provision string `json:"provision"`
	Proven    bool   `json:"proven"`
}

func (e DecisionMade) happen(c *Case) {
	c.Stage = Decided
	c.Decision = Decision{On: e.On, Sanction: Sanction{e.Sanction, e.Provisions, e.Term, e.Bar}}
	c.Panel.Signed = nil
}

var findingEach = act.Rule{
	ID:    "CASE-55",
	Cites: "procedure",
	Text:  "There is one finding on each charge, proven or not on the balance of probabilities, and a sanction if, and only if, something is proven.",
	Cure:  "Give a list such as 1=proven;2=not-proven, and a sanction where something is.",
}

var corroboratedFirst = act.Rule{
	ID:    "CASE-56",
	Cites: "procedure",
	Text:  "Nobody is expelled on anonymous evidence alone.",
	Cure:  "Find somebody or something that stands by it with a name, or order something milder.",
}

var decideAct = act.Define(stream, "case.decide", "Writes down what the panel decided, charge by charge.",
	func(cmd Decide, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.decide)

func (c Case) decide(f Facts, cmd Decide, m act.Meta) ([]act.Event, error) {
	if err := first(c.decides(cmd.Panelist, m), c.at(cmd.Case, Heard), c.voted(f, cmd.Panelist, m)); err != nil {
		return nil, err
	}
	findings, err := c.findings(cmd.Findings)
	if err != nil {
		return nil, err
	}
	e := DecisionMade{Of: c.of(m), By: cmd.Panelist, On: f.today(m), Findings: findings, Reasons: cmd.Reasons.OwnedBy(c.owner())}
	for _, finding := range findings {
		if finding.Proven {
			e.Provisions = append(e.Provisions, finding.Provision)
		}
	}
	switch {
	case (len(e.Provisions) > 0) != (cmd.Sanction != ""):
		return nil, findingEach.Refuse("%d charges are proven, and the sanction is %q", len(e.Provisions), cmd.Sanction)
	case cmd.Reasons.Empty():
		return nil, reasonGiven.Refuse("there are no reasons")
	case cmd.Sanction == "":
		return []act.Event{e}, nil
	case cmd.Sanction == Expulsion && !c.corroborated():
		return nil, corroboratedFirst.Refuse("no evidence in case %s has a name", c.ID)
	}
	s, err := c.sanction(f, cmd.Sanction, cmd.Term, m)
	if err != nil {
		return nil, err
	}
	e.Sanction, e.Term, e.Bar = s.Measure, s.Term, s.Bar
	return []act.Event{e}, nil
}

// findings reads a list of findings, one on each charge, in the order of the charges.
func (c Case) findings(list []string) ([]Finding, error) {
	all := make([]Finding, len(c.Charges.Provisions))
	for _, entry := range list {
		number, word, _ := strings.Cut(entry, "=")
		n, err := strconv.Atoi(strings.TrimSpace(number))
		word = strings.TrimSpace(word)
		if err != nil || n < 1 || n > len(all) || all[n-1].Charge != 0 || word != "proven" && word != "not-proven" {
			return nil, findingEach.Refuse("%q is no finding on one of %d charges, or a second one", entry, len(all))
		}
		all[n-1] = Finding{n, c.Charges.Provisions[n-1], word == "proven"}
	}
	if i := slices.IndexFunc(all, func(f Finding) bool { return f.Charge == 0 }); i >= 0 {
		return nil, findingEach.Refuse("there is none on charge %d", i+1)
	}
	return all, nil
}

// Sign says, as a panelist who decided, that a decision says what was decided. It does not say how anybody voted.
type Sign struct {
	Case     string `json:"case" label:"Case number"`
	Panelist string `json:"panelist" label:"Panelist" hint:"your number"`
}

// DecisionSigned says that a decision says what was decided.
type DecisionSigned struct {
	Of
	Panelist string `json:"panelist"`
}

func (e DecisionSigned) happen(c *Case) {
	c.Panel.Signed = append(without(c.Panel.Signed, e.Panelist), e.Panelist)
}

var signAct = act.Define(stream, "case.sign", "Says, as a panelist, that a decision says what was decided.",
	func(cmd Sign, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.sign)

func (c Case) sign(_ act.None, cmd Sign, m act.Meta) ([]act.Event, error) {
	if err := first(c.decides(cmd.Panelist, m), c.at(cmd.Case, Decided, AppealDecided)); err != nil {
		return nil, err
	}
	if slices.Contains(c.Panel.Signed, cmd.Panelist) {
		return nil, nil
	}
	return []act.Event{DecisionSigned{c.of(m), cmd.Panelist}}, nil
}
