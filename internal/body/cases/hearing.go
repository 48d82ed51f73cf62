package cases

import (
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

// Hearing is when and where a case is heard.
type Hearing struct {
	On       time.Time // zero for none
	Earliest act.Date  // the first day that the notice allows
}

// SetHearing gives notice of a hearing.
type SetHearing struct {
	Case     string    `json:"case" label:"Case number"`
	On       time.Time `json:"on" label:"Hearing"`
	Place    string    `json:"place" label:"Place" hint:"or how to take part from afar"`
	NoticeOn act.Date  `json:"notice_on" label:"Notice served on"`
	Proof    string    `json:"proof" label:"Proof of service"`
}

// HearingSet gives notice of a hearing.
type HearingSet struct {
	Of
	On       time.Time `json:"on"`
	Place    string    `json:"place"`
	Notice   Service   `json:"notice"`
	Earliest act.Date  `json:"earliest"` // the first day that the notice allows
}

func (e HearingSet) happen(c *Case) { c.Hearing = Hearing{e.On, e.Earliest} }

var noticeInTime = act.Rule{
	ID:    "CASE-48",
	Cites: "procedure.hearing-notice",
	Text:  "Between the notice of a hearing and the hearing lies the time that the code says, at least.",
	Cure:  "Set a later day.",
}

var answeredFirst = act.Rule{
	ID:    "CASE-49",
	Cites: "procedure.answer",
	Text:  "A case is heard after the charges are answered, or the time to answer has run.",
	Cure:  "Wait for the answer, or note with case.run-out that the time has run.",
}

var setHearingAct = act.Define(stream, "case.set-hearing", "Gives notice of a hearing.",
	func(cmd SetHearing, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.setHearing)

func (c Case) setHearing(f Facts, cmd SetHearing, m act.Meta) ([]act.Event, error) {
	if err := first(c.at(cmd.Case, Charged), c.leads(m), c.runs()); err != nil {
		return nil, err
	}
	notice, err := f.served(cmd.NoticeOn, cmd.Proof, act.DateIn(c.Charges.Served, f.zone()), m)
	if err != nil {
		return nil, err
	}
	earliest := code.LastDay(cmd.NoticeOn, f.procedure(m).HearingNotice, f.Holidays)
	switch place := strings.TrimSpace(cmd.Place); {
	case !c.Charges.settled():
		return nil, answeredFirst.Refuse("there is no answer, and its time runs")
	case len(c.Panel.Seats) == 0:
		return nil, panelReady.Refuse("there is no panel")
	case place == "" || act.DateIn(cmd.On, f.zone()).Before(earliest) || !cmd.On.After(m.At):
		return nil, noticeInTime.Refuse("notice was served on %s, so that the hearing is on %s or later, at a place", cmd.NoticeOn, earliest)
	case !c.Hearing.On.IsZero():
		return nil, stageFits.Refuse("the hearing is set; move it with case.adjourn")
	default:
		return []act.Event{HearingSet{c.of(m), cmd.On, place, notice, earliest}}, nil
	}
}

// Adjourn moves a hearing to a later day.
type Adjourn struct {
	Case   string      `json:"case" label:"Case number"`
	On     time.Time   `json:"on" label:"Hearing"`
	Reason act.Private `json:"reason,omitzero" label:"Reasons"`
}

// HearingAdjourned moves a hearing to a later day.
type HearingAdjourned struct {
	Of
	On     time.Time   `json:"on"`
	Reason act.Private `json:"reason"`
}

func (e HearingAdjourned) happen(c *Case) { c.Hearing.On = e.On }

var adjournAct = act.Define(stream, "case.adjourn", "Moves a hearing to a later day.",
	func(cmd Adjourn, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.adjourn)

func (c Case) adjourn(_ Facts, cmd Adjourn, m act.Meta) ([]act.Event, error) {
	if err := first(c.at(cmd.Case, Charged), c.leads(m)); err != nil {
		return nil, err
	}
	switch {
	case c.Hearing.On.IsZero():
		return nil, stageFits.Refuse("no hearing is set")
	case c.Hearing.On.Equal(cmd.On):
		return nil, nil
	case cmd.On.Before(c.Hearing.On) || !cmd.On.After(m.At):
		return nil, noticeInTime.Refuse("a hearing is moved to a later day only")
	case cmd.Reason.Empty():
		return nil, reasonGiven.Refuse("no reason is given")
	}
	return []act.Event{HearingAdjourned{c.of(m), cmd.On, cmd.Reason.OwnedBy(c.owner())}}, nil
}

// Hear says that a case was heard, and by whom.
type Hear struct {
	Case       string      `json:"case" label:"Case number"`
	Panelist   string      `json:"panelist" label:"Presiding panelist" hint:"your number"`
	Present    []string    `json:"present" label:"Panelists who sat" hint:"their numbers"`
	Respondent bool        `json:"respondent" label:"The respondent took part"`
	Record     act.Private `json:"record,omitzero" label:"Record of the hearing" hint:"who was heard and questioned, and what was said" rows:"10"`
}

// CaseHeard says that a case was heard, and by whom.
type CaseHeard struct {
	Of
	Sat        []string    `json:"sat"` // numbers; the first presides
	Quorum     int         `json:"quorum"`
	Lay        int         `json:"lay"` // who must be lay, at least
	Respondent bool        `json:"respondent"`
	Record     act.Private `json:"record"`
	Terms      []TermSet   `json:"terms"`
}

func (e CaseHeard) happen(c *Case) {
	c.Stage = Heard
	c.Panel.Sat, c.Panel.Voted, c.Consent = e.Sat, nil, Consent{}
	c.done(e.At, TermReopen, TermChallenge)
	c.begin(e.At, e.Terms...)
}

var quorate = act.Rule{
	ID:    "CASE-50",
	Cites: "procedure.quorum",
	Text:  "A case is heard on its day by a quorum of its panel, lay members among them, and what was said is on record.",
	Cure:  "Adjourn the hearing until enough of the panel can sit.",
}

var hearAct = act.Define(stream, "case.hear", "Says that a case was heard, and by whom.",
	func(cmd Hear, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.hear)

func (c Case) hear(f Facts, cmd Hear, m act.Meta) ([]act.Event, error) {
	p := f.procedure(m)
	if err := first(isSelf(cmd.Panelist, m), c.sitsHere(cmd.Panelist), c.at(cmd.Case, Charged), c.runs()); err != nil {
		return nil, err
	}
	if !c.Charges.settled() {
		return nil, answeredFirst.Refuse("there is no answer, and its time runs")
	}
	if err := c.ready(p, m); err != nil {
		return nil, err
	}
	sat := slices.DeleteFunc(slices.Clone(c.Panel.Sitting()), func(n string) bool { return !slices.Contains(cmd.Present, n) })
	switch {
	case c.Hearing.On.IsZero() || m.At.Before(c.Hearing.On):
		return nil, quorate.Refuse("no hearing was set for now")
	case c.Panel.Presides() != cmd.Panelist && (len(sat) == 0 || sat[0] != cmd.Panelist):
		return nil, quorate.Refuse("%s does not preside", cmd.Panelist)
	case len(sat) != len(slices.Compact(slices.Sorted(slices.Values(cmd.Present)))):
		return nil, quorate.Refuse("somebody is named who is not on the panel")
	case len(sat) < p.Quorum:
		return nil, quorate.Refuse("%d sat; the quorum is %d", len(sat), p.Quorum)
	case c.Panel.lay(sat) < p.Lay:
		return nil, quorate.Refuse("%d lay members sat; the code asks for %d", c.Panel.lay(sat), p.Lay)
	case cmd.Record.Empty():
		return nil, quorate.Refuse("there is no record")
	}
	return []act.Event{CaseHeard{
		c.of(m), sat, p.Quorum, p.Lay, cmd.Respondent, cmd.Record.OwnedBy(c.owner()), []TermSet{{TermDecision, f.deadline(m.At, p.Decision)}},
	}}, nil
}
