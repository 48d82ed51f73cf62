package office

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"shingle/internal/web/webtest"
)

// does asks for an act at an address by its form, as a reader would, and returns the page that follows.
func does(t *testing.T, h http.Handler, path string, fields ...string) *webtest.Document {
	t.Helper()
	form := webtest.Get(t, h, path).Is(200).Form(carryOn)
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	address, _, _ := strings.Cut(path, "?")
	check := webtest.Post(t, h, address, form).Is(200)
	done := webtest.Post(t, h, address, check.Form(confirm)).Is(303)
	return webtest.Get(t, h, done.Header.Get("Location"))
}

func TestAnApplicationIsAListOfTasks(t *testing.T) {
	b := founded(t, 10)
	number := applied(t, b, "Newcomer Networks")
	applied(t, b, "Second Systems")
	b.Pass(9 * 24 * time.Hour)
	o := open(b)
	h := webtest.As(registrar, o)
	list := webtest.Get(t, h, "/office/applications").Is(200)
	list.Has("th", "Newcomer Networks").Has("td", "for 9 days").Has("td", "0 of 4 passed").Has("td", "Check its domain, its identity, its references and past sanctions")
	if names := list.All("a.name"); len(names) != 2 || names[0] != "Newcomer Networks" {
		t.Errorf("the list is %q", names)
	}
	webtest.Get(t, h, "/office/applications?q=second").Is(200).Has("a.name", "Second Systems")
	webtest.Get(t, h, "/office/applications?q=nobody").Is(200).Has("div.empty h2", "No application speaks of")
	at := "/office/applications/" + number
	page := webtest.Get(t, h, at).Is(200).Has("dd", contactName).Has("p", "4 checks are still to be recorded").HasNo("a.primary")
	tasks := page.Attributes("ul.tasks a", "href")
	if len(tasks) != 4 {
		t.Fatalf("the tasks are %v", tasks)
	}
	for i, href := range tasks {
		result := "passed"
		if i == 3 {
			result = "failed"
		}
		page = does(t, h, href, "how", "Looked into, <b>closely</b>", "result", result).Is(200)
		page.Has("div.said li", "has a check on record").Has("ul.tasks p", "Looked into, <b>closely</b>")
	}
	page.Has("span.tag", "not passed").Has("p", "Not every check is passed").HasNo("a.primary")
	page = does(t, h, tasks[3], "how", "Again", "result", "passed").Is(200).Has("p", "Every check is passed.").Has("a.primary", "Admit it")
	member := does(t, h, page.Attributes("a.primary", "href")[0])
	if member.Status == 303 {
		member = webtest.Get(t, h, member.Header.Get("Location"))
	}
	member.Is(200).Has("h1", "Newcomer Networks "+number).Has("div.said li", "is admitted")
	webtest.Get(t, h, at).Is(303)
}

func TestAnApplicantIsTurnedDownWithAReason(t *testing.T) {
	b := founded(t, 10)
	number := applied(t, b, "Newcomer Networks")
	o := open(b)
	h := webtest.As(registrar, o)
	at := "/office/applications/" + number
	if got := webtest.Get(t, h, "/office/members/"+number).Is(303).Header.Get("Location"); got != at {
		t.Errorf("it is at %s", got)
	}
	decline := webtest.Get(t, h, at).Is(200).Attributes("a.button", "href")
	if len(decline) != 1 {
		t.Fatal(decline)
	}
	webtest.Post(t, h, decline[0], map[string][]string{"reason": {" "}}).Is(422)
	page := does(t, h, decline[0], "reason", "It sells what it should keep.").Is(200)
	page.Has("div.correction p", "Turned down on 2 March 2026: It sells what it should keep.").HasNo("a.button").HasNo("ul.tasks a")
	webtest.Get(t, h, "/office/applications").Is(200).Has("div.empty h2", "Nobody waits to be let in")

	reader := webtest.Get(t, webtest.As(auditor, o), at).Is(200).HasNo("ul.tasks a")
	for _, secret := range []string{contactName, contactMail, "canary of sanctions"} {
		if strings.Contains(reader.Text, secret) {
			t.Errorf("an auditor reads %q", secret)
		}
	}
	webtest.Get(t, webtest.As(administrator, o), at).Is(403)
	webtest.Get(t, webtest.As(chair, o), at).Is(403)
	webtest.Get(t, webtest.As(chair, o), "/office/members/"+number).Is(404)
	webtest.Get(t, h, "/office/applications/9999").Is(404)
	for _, bad := range []string{"0042", "0042.x", ".1", "%20.1"} {
		webtest.Get(t, h, "/office/applications?after="+bad).Is(400)
	}
}

func TestApplicationsArePaged(t *testing.T) {
	b := founded(t, 1)
	for i := range applicationLines + 5 {
		applied(t, b, "Newcomer"+string(rune('a'+i%26))+string(rune('a'+i/26))+" Networks")
	}
	h := webtest.As(registrar, open(b))
	first := webtest.Get(t, h, "/office/applications").Is(200)
	next := first.Attributes("nav.pager a", "href")
	if len(next) != 1 || len(first.All("a.name")) != applicationLines {
		t.Fatalf("%d of them, then %v", len(first.All("a.name")), next)
	}
	second := webtest.Get(t, h, next[0]).Is(200).HasNo("nav.pager")
	if n := len(second.All("a.name")); n != 5 {
		t.Errorf("%d are on the second page", n)
	}
}

// TestWhoDecidesSeesLettersThatDeceive has a company apply by a name that looks like a member's, and one that is
// read backwards: whoever applies was told so, but need not tell.
func TestWhoDecidesSeesLettersThatDeceive(t *testing.T) {
	b := founded(t, 50)
	h := webtest.As(registrar, open(b))
	const theirs = "Cobalt Ridge IT" // 0042
	twin, turned := applied(t, b, strings.Replace(theirs, "Ridge", "Ridg\u0435", 1)), applied(t, b, "Newcomer \u202eTI")
	page := webtest.Get(t, h, "/office/applications/"+twin).Is(200)
	page.Has("div.correction li", "mixes Cyrillic and Latin letters").Has("div.correction li", "looks like the name of 0042, "+theirs)
	webtest.Get(t, h, "/office/applications/"+turned).Is(200).Has("div.correction li", "holds U+202E")
	plain := applied(t, b, "Plain Networks")
	webtest.Get(t, h, "/office/applications/"+plain).Is(200).HasNo("div.correction")
}
