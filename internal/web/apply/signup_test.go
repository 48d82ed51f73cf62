package apply

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/people"
	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
)

var ada = url.Values{"name": {" Ada Byron "}, "email": {"Ada@Northwind.example"}}

// secret makes the link of the newest letter, as whoever writes it does.
func (p *place) secret() string {
	p.t.Helper()
	secret, _, err := p.face.SignUps.Link(p.t.Context(), p.posted[len(p.posted)-1])
	if err != nil {
		p.t.Fatal(err)
	}
	return secret
}

func TestAStrangerSignsUp(t *testing.T) {
	p := open(t)
	page := webtest.Get(t, p.h, "/apply").Is(200).Has("h1", "Become a member").Has("ol.steps a", "version 2026.1").Has("main", "About a quarter of an hour")
	page.HasNo("meta[name=robots]")
	sent := page.Form("Send me the link")
	sent.Set("name", ada.Get("name"))
	sent.Set("email", ada.Get("email"))
	answer := webtest.Post(t, p.h, "/apply", sent).Is(200).Has("h1", "Look into your e-mail").Has("strong", "Ada@Northwind.example")
	if got := answer.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("the answer is cached: %q", got)
	}
	if len(p.posted) != 1 {
		t.Fatalf("%d letters", len(p.posted))
	}
	secret := p.secret()
	for range 3 { // whatever scans e-mail opens it
		webtest.Get(t, p.h, Address(secret)).Is(200).Has("h1", "Your address is right")
	}
	before := p.Record.Position()
	to := webtest.Post(t, p.h, Address(secret), nil).Is(307).Header.Get("Location")
	if !strings.HasPrefix(to, "/enrol/") {
		t.Errorf("they are led to %q", to)
	}
	events, err := p.Record.Events(t.Context(), before, 10)
	if err != nil || len(events) != 1 || events[0].Actor != "system" {
		t.Fatalf("recorded: %+v, %v", events, err)
	}
	if who, err := p.Register.Person(t.Context(), events[0].Event.(people.PersonRegistered).Person); err != nil || who.Name != "Ada Byron" || who.Email != "Ada@Northwind.example" || !who.Joined.IsZero() {
		t.Errorf("registered as %+v, %v", who, err)
	}
	// A second time it is spent, for whoever replays it.
	webtest.Post(t, p.h, Address(secret), nil).Is(410).Has("h1", "This link has expired or was used before")
	webtest.Get(t, p.h, Address(secret)).Is(410)
	webtest.Get(t, p.h, "/apply/link/%F0%9F").Is(404)
	webtest.Get(t, p.h, "/apply/link/none").Is(410)

	// Whoever did not finish, signs up again and is the same person.
	before = p.Record.Position()
	webtest.Post(t, p.h, "/apply", url.Values{"name": {"Ada"}, "email": {"ada@northwind.example"}}).Is(200)
	if to := webtest.Post(t, p.h, Address(p.secret()), nil).Is(307).Header.Get("Location"); !strings.HasPrefix(to, "/enrol/") || p.Record.Position() != before {
		t.Errorf("led to %q, and %d were recorded", to, p.Record.Position()-before)
	}
	// Once their fortnight is over they begin anew.
	p.Pass(15 * 24 * time.Hour)
	before = p.Record.Position()
	webtest.Post(t, p.h, "/apply", ada).Is(200)
	if webtest.Post(t, p.h, Address(p.secret()), nil).Is(307); p.Record.Position() != before+1 {
		t.Errorf("%d were recorded", p.Record.Position()-before)
	}
}

// Whether somebody is known is told to nobody but them; and a link lets nobody into an account.
func TestAnAccountIsNeitherToldNorOpened(t *testing.T) {
	p := open(t)
	known := p.person("Ada Byron", "ada@northwind.example")
	answer := func(email string) string {
		page := webtest.Post(t, p.h, "/apply", url.Values{"name": {"Ada"}, "email": {email}}).Is(200)
		return strings.ReplaceAll(page.Text, email, "…")
	}
	if answer("ADA@northwind.example") != answer("bob@northwind.example") {
		t.Error("who is known gets another answer")
	}
	if len(p.posted) != 2 {
		t.Fatalf("%d letters", len(p.posted))
	}
	webtest.Post(t, p.h, "/apply", url.Values{"name": {"Mallory"}, "email": {"ada@northwind.example"}}).Is(200)
	before := p.Record.Position()
	if to := webtest.Post(t, p.h, Address(p.secret()), nil).Is(303).Header.Get("Location"); to != "/sign-in?next=%2Fapply%2Ftasks" {
		t.Errorf("whoever has an account is led to %q", to)
	}
	if p.Record.Position() != before {
		t.Error("somebody was recorded anew")
	}
	if _, err := p.Register.Person(t.Context(), strings.TrimPrefix(known.Actor, "person/")); err != nil {
		t.Error(err)
	}
}

// Somebody who calls an address theirs, later, does not keep out whom mail to it reaches.
func TestAnAddressThatWasOnlySaidToBeTheirsShutsNobodyOut(t *testing.T) {
	p := open(t)
	mallory := p.person("Mallory", "mallory@elsewhere.example")
	p.DoAs(mallory.Actor, people.Correct{Person: strings.TrimPrefix(mallory.Actor, "person/"), Name: act.NewPersonal("", "Ada"), Email: act.NewPersonal("", "ada@northwind.example")})
	webtest.Post(t, p.h, "/apply", url.Values{"name": {"Ada Byron"}, "email": {"ada@northwind.example"}}).Is(200)
	if to := webtest.Post(t, p.h, Address(p.secret()), nil).Is(307).Header.Get("Location"); !strings.HasPrefix(to, "/enrol/") {
		t.Errorf("whoever reads the mail is led to %q", to)
	}
	all, err := p.Register.PeopleAt(t.Context(), "Ada@northwind.example")
	if err != nil || len(all) != 2 || !all[0].Moved || all[1].Moved || all[1].Name != "Ada Byron" {
		t.Errorf("at the address are %+v, %v", all, err)
	}
}

func TestBadSignUpsKeepWhatWasTyped(t *testing.T) {
	p := open(t)
	for what, c := range map[string]struct {
		name, email, field string
	}{
		"nothing":        {"", "", "name"},
		"no name":        {"  ", "ada@acme.example", "name"},
		"two lines":      {"Ada\nByron", "ada@acme.example", "name"},
		"long":           {strings.Repeat("a", 201), "ada@acme.example", "name"},
		"no address":     {"Ada", "ada", "email"},
		"a header":       {"Ada", "ada@acme.example\r\nBcc: all@acme.example", "email"},
		"a name with it": {"Ada", "Ada <ada@acme.example>", "email"},
		"no text":        {"Ada", "\xff@acme.example", "email"},
	} {
		page := webtest.Post(t, p.h, "/apply", url.Values{"name": {c.name}, "email": {c.email}}).Is(422)
		page.Has("h2[id=faults]", "There is a problem").Has("title", "Error: Become a member").Has("p[id=field-"+c.field+"-error]", "")
		if what == "no address" && page.Attributes("input[name=name]", "value")[0] != "Ada" {
			t.Error("what was typed is gone")
		}
	}
	webtest.Post(t, p.h, "/apply", url.Values{"name": {"Ada"}, "email": {strings.Repeat("a", 2<<20)}}).Is(413)
	if len(p.posted) > 0 {
		t.Errorf("%d letters were sent", len(p.posted))
	}
	// From another site nothing is taken.
	r, err := http.NewRequestWithContext(t.Context(), "POST", "/apply", strings.NewReader(ada.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	webtest.Send(t, p.h, r).Is(403)
}

func TestSignUpsAreCounted(t *testing.T) {
	p := open(t)
	for range letters.Most {
		webtest.Post(t, p.h, "/apply", ada).Is(200)
	}
	page := webtest.Post(t, p.h, "/apply", url.Values{"name": {"x"}, "email": {"ada@NORTHWIND.example"}}).Is(429).Has("h1", "This was tried too often")
	if page.Header.Get("Retry-After") != "3600" {
		t.Errorf("again after %q s", page.Header.Get("Retry-After"))
	}
	p.from = "192.0.2.7"
	for range signUps.Most {
		email := "a" + strings.ToLower(act.DateIn(p.Now(), time.UTC).String()) + "@x" + string(rune('a'+len(p.posted)%26)) + ".example"
		webtest.Post(t, p.h, "/apply", url.Values{"name": {"x"}, "email": {email}}).Is(200)
	}
	webtest.Post(t, p.h, "/apply", url.Values{"name": {"x"}, "email": {"fresh@acme.example"}}).Is(429)
	p.from = "192.0.2.8"
	webtest.Post(t, p.h, "/apply", url.Values{"name": {"x"}, "email": {"fresh@acme.example"}}).Is(200)
	p.Pass(time.Hour)
	webtest.Post(t, p.h, "/apply", ada).Is(200)
}

func TestWithoutLettersNobodySignsUp(t *testing.T) {
	p := open(t)
	p.face.Letter = func(context.Context, string) error { return errors.New("the jobs are not read yet") }
	page := webtest.Post(t, p.h, "/apply", ada).Is(503).Has(".correction", "No letter can be sent right now")
	if page.Header.Get("Retry-After") == "" || page.Attributes("input[name=email]", "value")[0] != "Ada@Northwind.example" {
		t.Error("it is not said when to try again, or what was typed is gone")
	}
	p.face.Letter = nil
	webtest.Get(t, p.h, "/apply").Is(200).Has(".empty", "Nobody can sign up here right now").HasNo("input[name=email]")
	webtest.Post(t, p.h, "/apply", ada).Is(503)
}

func TestPublicPages(t *testing.T) {
	p := open(t)
	webtest.Get(t, p.h, "/apply/invitation").Is(200).Has("ol.steps", "Open the address in the letter").HasNo("form")
	who := p.person("Ada Byron", "ada@northwind.example")
	webtest.Get(t, p.as(who), "/apply").Is(200).Has(".would", "You are signed in").HasNo("input[name=email]")
	for _, path := range []string{"/apply/tasks", "/apply/tasks/name", "/apply/check", "/apply/progress", "/apply/progress/0001"} {
		if to := webtest.Get(t, p.h, path).Is(303).Header.Get("Location"); to != ui.SignInPath+"?"+(url.Values{"next": {path}}).Encode() {
			t.Errorf("a stranger at %s is led to %q", path, to)
		}
	}
	token := ui.Who{Actor: "token/4f2a", Role: "person"}
	webtest.Get(t, p.as(token), "/apply/tasks").Is(404)
	operator := ui.Who{Actor: "operator", Role: "operator"}
	webtest.Get(t, p.as(operator), "/apply/tasks").Is(403)
	webtest.Post(t, p.as(who), "/apply/progress", nil).Is(405)
}
