package portal

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/people"
	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
)

// made is the address of a calendar that somebody makes.
func made(t *testing.T, h http.Handler, who ui.Who) string {
	t.Helper()
	page := webtest.Post(t, webtest.As(who, h), "/portal/calendar", url.Values{"do": {"make"}}).Is(200).Has("h2", "Your address")
	address := page.Attributes("input.copy", "value")[0]
	path, ok := strings.CutPrefix(address, "https://demo.example")
	if !ok {
		t.Fatalf("the address is %s", address)
	}
	return path
}

// fetch is what a calendar program gets, which is nobody.
func fetch(h http.Handler, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

func TestACalendarIsReadByItsAddress(t *testing.T) {
	b := founded(t)
	h := open(b)
	webtest.Get(t, webtest.As(practitioner, h), "/portal/calendar").Is(200).Has(".empty strong", "You have no address yet.")
	hers, his := made(t, h, ours), made(t, h, practitioner)
	got := fetch(h, hers)
	if got.Code != 200 || got.Header().Get("Content-Type") != "text/calendar; charset=utf-8" || got.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v", got.Code, got.Header())
	}
	for _, want := range []string{"BEGIN:VCALENDAR", "Renew the membership", "TRIGGER:-P14D"} {
		if !strings.Contains(got.Body.String(), want) {
			t.Errorf("the calendar does not hold %q", want)
		}
	}
	webtest.Get(t, webtest.As(ours, h), "/portal/calendar").Is(200).Has("p", "You made an address on 2 March 2026").HasNo("input.copy")

	// A new one ends the one before; nobody else's changes.
	newer := made(t, h, ours)
	over := fetch(h, hers)
	if over.Code != 404 || fetch(h, newer).Code != 200 || fetch(h, his).Code != 200 {
		t.Error("a new address does not end the one before, or ends another")
	}
	for _, wrong := range []string{"/portal/calendar.ics", "/portal/calendar.ics?token=", "/portal/calendar.ics?token=x", newer + "A"} {
		if w := fetch(h, wrong); w.Code != 404 || w.Body.String() != over.Body.String() {
			t.Errorf("%s: %d %s", wrong, w.Code, w.Body)
		}
	}
	webtest.Post(t, webtest.As(ours, h), "/portal/calendar", url.Values{"do": {"end"}}).Is(200).Has(".said", "The address works no more.")
	if fetch(h, newer).Code != 404 {
		t.Error("an address that was ended works")
	}
	program := ours
	program.Actor = "token/4f2a"
	webtest.Get(t, webtest.As(program, h), "/portal/calendar").Is(404)
	webtest.Post(t, webtest.As(program, h), "/portal/calendar", nil).Is(404)
}

// An address ends with the role, and does not come back with the next one.
func TestACalendarEndsWithTheRole(t *testing.T) {
	b := begun(t)
	h := open(b)
	his, hers := made(t, h, practitioner), made(t, h, compliance)
	b.Pass(time.Hour)
	b.Do(people.End{Person: "0003", Member: "0042", Role: "practitioner"})
	if fetch(h, his).Code != 404 || fetch(h, hers).Code != 200 {
		t.Error("an address does not end with its role")
	}
	b.Do(people.Appoint{Person: "0003", Member: "0042", Role: "practitioner"})
	if fetch(h, his).Code != 404 {
		t.Error("an address comes back with the next role")
	}
	if fetch(h, made(t, h, practitioner)).Code != 200 {
		t.Error("who has a role again gets no address")
	}
	b.Do(people.Appoint{Person: "0002", Member: "0042", Role: "compliance-officer", Until: act.On(2026, 4, 1)})
	b.Pass(40 * 24 * time.Hour)
	if fetch(h, hers).Code != 404 {
		t.Error("an address outlives the term")
	}
	theirs := made(t, h, ours)
	expel(t, b)
	if fetch(h, theirs).Code != 404 {
		t.Error("an address outlives the membership")
	}
}
