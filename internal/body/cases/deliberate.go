package cases

import (
	"slices"

	"shingle/internal/act"
)

// Deliberate notes what the panel says among itself.
type Deliberate struct {
	Case     string      `json:"case" label:"Case number"`
	Panelist string      `json:"panelist" label:"Panelist" hint:"your number"`
	Text     act.Private `json:"text,omitzero" label:"Note" rows:"8"`
}

// DeliberationNoted is seen by the panel alone: it has a key of its own.
type DeliberationNoted struct {
	Of
	Panelist string      `json:"panelist"`
	Text     act.Private `json:"text"`
}

func (DeliberationNoted) happen(*Case) {}

var onThePanel = act.Rule{
	ID:    "CASE-51",
	Cites: "procedure.panel",
	Text:  "Who heard a case deliberates on it, votes, and signs; on appeal and on a consent order, who sits on its panel.",
	Cure:  "Only members of the panel who sat take part.",
}

// Deciding are the numbers of those who decide what is before the panel now.
func (c Case) Deciding() []string {
	if c.Stage == Heard || c.Stage == Decided {
		return c.Panel.Sat
	}
	if c.Stage == AppealDecided {
		return c.Panel.Voted
	}
	if c.Stage == Appealed || c.Stage == Charged && c.Consent.Sanction.Measure != "" {
		return c.Panel.Sitting()
	}
	return nil
}

// decides refuses whoever is not on the panel that decides.
func (c Case) decides(number string, m act.Meta) error {
	if err := isSelf(number, m); err != nil {
		return err
	}
	if !slices.Contains(c.Deciding(), number) {
		return onThePanel.Refuse("%s has nothing to decide in that case now", number)
	}
	return nil
}

// sitsHere refuses who is not on the panel, and need not know how far the case is.
func (c Case) sitsHere(number string) error {
	if c.Panel.seat(number) == nil {
		return onThePanel.Refuse("%s does not sit in that case", number)
	}
	return nil
}

var deliberateAct = act.Define(stream, "case.deliberate", "Notes what the panel says among itself.",
	func(cmd Deliberate, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.deliberate)

func (c Case) deliberate(_ Facts, cmd Deliberate, m act.Meta) ([]act.Event, error) {
	if err := c.decides(cmd.Panelist, m); err != nil {
		return nil, err
	}
	if cmd.Text.Empty() {
		return nil, messageSaysSomething.Refuse("a note of the panel")
	}
	return []act.Event{DeliberationNoted{c.of(m), cmd.Panelist, cmd.Text.OwnedBy(c.room())}}, nil
}

// Vote is a panelist's vote, in secret.
type Vote struct {
	Case     string      `json:"case" label:"Case number"`
	Panelist string      `json:"panelist" label:"Panelist" hint:"your number"`
	Vote     act.Private `json:"vote,omitzero" label:"Vote" hint:"on each charge, and on the sanction; nobody sees it, nor how many voted how"`
}

// VoteCast says that a panelist voted, and not how. The vote has the panel's key.
type VoteCast struct {
	Of
	Panelist string      `json:"panelist"`
	Vote     act.Private `json:"vote"`
}

func (e VoteCast) happen(c *Case) {
	c.Panel.Voted = append(without(c.Panel.Voted, e.Panelist), e.Panelist)
}

var votesOnce = act.Rule{
	ID:    "CASE-52",
	Cites: "procedure.quorum",
	Text:  "A panelist votes once, in secret, before the decision.",
	Cure:  "What is decided is signed with case.sign.",
}

var voteAct = act.Define(stream, "case.vote", "Votes in secret, as a panelist.",
	func(cmd Vote, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.vote)

func (c Case) vote(f Facts, cmd Vote, m act.Meta) ([]act.Event, error) {
	if err := c.decides(cmd.Panelist, m); err != nil {
		return nil, err
	}
	if c.Stage == Charged || c.Stage == Appealed {
		if err := c.ready(f.procedure(m), m); err != nil {
			return nil, err
		}
	}
	if cmd.Vote.Empty() || slices.Contains(c.Panel.Voted, cmd.Panelist) || c.Stage == Decided || c.Stage == AppealDecided {
		return nil, votesOnce.Refuse("%s has voted, or there is no vote", cmd.Panelist)
	}
	return []act.Event{VoteCast{c.of(m), cmd.Panelist, cmd.Vote.OwnedBy(c.room())}}, nil
}

var everybodyVoted = act.Rule{
	ID:    "CASE-53",
	Cites: "procedure.quorum",
	Text:  "What a panel decides, its presiding member writes down when everybody who decides has voted, and they are a quorum.",
	Cure:  "Wait for the votes.",
}

// voted refuses a decision before everybody who decides has voted, or by somebody who does not preside.
func (c Case) voted(f Facts, number string, m act.Meta) error {
	if err := c.decides(number, m); err != nil {
		return err
	}
	if c.Stage == Charged || c.Stage == Appealed {
		if err := c.ready(f.procedure(m), m); err != nil { // a challenge may have come after the votes
			return err
		}
	}
	all, quorum := c.Deciding(), f.procedure(m).Quorum
	missing := len(slices.DeleteFunc(slices.Clone(all), func(n string) bool { return slices.Contains(c.Panel.Voted, n) }))
	switch {
	case c.Panel.Presides() != number:
		return everybodyVoted.Refuse("%s does not preside", number)
	case missing > 0 || len(all) < quorum:
		return everybodyVoted.Refuse("%d of %d have not voted; the quorum is %d", missing, len(all), quorum)
	}
	return nil
}
