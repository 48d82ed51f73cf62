package education

import (
	"strings"
	"time"

	"shingle/internal/act"
)

// Apply asks for approval as a provider of courses.
type Apply struct {
	Name    string       `json:"name" label:"Name" hint:"as it is to stand in the catalogue"`
	Site    string       `json:"site,omitempty" label:"Web site" hint:"for example courses.example"`
	Contact act.Personal `json:"contact" label:"E-mail of the contact"`
	About   string       `json:"about,omitempty" label:"What is taught" rows:"4"`
}

// ProviderApplied says that somebody asked to be approved as a provider.
type ProviderApplied struct {
	Provider string       `json:"provider"`
	Name     string       `json:"name"`
	Site     string       `json:"site,omitempty"`
	Contact  act.Personal `json:"contact"` // it belongs to the person, not to the provider
	About    string       `json:"about,omitempty"`
	At       time.Time    `json:"at"`
}

var siteNamed = act.Rule{
	ID: "EDU-08", Cites: "education.approval",
	Text: "A provider's site is named by its domain, and what it teaches is told in at most 2,000 characters.",
	Cure: "Write for example courses.example.",
}

// contact names whose words the contact's address is: the person's who applies in their own name, else those of
// the first whom the provider names, under its own number, as with a company that applies to be a member.
func (f Facts) contact(m act.Meta) string {
	if m.Role == "person" && strings.HasPrefix(m.Actor, "person/") {
		return m.Actor
	}
	return "person/" + f.ID + "-1"
}

var applyAct = act.Define(providers, "provider.apply", "Asks for approval as a provider of courses.",
	func(Apply, act.Meta) act.Target { return act.NextOf("P-") }, Provider.apply)

func (p Provider) apply(f Facts, cmd Apply, m act.Meta) ([]act.Event, error) {
	if err := f.founded(); err != nil {
		return nil, err
	}
	var wrong act.Refusals
	e := ProviderApplied{Provider: f.ID, Contact: cmd.Contact.OwnedBy(f.contact(m)), About: strings.TrimSpace(cmd.About), At: m.At}
	e.Name = line("name", cmd.Name, 1, &wrong)
	if e.Site = strings.ToLower(strings.TrimSpace(cmd.Site)); e.Site != "" && !act.IsDomain(e.Site) {
		wrong.Add("site", siteNamed.Refuse("%q is no domain", e.Site))
	}
	if len(e.About) > 2000 {
		wrong.Add("about", siteNamed.Refuse("it has %d bytes", len(e.About)))
	}
	if len(wrong) > 0 {
		return nil, wrong.Err()
	}
	return []act.Event{e}, nil
}
