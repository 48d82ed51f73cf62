package complaints

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jba/templatecheck"

	"shingle/internal/account"
	"shingle/internal/act"
	"shingle/internal/body/governance"
	"shingle/internal/complainant"
	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
)

// shown says what each page shows. A page without a line here fails the test.
var shown = map[string]ui.Page{
	"start": startPage{}, "step": stepPage{}, "check": checkPage{}, "code": codePage{}, "last": lastPage{}, "return": returnPage{},
	"reported": reportedPage{}, "case": casePage{}, "problem": ui.ProblemPage(),
}

func TestPagesFitWhatTheyShow(t *testing.T) {
	pages := ui.Parse(pageFiles, slog.New(slog.DiscardHandler))
	var names []string
	for name, page := range shown {
		names = append(names, name)
		if err := templatecheck.CheckHTML(pages.Template(name), page); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	slices.Sort(names)
	if got := pages.Names(); !slices.Equal(got, names) {
		t.Errorf("the pages are %v, and it is said what %v show", got, names)
	}
}

// place is a body with this face, and what a test knows of it.
type place struct {
	*webtest.Body
	t    testing.TB
	face *Complaints
	h    http.Handler
	from string // network address
}

// reader is a browser: it keeps the cookie that it is given.
type reader struct {
	*place
	cookie string
}

func open(t testing.TB) *place {
	t.Helper()
	b := webtest.Start(t, webtest.SQLite, "Society of Managed Service Providers", time.Date(2026, 9, 2, 17, 0, 0, 0, time.UTC), complainant.Ways{})
	b.AdoptExample("2026.1", act.On(2026, 3, 1))
	b.EnrolExample(40, act.On(2026, 3, 1), act.On(2027, 2, 28))
	b.Do(governance.Open{GoLive: act.On(2026, 9, 2)})
	return openOn(t, b)
}

func openOn(t testing.TB, b *webtest.Body) *place {
	t.Helper()
	engine := b.Record.Engine
	if err := errors.Join(engine.Migrate(t.Context(), "account", account.Migrations), engine.Migrate(t.Context(), "complainant", complainant.Migrations)); err != nil {
		t.Fatal(err)
	}
	accounts, err := account.ForPeople(account.Config{
		Record: b.Record, Host: "demo.example", Origins: []string{"https://demo.example"},
		Roles: func(context.Context, string) ([]account.Role, error) { return nil, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	desk := b.Desk()
	p := &place{Body: b, t: t}
	p.face = &Complaints{
		Counter: desk.Counter, Register: b.Register, Drafts: complainant.Drafts{Record: b.Record}, Sessions: complainant.Sessions{Record: b.Record},
		Chrome: func(r *http.Request) (ui.Chrome, error) {
			body, err := b.Body(r.Context())
			return ui.Chrome{Now: b.Now(), Zone: time.UTC}.Of(body), err
		},
		Reveal: b.Reveal, Exhibits: b.Files().Exhibits(), Attempt: accounts.Attempt, From: func(*http.Request) string { return p.from }, Logger: desk.Logger,
	}
	mux := http.NewServeMux()
	p.face.Routes(mux)
	mux.Handle("GET /assets/", ui.Assets())
	p.h = ui.Secure(mux)
	return p
}

func (p *place) reader() *reader { return &reader{place: p} }

func (r *reader) send(method, address, kind string, body io.Reader) *webtest.Document {
	r.t.Helper()
	req := httptest.NewRequest(method, address, body)
	req.Header.Set("Accept", "text/html,*/*;q=0.8")
	if method == http.MethodPost {
		req.Header.Set("Content-Type", kind)
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	if r.cookie != "" {
		req.AddCookie(&http.Cookie{Name: cookie, Value: r.cookie})
	}
	d := webtest.Send(r.t, r.h, req)
	for _, c := range (&http.Response{Header: d.Header}).Cookies() {
		if c.Name != cookie || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.MaxAge > 0 {
			r.t.Errorf("%s: a cookie %v", address, c)
		}
		if r.cookie = c.Value; c.MaxAge < 0 {
			r.cookie = ""
		}
	}
	if d.Header.Get("Cache-Control") != "no-store" || d.Header.Get("Referrer-Policy") != "no-referrer" {
		r.t.Errorf("%s: cached by %q, tells %q", address, d.Header.Get("Cache-Control"), d.Header.Get("Referrer-Policy"))
	}
	return d
}

func (r *reader) get(address string) *webtest.Document {
	r.t.Helper()
	return r.send(http.MethodGet, address, "", nil)
}

func (r *reader) post(address string, form url.Values) *webtest.Document {
	r.t.Helper()
	return r.send(http.MethodPost, address, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// answer answers a step and returns where it leads.
func (r *reader) answer(step string, pairs ...string) string {
	r.t.Helper()
	form := url.Values{"_step": {"next"}}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return r.post(at(step), form).Is(303).Header.Get("Location")
}

// write answers everything there is to a complaint about member 0007.
func (r *reader) write() {
	r.t.Helper()
	r.post("/complaints/new", nil).Is(303)
	r.answer("about", "about", "member")
	r.answer("company", "company", "0007")
	r.answer("when", "from", "2026-08-01", "to", "2026-08-20")
	r.answer("known", "known", "2026-08-25")
	r.answer("provisions", "provisions", "1.1", "provisions", "1.4")
	r.answer("account", "account", "They read our letters.\r\n\r\nAll of them.")
	r.answer("evidence", "evidence", "Zoe saw it.")
	if to := r.answer("name", "named", "no"); to != "/complaints/check" {
		r.t.Fatalf("all is answered, and it leads to %q", to)
	}
}

// lodge sends it, and returns the number of the case and the code.
func (r *reader) lodge() (number, code string) {
	r.t.Helper()
	r.get("/complaints/check").Is(200).HasNo(".error-summary")
	last := r.get("/complaints/send").Is(200)
	code = last.All("code")[0]
	form := last.Form("Send the complaint")
	form.Set("kept", "yes")
	to := r.post("/complaints/send", form).Is(303).Header.Get("Location")
	number, ok := strings.CutPrefix(strings.TrimSuffix(to, "?sent=yes"), "/complaints/")
	if !ok || number == "" {
		r.t.Fatalf("it leads to %q", to)
	}
	return number, code
}

func TestEveryRouteStandsInTheGatesTable(t *testing.T) {
	mux := http.NewServeMux()
	open(t).face.Routes(mux)
	webtest.Listed(t, mux)
}
