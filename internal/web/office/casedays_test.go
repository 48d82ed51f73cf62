package office

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"shingle/internal/body/cases"
	"shingle/internal/body/people"
	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
)

// TestTheDaysOfCasesStandInACalendar subscribes as those who have a part in cases, and as one who has none.
func TestTheDaysOfCasesStandInACalendar(t *testing.T) {
	b := founded(t, 50)
	b.Pass(10 * 24 * time.Hour)
	c := b.Convene()
	h := open(b)
	who := func(number, role string) ui.Who {
		return ui.Who{Actor: "person/" + number, Holder: "person/" + number, Role: role, Name: "Somebody"}
	}
	address := func(who ui.Who) string {
		d := webtest.Post(t, webtest.As(who, h), "/office/cases/calendar", url.Values{"do": {"make"}}).Is(200)
		u, err := url.Parse(d.Attributes("input.copy", "value")[0])
		if err != nil {
			t.Fatal(err)
		}
		return u.RequestURI()
	}
	mine, other := c.Lodge("0042", "receipt"), c.Lodge("0043", "receipt")
	c.ChairDoes(cases.Assign{Case: mine, Person: c.Manager})
	manager, chair, panelist := address(who(c.Manager, people.CaseManager)), address(who(c.Chair, people.Chair)), address(who(c.Trade[0], people.Panelist))
	read := func(address string) string { return webtest.Get(t, h, address).Is(200).Text }
	if text := read(manager); !strings.Contains(text, "Case "+mine+": to be screened") || strings.Contains(text, other) || !strings.Contains(text, "TRIGGER:-P3D") {
		t.Errorf("the case manager has\n%s", text)
	}
	if text := read(chair); !strings.Contains(text, mine) || !strings.Contains(text, other) || strings.Contains(text, "Cobalt") || strings.Contains(text, "0042") {
		t.Errorf("the chair has\n%s", text)
	}
	if text := read(panelist); strings.Contains(text, "BEGIN:VEVENT") {
		t.Errorf("who sits in nothing has\n%s", text)
	}
	c.Charge(mine)
	c.ManagerDoes(cases.Pause{Case: mine, Ground: "court", Detail: "12 C 3"})
	if text := read(manager); strings.Contains(text, "BEGIN:VEVENT") {
		t.Errorf("while the case is paused, the case manager has\n%s", text)
	}
	c.ManagerDoes(cases.Resume{Case: mine})
	if text := read(manager); !strings.Contains(text, "the charges can be answered until then") {
		t.Errorf("the case manager has\n%s", text)
	}
	// Another address ends the first; whoever has the office no more has no calendar; a member's address is none here.
	again := address(who(c.Manager, people.CaseManager))
	webtest.Get(t, h, manager).Is(http.StatusNotFound)
	read(again)
	b.Do(people.EndOfficer{Person: c.Manager, Role: people.CaseManager})
	webtest.Get(t, h, again).Is(http.StatusNotFound)
	webtest.Get(t, h, "/office/cases.ics?token=guessed").Is(http.StatusNotFound)
	webtest.Post(t, webtest.As(who(c.Chair, people.Chair), h), "/office/cases/calendar", url.Values{"do": {"end"}}).Is(200)
	webtest.Get(t, h, chair).Is(http.StatusNotFound)
}
