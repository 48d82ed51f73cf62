package documents

import (
	"bytes"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"shingle/internal/body/standing"
)

func TestACalendarOfDuties(t *testing.T) {
	a := example(t)
	due := time.Date(2026, 7, 31, 6, 0, 0, 0, time.UTC) // the end of 30 July in Denver
	duties := []standing.Duty{
		standing.Duty{Kind: standing.DutyAttestation, Subject: "2026-Q2", Rule: "STD-05", Due: due, Lapse: due.AddDate(0, 0, 30)}.Worded(a.Body.Zone),
		standing.Duty{Kind: standing.DutyDues, Rule: "STD-12", Due: due.AddDate(0, 7, -1)}.Worded(a.Body.Zone),
		standing.Duty{Kind: standing.DutySubscribe, Subject: "2026.2"}.Worded(a.Body.Zone), // no day is set
	}
	made := time.Date(2026, 6, 10, 17, 0, 0, 0, time.UTC)
	text := Calendar(a.Body, a.Member, duties, made)
	golden(t, "duties.ics", text)
	for _, line := range strings.Split(string(text), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("a line of %d bytes: %q", len(line), line)
		}
	}
	read, err := ics.ParseCalendar(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	events := read.Events()
	if len(events) != 2 || len(events[0].Alarms()) != 2 {
		t.Fatalf("%d events", len(events))
	}
	if day := events[0].GetProperty(ics.ComponentPropertyDtStart).Value; day != "20260730" {
		t.Errorf("it is due on %s", day)
	}
	again := Calendar(a.Body, a.Member, []standing.Duty{standing.Duty{Kind: standing.DutyAttestation, Subject: "2026-Q2", Due: due.AddDate(0, 0, 3)}.Worded(a.Body.Zone)}, made.AddDate(0, 0, 1))
	moved, err := ics.ParseCalendar(bytes.NewReader(again))
	if err != nil || moved.Events()[0].Id() != events[0].Id() {
		t.Errorf("a duty that is moved is another one: %v", err)
	}
	if events[0].Id() == events[1].Id() {
		t.Error("two duties have one UID")
	}
}
