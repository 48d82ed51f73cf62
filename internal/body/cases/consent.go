package cases

import (
	"strconv"
	"strings"

	"shingle/internal/act"
	"shingle/internal/code"
)

// Consent is an order to which the respondent has agreed and the panel has yet to.
type Consent struct {
	Sanction Sanction // with no measure if there is none
	Agreed   Service
}

// ProposeConsent lays an order before the panel to which the respondent has agreed.
type ProposeConsent struct {
	Case     string      `json:"case" label:"Case number"`
	Charges  []string    `json:"charges" label:"Charges" hint:"numbers of the charges that the respondent admits"`
	Sanction string      `json:"sanction" label:"Sanction" choices:"advice|warning|reprimand|required-education|conditions|probation"`
	Term     string      `json:"term,omitempty" label:"For how long"`
	AgreedOn act.Date    `json:"agreed_on" label:"Agreed on"`
	Proof    string      `json:"proof" label:"Proof" hint:"how the respondent's agreement is proven"`
	Terms    act.Private `json:"terms,omitzero" label:"What was agreed" rows:"6"`
}

// ConsentProposed lays an order before the panel to which the respondent has agreed.
type ConsentProposed struct {
	Of
	Sanction   string        `json:"sanction"`
	Provisions []string      `json:"provisions"`
	Term       code.Duration `json:"term"`
	Agreed     Service       `json:"agreed"`
	Terms      act.Private   `json:"terms"`
}

func (e ConsentProposed) happen(c *Case) {
	c.Consent = Consent{Sanction{Measure: e.Sanction, Provisions: e.Provisions, Term: e.Term}, e.Agreed}
	c.Panel.Voted = nil
}

var longRoad = act.Rule{
	ID:    "CASE-60",
	Cites: "procedure",
	Text:  "A suspension or an expulsion takes the long road: charges, a hearing and a decision of the panel.",
	Cure:  "Agree on something milder, or have the case heard.",
}

var proposeConsentAct = act.Define(stream, "case.propose-consent", "Lays an order before the panel to which the respondent has agreed.",
	func(cmd ProposeConsent, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.proposeConsent)

func (c Case) proposeConsent(f Facts, cmd ProposeConsent, m act.Meta) ([]act.Event, error) {
	if err := first(c.at(cmd.Case, Charged), c.managed(m)); err != nil {
		return nil, err
	}
	if rank(cmd.Sanction) >= rank(Suspension) {
		return nil, longRoad.Refuse("%s", cmd.Sanction)
	}
	agreed, err := f.served(cmd.AgreedOn, cmd.Proof, act.DateIn(c.Charges.Served, f.zone()), m)
	if err != nil {
		return nil, err
	}
	s, err := c.sanction(f, cmd.Sanction, cmd.Term, m)
	if err != nil {
		return nil, err
	}
	for _, number := range cmd.Charges {
		n, err := strconv.Atoi(strings.TrimSpace(number))
		if err != nil || n < 1 || n > len(c.Charges.Provisions) || contains(s.Provisions, c.Charges.Provisions[n-1]) {
			return nil, findingEach.Refuse("%q is no charge, or named twice", number)
		}
		s.Provisions = append(s.Provisions, c.Charges.Provisions[n-1])
	}
	switch {
	case len(s.Provisions) == 0:
		return nil, findingEach.Refuse("no charge is admitted")
	case cmd.Terms.Empty():
		return nil, reasonGiven.Refuse("what was agreed is missing")
	case c.Consent.Sanction.Measure != "":
		return nil, stageFits.Refuse("an order waits for the panel already")
	}
	return []act.Event{ConsentProposed{c.of(m), s.Measure, s.Provisions, s.Term, agreed, cmd.Terms.OwnedBy(c.owner())}}, nil
}

// RuleOnConsent says whether the panel agrees to such an order.
type RuleOnConsent struct {
	Case     string      `json:"case" label:"Case number"`
	Panelist string      `json:"panelist" label:"Presiding panelist" hint:"your number"`
	Result   string      `json:"result" label:"Result" choices:"approved=The panel agrees|refused=The case is heard"`
	Reasons  act.Private `json:"reasons,omitzero" label:"Reasons" rows:"6"`
}

// ConsentApproved makes an order of what was agreed.
type ConsentApproved struct {
	Of
	By      string      `json:"by"`
	Voted   []string    `json:"voted"` // who did, and not how
	Quorum  int         `json:"quorum"`
	On      act.Date    `json:"on"`
	Reasons act.Private `json:"reasons"`
}

// ConsentRefused leaves the case to be heard.
type ConsentRefused struct {
	Of
	By      string      `json:"by"`
	Reasons act.Private `json:"reasons"`
}

func (e ConsentApproved) happen(c *Case) {
	c.Decision = Decision{e.On, c.Consent.Sanction, c.Consent.Agreed}
	c.Consent = Consent{}
}

func (e ConsentRefused) happen(c *Case) {
	c.Consent, c.Panel.Voted = Consent{}, nil
}

var ruleConsentAct = act.Define(stream, "case.rule-on-consent", "Says whether the panel agrees to an order to which the respondent has agreed.",
	func(cmd RuleOnConsent, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.ruleOnConsent)

func (c Case) ruleOnConsent(f Facts, cmd RuleOnConsent, m act.Meta) ([]act.Event, error) {
	if err := first(c.decides(cmd.Panelist, m), c.at(cmd.Case, Charged), oneOf(cmd.Result, "approved", "refused"), c.voted(f, cmd.Panelist, m)); err != nil {
		return nil, err
	}
	if cmd.Reasons.Empty() {
		return nil, reasonGiven.Refuse("there are no reasons")
	}
	reasons := cmd.Reasons.OwnedBy(c.owner())
	if cmd.Result == "refused" {
		return []act.Event{ConsentRefused{c.of(m), cmd.Panelist, reasons}}, nil
	}
	return []act.Event{
		ConsentApproved{c.of(m), cmd.Panelist, c.Panel.Voted, f.procedure(m).Quorum, f.today(m), reasons},
		c.finalized(f, OutcomeConsent, f.today(m), m),
	}, nil
}
