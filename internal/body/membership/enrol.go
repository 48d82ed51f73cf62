package membership

import (
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
)

// Enrol takes over a company that was a member before this system. Doing it again with the same data
// changes nothing, so that a roster can be read again.
type Enrol struct {
	Number       string       `json:"number" label:"Member number" hint:"at most 12 of A to Z, 0 to 9 and the hyphen"`
	Name         string       `json:"name" label:"Legal name"`
	SoleTrader   bool         `json:"sole_trader,omitempty" label:"Sole trader" hint:"the name is a person's; the company is public under its first trading name"`
	TradingNames []string     `json:"trading_names,omitempty" label:"Trading names"`
	Domains      []string     `json:"domains,omitempty" label:"Domains"`
	Address      string       `json:"address,omitempty" label:"Address"`
	Place        string       `json:"place,omitempty" label:"Place"`
	Country      string       `json:"country,omitempty" label:"Country"`
	Services     []string     `json:"services,omitempty" label:"Services"`
	ContactName  act.Personal `json:"contact_name,omitzero" label:"Contact"`
	ContactEmail act.Personal `json:"contact_email,omitzero" label:"E-mail of the contact"`
	Admitted     act.Date     `json:"admitted" label:"Member since"`
	Subscribed   act.Date     `json:"subscribed,omitzero" label:"Subscribed on" hint:"to the version of the code in force on that day"`
	PaidThrough  act.Date     `json:"paid_through,omitzero" label:"Dues paid through"`
}

// Enrolled says that a company was taken over as a member. It takes effect when it had been admitted;
// its domains count as proven on paper on the day of the enrolment.
type Enrolled struct {
	Member       string       `json:"member"`
	Name         string       `json:"name"`
	SoleTrader   bool         `json:"sole_trader,omitempty"`
	LegalName    act.Personal `json:"legal_name,omitzero"` // of somebody who trades alone; Name is the trading name then
	TradingNames []string     `json:"trading_names,omitempty"`
	Domains      []string     `json:"domains,omitempty"`
	Address      string       `json:"address,omitempty"`
	Place        string       `json:"place,omitempty"`
	Country      string       `json:"country,omitempty"`
	Services     []string     `json:"services,omitempty"`
	ContactName  act.Personal `json:"contact_name"`
	ContactEmail act.Personal `json:"contact_email"`
	Admitted     act.Date     `json:"admitted"`
	Subscribed   act.Date     `json:"subscribed,omitzero"`
	PaidThrough  act.Date     `json:"paid_through,omitzero"`
	Joined       time.Time    `json:"joined"` // start of the day of admission
	At           time.Time    `json:"at"`
}

// TakesEffect returns when the membership began.
func (e Enrolled) TakesEffect() time.Time { return e.Joined }

// Claims takes the domains.
func (e Enrolled) Claims() []act.Claim { return claimed(e.Domains) }

var numberForm = act.Rule{
	ID:    "MEM-13",
	Cites: "membership",
	Text:  "A member number has at most 12 characters: capital letters, digits and the hyphen.",
	Cure:  "Give a number such as 0042.",
}

var numberFree = act.Rule{
	ID:    "MEM-14",
	Cites: "membership",
	Text:  "A member number stands for one company, for ever.",
	Cure:  "Give the company another number, or change the member that has this one.",
}

var textThen = act.Rule{
	ID:    "MEM-15",
	Cites: "membership.subscription",
	Text:  "A member subscribed to a text that was in force on the day of its signature.",
	Cure:  "Adopt the version of that day first, or leave the day out.",
}

var enrolAct = act.Define(stream, "member.enrol", "Takes over a company that was a member before this system.",
	func(cmd Enrol, _ act.Meta) act.Target { return act.To(cmd.Number) }, Member.enrolAs)

// enrolAs says all that is wrong with what it is asked for: a roster is mended in one go.
func (m Member) enrolAs(f Facts, cmd Enrol, meta act.Meta) ([]act.Event, error) {
	if f.Zone == nil {
		return nil, bodyFounded.Refuse("there is no body yet")
	}
	e, wrong := f.enrolment(cmd, meta)
	if m.Stage != Unknown {
		if m.enrolled == nil {
			wrong.Add("number", numberFree.Refuse("number %s belongs to %s, which was not taken over from a roster", cmd.Number, m.Name))
		} else if fields := m.enrolled.differences(e); len(fields) > 0 {
			wrong.Add("number", numberFree.Refuse("number %s was taken over with another %s", cmd.Number, strings.Join(fields, ", ")))
		}
		return nil, wrong.Err()
	}
	wrong.Add("domains", f.free(e.Domains))
	events := []act.Event{e}
	if !cmd.Subscribed.IsZero() {
		if cmd.ContactName.Empty() {
			wrong.Add("contact_name", representativeNamed.Refuse("subscribed on %s, and no contact is named who did it", cmd.Subscribed))
		}
		signed := cmd.Subscribed.Start(f.zone())
		text, ok := f.textAt(signed)
		if !ok {
			wrong.Add("subscribed", textThen.Refuse("no text was in force on %s", cmd.Subscribed))
		}
		events = append(events, Subscribed{
			Member: cmd.Number, Version: text.Version, SHA256: text.SHA256,
			Representative: e.ContactName, Capacity: "contact on the roster", Person: 1, SignedAt: signed, At: meta.At,
		})
	}
	if len(wrong) > 0 {
		return nil, wrong.Err()
	}
	if !cmd.PaidThrough.IsZero() {
		events = append(events, PaidThrough{Member: cmd.Number, Through: cmd.PaidThrough, At: meta.At})
	}
	return events, nil
}

// enrolment returns what is to be recorded, and says what is wrong with it.
func (f Facts) enrolment(cmd Enrol, meta act.Meta) (e Enrolled, wrong act.Refusals) {
	if !act.IsMemberNumber(cmd.Number) {
		wrong.Add("number", numberForm.Refuse("%q is no such number", cmd.Number))
	}
	person := Member{}.nextPerson(cmd.Number)
	e = Enrolled{
		Member: cmd.Number, Name: strings.TrimSpace(cmd.Name), TradingNames: trimmed(cmd.TradingNames),
		Address: strings.TrimSpace(cmd.Address), Place: strings.TrimSpace(cmd.Place), Country: strings.TrimSpace(cmd.Country),
		Services:    trimmed(cmd.Services),
		ContactName: cmd.ContactName.OwnedBy(person), ContactEmail: cmd.ContactEmail.OwnedBy(person),
		SoleTrader: cmd.SoleTrader, Admitted: cmd.Admitted, Subscribed: cmd.Subscribed, PaidThrough: cmd.PaidThrough,
		Joined: cmd.Admitted.Start(f.Zone), At: meta.At,
	}
	wrong.Add("name", plainName(e.Name))
	wrong.Add("address", plainLines([]string{e.Address}))
	wrong.Add("place", plainLines([]string{e.Place}))
	wrong.Add("country", plainLines([]string{e.Country}))
	wrong.Add("trading_names", plainList(e.TradingNames))
	wrong.Add("services", plainList(e.Services))
	var err error
	e.Name, e.TradingNames, e.LegalName, err = named(e.Name, e.TradingNames, cmd.SoleTrader, person)
	wrong.Add("trading_names", err)
	e.Domains, err = domainsOf(cmd.Domains)
	wrong.Add("domains", err)
	cmd.days(f.today(meta), &wrong)
	return e, wrong
}

// days says which days of an enrolment cannot be.
func (e Enrol) days(today act.Date, wrong *act.Refusals) {
	switch {
	case e.Admitted.IsZero():
		wrong.Add("admitted", dayPlausible.Refuse("the day of admission is missing"))
	case e.Admitted.After(today):
		wrong.Add("admitted", dayPlausible.Refuse("admitted on %s, which lies ahead", e.Admitted))
	}
	switch {
	case e.Subscribed.After(today):
		wrong.Add("subscribed", dayPlausible.Refuse("subscribed on %s, which lies ahead", e.Subscribed))
	case !e.Subscribed.IsZero() && e.Subscribed.Before(e.Admitted):
		wrong.Add("subscribed", dayPlausible.Refuse("subscribed on %s, before it was admitted on %s", e.Subscribed, e.Admitted))
	}
	if !e.PaidThrough.IsZero() && e.PaidThrough.Before(e.Admitted) {
		wrong.Add("paid_through", dayPlausible.Refuse("dues paid through %s, before it was admitted on %s", e.PaidThrough, e.Admitted))
	}
}

// differences names the fields in which two enrolments differ. People are not compared: what is
// personal to them is sealed, and no rule reads it.
func (e Enrolled) differences(o Enrolled) []string {
	var fields []string
	differ := func(name string, same bool) {
		if !same {
			fields = append(fields, name)
		}
	}
	differ("name", e.Name == o.Name)
	differ("sole_trader", e.SoleTrader == o.SoleTrader)
	differ("trading_names", slices.Equal(e.TradingNames, o.TradingNames))
	differ("domains", slices.Equal(e.Domains, o.Domains))
	differ("address", e.Address == o.Address)
	differ("place", e.Place == o.Place)
	differ("country", e.Country == o.Country)
	differ("services", slices.Equal(e.Services, o.Services))
	differ("admitted", e.Admitted == o.Admitted)
	differ("subscribed", e.Subscribed == o.Subscribed)
	differ("paid_through", e.PaidThrough == o.PaidThrough)
	return fields
}
