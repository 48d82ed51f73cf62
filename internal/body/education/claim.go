package education

import (
	"fmt"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

// ClaimCredit asks for credit for what a person completed elsewhere, with evidence; or puts a claim that was
// returned again.
type ClaimCredit struct {
	Person    string       `json:"person" label:"Person"`
	Claim     int          `json:"claim,omitempty" label:"Claim" hint:"the number of the one that was returned, if it is that"`
	Title     act.Personal `json:"title" label:"What was completed"`
	Organiser act.Personal `json:"organiser,omitzero" label:"By whom it was given"`
	On        act.Date     `json:"on" label:"Completed on"`
	Minutes   int          `json:"minutes,omitempty" label:"Minutes" hint:"without breaks"`
	Credits   string       `json:"credits,omitempty" label:"Credits" hint:"if the certificate says credits"`
	Topics    []string     `json:"topics,omitempty" label:"Topics"`
	Delivery  string       `json:"delivery,omitempty" label:"Delivery"`
	Kind      string       `json:"kind,omitempty" label:"Kind"`
	Evidence  []string     `json:"evidence,omitempty" label:"Evidence" hint:"the sealed files"`
	Account   act.Private  `json:"account,omitzero" label:"Account" rows:"4" hint:"what else the reviewer should know"`
	For       act.Date     `json:"for,omitzero" label:"Makes up for" hint:"a day of an earlier period, if it does"`
}

// CreditClaimed says that a person asked for credit. It belongs to them what it was.
type CreditClaimed struct {
	Person    string       `json:"person"`
	Claim     int          `json:"claim"` // number of the person's claim, from 1
	Title     act.Personal `json:"title"`
	Organiser act.Personal `json:"organiser,omitzero"`
	On        act.Date     `json:"on"`
	Minutes   int          `json:"minutes,omitempty"`
	Credits   code.Amount  `json:"credits,omitempty"`
	Topics    []string     `json:"topics,omitempty"`
	Delivery  string       `json:"delivery,omitempty"`
	Kind      string       `json:"kind,omitempty"`
	Evidence  []string     `json:"evidence,omitempty"`
	Account   act.Private  `json:"account,omitzero"`
	For       act.Date     `json:"for,omitzero"`
	At        time.Time    `json:"at"`
}

func (e CreditClaimed) credit() Credit {
	return Credit{
		On: e.On, Minutes: e.Minutes, Credits: e.Credits, Topics: e.Topics, Delivery: e.Delivery, Kind: e.Kind,
		Provider: "external", Proof: "self-reported", For: e.For,
	}
}

func creditID(person string, n int) string { return fmt.Sprintf("%s-%d", person, n) }

var evidenceShown = act.Rule{
	ID: "EDU-16", Cites: "education.evidence",
	Text: "A claim says what was completed, and shows evidence where the code asks for it.",
	Cure: "Add the certificate, or whatever shows it.",
}

var claimReturned = act.Rule{
	ID: "EDU-17", Cites: "education.evidence",
	Text: "Only a claim that was returned is put again.",
	Cure: "Leave the number of the claim empty to make another one.",
}

var claimAct = act.Define(learners, "credit.claim", "Asks for credit for what was completed elsewhere.",
	func(cmd ClaimCredit, _ act.Meta) act.Target { return act.To(cmd.Person) }, Learner.claim)

func (l Learner) claim(f Facts, cmd ClaimCredit, m act.Meta) ([]act.Event, error) {
	if err := f.learner(); err != nil {
		return nil, err
	}
	owner := "person/" + f.ID
	var wrong act.Refusals
	e := CreditClaimed{
		Person: f.ID, Claim: cmd.Claim, Title: cmd.Title.OwnedBy(owner), Organiser: cmd.Organiser.OwnedBy(owner), On: cmd.On, Minutes: cmd.Minutes,
		Credits: f.length(cmd.Minutes, cmd.Credits, &wrong), Topics: cmd.Topics, Delivery: cmd.Delivery, Kind: cmd.Kind,
		Account: cmd.Account.OwnedBy(owner), For: cmd.For, At: m.At,
	}
	for _, object := range cmd.Evidence {
		if object = strings.TrimSpace(object); object != "" {
			e.Evidence = append(e.Evidence, object)
		}
	}
	f.words(cmd.Topics, cmd.Delivery, cmd.Kind, &wrong)
	f.day(l, cmd.On, max(0, cmd.Minutes), m, &wrong)
	if cmd.Title.Empty() {
		wrong.Add("title", evidenceShown.Refuse("it does not say what was completed"))
	}
	if len(e.Evidence) == 0 && f.Scheme.Evidence.Of != "nothing" && f.Scheme.Evidence != (code.Evidence{}) {
		wrong.Add("evidence", evidenceShown.Refuse("there is none"))
	}
	switch {
	case cmd.Claim == 0:
		e.Claim = len(l.Claims) + 1
	case cmd.Claim < 0 || cmd.Claim > len(l.Claims) || l.Claims[cmd.Claim-1].Stage != Returned:
		wrong.Add("claim", claimReturned.Refuse("claim %d was not", cmd.Claim))
	}
	if len(wrong) > 0 {
		return nil, wrong.Err()
	}
	return []act.Event{e}, nil
}
