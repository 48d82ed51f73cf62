package office

import (
	"net/http/httptest"
	"net/url"
	"testing"

	"shingle/internal/body/membership"
	"shingle/internal/web/webtest"
	"shingle/internal/work/letters"
	"shingle/internal/work/mail"
	"shingle/internal/work/worktest"
)

// TestWhatWasSentIsAccessibleOnEveryScreen looks at letters and endpoints that fare well and ill.
func TestWhatWasSentIsAccessibleOnEveryScreen(t *testing.T) {
	s := posting(t, founded(t, 50))
	h := webtest.As(administrator, s)
	server := httptest.NewServer(h)
	defer server.Close()
	browser := webtest.Open(t)
	look := func(what, path string, screen webtest.Screen) {
		browser.Visit(server.URL+path, screen)
		browser.FitsWidth(what + " " + screen.String())
		browser.Accessible(what + " " + screen.String())
	}
	for _, screen := range []webtest.Screen{webtest.Desk, webtest.PhoneDark} {
		look("no letters", "/office/post", screen)
		look("no endpoints", "/office/webhooks", screen)
	}
	invitation := s.writes(t, letters.Invitation, "person/0007", "ada@firm.example", "event/1", "")
	s.writes(t, letters.Account, "person/0008", "no address", "account/passkey/1", "0042")
	s.writes(t, letters.Enrolment, "person/0009", "no address", "account/passkey/1", "")
	s.writes(t, letters.Account, "person/0010", "", "account/passkey/1", "")
	well, ill := receives(t), receives(t)
	ill.answers(503)
	var at []string
	for _, r := range []*receiver{well, ill} {
		webtest.Post(t, h, "/office/webhooks/add", url.Values{"url": {r.URL + "/hooks/of/a/rather/long/address"}}).Is(200)
	}
	s.Do(membership.Withdraw{Member: "0003"})
	s.Tick()
	worktest.Eventually(t, "both were told", func() bool { return len(well.got()) > 0 && len(ill.got()) > 0 })
	for _, href := range webtest.Get(t, h, "/office/webhooks").Is(200).Attributes("tbody th a", "href") {
		worktest.Eventually(t, "it is noted", func() bool { return len(webtest.Get(t, h, href).All("tbody tr")) > 0 })
		at = append(at, href)
	}
	webtest.Post(t, h, at[0]+"/switch", url.Values{"to": {"off"}}).Is(303)
	if n, err := s.Mail.Sent(t.Context(), mail.Filter{State: mail.Bounced}); err != nil || len(n) != 2 {
		t.Fatal(n, err)
	}
	for _, screen := range []webtest.Screen{webtest.Desk, webtest.PhoneDark} {
		for what, path := range map[string]string{
			"letters": "/office/post?said=again", "refused letters": "/office/post?state=bounced", "a letter": "/office/post/" + invitation.ID, "endpoints": "/office/webhooks",
			"an endpoint": at[0], "another": at[1], "a new endpoint": "/office/webhooks/add", "a new secret": at[0] + "/rotate", "removing": at[0] + "/remove", "today": "/office",
		} {
			look(what, path, screen)
		}
		// The secret, as a browser gets there.
		browser.Visit(server.URL+at[1]+"/rotate", screen)
		browser.Press("\t\r\t\t") // past the navigation and the way back, to the button
		if on := browser.Focused(); on != "Make a new secret" {
			t.Fatalf("the button is not next: %q", on)
		}
		browser.Follow("\r")
		browser.FitsWidth("the secret " + screen.String())
		browser.Accessible("the secret " + screen.String())
		if said := browser.Text("h1"); said != "Keep this secret now" {
			t.Errorf("the page says %q", said)
		}
	}
}
