package door_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"shingle/internal/account"
	"shingle/internal/web/door"
	"shingle/internal/web/webtest"
)

// served is a house on http://localhost, where browsers keep Secure cookies and passkeys work.
func served(t *testing.T) *house {
	server := httptest.NewUnstartedServer(nil)
	_, port, _ := strings.Cut(server.Listener.Addr().String(), ":")
	h := build(t, webtest.SQLite, "http://localhost:"+port)
	server.Config.Handler = h.web
	server.Start()
	t.Cleanup(server.Close)
	return h
}

// at fails the test unless the page says so at its head.
func at(t *testing.T, b *webtest.Browser, heading string) {
	t.Helper()
	if said := b.Text("h1"); said != heading {
		t.Fatalf("the page says %q, want %q: %s", said, heading, b.Text("main"))
	}
}

// passkey moves to a button that uses a passkey, and waits for the page that follows: a form is sent by the
// script, after it asked the server and the device.
func passkey(t *testing.T, b *webtest.Browser, says, heading string) {
	t.Helper()
	b.Use(says)
	at(t, b, heading)
}

func TestPeopleComeInByKeyboardAlone(t *testing.T) {
	h := served(t)
	h.hold(ada, account.Role{Name: "representative", Member: "0042"}, account.Role{Name: "registrar"})
	b := webtest.Open(t)
	b.Passkeys()
	address, _, err := h.Invite(t.Context(), ada)
	must(t, err)
	b.Visit(address, webtest.Desk)
	at(t, b, "You are invited, Ada Byron")
	b.Use("Send me the link")
	at(t, b, "Look into your e-mail")
	b.Visit(h.last(t, door.EnrolLink).Link, webtest.Desk)
	b.Use("Go on")
	at(t, b, "Make a passkey")
	passkey(t, b, "Make the passkey", "Your account")
	if said := b.Text("main"); !strings.Contains(said, "Chrome on Linux, here") {
		t.Errorf("the account says %s", said)
	}
	b.Use("Sign out here")

	b.Visit(h.Origin+"/sign-in", webtest.Desk)
	passkey(t, b, "Use your passkey", "Your account")
	b.Use("Act as Registrar")
	if said := b.Text(".error-summary"); !strings.Contains(said, "second passkey") {
		t.Errorf("an office is taken up: %s", said)
	}
	b.Use("Make recovery codes")
	at(t, b, "Your recovery codes")
	code := b.Text(".codes li")
	b.Use("I have printed them")
	b.Use("Act as Registrar")

	h.body.Pass(6 * time.Minute)
	b.Use("Make new ones; the old ones work no more")
	at(t, b, "Prove that it is you")
	passkey(t, b, "Use your passkey", "Your account")
	b.Use("Sign out here")

	// Another device, and the sheet of paper.
	other := webtest.Open(t)
	other.Passkeys()
	other.Visit(h.Origin+"/recover", webtest.Phone)
	other.TabTo("Sign in with a passkey instead")
	other.Do(chromedp.Focus(chromedp.CSS("#code")))
	other.Press(code)
	other.Follow("\r")
	at(t, other, "Make a passkey")
	passkey(t, other, "Make the passkey", "Your account")
	if who := h.last(t, door.RecoveryUsed); who.Person != ada {
		t.Errorf("told %+v", who)
	}
	// Who holds no passkey here is told so, and nothing else happens.
	none := webtest.Open(t)
	none.Passkeys()
	none.Visit(h.Origin+"/sign-in", webtest.Desk)
	none.TabTo("Use your passkey")
	none.Press("\r")
	webtest.Ask(none, chromedp.Poll[bool](`document.querySelector("[data-problem]").textContent !== ""`))
	if said := none.Text("[data-problem]"); !strings.Contains(said, "Try again") {
		t.Errorf("it says %q", said)
	}
}

func TestTheDoorIsAccessibleOnEveryScreen(t *testing.T) {
	h := served(t)
	h.hold(ada, account.Role{Name: "representative", Member: "0042", Until: h.body.Now().Add(1000 * time.Hour)}, account.Role{Name: "registrar"})
	b := webtest.Open(t)
	b.Passkeys()
	look := func(what string) {
		t.Helper()
		for _, screen := range []webtest.Screen{webtest.Desk, webtest.PhoneDark} {
			b.Look(screen)
			b.FitsWidth(what + " " + screen.String())
			b.Accessible(what + " " + screen.String())
		}
		b.Look(webtest.Desk)
	}
	visit := func(path string) {
		t.Helper()
		b.Visit(h.Origin+path, webtest.Desk)
		look(path)
	}
	for _, path := range []string{"/sign-in", "/recover", "/enrol/none"} {
		visit(path)
	}
	address, _, err := h.Invite(t.Context(), ada)
	must(t, err)
	visit(h.path(address))
	b.Use("Send me the link")
	look("the link is sent")
	visit(h.path(h.last(t, door.EnrolLink).Link))
	b.Use("Go on")
	look("enrol")
	passkey(t, b, "Make the passkey", "Your account")
	look("account")
	b.Use("Act as Registrar")
	look("a problem")
	for _, path := range []string{"/enrol", "/step-up"} {
		visit(path)
	}
	b.Visit(h.Origin+"/account", webtest.Desk)
	b.Use("Make recovery codes")
	look("codes")
}
