package cases

import (
	"time"

	"shingle/internal/act"
)

// ProposeListing proposes to put a company on the list of false claims.
type ProposeListing struct {
	Claim string `json:"claim" label:"Claim number"`
}

// ListingProposed waits for a second officer.
type ListingProposed struct {
	Claim    string    `json:"claim"`
	Proposer string    `json:"proposer"`
	Holder   string    `json:"holder,omitempty"` // the person behind the proposer, see [act.Meta]
	At       time.Time `json:"at"`
}

// List puts a company on the list of false claims, as a second officer.
type List struct {
	Claim string `json:"claim" label:"Claim number"`
}

// ClaimListed puts a company on the list. The list says the fact alone.
type ClaimListed struct {
	Claim   string    `json:"claim"`
	Company string    `json:"company"`
	Address string    `json:"address"`
	Text    string    `json:"text"` // as it is published
	At      time.Time `json:"at"`
}

// Cure says that the company does not display the mark any more.
type Cure struct {
	Claim string      `json:"claim" label:"Claim number"`
	How   act.Private `json:"how,omitzero" label:"How that was seen"`
}

// ClaimCured says that the company does not display the mark any more.
type ClaimCured struct {
	Claim   string      `json:"claim"`
	How     act.Private `json:"how"`
	Removal time.Time   `json:"removal"` // by when it is to be off the list
	At      time.Time   `json:"at"`
}

// Drop ends the matter of a claim that was never listed.
type Drop struct {
	Claim  string      `json:"claim" label:"Claim number"`
	Reason act.Private `json:"reason,omitzero" label:"Reasons"`
}

// ClaimDropped ends the matter of a claim that was never listed.
type ClaimDropped struct {
	Claim  string      `json:"claim"`
	Reason act.Private `json:"reason"`
	At     time.Time   `json:"at"`
}

// Unlist takes a company off the list. Nothing stays behind. The clock asks for it.
type Unlist struct {
	Claim string `json:"claim" label:"Claim number"`
}

// ClaimUnlisted takes a company off the list, without a tombstone.
type ClaimUnlisted struct {
	Claim string    `json:"claim"`
	At    time.Time `json:"at"`
}

var answerAwaited = act.Rule{
	ID:    "CASE-70",
	Cites: "procedure.claim-answer",
	Text:  "A company is listed after it has answered the letter, or the time to answer has run.",
	Cure:  "Wait for the answer.",
}

var twoPeople = act.Rule{
	ID:    "CASE-71",
	Cites: "procedure.claim-answer",
	Text:  "Nobody lists alone what they proposed.",
	Cure:  "Ask a second officer to look at the capture and list it.",
}

var proposeListingAct = act.Define(claimStream, "claim.propose", "Proposes to put a company on the list of false claims.",
	func(cmd ProposeListing, _ act.Meta) act.Target { return act.To(cmd.Claim) }, Claim.propose)

func (c Claim) propose(_ Facts, cmd ProposeListing, m act.Meta) ([]act.Event, error) {
	if err := c.at(cmd.Claim, Lettered); err != nil {
		return nil, err
	}
	if !c.Answered && m.At.Before(c.AnswerBy) {
		return nil, answerAwaited.Refuse("it can answer before %s", c.AnswerBy.Format("2006-01-02"))
	}
	return []act.Event{ListingProposed{c.ID, m.Actor, m.Holder, m.At}}, nil
}

var listAct = act.Define(claimStream, "claim.list", "Puts a company on the list of false claims, as a second officer.",
	func(cmd List, _ act.Meta) act.Target { return act.To(cmd.Claim) }, Claim.list)

func (c Claim) list(f Facts, cmd List, m act.Meta) ([]act.Event, error) {
	if err := c.at(cmd.Claim, Proposed); err != nil {
		return nil, err
	}
	if m.Same(c.Proposer, c.Holder) {
		return nil, twoPeople.Refuse("whoever asks, as %s, proposed it", m.Actor)
	}
	text := "On " + c.Captured.Start(time.UTC).Format("2 January 2006") + " this site displayed our mark; the company was not a member."
	return []act.Event{ClaimListed{c.ID, c.Company, c.Address, text, m.At}}, nil
}

var cureAct = act.Define(claimStream, "claim.cure", "Says that the company does not display the mark any more.",
	func(cmd Cure, _ act.Meta) act.Target { return act.To(cmd.Claim) }, Claim.cure)

func (c Claim) cure(f Facts, cmd Cure, m act.Meta) ([]act.Event, error) {
	if err := c.at(cmd.Claim, Listed); err != nil {
		return nil, err
	}
	if cmd.How.Empty() {
		return nil, reasonGiven.Refuse("how that was seen is missing")
	}
	return []act.Event{ClaimCured{c.ID, cmd.How.OwnedBy("claim/" + c.ID), f.deadline(m.At, f.procedure(m).ClaimRemoval), m.At}}, nil
}

var dropAct = act.Define(claimStream, "claim.drop", "Ends the matter of a claim that was never listed.",
	func(cmd Drop, _ act.Meta) act.Target { return act.To(cmd.Claim) }, Claim.drop)

func (c Claim) drop(_ Facts, cmd Drop, m act.Meta) ([]act.Event, error) {
	if err := c.at(cmd.Claim, Reported, Lettered, Proposed); err != nil {
		return nil, err
	}
	if cmd.Reason.Empty() {
		return nil, reasonGiven.Refuse("no reason is given")
	}
	return []act.Event{ClaimDropped{c.ID, cmd.Reason.OwnedBy("claim/" + c.ID), m.At}}, nil
}

var unlistAct = act.Define(claimStream, "claim.unlist", "Takes a company off the list of false claims; the clock asks for it.",
	func(cmd Unlist, _ act.Meta) act.Target { return act.To(cmd.Claim) }, Claim.unlist)

// unlist may come before the day that is the last for it.
func (c Claim) unlist(_ Facts, cmd Unlist, m act.Meta) ([]act.Event, error) {
	if c.Stage == Unlisted {
		return nil, nil
	}
	if err := c.at(cmd.Claim, Cured); err != nil {
		return nil, err
	}
	return []act.Event{ClaimUnlisted{c.ID, m.At}}, nil
}
