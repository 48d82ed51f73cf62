// Package governance keeps the body's own house: how it was founded, when its register went live, on
// which days it works, and which texts of its code of ethics it has adopted.
//
// A body begins in launch mode. It brings its code, and with it its past: texts that took effect before
// this system may be adopted as they were, as long as the register has not gone live. From then on
// a text takes effect on the day of its adoption or later, and never before the one that it supersedes.
//
// Start with [Found]; then [Adopt] and [Open].
package governance

import (
	"encoding/hex"
	"maps"
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

// Body is the state of the stream "body".
type Body struct {
	Name     string
	Short    string // short name, "" for none
	Zone     string // IANA name; "" before the body is founded
	Location *time.Location
	Web      string        // host of its web site, e.g. "demo.example"
	Holidays code.Holidays // as set last
	// Calendars are the holidays as they were set from time to time, the oldest first.
	Calendars []Calendar
	Founded   time.Time // when it was recorded
	GoLive    act.Date  // the day from which the register is public; no date in launch mode
	Opened    time.Time // when that was recorded
}

// Calendar is the holidays as they stood from a time on.
type Calendar struct {
	Recorded time.Time
	Holidays code.Holidays
}

// HolidaysAt returns the holidays as they were known at t; the first ones before that. A term that runs
// keeps its end: it is counted with those known when it began.
func (b Body) HolidaysAt(t time.Time) code.Holidays {
	for i := len(b.Calendars) - 1; i > 0; i-- {
		if !b.Calendars[i].Recorded.After(t) {
			return b.Calendars[i].Holidays
		}
	}
	if len(b.Calendars) == 0 {
		return nil
	}
	return b.Calendars[0].Holidays
}

// keep notes the holidays as set at a time.
func (b *Body) keep(days code.Holidays, at time.Time) {
	b.Holidays = days
	b.Calendars = append(b.Calendars[:len(b.Calendars):len(b.Calendars)], Calendar{at, days})
}

func (b Body) holidaysIn(year int, dates []act.Date) code.Holidays {
	days := maps.Clone(b.Holidays)
	if days == nil {
		days = code.Holidays{}
	}
	maps.DeleteFunc(days, func(d act.Date, _ string) bool { return year != 0 && d.Year() == year })
	for _, d := range dates {
		days[d] = "Holiday"
	}
	return days
}

func evolveBody(b Body, e act.Event) Body {
	switch e := e.(type) {
	case Founded:
		b.Name, b.Short, b.Zone, b.Web, b.Founded = e.Name, e.Short, e.Zone, e.Web, e.At
		b.Location = location(e.Zone)
		b.keep(b.holidaysIn(0, e.Holidays), e.At)
	case Opened:
		b.GoLive, b.Opened = e.GoLive, e.At
	case HolidaysSet:
		b.keep(b.holidaysIn(e.Year, e.Holidays), e.At)
	}
	return b
}

// location returns the zone; UTC where this machine has lost it, so that what was recorded can be read.
func location(zone string) *time.Location {
	if l, err := time.LoadLocation(zone); err == nil {
		return l
	}
	return time.UTC
}

// Code is the state of the stream "code": all adopted texts, in the order in which they take effect.
type Code struct{ Versions []Adoption }

// Adoption is one adopted text.
type Adoption struct {
	*code.Version
	Adopted         time.Time // when it was recorded
	EffectiveAt     time.Time // the start of its effective day
	TransitionUntil time.Time // when the time to subscribe to it ends
}

// InForce returns the text in force at t.
func (c Code) InForce(t time.Time) (Adoption, bool) {
	for i := len(c.Versions) - 1; i >= 0; i-- {
		if !c.Versions[i].EffectiveAt.After(t) {
			return c.Versions[i], true
		}
	}
	return Adoption{}, false
}

// Version returns the text of that label.
func (c Code) Version(label string) (Adoption, bool) {
	for _, a := range c.Versions {
		if a.Label == label {
			return a, true
		}
	}
	return Adoption{}, false
}

func evolveCode(c Code, e act.Event) Code {
	if a, ok := e.(Adopted); ok {
		versions := append(c.Versions[:len(c.Versions):len(c.Versions)], Adoption{a.version(), a.At, a.EffectiveAt, a.TransitionUntil})
		return Code{versions}
	}
	return c
}

// version reads the adopted text. A text that today's reader no longer accepts stays adopted: its words
// and its hash stand, and its requirements are the usual ones.
func (a Adopted) version() *code.Version {
	if v, problems := code.Parse([]byte(a.Text)); len(problems) == 0 {
		return v
	}
	v := &code.Version{Title: a.Title, Label: a.Version, Effective: a.Effective, Text: []byte(a.Text), Requirements: code.Usual()}
	if sum, err := hex.DecodeString(a.SHA256); err == nil {
		copy(v.SHA256[:], sum)
	}
	return v
}

var bodyStream = act.NewStream("body", evolveBody,
	act.EventOf[Founded]("body.founded"),
	act.EventOf[Opened]("register.opened"),
	act.EventOf[HolidaysSet]("holidays.set"),
)

var codeStream = act.NewStream("code", evolveCode,
	act.EventOf[Adopted]("code.adopted"),
)

// Domain returns the streams and acts of governance.
func Domain() act.Domain {
	return act.Domain{
		Streams: []*act.Stream{bodyStream, codeStream},
		Acts:    []*act.Act{foundAct, openAct, setHolidaysAct, adoptAct},
	}
}

var notFounded = act.Rule{
	ID:    "GOV-01",
	Cites: "governance",
	Text:  "A body must be founded before it acts.",
	Cure:  "Found the body with body.found.",
}
