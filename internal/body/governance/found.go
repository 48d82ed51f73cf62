package governance

import (
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
)

// Found begins a body. Its register is in launch mode until it is opened.
type Found struct {
	Name     string   `json:"name" label:"Name of the body"`
	Short    string   `json:"short,omitempty" label:"Short name" hint:"as it stands on seals"`
	Zone     string   `json:"zone" label:"Time zone" hint:"IANA name, for example Europe/Dublin; deadlines end at 24:00 there"`
	Web      string   `json:"web" label:"Web site" hint:"its host, for example demo.example"`
	Holidays []string `json:"holidays,omitempty" label:"Holidays" hint:"dates on which the body does not work"`
}

// Founded says that the body began.
type Founded struct {
	Name     string     `json:"name"`
	Short    string     `json:"short,omitempty"`
	Zone     string     `json:"zone"`
	Web      string     `json:"web"`
	Holidays []act.Date `json:"holidays,omitempty"`
	At       time.Time  `json:"at"`
}

var foundedOnce = act.Rule{
	ID:    "GOV-02",
	Cites: "governance",
	Text:  "A body is founded once.",
	Cure:  "A second body needs a folder of its own.",
}

var bodyNamed = act.Rule{
	ID:    "GOV-03",
	Cites: "governance",
	Text:  "A body has a name of at most 200 characters, on one line.",
	Cure:  "Give its name.",
}

var zoneKnown = act.Rule{
	ID:    "GOV-04",
	Cites: "governance",
	Text:  "Deadlines end in a time zone of the IANA database.",
	Cure:  "Give a zone such as Europe/Dublin or America/New_York.",
}

var webIsHost = act.Rule{
	ID:    "GOV-05",
	Cites: "governance",
	Text:  "The web site is named by its host alone.",
	Cure:  "Give a host such as demo.example, without https:// and without a path.",
}

var holidaysAreDates = act.Rule{
	ID:    "GOV-06",
	Cites: "governance",
	Text:  "Holidays are calendar dates.",
	Cure:  "Give dates such as 2026-12-25.",
}

var foundAct = act.Define(bodyStream, "body.found", "Founds the body, with its name, its time zone and its calendar.",
	func(Found, act.Meta) act.Target { return act.To("") }, found)

func found(b Body, _ act.None, cmd Found, m act.Meta) ([]act.Event, error) {
	e := Founded{Name: strings.TrimSpace(cmd.Name), Short: strings.TrimSpace(cmd.Short), Zone: cmd.Zone, Web: strings.ToLower(cmd.Web), At: m.At}
	if !b.Founded.IsZero() {
		return nil, foundedOnce.Refuse("this is %s, founded on %s", b.Name, act.DateIn(b.Founded, b.Location))
	}
	if !act.OneLine(e.Name, 1, 200) || !act.OneLine(e.Short, 0, 200) {
		return nil, bodyNamed.Refuse("%q is no such name", cmd.Name)
	}
	if _, err := time.LoadLocation(cmd.Zone); err != nil || cmd.Zone == "" || cmd.Zone == "Local" {
		return nil, zoneKnown.Refuse("%q is not known", cmd.Zone)
	}
	if !act.IsHost(e.Web) {
		return nil, webIsHost.Refuse("%q is not a host", cmd.Web)
	}
	days, bad := dates(cmd.Holidays)
	if bad != nil {
		return nil, holidaysAreDates.Refuse("%v", bad)
	}
	e.Holidays = days
	return []act.Event{e}, nil
}

// dates reads a list of dates, in order and each once.
func dates(texts []string) (days []act.Date, err error) {
	for _, t := range texts {
		d, err := act.ParseDate(t)
		if err != nil {
			return nil, err
		}
		days = append(days, d)
	}
	slices.SortFunc(days, act.Date.Compare)
	return slices.Compact(days), nil
}
