package membership

import (
	"strings"
	"time"

	"shingle/internal/act"
)

// Apply asks for membership. A company that follows another, run by the same people, says so.
type Apply struct {
	Name              string       `json:"name" label:"Legal name"`
	SoleTrader        bool         `json:"sole_trader,omitempty" label:"Sole trader" hint:"the name is a person's; the company is public under its first trading name"`
	TradingNames      []string     `json:"trading_names,omitempty" label:"Trading names"`
	Domains           []string     `json:"domains,omitempty" label:"Domains" hint:"for example cobaltridge.example"`
	Address           string       `json:"address,omitempty" label:"Address"`
	Place             string       `json:"place,omitempty" label:"Place"`
	Country           string       `json:"country,omitempty" label:"Country"`
	Services          []string     `json:"services,omitempty" label:"Services"`
	ContactName       act.Personal `json:"contact_name,omitzero" label:"Contact"`
	ContactEmail      act.Personal `json:"contact_email,omitzero" label:"E-mail of the contact"`
	DeclaredSanctions act.Private  `json:"declared_sanctions,omitzero" label:"Past sanctions" hint:"by any professional body or court"`
	SuccessorOf       string       `json:"successor_of,omitempty" label:"Successor of" hint:"number of a former member that the same people run"`
}

// Applied says that a company asked for membership. It takes nothing yet: its domains are its own once it
// is admitted.
type Applied struct {
	Member            string       `json:"member"`
	Name              string       `json:"name"`
	SoleTrader        bool         `json:"sole_trader,omitempty"`
	LegalName         act.Personal `json:"legal_name,omitzero"` // of somebody who trades alone; Name is the trading name then
	TradingNames      []string     `json:"trading_names,omitempty"`
	Domains           []string     `json:"domains,omitempty"`
	Address           string       `json:"address,omitempty"`
	Place             string       `json:"place,omitempty"`
	Country           string       `json:"country,omitempty"`
	Services          []string     `json:"services,omitempty"`
	ContactName       act.Personal `json:"contact_name"`
	ContactEmail      act.Personal `json:"contact_email"`
	DeclaredSanctions act.Private  `json:"declared_sanctions"`
	SuccessorOf       string       `json:"successor_of,omitempty"`
	At                time.Time    `json:"at"`
}

var applyAct = act.Define(stream, "member.apply", "Asks for membership.",
	func(Apply, act.Meta) act.Target { return act.NextOf("") }, Member.applyFor)

func (m Member) applyFor(f Facts, cmd Apply, meta act.Meta) ([]act.Event, error) {
	if f.Zone == nil {
		return nil, bodyFounded.Refuse("there is no body yet")
	}
	person, _, err := m.signing(f)
	if err != nil {
		return nil, err
	}
	e := Applied{
		Member: f.Number, Name: strings.TrimSpace(cmd.Name), TradingNames: trimmed(cmd.TradingNames),
		Address: strings.TrimSpace(cmd.Address), Place: strings.TrimSpace(cmd.Place), Country: strings.TrimSpace(cmd.Country),
		Services: trimmed(cmd.Services), SuccessorOf: strings.TrimSpace(cmd.SuccessorOf),
		ContactName: cmd.ContactName.OwnedBy(person), ContactEmail: cmd.ContactEmail.OwnedBy(person),
		DeclaredSanctions: cmd.DeclaredSanctions.OwnedBy("member/" + f.Number), SoleTrader: cmd.SoleTrader, At: meta.At,
	}
	if err := plain(e.Name, []string{e.Address, e.Place, e.Country, e.SuccessorOf}, e.TradingNames, e.Services); err != nil {
		return nil, err
	}
	if e.Name, e.TradingNames, e.LegalName, err = named(e.Name, e.TradingNames, cmd.SoleTrader, person); err != nil {
		return nil, err
	}
	if e.Domains, err = domainsOf(cmd.Domains); err != nil {
		return nil, err
	}
	if err := f.free(e.Domains); err != nil {
		return nil, err
	}
	if meta.At.Before(f.BarredUntil) {
		return nil, notBarred.Refuse("member %s is barred until %s", e.SuccessorOf, f.lastDay(f.BarredUntil))
	}
	return []act.Event{e}, nil
}

// lastDay returns the day at whose end a term ends.
func (f Facts) lastDay(end time.Time) act.Date {
	return act.DateIn(end.Add(-time.Microsecond), f.zone())
}
