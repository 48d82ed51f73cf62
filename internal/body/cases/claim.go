package cases

import (
	"net/url"
	"strings"
	"time"

	"shingle/internal/act"
)

// ClaimStage is how far the matter of a false claim has come.
type ClaimStage string

// The stages of the matter of a false claim.
const (
	Reported ClaimStage = "reported"
	Lettered ClaimStage = "lettered" // the company was written to
	Proposed ClaimStage = "proposed" // one officer would list it
	Listed   ClaimStage = "listed"
	Cured    ClaimStage = "cured"   // on the list for a few days more
	Dropped  ClaimStage = "dropped" // never listed
	Unlisted ClaimStage = "unlisted"
)

// Claim is the state of a stream "claim/2027-0001": a company that is no member and is said to claim to be one.
type Claim struct {
	ID       string
	Stage    ClaimStage
	Company  string
	Address  string // where the mark was displayed
	Captured act.Date
	Former   string // number of the member that it was, ""
	Text     string // as it is published; "" until it is listed
	Object   string // id of the sealed capture, ""
	SHA256   string // of the capture
	AnswerBy time.Time
	Answered bool
	Proposer string // actor
	Holder   string // the person behind the proposer, "" where that is not known
	ListedAt time.Time
	Reported time.Time
	Removal  time.Time // by when it is to be off the list, once cured
}

// Report says that a company which is no member claims to be one.
type Report struct {
	Company  string      `json:"company" label:"Company" hint:"as it calls itself"`
	Address  string      `json:"address" label:"Where" hint:"the address of the page that displays the mark"`
	Captured act.Date    `json:"captured" label:"Seen on"`
	Object   string      `json:"object,omitempty" label:"Capture" hint:"id of the sealed capture"`
	SHA256   string      `json:"sha256,omitempty" label:"SHA-256 of the capture" hint:"in hex"`
	Former   string      `json:"former,omitempty" label:"Former member" hint:"its number, if it was a member"`
	Contact  act.Private `json:"contact,omitzero" label:"How to reach you"`
}

// ClaimReported says that somebody saw a company claim to be a member.
type ClaimReported struct {
	Claim    string      `json:"claim"`
	Company  string      `json:"company"`
	Address  string      `json:"address"`
	Captured act.Date    `json:"captured"`
	Object   string      `json:"object,omitempty"`
	SHA256   string      `json:"sha256,omitempty"`
	Former   string      `json:"former,omitempty"`
	Contact  act.Private `json:"contact"`
	At       time.Time   `json:"at"`
}

var claimDescribed = act.Rule{
	ID:    "CASE-67",
	Cites: "procedure.claim-answer",
	Text:  "A report of a false claim names the company, the page and the day, which is not ahead.",
	Cure:  "Give the company's name, the address of the page, and the day on which you saw it.",
}

var timeForSeal = act.Rule{
	ID:    "CASE-68",
	Cites: "procedure.seal-removal",
	Text:  "Whoever is a member claims it rightly; whoever left has time to take the seal down.",
	Cure:  "Look again after that time.",
}

var reportAct = act.Define(claimStream, "claim.report", "Reports that a company which is no member claims to be one.",
	func(Report, act.Meta) act.Target { return act.NextOfYear() }, report)

func report(_ Claim, f Facts, cmd Report, m act.Meta) ([]act.Event, error) {
	if err := apart(m); err != nil {
		return nil, err
	}
	cmd.Company, cmd.Address = strings.TrimSpace(cmd.Company), strings.TrimSpace(cmd.Address)
	u, err := url.Parse(cmd.Address)
	switch {
	case !act.OneLine(cmd.Company, 1, 200) || !act.OneLine(cmd.Address, 1, 500) || err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "":
		return nil, claimDescribed.Refuse("the company, or the address of the page, is missing")
	case cmd.Captured.IsZero() || cmd.Captured.After(f.today(m)):
		return nil, claimDescribed.Refuse("seen on %s", cmd.Captured)
	}
	if c := f.Respondent; cmd.Former != "" {
		switch left := c.left(); {
		case c.Number == "":
			return nil, respondentKnown.Refuse("no member %q is known", cmd.Former)
		case c.was(cmd.Captured, cmd.Captured, f.zone()):
			return nil, timeForSeal.Refuse("%s was a member on %s", c.Name, cmd.Captured)
		case !left.IsZero() && cmd.Captured.Start(f.zone()).Before(f.deadline(left, f.procedure(m).SealRemoval)) && cmd.Captured.Start(f.zone()).After(left):
			return nil, timeForSeal.Refuse("it left on %s", act.DateIn(left, f.zone()))
		}
	}
	return []act.Event{ClaimReported{
		f.ID, cmd.Company, cmd.Address, cmd.Captured, cmd.Object, strings.ToLower(cmd.SHA256), cmd.Former, cmd.Contact.OwnedBy("claim/" + f.ID), m.At,
	}}, nil
}

// WriteLetter says that the company was asked to take the mark down.
type WriteLetter struct {
	Claim string   `json:"claim" label:"Claim number"`
	On    act.Date `json:"on" label:"Served on"`
	Proof string   `json:"proof" label:"Proof of service"`
}

// LetterServed says that the company was asked to take the mark down, or to answer.
type LetterServed struct {
	Claim    string    `json:"claim"`
	Service  Service   `json:"service"`
	AnswerBy time.Time `json:"answer_by"`
	At       time.Time `json:"at"`
}

var claimStageFits = act.Rule{
	ID:    "CASE-69",
	Cites: "procedure.claim-answer",
	Text:  "A false claim is reported, a letter served, an answer awaited; then two decide, and each step is taken once.",
	Cure:  "Look at how far the matter is.",
}

func (c Claim) at(id string, stages ...ClaimStage) error {
	for _, s := range stages {
		if c.Stage == s {
			return nil
		}
	}
	return claimStageFits.Refuse("claim %q is %q", id, string(c.Stage))
}

var letterAct = act.Define(claimStream, "claim.letter", "Says that the company was asked to take the mark down, with proof.",
	func(cmd WriteLetter, _ act.Meta) act.Target { return act.To(cmd.Claim) }, Claim.letter)

func (c Claim) letter(f Facts, cmd WriteLetter, m act.Meta) ([]act.Event, error) {
	if err := c.at(cmd.Claim, Reported); err != nil {
		return nil, err
	}
	service, err := f.served(cmd.On, cmd.Proof, c.Captured, m)
	if err != nil {
		return nil, err
	}
	return []act.Event{LetterServed{c.ID, service, f.deadline(cmd.On.Start(f.zone()), f.procedure(m).ClaimAnswer), m.At}}, nil
}

// NoteAnswer notes what the company answered.
type NoteAnswer struct {
	Claim string      `json:"claim" label:"Claim number"`
	Text  act.Private `json:"text,omitzero" label:"What it answered" rows:"6"`
}

// ClaimAnswered says that the company answered.
type ClaimAnswered struct {
	Claim string      `json:"claim"`
	Text  act.Private `json:"text"`
	At    time.Time   `json:"at"`
}

var claimAnswerAct = act.Define(claimStream, "claim.answer", "Notes what the company answered.",
	func(cmd NoteAnswer, _ act.Meta) act.Target { return act.To(cmd.Claim) }, Claim.answer)

func (c Claim) answer(_ Facts, cmd NoteAnswer, m act.Meta) ([]act.Event, error) {
	if err := c.at(cmd.Claim, Lettered, Proposed); err != nil {
		return nil, err
	}
	if cmd.Text.Empty() {
		return nil, messageSaysSomething.Refuse("an answer")
	}
	return []act.Event{ClaimAnswered{c.ID, cmd.Text.OwnedBy("claim/" + c.ID), m.At}}, nil
}

func evolveClaim(c Claim, e act.Event) Claim {
	switch e := e.(type) {
	case ClaimReported:
		return Claim{ID: e.Claim, Stage: Reported, Company: e.Company, Address: e.Address, Captured: e.Captured, Former: e.Former, Object: e.Object, SHA256: e.SHA256, Reported: e.At}
	case LetterServed:
		c.Stage, c.AnswerBy = Lettered, e.AnswerBy
	case ClaimAnswered:
		c.Answered = true
	case ListingProposed:
		c.Stage, c.Proposer, c.Holder = Proposed, e.Proposer, e.Holder
	case ClaimListed:
		c.Stage, c.ListedAt, c.Text = Listed, e.At, e.Text
	case ClaimCured:
		c.Stage, c.Removal = Cured, e.Removal
	case ClaimDropped:
		c.Stage = Dropped
	case ClaimUnlisted:
		c.Stage = Unlisted
	}
	return c
}

var claimStream = act.NewStream("claim", evolveClaim,
	act.EventOf[ClaimReported]("claim.reported"),
	act.EventOf[LetterServed]("claim.letter-served"),
	act.EventOf[ClaimAnswered]("claim.answered"),
	act.EventOf[ListingProposed]("claim.listing-proposed"),
	act.EventOf[ClaimListed]("claim.listed"),
	act.EventOf[ClaimCured]("claim.cured"),
	act.EventOf[ClaimDropped]("claim.dropped"),
	act.EventOf[ClaimUnlisted]("claim.unlisted"),
)
