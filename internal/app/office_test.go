package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"shingle/internal/web/webtest"
)

// signedIn opens a browser and signs in by the link that the demo prints for a role.
func (v *visit) signedIn(role string) (*webtest.Browser, string) {
	v.t.Helper()
	web := v.guest().web
	b := webtest.Open(v.t)
	b.Visit(web+"/demo/sign-in/"+role, webtest.Desk)
	b.Do(chromedp.Focus(chromedp.CSS("main form button")))
	b.Follow("\r")
	return b, web
}

// all returns what a page says, or an attribute of it, wherever a selector matches.
func all(b *webtest.Browser, script string) []string {
	return webtest.Ask(b, chromedp.Evaluate[[]string](script))
}

// TestWhatMustBeDoneTodayIsOneClickAway signs in as an officer of the demo and looks at the first page, as somebody
// would who has never seen it.
func TestWhatMustBeDoneTodayIsOneClickAway(t *testing.T) {
	v := demo(t)
	b, web := v.signedIn("registrar")
	if at := webtest.Ask(b, chromedp.Evaluate[string]("location.pathname")); at != "/office" {
		t.Fatalf("who signed in begins at %s", at)
	}
	b.Accessible("today")
	if heads := all(b, `[...document.querySelectorAll("section[aria-labelledby] h2")].map(h => h.firstChild.textContent.trim())`); len(heads) < 2 || heads[0] != "Overdue" {
		t.Fatalf("the page begins with %q", heads)
	}
	var days []time.Time
	for _, text := range all(b, `[...document.querySelectorAll("section.due td.when")].map(d => d.firstChild.textContent.trim())`) {
		day, err := time.Parse("2 January 2006", text)
		if err != nil {
			t.Fatalf("%q is no day", text)
		}
		days = append(days, day)
	}
	if len(days) < 5 || !slices.IsSortedFunc(days, time.Time.Compare) {
		t.Errorf("the deadlines are %v", days)
	}
	// One click away is a form that knows whom it is about.
	b.Do(chromedp.Focus(chromedp.CSS("section.due td.do a")))
	b.Follow("\r")
	if button := b.Text("form.asking button"); button != "Continue" {
		t.Errorf("one click leads to a button that says %q", button)
	}
	if lead := b.Text("p.lead"); !strings.HasPrefix(lead, "Member ") {
		t.Errorf("the form is about %q", lead)
	}
	b.Visit(web+"/office", webtest.Desk)
	links := all(b, `[...document.querySelectorAll("section td.do a")].map(a => a.href)`)
	if len(links) < len(days) {
		t.Errorf("%d links for %d deadlines", len(links), len(days))
	}
	for i, href := range links {
		if i%5 != 0 { // they are of a few sorts
			continue
		}
		b.Visit(href, webtest.Desk)
		if title := webtest.Ask(b, chromedp.Evaluate[string]("document.title")); strings.Contains(title, "nothing here") || strings.Contains(title, "not yours") {
			t.Errorf("%s: %s", href, title)
		}
	}
}

// TestTheAdministratorSeesHowTheMachineIs looks at the machine that a demo really runs on.
func TestTheAdministratorSeesHowTheMachineIs(t *testing.T) {
	v := demo(t)
	b, web := v.signedIn("administrator")
	b.Visit(web+"/office/doctor", webtest.Desk)
	b.Accessible("the doctor")
	b.FitsWidth("the doctor")
	rows := strings.Join(all(b, `[...document.querySelectorAll("tbody tr")].map(r => r.innerText.replace(/\s+/g, " "))`), "\n")
	for _, want := range []string{"Keys look", "Disk fine", "Clock fine", "Server fine it answers, and all of its", "Letters ", "Certificates fine"} {
		if !strings.Contains(rows, want) {
			t.Errorf("it does not say %q:\n%s", want, rows)
		}
	}
}
