package membership

import (
	"strings"
	"time"

	"shingle/internal/act"
)

// Admit makes an applicant a member.
type Admit struct {
	Member string   `json:"member" label:"Member number"`
	On     act.Date `json:"on,omitzero" label:"Admitted on" hint:"today if left empty"`
}

// Admitted says that a company became a member. From then on its domains are its own: they were checked,
// which counts as a proof on paper on the day of the admission.
type Admitted struct {
	Member  string    `json:"member"`
	Domains []string  `json:"domains,omitempty"`
	Joined  time.Time `json:"joined"`
	At      time.Time `json:"at"`
}

// TakesEffect returns when the membership began.
func (a Admitted) TakesEffect() time.Time { return a.Joined }

// Claims takes the domains.
func (a Admitted) Claims() []act.Claim { return claimed(a.Domains) }

var admittedOnce = act.Rule{
	ID:    "MEM-10",
	Cites: "membership",
	Text:  "A member is admitted once.",
	Cure:  "Nothing is needed where it is a member; one that has left is readmitted with member.readmit.",
}

var checksPassed = act.Rule{
	ID:    "MEM-11",
	Cites: "membership",
	Text:  "Before somebody is let in, domain, identity, references and past sanctions have been checked, and passed.",
	Cure:  "Record the missing checks with member.check.",
}

var admitAct = act.Define(stream, "member.admit", "Admits an applicant.",
	func(cmd Admit, _ act.Meta) act.Target { return act.To(cmd.Member) }, Member.admit)

func (m Member) admit(f Facts, cmd Admit, meta act.Meta) ([]act.Event, error) {
	switch m.Stage {
	case Applicant:
	case Current, Former:
		return nil, admittedOnce.Refuse("%s was admitted on %s", m.Name, act.DateIn(m.Joined, f.zone()))
	default:
		return nil, awaitsDecision.Refuse("member %s does not ask to be let in", f.Number)
	}
	if missing := m.unchecked(time.Time{}); len(missing) > 0 {
		return nil, checksPassed.Refuse("not passed: %s", strings.Join(missing, ", "))
	}
	if cmd.On.After(f.today(meta)) {
		return nil, dayPlausible.Refuse("%s lies ahead", cmd.On)
	}
	var domains []string
	for _, d := range m.Domains {
		domains = append(domains, d.Name)
	}
	if err := f.free(domains); err != nil {
		return nil, err
	}
	if meta.At.Before(f.BarredUntil) {
		return nil, notBarred.Refuse("member %s is barred until %s", m.successorOf, f.lastDay(f.BarredUntil))
	}
	return []act.Event{Admitted{Member: f.Number, Domains: domains, Joined: f.instant(cmd.On, meta), At: meta.At}}, nil
}

// SuccessorOf returns the number of the former member that the application named, "" for none.
func (m Member) SuccessorOf() string { return m.successorOf }
