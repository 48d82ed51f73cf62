package ui

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"shingle/internal/body/standing"
)

// Words says a standing in words: status and kind always together, so that late paperwork never looks
// like misconduct.
type Words struct {
	Label string // short, for a badge: "Suspended"
	Kind  string // what sort of cause: "interim: no finding"; "" for good
	Shape string // of the badge; each status has its own, so that colour is never needed
	Tone  string // "good", "plain", "caution", "grave"
}

// Short returns label and kind in one line, e.g. for the seal.
func (w Words) Short() string {
	if w.Kind == "" {
		return w.Label
	}
	return w.Label + " (" + w.Kind + ")"
}

var statusWords = map[standing.Status]Words{
	standing.Good:                        {Label: "Good standing", Shape: "good", Tone: "good"},
	standing.NotSubscribed:               {Label: "Not subscribed", Shape: "not-subscribed", Tone: "plain"},
	standing.Conditional:                 {Label: "Conditional", Shape: "conditional", Tone: "caution"},
	standing.Lapsed:                      {Label: "Lapsed", Shape: "lapsed", Tone: "plain"},
	standing.Withdrawn:                   {Label: "Withdrawn", Shape: "withdrawn", Tone: "plain"},
	standing.WithdrawnUnderInvestigation: {Label: "Withdrawn under investigation", Shape: "investigation", Tone: "caution"},
	standing.Suspended:                   {Label: "Suspended", Shape: "suspended", Tone: "caution"},
	standing.Expelled:                    {Label: "Expelled", Shape: "expelled", Tone: "grave"},
}

var kindWords = map[standing.Kind]string{
	standing.Administrative: "administrative",
	standing.Interim:        "interim, no finding",
	standing.Disciplinary:   "disciplinary",
}

// WordsFor returns the words for a standing.
func WordsFor(s standing.Status, k standing.Kind) Words {
	w, ok := statusWords[s]
	if !ok {
		return Words{Label: "Not a member then", Shape: "none", Tone: "plain"}
	}
	w.Kind = kindWords[k]
	if s == standing.Suspended && k == standing.Disciplinary {
		w.Tone = "grave"
	}
	return w
}

// Sealed reports whether the body's emblem belongs into the member's picture, whatever the words in it: only
// who once signed the code was ever given a seal.
func (w Words) Sealed() bool { return w.Shape != "not-subscribed" && w.Shape != "none" }

// Sentence says in one sentence how a member stands. now tells "is" from "was".
func Sentence(name string, s standing.Status, k standing.Kind, now bool) string {
	name = Isolated(name)
	is, has := "is", "has"
	if !now {
		is, has = "was", "had"
	}
	text := map[standing.Status]string{
		standing.Good:                        "%s %s a member in good standing.",
		standing.NotSubscribed:               "%s %s a member, but " + has + " not subscribed to the code.",
		standing.Conditional:                 "%s %s a member whose standing is conditional.",
		standing.Lapsed:                      "The membership of %s %s lapsed.",
		standing.Withdrawn:                   "%s %s withdrawn from membership.",
		standing.WithdrawnUnderInvestigation: "%s %s withdrawn from membership and " + is + " under investigation.",
		standing.Suspended:                   "%s %s suspended from membership.",
		standing.Expelled:                    "%s %s expelled from membership.",
	}[s]
	switch s {
	case "":
		return fmt.Sprintf("%s was not a member at that time.", name)
	case standing.Lapsed, standing.Withdrawn, standing.WithdrawnUnderInvestigation:
		return fmt.Sprintf(text, name, has)
	case standing.Expelled:
		if now {
			is = "has been"
		}
	case standing.Conditional:
		if !now {
			text = "%s %s a member whose standing was conditional."
		}
	}
	return fmt.Sprintf(text, name, is)
}

// Meaning says what a standing means to a customer: the part that people get wrong.
func Meaning(s standing.Status, k standing.Kind) string {
	switch s {
	case standing.Good:
		return "It signed the code of ethics, its statements to us are current or in grace, and no suspension or condition is in force."
	case standing.NotSubscribed:
		return "It belongs to the body, but has not signed the code of ethics. It may not show our seal, and the code does not bind it."
	case standing.Lapsed:
		return "This is an omission that can be cured, not a finding of misconduct. While it lasts, the company may not show our seal."
	case standing.Withdrawn:
		return "It left of its own accord. No finding was made against it."
	case standing.WithdrawnUnderInvestigation:
		return "Charges have been served on it. No finding has been made. Leaving does not end the case."
	}
	switch {
	case s == standing.Conditional && k == standing.Administrative:
		return "Something is owed and a plan to make it up is running. This is no finding of misconduct."
	case s == standing.Conditional:
		return "A decision of the body imposes conditions on its membership. It remains a member while it meets them."
	case s == standing.Suspended && k == standing.Administrative:
		return "A statement it owes is overdue. The suspension ends when the statement is given. This is no finding of misconduct."
	case s == standing.Suspended && k == standing.Interim:
		return "This is a protective measure while a case is heard. No finding has been made."
	case s == standing.Suspended:
		return "A decision of the body suspends it. While it lasts, the company may not call itself a member or show our seal."
	case s == standing.Expelled:
		return "A decision of the body ended its membership. It may not call itself a member or show our seal."
	}
	return ""
}

var funcs = template.FuncMap{
	"standing":     WordsFor,
	"sentence":     Sentence,
	"meaning":      Meaning,
	"at":           moment("2 January 2006, 15:04 MST"),
	"on":           moment("2 January 2006"),
	"date":         date,
	"thousand":     thousands,
	"count":        count,
	"short":        shortHash,
	"join":         strings.Join,
	"isolated":     Isolated,
	"isolatedList": isolatedList,
	"upper":        strings.ToUpper,
	"asset":        Asset,
	"lines":        paragraphs,
}

// Moment is a time as a page shows it: in the reader's words, with the exact time for who wants it.
type Moment struct{ Words, ISO, Exact, Day string }

// MomentOf says a time in the body's zone, to the minute.
func MomentOf(t time.Time, zone *time.Location) Moment {
	return moment("2 January 2006, 15:04 MST")(t, zone)
}

// moment returns a function that says a time in the body's zone, in a layout of package time.
func moment(layout string) func(time.Time, *time.Location) Moment {
	return func(t time.Time, zone *time.Location) Moment {
		if zone == nil {
			zone = time.UTC
		}
		t = t.UTC()
		local := t.In(zone)
		return Moment{local.Format(layout), t.Format(time.RFC3339Nano), t.Format("2006-01-02 15:04:05.999999 UTC"), local.Format(time.DateOnly)}
	}
}

// date returns a calendar date in words, and anything else as it is.
func date(s string) string {
	if d, err := time.Parse(time.DateOnly, s); err == nil {
		return d.Format("2 January 2006")
	}
	return s
}

// thousands writes a number with thin groups: 12,345.
func thousands(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// count writes a number and its noun: "1 company", "2 companies".
func count(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if stem, ok := strings.CutSuffix(noun, "y"); ok {
		noun = stem + "ie"
	}
	return thousands(n) + " " + noun + "s"
}

func shortHash(h string) string {
	if len(h) > 12 {
		return h[:12] + "…"
	}
	return h
}

// paragraphs splits plain text at its empty lines.
func paragraphs(text string) []string {
	var ps []string
	for p := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			ps = append(ps, p)
		}
	}
	return ps
}
