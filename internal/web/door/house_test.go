package door_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"shingle/internal/account"
	"shingle/internal/pgtest"
	"shingle/internal/record"
	"shingle/internal/web/door"
	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

const (
	ada = "person/0007"
	bob = "person/0008"
)

// letter is a letter as it was written.
type letter struct {
	door.Letter
	To, Name, Link string
	Until          time.Time
}

// people are whom a body knows, and what they hold, and the letters that were sent to them.
type people struct {
	mu      sync.Mutex
	known   map[string]door.Person
	roles   map[string][]account.Role
	letters []letter
	link    func(ctx context.Context, person string) (address string, until time.Time, err error)
	lost    error // why no letter can be sent
	barred  error // why nobody can join
}

func newPeople() *people {
	return &people{
		known: map[string]door.Person{ada: {Name: "Ada Byron", Email: "ada@acme.example"}, bob: {Name: "Bob Hope", Email: "bob@acme.example"}},
		roles: map[string][]account.Role{ada: nil, bob: nil},
	}
}

func (p *people) person(_ context.Context, id string) (door.Person, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	who, ok := p.known[id]
	if !ok {
		return who, account.ErrNoPerson
	}
	return who, nil
}

func (p *people) hold(id string, roles ...account.Role) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.roles[id] = roles
}

func (p *people) held(_ context.Context, id string) ([]account.Role, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	roles, ok := p.roles[id]
	if !ok {
		return nil, account.ErrNoPerson
	}
	return slices.Clone(roles), nil
}

func (p *people) joined(_ context.Context, id string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.barred != nil {
		return p.barred
	}
	who := p.known[id]
	who.Joined = true
	p.known[id] = who
	return nil
}

// mail writes a letter, at once.
func (p *people) mail(ctx context.Context, l door.Letter) (err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.lost != nil {
		return p.lost
	}
	w := letter{Letter: l, To: p.known[l.Person].Email, Name: p.known[l.Person].Name}
	if l.Kind == door.EnrolLink {
		w.Link, w.Until, err = p.link(ctx, l.Person)
	}
	p.letters = append(p.letters, w)
	return err
}

// last returns the newest letter of a kind.
func (p *people) last(t testing.TB, kind door.Kind) letter {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range slices.Backward(p.letters) {
		if l.Kind == kind {
			return l
		}
	}
	t.Fatalf("no letter %s was sent; there are %+v", kind, p.letters)
	return letter{}
}

// house is a body with a door.
type house struct {
	*people
	*door.Door
	t    testing.TB
	body *webtest.Body
	web  http.Handler
}

const bodyName = "Society of Managed Service Providers"

func stored(store webtest.Store) webtest.Store {
	return func(t testing.TB) record.Engine {
		engine := store(t)
		if err := engine.Migrate(t.Context(), "account", account.Migrations); err != nil {
			t.Fatal(err)
		}
		return engine
	}
}

// build makes a body with a door at an origin; behind the door stands a face that says who asks.
func build(t testing.TB, store webtest.Store, origin string) *house {
	t.Helper()
	h := &house{people: newPeople(), t: t}
	h.body = webtest.Start(t, stored(store), bodyName, time.Date(2026, 3, 2, 17, 0, 0, 0, time.UTC))
	u, err := url.Parse(origin)
	must(t, err)
	accounts, err := account.ForPeople(account.Config{Record: h.body.Record, Roles: h.held, Host: u.Hostname(), Origins: []string{origin}})
	must(t, err)
	h.Door = &door.Door{
		Accounts: accounts, Person: h.person, Joined: h.joined, Mail: h.mail, Allows: ui.Allows, Origin: origin, Now: h.body.Now,
		Chrome: func(*http.Request) (ui.Chrome, error) {
			return ui.Chrome{BodyName: bodyName, Now: h.body.Now(), Zone: time.UTC}, nil
		},
		Logger: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError})),
	}
	h.link = h.EnrolLink
	h.open()
	return h
}

// open puts the door before a face.
func (h *house) open() {
	h.Open()
	mux := http.NewServeMux()
	h.Routes(mux)
	mux.Handle("/assets/", ui.Assets())
	mux.HandleFunc("/whoami", func(w http.ResponseWriter, r *http.Request) {
		who, _ := ui.WhoIn(r.Context())
		_ = json.NewEncoder(w).Encode(who)
	})
	h.web = h.Identify(mux)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// browser keeps cookies as a browser does, and holds a passkey.
type browser struct {
	*house
	cookies map[string]string
	key     *webtest.Authenticator
	address string
	header  http.Header
}

func (h *house) browser() *browser {
	u, err := url.Parse(h.Origin)
	must(h.t, err)
	return &browser{h, map[string]string{}, webtest.NewAuthenticator(h.t, h.Origin, u.Hostname()), "192.0.2.1:5000", http.Header{}}
}

// ask sends a request; form is nil for a GET.
func (b *browser) ask(path string, form url.Values) *webtest.Document {
	b.t.Helper()
	if form != nil {
		return b.send(path, "application/x-www-form-urlencoded", form.Encode())
	}
	return b.request(httptest.NewRequest(http.MethodGet, b.Origin+path, nil))
}

// send posts a body of some type, whatever it holds.
func (b *browser) send(path, mediaType, body string) *webtest.Document {
	b.t.Helper()
	r := httptest.NewRequest(http.MethodPost, b.Origin+path, strings.NewReader(body))
	r.Header.Set("Content-Type", mediaType)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.request(r)
}

func (b *browser) request(r *http.Request) *webtest.Document {
	b.t.Helper()
	path := r.URL.Path
	r.RemoteAddr = b.address
	r.Header.Set("Accept", "text/html,*/*;q=0.8")
	r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	for name, values := range b.header {
		r.Header[name] = values
	}
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	d := webtest.Send(b.t, b.web, r)
	for _, line := range d.Header.Values("Set-Cookie") {
		c, err := http.ParseSetCookie(line)
		must(b.t, err)
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c.Value
		}
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" || c.SameSite != http.SameSiteLaxMode {
			b.t.Errorf("%s sets the cookie %s", path, line)
		}
	}
	if strings.HasPrefix(d.Header.Get("Content-Type"), "text/html") && d.Header.Get("Cache-Control") != "no-store" {
		b.t.Errorf("%s may be kept: %q", path, d.Header.Get("Cache-Control"))
	}
	return d
}

func (b *browser) get(path string) *webtest.Document { b.t.Helper(); return b.ask(path, nil) }

func (b *browser) post(path string, pairs ...string) *webtest.Document {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return b.ask(path, form)
}

// leads fails the test unless an answer leads on to a place.
func (b *browser) leads(d *webtest.Document, to string) {
	b.t.Helper()
	if d.Status != http.StatusSeeOther || d.Header.Get("Location") != to {
		b.t.Fatalf("status %d leads to %q, want %q\n%s", d.Status, d.Header.Get("Location"), to, d.All("main"))
	}
}

// who returns who asks, as the face behind the door is told.
func (b *browser) who() (who ui.Who) {
	b.t.Helper()
	must(b.t, json.Unmarshal([]byte(b.get("/whoami").Text), &who))
	return who
}

func (b *browser) options(path string) []byte {
	b.t.Helper()
	return []byte(b.post(path).Is(http.StatusOK).Text)
}

func (b *browser) signIn(next string) *webtest.Document {
	b.t.Helper()
	return b.post("/sign-in", "answer", string(b.key.Get(b.options("/sign-in/begin"))), "next", next)
}

func (b *browser) stepUp(next string) *webtest.Document {
	b.t.Helper()
	return b.post("/step-up", "answer", string(b.key.Get(b.options("/step-up/begin"))), "next", next)
}

func (b *browser) enrol() *webtest.Document {
	b.t.Helper()
	return b.post("/enrol", "answer", string(b.key.Create(b.options("/enrol/begin"))), "label", "Laptop")
}

// path returns where a link of ours leads.
func (h *house) path(link string) string {
	h.t.Helper()
	path, ok := strings.CutPrefix(link, h.Origin)
	if !ok {
		h.t.Fatalf("%q is none of ours", link)
	}
	return path
}

// invited has somebody invited and their link sent, and returns its path.
func (b *browser) invited(person string) string {
	b.t.Helper()
	address, _, err := b.Invite(b.t.Context(), person)
	must(b.t, err)
	b.get(b.path(address)).Is(200)
	b.post(b.path(address)).Is(200)
	return b.path(b.last(b.t, door.EnrolLink).Link)
}

// join has somebody invited and enrolled.
func (b *browser) join(person string) *browser {
	b.t.Helper()
	b.leads(b.post(b.invited(person)), "/enrol")
	b.leads(b.enrol(), "/account")
	return b
}

var ids = regexp.MustCompile(`/account/(?:passkeys|sessions)/([A-Za-z0-9_-]+)/`)
