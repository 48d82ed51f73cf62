package education

import (
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

// Offer puts a course into the catalogue: one of the body's own at once, a provider's once it is approved, if
// the code asks for that.
type Offer struct {
	Title    string   `json:"title" label:"Title"`
	Provider string   `json:"provider,omitempty" label:"Provider" hint:"for example P-0001; empty for the body's own"`
	Topics   []string `json:"topics,omitempty" label:"Topics" hint:"in the words of the code"`
	Delivery string   `json:"delivery,omitempty" label:"Delivery" hint:"for example self-study"`
	Kind     string   `json:"kind,omitempty" label:"Kind"`
	Minutes  int      `json:"minutes,omitempty" label:"Minutes" hint:"without breaks"`
	Credits  string   `json:"credits,omitempty" label:"Credits" hint:"if they do not follow from the minutes"`
}

// CourseOffered says that a course was put forward.
type CourseOffered struct {
	Course   string      `json:"course"`
	Title    string      `json:"title"`
	Provider string      `json:"provider,omitempty"`
	Topics   []string    `json:"topics,omitempty"`
	Delivery string      `json:"delivery,omitempty"`
	Kind     string      `json:"kind,omitempty"`
	Minutes  int         `json:"minutes,omitempty"`
	Credits  code.Amount `json:"credits,omitempty"` // 0 if they follow from the minutes
	At       time.Time   `json:"at"`
}

// CourseApproved says in which time completions of a course count, both days included.
type CourseApproved struct {
	Course string    `json:"course"`
	From   act.Date  `json:"from"`
	Until  act.Date  `json:"until,omitzero"`
	At     time.Time `json:"at"`
}

var providerNamed = act.Rule{
	ID: "EDU-12", Cites: "education.approval",
	Text: "A course is the body's own, or that of a provider that applied and was not declined.",
	Cure: "Check the provider's number, or leave it empty for a course of the body's own.",
}

var offerAct = act.Define(courses, "course.offer", "Puts a course into the catalogue.",
	func(Offer, act.Meta) act.Target { return act.NextOf("C-") }, Course.offer)

func (c Course) offer(f Facts, cmd Offer, m act.Meta) ([]act.Event, error) {
	if err := f.founded(); err != nil {
		return nil, err
	}
	var wrong act.Refusals
	e := CourseOffered{
		Course: f.ID, Title: line("title", cmd.Title, 1, &wrong), Provider: strings.TrimSpace(cmd.Provider), Topics: cmd.Topics,
		Delivery: cmd.Delivery, Kind: cmd.Kind, Minutes: cmd.Minutes, Credits: f.length(cmd.Minutes, cmd.Credits, &wrong), At: m.At,
	}
	f.words(cmd.Topics, cmd.Delivery, cmd.Kind, &wrong)
	if e.Provider != "" && (f.Provider.Stage == Unknown || f.Provider.Stage == Declined) {
		wrong.Add("provider", providerNamed.Refuse("provider %q is not one", e.Provider))
	}
	if len(wrong) > 0 {
		return nil, wrong.Err()
	}
	events := []act.Event{e}
	if e.Provider == "" || f.Scheme.Approval.Of != "course" {
		// The provider's approval is looked at when a completion is recorded.
		events = append(events, CourseApproved{Course: f.ID, From: f.today(m), At: m.At})
	}
	return events, nil
}
