package site_test

import (
	"net/http/httptest"
	"testing"

	"github.com/chromedp/chromedp"

	"shingle/internal/web/webtest"
)

// looked is every kind of page there is.
var looked = map[string]string{
	"home":            "/",
	"register":        "/register",
	"answer":          "/register?q=cobaltridge.example",
	"not found":       "/register?q=quux",
	"member":          "/register/0042",
	"expelled":        "/register/0013",
	"as of a day":     "/register/0013?at=2026-05-01",
	"a bad day":       "/register/0013?at=soon",
	"code":            "/code",
	"redline":         "/code/2026.1..2026.2",
	"notices":         "/notices",
	"notice":          "/notices/2026-0001",
	"why":             "/why",
	"log":             "/log",
	"leaf":            "/log/leaf/5",
	"seal":            "/seal/0042",
	"clock":           "/demo/clock",
	"nothing is here": "/nothing-is-here",
}

func TestPagesAreAccessibleOnEveryScreen(t *testing.T) {
	server := httptest.NewServer(pages(t, opened(t, 50)))
	defer server.Close()
	b := webtest.Open(t)
	for what, path := range looked {
		for _, screen := range []webtest.Screen{webtest.Desk, webtest.PhoneDark} {
			what := what + " " + screen.String()
			b.Visit(server.URL+path, screen)
			b.FitsWidth(what)
			b.Accessible(what)
		}
	}
}

func TestTheQuestionIsAnsweredByKeyboardAlone(t *testing.T) {
	server := httptest.NewServer(pages(t, opened(t, 50)))
	defer server.Close()
	b := webtest.Open(t)
	b.Visit(server.URL+"/", webtest.Desk)

	// The first stop is the way past the navigation.
	b.Press("\t")
	if at := b.Focused(); at != "Skip to the content" {
		t.Errorf("the first tab stop is %q", at)
	}
	b.Press("\r") // it leads to a place on the same page
	b.Press("\t")
	b.Press("cobaltridge.example")
	b.Follow("\r")
	if said := b.Text("section.verdict h2"); said != "Cobalt Ridge IT is a member in good standing." {
		t.Errorf("the answer is %q", said)
	}
	b.Do(chromedp.Focus(chromedp.CSS("section.verdict a")))
	b.Follow("\r")
	if said := b.Text("h1"); said != "Cobalt Ridge IT is a member in good standing." {
		t.Errorf("the member's page says %q", said)
	}
}

func TestTheDemosClockMovesByForm(t *testing.T) {
	server := httptest.NewServer(pages(t, opened(t, 20)))
	defer server.Close()
	b := webtest.Open(t)
	b.Visit(server.URL+"/demo/clock", webtest.Phone)
	b.Do(chromedp.Focus(chromedp.CSS("button[value='7']")))
	b.Follow("\r")
	if said := b.Text(".demo time"); said != "17 June 2026, 11:00 MDT" {
		t.Errorf("a week later it is %q", said)
	}
}
