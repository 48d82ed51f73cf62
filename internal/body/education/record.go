package education

import (
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

// Record puts the completion of a course on a person's ledger: one row of a roster.
type Record struct {
	Person     string   `json:"person" label:"Person" hint:"the person's number, for example 0007"`
	Course     string   `json:"course" label:"Course" hint:"for example C-0001"`
	On         act.Date `json:"on" label:"Completed on"`
	Minutes    int      `json:"minutes,omitempty" label:"Minutes attended" hint:"all of the course if left empty"`
	Attendance string   `json:"attendance,omitempty" label:"Attendance" hint:"in percent, where it was taken"`
	Mark       string   `json:"mark,omitempty" label:"Mark" hint:"in percent, where there was an examination"`
	Checks     int      `json:"checks,omitempty" label:"Checks of attendance answered"`
	For        act.Date `json:"for,omitzero" label:"Makes up for" hint:"a day of an earlier period, if it does"`
}

// CreditRecorded puts a credit on a ledger. It is never edited, only reversed.
type CreditRecorded struct {
	Person     string      `json:"person"`
	Credit     int         `json:"credit"` // its number on the person's ledger, from 1
	Course     string      `json:"course,omitempty"`
	Claim      int         `json:"claim,omitempty"` // number of the person's claim that it follows from
	On         act.Date    `json:"on"`
	Minutes    int         `json:"minutes,omitempty"`
	Credits    code.Amount `json:"credits,omitempty"`
	Topics     []string    `json:"topics,omitempty"`
	Delivery   string      `json:"delivery,omitempty"`
	Kind       string      `json:"kind,omitempty"`
	Provider   string      `json:"provider"` // own, approved or external
	Proof      string      `json:"proof"`    // verified or self-reported
	Attendance string      `json:"attendance,omitempty"`
	Mark       string      `json:"mark,omitempty"`
	Checks     int         `json:"checks,omitempty"`
	For        act.Date    `json:"for,omitzero"`
	Members    []string    `json:"members,omitempty"` // at which the person has a role: it bears on their standing
	At         time.Time   `json:"at"`
}

// Concerns names the members.
func (e CreditRecorded) Concerns() []string { return at(e.Members) }

// credit returns the credit as the ledger has it.
func (e CreditRecorded) credit() Credit {
	c := Credit{
		ID: creditID(e.Person, e.Credit), On: e.On, Minutes: e.Minutes, Credits: e.Credits, Topics: e.Topics, Delivery: e.Delivery,
		Kind: e.Kind, Provider: e.Provider, Proof: e.Proof, For: e.For,
	}
	var none act.Refusals // what was recorded was looked at before
	c.Attendance, c.Mark = percent("", e.Attendance, &none), percent("", e.Mark, &none)
	if e.Checks > 0 {
		c.Checks = code.Set(e.Checks)
	}
	return c
}

var courseCounts = act.Rule{
	ID: "EDU-14", Cites: "education.approval",
	Text: "A completion counts if course and provider were approved on the day on which it was completed.",
	Cure: "Check the course and the day; the education officer can renew an approval.",
}

var recordedOnce = act.Rule{
	ID: "EDU-15", Cites: "education",
	Text: "A person completes a course once a day; what is on the ledger is never edited.",
	Cure: "Reverse the credit that is there, with a reason, and record the right one.",
}

var recordAct = act.Define(learners, "credit.record", "Records that somebody completed a course.",
	func(cmd Record, _ act.Meta) act.Target { return act.To(cmd.Person) }, Learner.record)

// A row that is given again as it was changes nothing, so that a roster can be sent twice.
func (l Learner) record(f Facts, cmd Record, m act.Meta) ([]act.Event, error) {
	if err := f.learner(); err != nil {
		return nil, err
	}
	if err := f.another(m); err != nil {
		return nil, err
	}
	var wrong act.Refusals
	c, course := f.Course, strings.TrimSpace(cmd.Course)
	e := CreditRecorded{
		Person: f.ID, Credit: len(l.Ledger) + 1, Course: course, On: cmd.On, Minutes: cmd.Minutes, Credits: c.Credits, Topics: c.Topics,
		Delivery: c.Delivery, Kind: c.Kind, Provider: "own", Proof: "verified", Attendance: written(percent("attendance", cmd.Attendance, &wrong)),
		Mark: written(percent("mark", cmd.Mark, &wrong)), Checks: max(0, cmd.Checks), For: cmd.For, Members: f.Members, At: m.At,
	}
	if e.Minutes == 0 {
		e.Minutes = c.Minutes
	}
	if c.Provider != "" {
		e.Provider = "approved"
	}
	switch {
	case c.Stage == Unknown:
		wrong.Add("course", courseCounts.Refuse("there is no course %q", course))
	case !holds(c.Terms, cmd.On):
		wrong.Add("on", courseCounts.Refuse("course %s did not count on %s", course, cmd.On))
	case c.Provider != "" && f.Scheme.Approval.Of != "nothing" && !f.Provider.On(cmd.On):
		wrong.Add("on", courseCounts.Refuse("provider %s was not approved on %s", c.Provider, cmd.On))
	}
	f.day(l, cmd.On, e.Minutes, m, &wrong)
	if e.Minutes > c.Minutes && c.Minutes > 0 {
		wrong.Add("minutes", sensibleTime.Refuse("the course has %d minutes", c.Minutes))
	}
	for _, old := range l.Ledger {
		if old.Course != course || old.On != cmd.On || old.Reversed != "" {
			continue
		}
		if again := e.credit(); sameCredit(old.Credit, again) {
			return nil, nil
		}
		return nil, recordedOnce.Refuse("course %s is credit %s already", course, old.ID)
	}
	if len(wrong) > 0 {
		return nil, wrong.Err()
	}
	return []act.Event{e}, nil
}

// day looks at the day of an activity: it is past or today, and what was done on it fits into it.
func (f Facts) day(l Learner, on act.Date, minutes int, m act.Meta, wrong *act.Refusals) {
	if on.IsZero() || on.After(f.today(m)) {
		wrong.Add("on", notToCome.Refuse("%s is not past", on))
		return
	}
	all := minutes
	for _, old := range l.Ledger {
		if old.On == on && old.Reversed == "" {
			all += old.Minutes
		}
	}
	if minutes < 0 || all > 24*60 {
		wrong.Add("minutes", sensibleTime.Refuse("with this, %s has %d minutes", on, all))
	}
}

func sameCredit(a, b Credit) bool {
	return a.Minutes == b.Minutes && a.Attendance == b.Attendance && a.Mark == b.Mark && a.Checks == b.Checks && a.For == b.For
}

func written(p code.Setting[code.Percent]) string {
	if n, ok := p.Get(); ok {
		return n.String()
	}
	return ""
}
