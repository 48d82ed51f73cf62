package documents

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	ics "github.com/arran4/golang-ical"

	"shingle/internal/act"
	"shingle/internal/body/standing"
)

// Remindful are how long before the end of its last day a duty is recalled.
var remindful = []string{"-P14D", "-P3D"}

// Calendar returns what a member owes as an iCalendar file (RFC 5545): each duty as an event of its last day, in the
// body's zone, with alarms two weeks and three days before. A duty keeps its UID for as long as it is the same duty,
// so that a calendar that subscribed moves it and does not show it twice. What has no day is left out. made is
// when the list was made.
func Calendar(b Body, m Member, duties []standing.Duty, made time.Time) []byte {
	c := calendarOf(b, "Duties of "+m.Name+" to "+b.Name)
	for _, d := range duties {
		if d.Due.IsZero() {
			continue
		}
		text := d.What
		if d.Consequence != "" {
			text += " " + d.Consequence
		}
		addDay(c, uid(b, m, d), d.LastDay(b.Zone), d.What, text, b.Origin+"/register/"+m.Number, made).AddCategory("Code of ethics")
	}
	return []byte(c.Serialize(ics.WithNewLineWindows))
}

// Deadline is a day by which the body's own people have to do something.
type Deadline struct {
	Day  act.Date
	What string
	Path string // of the page where it is done, e.g. "/office/members/0042/acts/dues.record"
}

// Deadlines returns what the body's own people have to do as an iCalendar file, as [Calendar] does what a member
// owes. A deadline has the same UID as long as it is the same thing by the same day.
func Deadlines(b Body, name string, list []Deadline, made time.Time) []byte {
	c := calendarOf(b, name)
	for _, d := range list {
		sum := sha256.Sum256([]byte(b.Web + "\n" + d.Path + "\n" + d.What + "\n" + d.Day.String()))
		addDay(c, hex.EncodeToString(sum[:12])+"@"+b.Web, d.Day, d.What, d.What, b.Origin+d.Path, made)
	}
	return []byte(c.Serialize(ics.WithNewLineWindows))
}

func calendarOf(b Body, name string) *ics.Calendar {
	c := ics.NewCalendar()
	c.SetMethod(ics.MethodPublish)
	c.SetProductId("-//Shingle//duties//EN")
	c.SetCalscale("GREGORIAN")
	c.SetName(name)
	c.SetXWRCalName(name)
	c.SetXWRTimezone(b.Zone.String())
	c.SetRefreshInterval("PT6H")
	c.SetXPublishedTTL("PT6H")
	return c
}

// addDay adds an event of a whole day, with its alarms.
func addDay(c *ics.Calendar, uid string, day act.Date, what, text, address string, made time.Time) *ics.VEvent {
	e := c.AddEvent(uid)
	e.SetDtStampTime(made.UTC().Truncate(time.Second))
	// The dates are calendar dates: they are written as they are, whatever the zone of the reader.
	e.SetAllDayStartAt(day.Start(time.UTC))
	e.SetAllDayEndAt(day.AddDays(1).Start(time.UTC))
	e.SetSummary(what)
	e.SetDescription(text)
	e.SetURL(address)
	e.SetTimeTransparency(ics.TransparencyTransparent) // nobody is busy because of it
	for _, before := range remindful {
		a := e.AddAlarm()
		a.SetAction(ics.ActionDisplay)
		a.SetDescription(what)
		a.SetTrigger(before)
	}
	return e
}

// uid names a duty for ever: the dues and the renewal of another year are other duties.
func uid(b Body, m Member, d standing.Duty) string {
	id := string(d.Kind) + "\n" + d.Subject
	if d.Subject == "" || d.Kind == standing.DutyDomain {
		id += "\n" + d.LastDay(b.Zone).String()
	}
	sum := sha256.Sum256([]byte(b.Web + "\n" + m.Number + "\n" + id))
	return hex.EncodeToString(sum[:12]) + "@" + b.Web
}
