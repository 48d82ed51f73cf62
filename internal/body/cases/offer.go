package cases

import (
	"shingle/internal/act"
)

// Offer offers the respondent an advice or a warning instead of charges: the fast track.
type Offer struct {
	Case       string      `json:"case" label:"Case number"`
	Sanction   string      `json:"sanction" label:"Offered" choices:"advice=Advice|warning=Warning"`
	Provisions []string    `json:"provisions" label:"Provisions" hint:"ids of the provisions in question"`
	Reason     act.Private `json:"reason,omitzero" label:"Reasons" hint:"the respondent reads them" rows:"6"`
}

// FastTrackOffered waits for the respondent to accept an advice or a warning.
type FastTrackOffered struct {
	Of
	By         string      `json:"by"`
	Sanction   string      `json:"sanction"`
	Provisions []string    `json:"provisions"`
	Reason     act.Private `json:"reason"`
	Terms      []TermSet   `json:"terms"`
}

func (e FastTrackOffered) happen(c *Case) {
	c.hand(e.By, didScreen)
	c.Told = true
	c.Stage, c.Offer = Offered, Sanction{Measure: e.Sanction, Provisions: e.Provisions}
	c.done(e.At, TermScreening)
	c.begin(e.At, e.Terms...)
}

var fastTrackMild = act.Rule{
	ID:    "CASE-25",
	Cites: "procedure.fast-track",
	Text:  "The fast track ends in an advice or a warning; everything else takes the long road.",
	Cure:  "Offer an advice or a warning, or investigate.",
}

var offerAct = act.Define(stream, "case.offer", "Offers the respondent an advice or a warning instead of charges.",
	func(cmd Offer, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.offer)

func (c Case) offer(f Facts, cmd Offer, m act.Meta) ([]act.Event, error) {
	if err := first(c.at(cmd.Case, Lodged), c.managed(m), c.timely(), c.runs(), f.within(f.today(m))); err != nil {
		return nil, err
	}
	text, _ := f.text(c.Version)
	switch {
	case cmd.Sanction != Advice && cmd.Sanction != Warning:
		return nil, fastTrackMild.Refuse("%q", cmd.Sanction)
	case cmd.Reason.Empty():
		return nil, reasonGiven.Refuse("no reason is given")
	case text.Version == nil || len(cmd.Provisions) == 0:
		return nil, provisionKnown.Refuse("no provision is given")
	}
	ids, err := provisions(cmd.Provisions, text)
	if err != nil {
		return nil, err
	}
	return []act.Event{FastTrackOffered{
		c.of(m), m.Actor, cmd.Sanction, ids, cmd.Reason.OwnedBy(c.owner()), []TermSet{{TermOffer, f.deadline(m.At, f.procedure(m).FastTrack)}},
	}}, nil
}

// AnswerOffer is what the respondent says to an advice or a warning that it is offered.
type AnswerOffer struct {
	Case   string `json:"case" label:"Case number"`
	Member string `json:"member" label:"Member number"`
	Answer string `json:"answer" label:"Answer" choices:"accept=We accept it|decline=We want the case to be heard"`
}

// OfferAccepted ends a case with an advice or a warning.
type OfferAccepted struct{ Of }

// OfferDeclined leads to an investigation, whether the respondent said no or nothing in time.
type OfferDeclined struct {
	Of
	Expired bool `json:"expired,omitempty"`
}

func (e OfferAccepted) happen(c *Case) {
	c.Stage, c.Outcome, c.Over = Final, OutcomeAccepted, e.At
	c.Decision.Sanction = c.Offer
	c.doneAll(e.At)
}

func (e OfferDeclined) happen(c *Case) { c.investigate(e.At) }

var offerInTime = act.Rule{
	ID:    "CASE-26",
	Cites: "procedure.fast-track",
	Text:  "An advice or a warning is accepted within the time for it.",
	Cure:  "The case is investigated. Say there what is to be said.",
}

var answerOfferAct = act.Define(stream, "case.answer-offer", "Accepts or declines an advice or a warning that was offered.",
	func(cmd AnswerOffer, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.answerOffer)

func (c Case) answerOffer(f Facts, cmd AnswerOffer, m act.Meta) ([]act.Event, error) {
	if err := first(c.answers(f, cmd.Case, cmd.Member), oneOf(cmd.Answer, "accept", "decline"), c.at(cmd.Case, Offered)); err != nil {
		return nil, err
	}
	if cmd.Answer == "decline" {
		return []act.Event{OfferDeclined{Of: c.of(m)}}, nil
	}
	if t, ok := c.running(TermOffer); !ok || !c.open(TermOffer, m.At) {
		return nil, offerInTime.Refuse("it could be accepted before %s", t.Due.In(f.zone()).Format("2006-01-02"))
	}
	return []act.Event{OfferAccepted{c.of(m)}}, nil
}
