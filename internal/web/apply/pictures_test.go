package apply

import (
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"

	"shingle/internal/body/membership"
	"shingle/internal/web/webtest"
)

func TestThePagesAreAccessibleOnEveryScreen(t *testing.T) {
	p := open(t)
	who := p.person("Ada Byron", "ada@northwind.example")
	h := p.as(who)
	strangers, signedIn := httptest.NewServer(p.h), httptest.NewServer(h)
	defer strangers.Close()
	defer signedIn.Close()
	browser := webtest.Open(t)
	look := func(what, address string) {
		t.Helper()
		for _, screen := range []webtest.Screen{webtest.DeskDark, webtest.Phone} {
			browser.Visit(address, screen)
			browser.FitsWidth(what + " " + screen.String())
			browser.Accessible(what + " " + screen.String())
		}
	}
	webtest.Post(t, p.h, "/apply", ada).Is(200)
	look("start", strangers.URL+"/apply")
	look("link", strangers.URL+Address(p.secret()))
	look("invitation", strangers.URL+"/apply/invitation")
	look("none", signedIn.URL+"/apply/progress")
	look("tasks-empty", signedIn.URL+"/apply/tasks")
	p.answerAll(h)
	webtest.Post(t, h, "/apply/tasks/domains", url.Values{"domains": {"half a domain"}}).Is(422)
	look("tasks", signedIn.URL+"/apply/tasks")
	look("name", signedIn.URL+"/apply/tasks/name")
	look("sanctions", signedIn.URL+"/apply/tasks/sanctions")
	look("in-the-way", signedIn.URL+"/apply/check")
	p.answer(h, "domains", answers["domains"])
	look("check", signedIn.URL+"/apply/check")

	// By keyboard alone, without a script: a fault, then on.
	browser.Visit(signedIn.URL+"/apply/tasks/domains", webtest.Phone)
	browser.Do(chromedp.Focus(chromedp.CSS("#field-domains")))
	browser.Press("https://")
	browser.Do(chromedp.Focus(chromedp.CSS("button[value=next]")))
	browser.Follow("\r")
	browser.Accessible("a fault")
	if said := browser.Text("#faults"); said != "There is a problem" {
		t.Errorf("the page says %q", said)
	}
	p.answer(h, "domains", answers["domains"])
	browser.Visit(signedIn.URL+"/apply/check", webtest.Phone)
	browser.Do(chromedp.Focus(chromedp.CSS("main form button")))
	browser.Follow("\r")
	if said := browser.Text("h1"); said != "Northwind Care Ltd" {
		t.Errorf("after it was sent the page says %q", said)
	}
	p.Do(membership.RecordCheck{Member: "0006", Check: "identity", How: "looked it up", Result: "passed"})
	look("progress", signedIn.URL+"/apply/progress")
}
