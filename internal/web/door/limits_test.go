package door_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"testing"
	"time"

	"shingle/internal/web/door"
	"shingle/internal/web/webtest"
)

func TestWhoGuessesWaits(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		b := h.browser()
		for i := range 5 {
			b.header = http.Header{"X-Forwarded-For": {"203.0.113." + strconv.Itoa(i)}} // nobody believes it
			b.post("/recover", "code", "AAAA").Is(422)
		}
		d := b.post("/recover", "code", "AAAA").Is(http.StatusTooManyRequests).Has("main", "Try again in 15 minutes.")
		if d.Header.Get("Retry-After") != "900" {
			t.Errorf("Retry-After: %q", d.Header.Get("Retry-After"))
		}
		b.address = "192.0.2.2:5000"
		b.post("/recover", "code", "AAAA").Is(422)
		for i := range 7 { // an IPv6 network is one address
			b.address = "[2001:db8::" + strconv.Itoa(i) + "]:5000"
			d = b.post("/recover", "code", "AAAA")
		}
		d.Is(http.StatusTooManyRequests)

		// Behind a proxy that is believed, each is counted by where they are, as the proxy saw it.
		h.Proxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
		b.address = "10.0.0.1:5000"
		for i := range 7 {
			b.header = http.Header{"X-Forwarded-For": {"203.0.113.77, 198.51.100." + strconv.Itoa(i) + ", 10.0.0.2"}}
			b.post("/recover", "code", "AAAA").Is(422)
		}
		for i := range 6 {
			b.header = http.Header{"X-Forwarded-For": {"203.0.113." + strconv.Itoa(i) + ", 198.51.100.99"}} // the first was made up
			d = b.post("/recover", "code", "AAAA")
		}
		d.Is(http.StatusTooManyRequests)
		h.body.Pass(15 * time.Minute)
		b.post("/recover", "code", "AAAA").Is(422)

		// Behind a proxy on this machine that nobody told us of, one does not shut out all.
		b.address, b.header = "127.0.0.1:5000", nil
		for range 7 {
			b.post("/recover", "code", "AAAA").Is(422)
		}
	})
}

func TestNobodyIsFloodedWithLinks(t *testing.T) {
	h := build(t, webtest.SQLite, origin)
	b := h.browser()
	address, _, err := h.Invite(t.Context(), ada)
	must(t, err)
	for i := range 5 {
		b.address = "192.0.2." + strconv.Itoa(i) + ":5000"
		b.post(h.path(address)).Is(200)
	}
	b.post(h.path(address)).Is(http.StatusTooManyRequests)
	h.body.Pass(time.Hour)
	h.lost = errors.New("the mail server is away")
	b.post(h.path(address)).Is(500).Has("main", "Nothing was changed")
	h.lost = door.ErrNoMail
	b.post(h.path(address)).Is(503).Has("main", "Ask whoever invited you")
}

func TestASignInPageCannotBeWornOut(t *testing.T) {
	h := build(t, webtest.SQLite, origin)
	b := h.browser().join(ada)
	b.post("/sign-out")
	for range 10 {
		b.post("/sign-in", "answer", "{}").Is(422)
	}
	b.post("/sign-in", "answer", "{}").Is(http.StatusTooManyRequests)
	b.address = "192.0.2.9:1" // she is not locked out by what others try elsewhere
	b.leads(b.signIn(""), "/account")
}

func TestAtALoopbackAddressTheNameIsUsed(t *testing.T) {
	h := build(t, webtest.SQLite, "http://localhost:8080")
	for asked, want := range map[string]string{
		"http://127.0.0.1:8080/sign-in?next=/x": "http://localhost:8080/sign-in?next=/x", "http://[::1]:8080/sign-in": "http://localhost:8080/sign-in",
		"http://localhost:8080/sign-in": "", "http://evil.example:8080/sign-in": "",
	} {
		r := httptest.NewRequest("GET", asked, nil)
		if got := webtest.Send(t, h.web, r).Header.Get("Location"); got != want {
			t.Errorf("%s leads to %q", asked, got)
		}
	}
}
