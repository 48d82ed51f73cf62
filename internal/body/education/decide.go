package education

import (
	"strings"
	"time"

	"shingle/internal/act"
)

// Decide answers a claim.
type Decide struct {
	Person  string      `json:"person" label:"Person"`
	Claim   int         `json:"claim" label:"Claim"`
	Answer  string      `json:"answer" label:"Answer" choices:"accept|return=Return for more|decline"`
	Credits string      `json:"credits,omitempty" label:"Credits" hint:"if it is fewer than was claimed"`
	Reason  act.Private `json:"reason,omitzero" label:"Reason" rows:"3" hint:"the person reads it; needed unless it is accepted"`
}

// ClaimDecided says how a claim was answered.
type ClaimDecided struct {
	Person string      `json:"person"`
	Claim  int         `json:"claim"`
	Stage  Stage       `json:"stage"` // approved, returned or declined
	Reason act.Private `json:"reason,omitzero"`
	At     time.Time   `json:"at"`
}

var claimWaits = act.Rule{
	ID: "EDU-18", Cites: "education.evidence",
	Text: "A claim that waits is accepted, returned for more, or declined; the latter two with a reason.",
	Cure: "Check the claim's number, and say accept, return or decline.",
}

var notOnesOwn = act.Rule{
	ID: "EDU-19", Cites: "education.evidence",
	Text: "Nobody decides on their own ledger.",
	Cure: "Let another education officer decide.",
}

// another refuses whoever decides on their own ledger.
func (f Facts) another(m act.Meta) error {
	if m.Same("person/"+f.ID, "person/"+f.ID) {
		return notOnesOwn.Refuse("the ledger is one's own")
	}
	return nil
}

var noMoreThanClaimed = act.Rule{
	ID: "EDU-20", Cites: "education.evidence",
	Text: "No more is accepted than was claimed.",
	Cure: "Leave the credits empty to accept the claim as it is.",
}

var decideAct = act.Define(learners, "credit.decide", "Answers a claim for credit.",
	func(cmd Decide, _ act.Meta) act.Target { return act.To(cmd.Person) }, Learner.decide)

func (l Learner) decide(f Facts, cmd Decide, m act.Meta) ([]act.Event, error) {
	if err := f.learner(); err != nil {
		return nil, err
	}
	if err := f.another(m); err != nil {
		return nil, err
	}
	stage, ok := map[string]Stage{"accept": Approved, "return": Returned, "decline": Declined}[strings.TrimSpace(cmd.Answer)]
	if !ok || cmd.Claim < 1 || cmd.Claim > len(l.Claims) || l.Claims[cmd.Claim-1].Stage != Asked {
		return nil, claimWaits.Refuse("claim %d, answered with %q", cmd.Claim, cmd.Answer)
	}
	if stage != Approved && cmd.Reason.Empty() {
		return nil, claimWaits.Refuse("there is no reason")
	}
	decided := ClaimDecided{f.ID, cmd.Claim, stage, cmd.Reason.OwnedBy("person/" + f.ID), m.At}
	if stage != Approved {
		return []act.Event{decided}, nil
	}
	what := l.Claims[cmd.Claim-1].What
	var wrong act.Refusals
	f.day(l, what.On, what.Minutes, m, &wrong)
	if cmd.Credits != "" {
		fewer := f.length(0, cmd.Credits, &wrong)
		if most, _ := Ready(f.Scheme).worth(&what); fewer > most {
			wrong.Add("credits", noMoreThanClaimed.Refuse("%s of %s", fewer, most))
		}
		what.Credits = fewer
	}
	if len(wrong) > 0 {
		return nil, wrong.Err()
	}
	return []act.Event{decided, CreditRecorded{
		Person: f.ID, Credit: len(l.Ledger) + 1, Claim: cmd.Claim, On: what.On, Minutes: what.Minutes, Credits: what.Credits, Topics: what.Topics,
		Delivery: what.Delivery, Kind: what.Kind, Provider: what.Provider, Proof: what.Proof, For: what.For, Members: f.Members, At: m.At,
	}}, nil
}
