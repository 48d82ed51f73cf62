package discipline

import (
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

// Impose suspends a member for the time being, because serious harm threatens. It finds nothing.
type Impose struct {
	Member     string      `json:"member" label:"Member number"`
	Provisions []string    `json:"provisions" label:"Provisions" hint:"ids of the provisions in question"`
	Reason     act.Private `json:"reason,omitzero" label:"Reason" hint:"the substantial threat of serious harm; not published"`
	Imminent   bool        `json:"imminent" label:"Harm is imminent" hint:"shortens the time to be heard"`
	Notified   time.Time   `json:"notified" label:"Notified at" hint:"when the member was told and asked to be heard"`
	Heard      act.Private `json:"heard,omitzero" label:"How it was heard" hint:"what it said, or that it said nothing; not published"`
	Until      act.Date    `json:"until" label:"Until" hint:"last day"`
}

// InterimImposed suspends a member for the time being.
type InterimImposed struct {
	Order      string      `json:"order"`
	Member     string      `json:"member"`
	Name       string      `json:"name"` // of the member, then
	Provisions []string    `json:"provisions"`
	Reason     act.Private `json:"reason"`
	Imminent   bool        `json:"imminent"`
	Notified   time.Time   `json:"notified"`
	Heard      act.Private `json:"heard"`
	From       time.Time   `json:"from"`
	Until      time.Time   `json:"until"`
	Review     time.Time   `json:"review,omitzero"` // when it ends by itself unless it is reviewed; zero if it ends before that
}

// Concerns names the member.
func (i InterimImposed) Concerns() []string { return []string{"member/" + i.Member} }

var threatGiven = act.Rule{
	ID:    "DISC-14",
	Cites: "procedure.interim-max",
	Text:  "A member is suspended for the time being on a substantial threat of serious harm, which is written down.",
	Cure:  "Say what threatens whom.",
}

var heardFirst = act.Rule{
	ID:    "DISC-15",
	Cites: "procedure.interim-hearing",
	Text:  "Before a member is suspended for the time being, it has the time to be heard; less if harm is imminent. What it said is written down.",
	Cure:  "Wait until that time has run, and write down what the member said, or that it said nothing.",
}

var notifiedPlausible = act.Rule{
	ID:    "DISC-31",
	Cites: "procedure.interim-hearing",
	Text:  "A member is told and asked to be heard while it is one, and on the matter at hand.",
	Cure:  "Give the time at which it was told, within the last three months.",
}

var interimTogether = act.Rule{
	ID:    "DISC-32",
	Cites: "procedure.interim-max",
	Text:  "Interim suspensions of a member last no longer together than one may, unless charges were served since.",
	Cure:  "Serve charges, and record them with charge.record; or give an earlier last day.",
}

var interimShort = act.Rule{
	ID:    "DISC-16",
	Cites: "procedure.interim-max",
	Text:  "An interim suspension ends, and no later than the code allows.",
	Cure:  "Give an earlier last day.",
}

var currentMember = act.Rule{
	ID:    "DISC-17",
	Cites: "procedure.jurisdiction",
	Text:  "Only a member is suspended for the time being.",
	Cure:  "Check the number.",
}

var imposeAct = act.Define(orderStream, "order.interim", "Suspends a member for the time being, on a substantial threat of serious harm.",
	func(Impose, act.Meta) act.Target { return act.NextOfYear() }, impose)

func impose(_ Order, f Facts, cmd Impose, m act.Meta) ([]act.Event, error) {
	if !f.Respondent.Current {
		return nil, currentMember.Refuse("%q is not a member", cmd.Member)
	}
	today := f.today(m)
	provisions, text, err := f.provisions(cmd.Provisions, today)
	if err != nil {
		return nil, err
	}
	p := text.Requirements.Procedure
	term := p.InterimHearing
	if cmd.Imminent {
		term = p.InterimUrgent
	}
	until := code.EndOf(cmd.Until, f.zone())
	longest := code.Deadline(m.At, p.InterimMax, f.zone(), f.Holidays)
	switch {
	case cmd.Reason.Empty():
		return nil, threatGiven.Refuse("no reason is given")
	case cmd.Heard.Empty():
		return nil, heardFirst.Refuse("what the member said is missing")
	case cmd.Notified.Before(f.Respondent.Joined) || cmd.Notified.Before(f.Respondent.Readmitted) || code.Deadline(cmd.Notified, p.InterimReview, f.zone(), f.Holidays).Before(m.At):
		return nil, notifiedPlausible.Refuse("notified at %s", cmd.Notified.In(f.zone()).Format("2006-01-02 15:04"))
	case m.At.Before(code.Deadline(cmd.Notified, term, f.zone(), f.Holidays)):
		return nil, heardFirst.Refuse("notified at %s, it has %s", cmd.Notified.In(f.zone()).Format("2006-01-02 15:04"), term.Words())
	case cmd.Until.Before(today):
		return nil, interimShort.Refuse("%s is over", cmd.Until)
	case until.After(longest):
		return nil, interimShort.Refuse("%s is more than %s ahead", cmd.Until, p.InterimMax.Words())
	case until.After(longest.Add(-f.Respondent.Interim)):
		return nil, interimTogether.Refuse("it has been suspended for %d days already since charges were last served", int(f.Respondent.Interim.Hours()/24))
	}
	review := code.Deadline(m.At, p.InterimReview, f.zone(), f.Holidays)
	if !review.Before(until) {
		review = time.Time{}
	}
	owner := "order/" + f.ID
	return []act.Event{InterimImposed{
		Order: f.ID, Member: cmd.Member, Name: f.Respondent.Name, Provisions: provisions,
		Reason: cmd.Reason.OwnedBy(owner), Imminent: cmd.Imminent, Notified: cmd.Notified, Heard: cmd.Heard.OwnedBy(owner),
		From: m.At, Until: until, Review: review,
	}}, nil
}

// Lift ends an interim suspension before its time.
type Lift struct {
	Order  string      `json:"order" label:"Order number"`
	Reason act.Private `json:"reason,omitzero" label:"Reason" hint:"not published"`
}

// InterimLifted says that an interim suspension is over.
type InterimLifted struct {
	Order  string      `json:"order"`
	Member string      `json:"member"`
	Reason act.Private `json:"reason"`
	At     time.Time   `json:"at"`
}

// Concerns names the member.
func (i InterimLifted) Concerns() []string { return []string{"member/" + i.Member} }

var interimInForce = act.Rule{
	ID:    "DISC-18",
	Cites: "procedure.interim-review",
	Text:  "Only an interim suspension is lifted; other orders end as they say, or are set aside.",
	Cure:  "Check the number of the order.",
}

var liftAct = act.Define(orderStream, "order.interim-lift", "Ends an interim suspension before its time.",
	func(cmd Lift, _ act.Meta) act.Target { return act.To(cmd.Order) }, Order.lift)

func (o Order) lift(_ act.None, cmd Lift, m act.Meta) ([]act.Event, error) {
	switch {
	case !o.Interim:
		return nil, interimInForce.Refuse("order %q is no interim suspension", cmd.Order)
	case o.Stage == Ended || !m.At.Before(o.Until):
		return nil, nil
	}
	return []act.Event{InterimLifted{
		Order: o.ID, Member: o.Member, Reason: cmd.Reason.OwnedBy("order/" + o.ID), At: m.At,
	}}, nil
}
