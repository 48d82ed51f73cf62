package portal

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"shingle/internal/web/webtest"
)

func TestThePortalIsAccessible(t *testing.T) {
	b := founded(t)
	amended(t, b)
	z := &webtest.Zone{}
	server := httptest.NewServer(webtest.As(ours, openWith(b, z.Serve(t))))
	defer server.Close()
	b.Pass(200 * 24 * time.Hour)
	browser := webtest.Open(t)
	look := func(what string, screen webtest.Screen) {
		t.Helper()
		browser.FitsWidth(what + " " + screen.String())
		browser.Accessible(what + " " + screen.String())
	}
	for _, screen := range []webtest.Screen{webtest.DeskDark, webtest.Phone} {
		for _, path := range []string{
			"/portal", "/portal/subscribe", "/portal/subscribe/2026.2", "/portal/attest", "/portal/withdraw", "/portal/company", "/portal/domains",
			"/portal/domains/cobaltridge.example", "/portal/people", "/portal/people/invite", "/portal/people/0002/end/compliance-officer", "/portal/seal",
			"/portal/papers", "/portal/history", "/portal/calendar",
		} {
			browser.Visit(server.URL+path, screen)
			look(path, screen)
		}
		press := func(button string) {
			browser.Do(chromedp.Focus(chromedp.CSS(button)))
			browser.Follow("\r")
		}
		browser.Visit(server.URL+"/portal/domains/cobaltridge.example", screen)
		press("main form button")
		look("what was looked for", screen)
		browser.Visit(server.URL+"/portal/calendar", screen)
		press("button[value=make]")
		look("an address", screen)
		browser.Visit(server.URL+"/portal/subscribe/2026.2", screen)
		press("button[value=check]")
		look("what is wrong", screen)
	}
}

func TestATextIsSignedByKeyboardAlone(t *testing.T) {
	b := founded(t)
	amended(t, b)
	server := httptest.NewServer(webtest.As(ours, open(b)))
	defer server.Close()
	browser := webtest.Open(t)
	browser.Visit(server.URL+"/portal/subscribe/2026.2", webtest.Desk)
	browser.Press("\t\r")           // past the navigation
	browser.Press("\t\t\tDirector") // past the way back and the name
	browser.Press("\t")
	browser.Follow("\r")
	if said := browser.Text("h1"); said != "Check your answers" {
		t.Fatalf("the page says %q", said)
	}
	browser.Press("\t\r\t\t")
	browser.Follow("\r")
	if said := browser.Text(".lead"); said != "Thank you. It is on record, and the register says so. Below is what proves it." {
		t.Errorf("the page says %q", said)
	}
	if got := memberIn(t, b, "0042").Subscription.Version; got != "2026.2" {
		t.Errorf("signed is %s", got)
	}
}
