package documents

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	ics "github.com/arran4/golang-ical"

	"shingle/internal/body/standing"
)

// Remindful are how long before the end of its last day a duty is recalled.
var remindful = []string{"-P14D", "-P3D"}

// Calendar returns what a member owes as an iCalendar file (RFC 5545): each duty as an event of its last day, in the
// body's zone, with alarms two weeks and three days before. A duty keeps its UID for as long as it is the same duty,
// so that a calendar that subscribed moves it and does not show it twice. What has no day is left out. made is
// when the list was made.
func Calendar(b Body, m Member, duties []standing.Duty, made time.Time) []byte {
	c := ics.NewCalendar()
	c.SetMethod(ics.MethodPublish)
	c.SetProductId("-//Shingle//duties//EN")
	c.SetCalscale("GREGORIAN")
	c.SetName("Duties of " + m.Name + " to " + b.Name)
	c.SetXWRCalName("Duties of " + m.Name + " to " + b.Name)
	c.SetXWRTimezone(b.Zone.String())
	c.SetRefreshInterval("PT6H")
	c.SetXPublishedTTL("PT6H")
	for _, d := range duties {
		if d.Due.IsZero() {
			continue
		}
		last := d.LastDay(b.Zone)
		e := c.AddEvent(uid(b, m, d))
		e.SetDtStampTime(made.UTC().Truncate(time.Second))
		// The dates are calendar dates: they are written as they are, whatever the zone of the reader.
		e.SetAllDayStartAt(last.Start(time.UTC))
		e.SetAllDayEndAt(last.AddDays(1).Start(time.UTC))
		e.SetSummary(d.What)
		text := d.What
		if d.Consequence != "" {
			text += " " + d.Consequence
		}
		e.SetDescription(text)
		e.SetURL(b.Origin + "/register/" + m.Number)
		e.SetTimeTransparency(ics.TransparencyTransparent) // nobody is busy because of it
		e.AddCategory("Code of ethics")
		for _, before := range remindful {
			a := e.AddAlarm()
			a.SetAction(ics.ActionDisplay)
			a.SetDescription(d.What)
			a.SetTrigger(before)
		}
	}
	return []byte(c.Serialize(ics.WithNewLineWindows))
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
