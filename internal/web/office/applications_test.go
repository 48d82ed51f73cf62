package office

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/custody"
	"shingle/internal/record"
	"shingle/internal/web/ui"
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

// A name in deceiving letters was taken as it is; who decides on it is told.
func TestADeceivingApplicationIsPointedOut(t *testing.T) {
	b := founded(t, 50)
	alike := applied(t, b, "Cobalt Ridg\u0435 IT")
	h := webtest.As(registrar, open(b))
	webtest.Get(t, h, "/office/applications/"+alike).Is(200).Has("div.correction li", "the name of member 0042").Has("div.correction li", "Cyrillic")
	plain := applied(t, b, "Newcomer Networks")
	webtest.Get(t, h, "/office/applications/"+plain).Is(200).HasNo("div.correction")
	turned := applied(t, b, "North Wi\u202end")
	webtest.Get(t, h, "/office/applications/"+turned).Is(200).Has("div.correction li", "turns the direction")
}

// What a company declared of past sanctions is sealed: the registrar opens it, and that stands in the record before
// the page does. Nobody else opens it, and no other page has it.
func TestWhoReadsADeclarationIsOnRecord(t *testing.T) {
	b := founded(t, 10)
	number := applied(t, b, "Newcomer Networks")
	o := open(b)
	at := "/office/applications/" + number
	read := func() (events []act.Recorded) {
		found, err := b.Record.Search(t.Context(), record.Wanted{Subject: "member/" + number, Kind: "object.opened"}, 10)
		if err != nil {
			t.Fatal(err)
		}
		return found.Events
	}
	for _, who := range []ui.Who{auditor, president, administrator, chair} {
		page := webtest.Get(t, webtest.As(who, o), at)
		if strings.Contains(page.Text, "Open what it declared") {
			t.Errorf("the %s is offered what it declared", who.Role)
		}
		webtest.Post(t, webtest.As(who, o), at+"/declared", nil).Is(403)
	}
	h := webtest.As(registrar, o)
	form := webtest.Get(t, h, at).Is(200).Attributes("form[action]", "action")
	if !slices.Contains(form, at+"/declared") || len(read()) != 0 {
		t.Fatalf("the forms are %v, and it was read %d times", form, len(read()))
	}
	webtest.Get(t, h, at+"/declared").Is(405)
	webtest.Post(t, h, at+"/declared", nil).Is(200).Has("div.as-typed", "A canary of sanctions.").Has("a.primary", "Record the check")
	events := read()
	if len(events) != 1 || events[0].Actor != registrar.Actor || events[0].Role != "registrar" || events[0].Stream != "object/member/"+number {
		t.Fatalf("in the record is %+v", events)
	}
	if opened := events[0].Event.(custody.Opened); opened.Owner != "member/"+number || !strings.Contains(opened.Purpose, "past sanctions") {
		t.Errorf("in the record is %+v", opened)
	}
	webtest.Get(t, h, at).Is(200).Has("th", "What was confided in member "+number+" is read.")
	webtest.Post(t, h, "/office/applications/9999/declared", nil).Is(404)
	webtest.Post(t, h, "/office/applications/0003/declared", nil).Is(404)
}
