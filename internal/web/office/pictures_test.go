package office

import (
	"net/http/httptest"
	"testing"

	"github.com/chromedp/chromedp"

	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
)

// several is somebody who could act in other roles too.
func several() []ui.Acting {
	return []ui.Acting{{Role: "chair", Title: "the chair"}, {Role: "representative", Member: "0042", Title: "a member’s representative", Of: "Cobalt Ridge IT"}}
}

func TestFormsAreAccessibleOnEveryScreen(t *testing.T) {
	b := founded(t, 50)
	server := httptest.NewServer(webtest.As(registrar, openWith(b, several())))
	defer server.Close()
	browser := webtest.Open(t)
	send := func(button string) {
		browser.Do(chromedp.Focus(chromedp.CSS("button[value='" + button + "']")))
		browser.Follow("\r")
	}
	look := func(what string, screen webtest.Screen) {
		browser.FitsWidth(what + " " + screen.String())
		browser.Accessible(what + " " + screen.String())
	}
	for _, screen := range []webtest.Screen{webtest.Desk, webtest.PhoneDark} {
		for what, path := range map[string]string{
			"today": "/office", "acts": "/office/acts?q=name", "a form": "/office/acts/member.enrol", "choices": "/office/acts/member.check",
			"not allowed": "/office/acts/order.record", "nothing": "/office/nowhere",
		} {
			browser.Visit(server.URL+path, screen)
			look(what, screen)
		}
		browser.Visit(server.URL+"/office/acts/member.enrol?number=0900", screen)
		send("check")
		look("what is wrong", screen)
		browser.Visit(server.URL+"/office/acts/member.rename?member=0042", screen)
		browser.Do(chromedp.Focus(chromedp.CSS("#field-name")))
		browser.Press("C\u043ebalt " + screen.String())
		send("check")
		look("the answers", screen)
		send("do")
		look("what was recorded", screen)
		if said := browser.Text("h1"); said != "Recorded" {
			t.Errorf("after it was confirmed the page says %q", said)
		}
		browser.Visit(server.URL+"/office/acts/code.adopt", screen)
		look("not allowed", screen)
	}
}

func TestAnActIsAskedForByKeyboardAlone(t *testing.T) {
	b := founded(t, 50)
	server := httptest.NewServer(webtest.As(registrar, openWith(b, several())))
	defer server.Close()
	browser := webtest.Open(t)
	browser.Visit(server.URL+"/office/acts/member.check?member=0042", webtest.Desk)
	browser.Press("\t")
	if at := browser.Focused(); at != "Skip to the content" {
		t.Errorf("the first tab stop is %q", at)
	}
	browser.Press("\r")   // past the navigation
	browser.Press("\t\t") // past the way back, into the number
	browser.Press("\t ")  // the first kind of check
	browser.Press("\tlooked at the register")
	browser.Press("\t ")
	browser.Press("\t")
	browser.Follow("\r")
	// 0042 is a member already, and is not checked again: the rule is told, and what was typed stands.
	if said := browser.Text("#faults"); said != "There is a problem" {
		t.Errorf("the page says %q", said)
	}
	if typed := webtest.Ask(browser, chromedp.Evaluate[string](`document.querySelector("#field-how").value`)); typed != "looked at the register" {
		t.Errorf("how it was checked is now %q", typed)
	}
	if chosen := webtest.Ask(browser, chromedp.Evaluate[string](`document.querySelector("[name=check]:checked").value`)); chosen != "domain" {
		t.Errorf("the check is now %q", chosen)
	}
}
