package door_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"

	"shingle/internal/account"
	"shingle/internal/web/webtest"
)

// provided is a house with an identity provider beside it: another program's, with two users of its own.
func provided(t *testing.T) *house {
	t.Helper()
	h := build(t, webtest.SQLite, origin)
	server := httptest.NewServer(nil)
	t.Cleanup(server.Close)
	p := &account.Provider{ID: "acme", Name: "Acme", Issuer: server.URL, Client: "shingle", Secret: "a secret", Return: origin + "/oidc/acme/back"}
	client := storage.WebClient(p.Client, p.Secret, p.Return)
	before := slog.Default()
	server.Config.Handler = exampleop.SetupServer(server.URL, storage.NewStorageWithClients(storage.NewUserStore(server.URL), map[string]*storage.Client{p.Client: client}),
		slog.New(slog.DiscardHandler), false)
	slog.SetDefault(before) // it had put its own there
	h.Providers = []*account.Provider{p}
	return h
}

// atProvider signs a user in at the provider, and returns where it sends them back to.
func (b *browser) atProvider(address, user string) (back string) {
	b.t.Helper()
	jar, err := cookiejar.New(nil)
	must(b.t, err)
	var last *http.Request
	client := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		last = r
		if strings.HasPrefix(r.URL.String(), origin) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	page, err := client.Get(address)
	must(b.t, err)
	_ = page.Body.Close()
	id := page.Request.URL.Query().Get("authRequestID")
	done, err := client.PostForm(page.Request.URL.Scheme+"://"+page.Request.URL.Host+"/login/username", url.Values{"username": {user}, "password": {"verysecure"}, "id": {id}})
	must(b.t, err)
	text, _ := io.ReadAll(done.Body)
	_ = done.Body.Close()
	if last == nil || !strings.HasPrefix(last.URL.String(), origin) {
		b.t.Fatalf("the provider does not send %s back: %s", user, text)
	}
	return strings.TrimPrefix(last.URL.String(), origin)
}

// depart begins at a page of ours, and returns the provider's address.
func (b *browser) depart(path string, pairs ...string) string {
	b.t.Helper()
	d := b.post(path, pairs...).Is(200)
	to := d.Attributes("main a", "href")[0]
	if refresh := d.Header.Get("Refresh"); refresh != "0; url="+to {
		b.t.Errorf("the page leads to %q, its link to %q", refresh, to)
	}
	return to
}

const userOne, userTwo = "test-user@127.0.0.1", "test-user2"

func TestAnIdentityIsLinkedAndSignsIn(t *testing.T) {
	h := provided(t)
	h.hold(ada, account.Role{Name: "representative", Member: "0042"})
	b := h.browser().join(ada)
	address := b.depart("/account/identities/acme/link")
	for _, part := range []string{"code_challenge_method=S256", "nonce=", "state=", "scope=openid"} {
		if !strings.Contains(address, part) {
			t.Errorf("%s has no %s", address, part)
		}
	}
	b.leads(b.get(b.atProvider(address, userOne)), "/account")
	b.get("/account").Has("button", "Unlink Acme")
	b.post("/sign-out")
	h.browser().get("/sign-in").Has("button", "Sign in with Acme")

	b.leads(b.get(b.atProvider(b.depart("/oidc/acme", "next", "/portal"), userOne)), "/portal")
	if who := b.who(); who.Actor != ada || who.Role != "representative" || !who.Stale {
		t.Errorf("%+v asks", who)
	}
	b.leads(b.get("/enrol"), "/step-up?next=%2Fenrol")
	b.leads(b.stepUp(""), "/account")
	if b.who().Stale {
		t.Error("nothing was proven")
	}
	// Another's it does not become.
	other := h.browser().join(bob)
	other.get(other.atProvider(other.depart("/account/identities/acme/link"), userOne)).Is(409)
	elsewhere := h.browser()
	elsewhere.get(elsewhere.atProvider(elsewhere.depart("/oidc/acme"), userOne))
	if who := elsewhere.who(); who.Actor != ada {
		t.Errorf("%+v asks", who)
	}
	b.leads(b.post("/account/identities/acme/unlink"), "/account")
	if who := elsewhere.who(); who.Actor != "" {
		t.Errorf("after the identity is unlinked goes on %+v", who)
	}
	b.post("/sign-out")
	b.get(b.atProvider(b.depart("/oidc/acme"), userOne)).Is(403)
}

// The provider knows test-user2@zitadel.ch, and says that the address is verified.
func TestAnAddressLinksNothing(t *testing.T) {
	h := provided(t)
	who := h.known[ada]
	who.Email = "test-user2@zitadel.ch"
	h.known[ada] = who
	b := h.browser().join(ada)
	b.post("/sign-out")
	b.get(b.atProvider(b.depart("/oidc/acme"), userTwo)).Is(403).Has("div.error-summary", "No account here is linked")
	if who := b.who(); who.Actor != "" {
		t.Errorf("%+v asks", who)
	}
}

func TestWhatComesBackMustFit(t *testing.T) {
	h := provided(t)
	b := h.browser().join(ada)
	link := "/account/identities/acme/link"

	back := b.atProvider(b.depart(link), userOne)
	stranger := h.browser().join(bob) // whose browser did not set out
	stranger.get(back).Is(410)
	b.get(strings.Replace(back, "state=", "state=X", 1)).Is(410)
	b.get(back).Is(410) // used up by that

	back = b.atProvider(b.depart(link), userOne)
	b.post("/sign-out") // who set out is gone
	b.get(back).Is(410)
	b.leads(b.signIn(""), "/account")
	b.get("/account").Has("button", "Link Acme")

	back = b.atProvider(b.depart(link), userOne)
	h.body.Pass(5 * time.Minute)
	b.leads(b.stepUp(""), "/account")
	b.get(back).Is(410)

	b.depart("/oidc/acme")
	b.get("/oidc/acme/back?error=access_denied&state=x").Is(410)
	address := b.depart("/oidc/acme")
	u, err := url.Parse(address)
	must(t, err)
	b.get("/oidc/acme/back?error=access_denied&state=" + u.Query().Get("state")).Is(502)
	address = b.depart("/oidc/acme")
	u, err = url.Parse(address)
	must(t, err)
	b.get("/oidc/acme/back?code=made-up&state=" + u.Query().Get("state")).Is(502)
	b.get("/oidc/nobody/back").Is(404)
	b.post("/oidc/nobody").Is(404)

	// Somebody's answer, foisted on another: they are not signed in as somebody else.
	evil := h.browser()
	back = evil.atProvider(evil.depart("/oidc/acme"), userOne)
	victim := h.browser()
	victim.address = "192.0.2.8:1"
	victim.get(back).Is(410)

	// A provider that is away keeps nobody else out.
	h.Providers[0] = &account.Provider{ID: "acme", Name: "Acme", Issuer: "http://127.0.0.1:1", Client: "shingle", Return: origin + "/oidc/acme/back"}
	b.post("/oidc/acme").Is(502)
	b.get("/sign-in").Is(303)
}
