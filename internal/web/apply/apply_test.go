package apply

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"shingle/internal/account"
	"shingle/internal/act"
	"shingle/internal/applicant"
	"shingle/internal/body/governance"
	"shingle/internal/body/people"
	"shingle/internal/record"
	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
)

// shown says what each page shows. A page without a line here fails the test.
var shown = map[string]ui.Page{
	"start": startPage{}, "sent": sentPage{}, "link": linkPage{}, "invitation": invitationPage{}, "tasks": tasksPage{}, "step": stepPage{},
	"answers": checkPage{}, "progress": progressPage{}, "progresses": progressesPage{},
}

func TestPagesFitWhatTheyShow(t *testing.T) { webtest.FittingDesk(t, pageFiles, shown) }

// Every field of the act is asked for in one step, so that nothing can be wrong that nobody was asked.
func TestEveryFieldIsAskedForOnce(t *testing.T) {
	b := founded(t)
	k, _ := b.Record.Catalogue.Act(kind)
	var asked []string
	for _, f := range allFields() {
		if f != sanctioned && f != succeeds {
			asked = append(asked, f)
		}
	}
	var want []string
	for _, f := range k.Fields {
		want = append(want, f.Name)
	}
	slices.Sort(asked)
	slices.Sort(want)
	if !slices.Equal(asked, want) {
		t.Errorf("asked for: %v; the act has %v", asked, want)
	}
}

// place is a body with this face, and what a test knows of it.
type place struct {
	*webtest.Body
	t      testing.TB
	face   *Apply
	h      http.Handler // for a stranger
	posted []string     // ids of sign-ups that a letter was asked for
	from   string       // network address
}

func founded(t testing.TB) *webtest.Body {
	b := webtest.Start(t, webtest.SQLite, "Society of Managed Service Providers", time.Date(2026, 3, 2, 17, 0, 0, 0, time.UTC), applicant.Clearing{})
	b.AdoptExample("2026.1", act.On(2026, 3, 1))
	b.EnrolExample(5, act.On(2026, 3, 1), act.On(2027, 2, 28))
	return b
}

func open(t testing.TB) *place {
	b := founded(t)
	b.Do(governance.Open{GoLive: act.On(2026, 3, 2)})
	return openOn(t, b)
}

func openOn(t testing.TB, b *webtest.Body) *place {
	t.Helper()
	engine := b.Record.Engine
	if err := errors.Join(engine.Migrate(t.Context(), "account", account.Migrations), engine.Migrate(t.Context(), "applicant", applicant.Migrations)); err != nil {
		t.Fatal(err)
	}
	accounts := b.Accounts()
	p := &place{Body: b, t: t}
	p.face = &Apply{
		Desk: b.Desk(), Register: b.Register, Drafts: applicant.Drafts{Record: b.Record}, SignUps: applicant.SignUps{Record: b.Record},
		Attempt: accounts.Attempt, Digest: b.Keys.Digest, From: func(*http.Request) string { return p.from },
		Letter: func(_ context.Context, signUp string) error { p.posted = append(p.posted, signUp); return nil },
		Enrol: func(ctx context.Context, person string) (string, error) {
			secret, _, err := accounts.MakeLink(ctx, person)
			return "/enrol/" + secret, err
		},
	}
	mux := http.NewServeMux()
	p.face.Routes(mux)
	mux.Handle("GET /assets/", ui.Assets())
	mux.HandleFunc("GET /favicon.ico", ui.Emblem)
	p.h = ui.Secure(mux)
	return p
}

// person registers somebody and lets them join; they act in role.
func (p *place) person(name, email string) ui.Who {
	p.t.Helper()
	done, err := p.Record.Do(p.t.Context(), record.Request{Command: people.Register{Name: act.NewPersonal("", name), Email: act.NewPersonal("", email)}, Actor: "system", Role: "system", Expect: -1})
	if err == nil {
		_, err = p.Record.Do(p.t.Context(), record.Request{Command: people.Join{Person: strings.TrimPrefix(done.Stream, "person/")}, Actor: "system", Role: "system", Expect: -1})
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return ui.Who{Actor: done.Stream, Holder: done.Stream, Role: "person", Name: name}
}

func (p *place) as(who ui.Who) http.Handler { return webtest.As(who, p.h) }

// answers are those of an application that nothing is wrong with, by step.
var answers = map[string]url.Values{
	"name":          {"name": {"Northwind Care Ltd"}, "sole_trader": {"no"}},
	"trading-names": {"trading_names": {"Northwind\r\nNW Care"}},
	"address":       {"address": {"1 Mill Lane"}, "place": {"Leeds"}, "country": {"United Kingdom"}},
	"domains":       {"domains": {"northwind.example\nnw-care.example"}},
	"services":      {"services": {"backup; help desk"}},
	"contact":       {"contact_name": {"Ada Byron"}, "contact_email": {"ada@northwind.example"}},
	"sanctions":     {sanctioned: {"yes"}, "declared_sanctions": {"A reprimand in 2019,\nby the old guild."}},
	"successor":     {succeeds: {"no"}, "successor_of": {""}},
}

// answer answers a step and fails the test unless it leads on.
func (p *place) answer(h http.Handler, name string, given url.Values) string {
	p.t.Helper()
	form := maps.Clone(given)
	form.Set("_step", "next")
	return webtest.Post(p.t, h, "/apply/tasks/"+name, form).Is(303).Header.Get("Location")
}

func (p *place) answerAll(h http.Handler) {
	p.t.Helper()
	for name, given := range answers {
		p.answer(h, name, given)
	}
}

func TestEveryRouteStandsInTheGatesTable(t *testing.T) {
	webtest.Listed(t, open(t).face.Desk.Mux())
}
