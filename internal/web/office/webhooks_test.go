package office

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"shingle/internal/body/membership"
	"shingle/internal/web/webtest"
	"shingle/internal/work/webhook"
	"shingle/internal/work/worktest"
)

func TestProgramsAreToldAndTheirMessagesSeen(t *testing.T) {
	s := posting(t, founded(t, 50))
	them := receives(t)
	h := webtest.As(administrator, s)
	webtest.Get(t, h, "/office/webhooks").Is(200).Has("div.empty h2", "Nobody’s program is told yet").Has("a[href=/office/webhooks/add]", "Tell the first program")
	form := webtest.Get(t, h, "/office/webhooks/add").Is(200)
	form.Has("label.choice", "The public standing of a member changed")
	for address, says := range map[string]string{"": "is not a web address", "http://example.org/x": "https://", "https://169.254.169.254/": "cannot be used", "ftp://example.org": "https://", "\xff": "cannot be used"} {
		p := webtest.Post(t, h, "/office/webhooks/add", url.Values{"url": {address}, "types": {webhook.Notice}}).Is(422).Has("p.field-error", says).Has(".error-summary a[href=#field-url]", says)
		if typed := p.Attributes("input[name=url]", "value"); typed[0] != strings.ToValidUTF8(address, "\ufffd") || len(p.Attributes("input[checked]", "value")) != 1 {
			t.Errorf("what was typed is lost: %v", typed)
		}
	}
	webtest.Post(t, h, "/office/webhooks/add", url.Values{"url": {them.URL}, "types": {"everything"}}).Is(422).Has(".error-summary a[href=#field-types]", "Choose among")
	made := webtest.Post(t, h, "/office/webhooks/add", url.Values{"url": {them.URL}, "types": {webhook.Standing}}).Is(200).Has("h1", "Keep this secret now")
	secret, public := made.Attributes("input[id=secret]", "value")[0], made.Attributes("input[id=public]", "value")[0]
	if !strings.HasPrefix(secret, "whsec_") || !strings.HasPrefix(public, "whpk_") || made.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%q %q %v", secret, public, made.Header)
	}
	webtest.Post(t, h, "/office/webhooks/add", url.Values{"url": {them.URL}}).Is(422).Has("p.field-error", "already")
	list := webtest.Get(t, h, "/office/webhooks").Is(200).Has("tbody th a", "127.0.0.1")
	at := list.Attributes("tbody th a", "href")[0]
	webtest.Get(t, h, at).Is(200).Has("dd", "Person 0006").Has("div.empty", "Nothing was sent there yet")
	s.Do(membership.Withdraw{Member: "0003"})
	s.Tick()
	worktest.Eventually(t, "it is told", func() bool { return len(them.got()) > 0 })
	delivered := func() bool { return strings.Contains(webtest.Get(t, h, at).Is(200).Text, ">delivered<") }
	worktest.Eventually(t, "that is noted", delivered)
	page := webtest.Get(t, h, at).Is(200).Has("td.num", "204").Has("tbody th", "The public standing of a member changed")
	n := len(them.got())
	position := page.Attributes("input[name=position]", "value")[0]
	then := webtest.Post(t, h, at+"/again", url.Values{"position": {position}}).Is(303).Header.Get("Location")
	webtest.Get(t, h, then).Is(200).Has("div.said li", "The message was asked for again")
	worktest.Eventually(t, "it came again", func() bool { return len(them.got()) == n+1 })
	for other, status := range map[string]int{"": 400, "x": 400, "1": 404, "99999": 404} {
		webtest.Post(t, h, at+"/again", url.Values{"position": {other}}).Is(status)
	}
	// Off and on.
	then = webtest.Post(t, h, at+"/switch", url.Values{"to": {"off"}}).Is(303).Header.Get("Location")
	webtest.Get(t, h, then).Is(200).Has("div.said li", "Nothing is sent there").Has("div.correction", "disabled by hand").HasNo("td.do form")
	webtest.Get(t, h, "/office").Is(200).Has("div.empty h2", "Nothing waits for you")
	webtest.Post(t, h, at+"/switch", url.Values{"to": {"sideways"}}).Is(400)
	then = webtest.Post(t, h, at+"/switch", url.Values{"to": {"on"}}).Is(303).Header.Get("Location")
	webtest.Get(t, h, then).Is(200).Has("div.said li", "told again").HasNo("div.correction")
	// Another secret: the same form a second time makes none.
	check := webtest.Get(t, h, at+"/rotate").Is(200).Has("h1", "Make a new secret?")
	fresh := webtest.Post(t, h, at+"/rotate", check.Form("Make a new secret")).Is(200).Has("p.kicker", "A new secret was made")
	if other := fresh.Attributes("input[id=secret]", "value")[0]; other == secret || fresh.Attributes("input[id=public]", "value")[0] != public {
		t.Error("the secret stayed, or the public key did not")
	}
	webtest.Post(t, h, at+"/rotate", check.Form("Make a new secret")).Is(409)
	webtest.Post(t, h, at+"/rotate", nil).Is(409)
	// Who only reads, who proved long ago who they are, and who has no business here.
	webtest.Get(t, webtest.As(auditor, s), "/office/webhooks").Is(200).HasNo("a.button")
	webtest.Get(t, webtest.As(auditor, s), at).Is(200).HasNo("main form").HasNo("a.button")
	stale := administrator
	stale.Stale = true
	for _, path := range []string{"/office/webhooks/add", at + "/rotate"} {
		webtest.Get(t, webtest.As(stale, s), path).Is(303)
		webtest.Post(t, webtest.As(stale, s), path, url.Values{"url": {"https://example.org/"}}).Is(303)
		webtest.Get(t, webtest.As(auditor, s), path).Is(403)
	}
	webtest.Get(t, webtest.As(stale, s), at).Is(200)
	webtest.Get(t, webtest.As(registrar, s), "/office/webhooks").Is(403)
	for _, path := range []string{"/office/webhooks/nobody", "/office/webhooks/nobody/rotate", "/office/webhooks/nobody/remove"} {
		webtest.Get(t, h, path).Is(404)
	}
	for _, path := range []string{"/switch", "/rotate", "/remove", "/again"} {
		webtest.Post(t, h, "/office/webhooks/nobody"+path, url.Values{"to": {"on"}, "position": {"1"}}).Is(404)
	}
	for _, after := range []string{"x", "1.", ".x"} {
		webtest.Get(t, h, at+"?after="+after).Is(400)
	}
	// Gone: the first page says so.
	them.answers(410)
	webtest.Post(t, h, at+"/again", url.Values{"position": {position}}).Is(303)
	worktest.Eventually(t, "the endpoint is disabled", func() bool {
		e, err := s.Hooks.Endpoints(t.Context())
		return err == nil && !e[0].Disabled.IsZero()
	})
	webtest.Get(t, h, "/office").Is(200).Has("th", "1 webhook took nothing and was disabled").Has("td.do a[href="+at+"]", "Look at it")
	webtest.Get(t, h, at).Is(200).Has("div.grave", "it answered that it is gone (410)")
	webtest.Get(t, h, at+"/remove").Is(200).Has("h1", "Remove this endpoint?")
	then = webtest.Post(t, h, at+"/remove", nil).Is(303).Header.Get("Location")
	webtest.Get(t, h, then).Is(200).Has("div.said li", "removed").Has("div.empty h2", "Nobody’s program")
	if strings.Contains(list.Text+page.Text, strings.TrimPrefix(secret, "whsec_")) {
		t.Error("the secret is shown a second time")
	}
}

// receiver is somebody's program that takes messages.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	taken  []string
	answer int
}

func receives(t *testing.T) *receiver {
	r := &receiver{answer: http.StatusNoContent}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.taken = append(r.taken, req.Header.Get("Webhook-Id"))
		w.WriteHeader(r.answer)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) answers(status int) { r.mu.Lock(); defer r.mu.Unlock(); r.answer = status }

func (r *receiver) got() []string { r.mu.Lock(); defer r.mu.Unlock(); return slices.Clone(r.taken) }
