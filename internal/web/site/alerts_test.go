package site_test

import (
	"context"
	"encoding/xml"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"shingle/internal/account"
	"shingle/internal/alerts"
	"shingle/internal/body/membership"
	"shingle/internal/vault"
	"shingle/internal/web/site"
	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
	"shingle/internal/work/mail"
)

// telling is a site on which one can ask to be told, and the letters that it asked for.
type telling struct {
	http.Handler
	*alerts.Alerts
	mu     sync.Mutex
	sent   []mail.Letter
	broken error
}

func tells(t *testing.T, b *webtest.Body) *telling {
	t.Helper()
	ctx, dir := t.Context(), t.TempDir()
	keyFile, rootFile := filepath.Join(dir, "keys.db"), filepath.Join(dir, "root.key")
	must(t, vault.InitFile(ctx, keyFile, rootFile))
	root, err := vault.ReadRoot(rootFile)
	must(t, err)
	keys, err := vault.OpenFile(ctx, keyFile, root)
	must(t, err)
	t.Cleanup(func() { must(t, keys.Close()) })
	_, _, err = keys.Signer(ctx, vault.Receipt, "receipt.demo.example")
	must(t, err)
	must(t, errors.Join(b.Record.Engine.Migrate(ctx, "account", account.Migrations), b.Record.Engine.Migrate(ctx, "alerts", alerts.Migrations)))
	x := &telling{Alerts: alerts.New(alerts.Config{Record: b.Record, Keys: keys, Now: b.Now})}
	s := &site.Site{
		Register: b.Register, Body: b.Body, Standing: b.Standing, Log: b.Log, LeafAt: b.LeafAt, Now: b.Now, Origin: "https://demo.example",
		Logger: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError})),
		Telling: &site.Telling{Alerts: x.Alerts, From: func(*http.Request) string { return "192.0.2.1" }, Send: func(_ context.Context, l mail.Letter) error {
			x.mu.Lock()
			defer x.mu.Unlock()
			if x.broken == nil {
				x.sent = append(x.sent, l)
			}
			return x.broken
		}},
	}
	x.Handler = ui.Secure(s.Handler())
	return x
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// link returns the link that the newest letter brings.
func (x *telling) link(t *testing.T) string {
	t.Helper()
	if len(x.sent) == 0 {
		t.Fatal("no letter was asked for")
	}
	l := x.sent[len(x.sent)-1]
	if l.Letter != "confirm-alert" || l.Member != "0042" || strings.Contains(l.To+l.About, "@") {
		t.Fatalf("the letter is %+v", l)
	}
	link, _, err := x.Link(t.Context(), strings.TrimPrefix(l.To, alerts.Prefix))
	must(t, err)
	return "/alerts/confirm/" + link
}

func TestAskingToBeTold(t *testing.T) {
	x := tells(t, opened(t, 50))
	form := webtest.Get(t, x, "/register/0042").Is(200).Has("aside h2", "Tell me if this changes")
	if to := form.Attributes("input[name=email]", "type"); len(to) != 1 {
		t.Errorf("%v", to)
	}
	webtest.Get(t, x, "/register/0042/alerts").Is(200).Has("label", "Your e-mail address").Has("a", "its changes as a feed")
	for _, wrong := range []string{"", "ada", "Ada <ada@x.example>", "ada@x.example\r\nBcc: b@x.example", "\u202eada@x.example", strings.Repeat("x", 3000) + "@x.example"} {
		page := webtest.Post(t, x, "/register/0042/alerts", url.Values{"email": {wrong}}).Is(422)
		page.Has("div.error-summary a", "Give one e-mail address").Has("p.field-error", "Give one e-mail address")
		if got := page.Attributes("input[name=email]", "value"); len(wrong) < 30 && !strings.ContainsAny(wrong, "\u202e\n") && got[0] != wrong {
			t.Errorf("what was typed is now %q", got)
		}
	}
	if len(x.sent) > 0 {
		t.Fatalf("sent %v", x.sent)
	}
	asked := webtest.Post(t, x, "/register/0042/alerts", url.Values{"email": {"ada@x.example"}}).Is(200).Has("h1", "Look into your mail")
	if strings.Contains(asked.Text, "ada@") || asked.Header.Get("Cache-Control") != "no-store" {
		t.Error("the answer tells or keeps the address")
	}
	link := x.link(t)
	page := webtest.Get(t, x, link).Is(200).Has("h1", "Do you want to be told?").Has("button", "Yes, tell me")
	if page.Header.Get("Referrer-Policy") != "same-origin" || len(page.Attributes("meta[name=robots]", "content")) != 1 {
		t.Error("the page's address is told on")
	}
	webtest.Post(t, x, link, url.Values{}).Is(200).Has("h1", "You will be told")
	webtest.Post(t, x, link, url.Values{}).Is(404).Has("h1", "This link leads nowhere any more")
	webtest.Get(t, x, link).Is(404)

	ids, err := x.Of(t.Context(), "0042")
	if err != nil || len(ids) != 1 {
		t.Fatalf("%v %v", ids, err)
	}
	_, ends, err := x.Subscriber(t.Context(), ids[0])
	must(t, err)
	webtest.Get(t, x, "/alerts/"+ends).Is(200).Has("dd", "Cobalt Ridge IT").Has("button", "Tell me no more")
	if ids, _ := x.Of(t.Context(), "0042"); len(ids) != 1 {
		t.Fatal("looking at it ended it")
	}
	again := webtest.Post(t, x, "/register/0042/alerts", url.Values{"email": {"ada@x.example"}}).Is(200)
	if again.Text != asked.Text || len(x.sent) != 2 {
		t.Error("it shows who is told already")
	}
	webtest.Post(t, x, "/alerts/"+ends, url.Values{"List-Unsubscribe": {"One-Click"}}).Is(200).Has("h1", "You will be told no more")
	webtest.Post(t, x, "/alerts/"+ends, nil).Is(404)
	for range 4 { // of one address so much is sent in a day, and what is said does not change
		again := webtest.Post(t, x, "/register/0042/alerts", url.Values{"email": {"ada@x.example"}}).Is(200)
		if again.Text != asked.Text {
			t.Error("it shows how often was asked")
		}
	}
	if len(x.sent) != 5 {
		t.Errorf("%d letters", len(x.sent))
	}
}

func TestAskingWrongly(t *testing.T) {
	x := tells(t, opened(t, 20))
	ada := url.Values{"email": {"ada@x.example"}}
	webtest.Post(t, x, "/register/9999/alerts", ada).Is(404)
	webtest.Get(t, x, "/register/9999/alerts").Is(404)
	webtest.Get(t, x, "/register/%00/alerts").Is(404)
	webtest.Get(t, x, "/register/9999/changes.atom").Is(404)
	for _, forged := range []string{"x", strings.Repeat("a", 26), strings.Repeat("a", 3000), "%ff", "..%2f..", "%00", "\u202e"} {
		for _, path := range []string{"/alerts/", "/alerts/confirm/"} {
			webtest.Get(t, x, path+url.PathEscape(forged)).Is(404)
			webtest.Post(t, x, path+url.PathEscape(forged), nil).Is(404)
		}
	}
	webtest.Post(t, x, "/register/0001/alerts", url.Values{"email": {strings.Repeat("x", 1<<20)}}).Is(400)
	for what, change := range map[string]func(r *http.Request){
		"another site": func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"another verb": func(r *http.Request) { r.Method = http.MethodPut },
	} {
		r := httptest.NewRequest("POST", "/register/0001/alerts", strings.NewReader(ada.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		change(r)
		if page := webtest.Send(t, x, r); page.Status != 403 && page.Status != 405 {
			t.Errorf("%s: %d", what, page.Status)
		}
	}
	if len(x.sent) > 0 {
		t.Errorf("sent %v", x.sent)
	}
	x.broken = errors.New("no letters are taken")
	webtest.Post(t, x, "/register/0001/alerts", ada).Is(503).Has("h1", "No letters are sent right now")
	x.broken = nil
	var last *webtest.Document
	for i := range 21 { // from one place
		last = webtest.Post(t, x, "/register/0001/alerts", url.Values{"email": {strings.Repeat("x", i+1) + "@x.example"}})
	}
	if last.Is(429); last.Header.Get("Retry-After") == "" {
		t.Error("it does not say when again")
	}

	early := tells(t, founded(t, 5))
	webtest.Post(t, early, "/register/0001/alerts", ada).Is(404).Has("h1", "The register is not open yet")
	webtest.Get(t, early, "/register/0001/changes.atom").Is(404)
}

// TestNothingIsAskedForInFiles looks at a page as it is written into a file: no form on it would be answered.
func TestNothingIsAskedForInFiles(t *testing.T) {
	x := tells(t, opened(t, 20))
	r := httptest.NewRequest("GET", "/register/0001", nil)
	page := webtest.Send(t, x, r.WithContext(ui.WithStatic(r.Context(), ui.Static{}))).Is(200)
	page.HasNo("input[name=email]").Has("aside a", "Its changes as a feed")
}

func TestChangesAreAFeed(t *testing.T) {
	b := opened(t, 20)
	x := tells(t, b)
	b.Pass(time.Hour)
	b.Do(membership.Rename{Member: "0001", Name: "Blue <Fog>"})
	b.Pass(time.Hour)
	b.Do(membership.Withdraw{Member: "0001"})
	d := webtest.Get(t, x, "/register/0001/changes.atom").Is(200)
	var feed struct {
		Title   string `xml:"title"`
		Updated string `xml:"updated"`
		Entries []struct {
			Title   string `xml:"title"`
			ID      string `xml:"id"`
			Content string `xml:"content"`
		} `xml:"entry"`
	}
	must(t, xml.Unmarshal([]byte(d.Text), &feed))
	if d.Header.Get("Content-Type") != "application/atom+xml; charset=utf-8" || !strings.Contains(feed.Title, "Blue <Fog>") || len(feed.Entries) < 3 {
		t.Fatalf("%s\n%+v", d.Header, feed)
	}
	if newest, before := feed.Entries[0], feed.Entries[1]; newest.Content != "Blue <Fog> had withdrawn from membership." || !strings.HasPrefix(before.Title, "Blue <Fog>: ") || strings.Contains(before.Content, "withdrawn") {
		t.Errorf("%+v", feed.Entries)
	}
	for _, e := range feed.Entries {
		webtest.Get(t, x, strings.TrimPrefix(e.ID, "https://demo.example")).Is(200)
	}
}

// TestAskingByKeyboardAlone goes through all its pages in a browser.
func TestAskingByKeyboardAlone(t *testing.T) {
	x := tells(t, opened(t, 50))
	server := httptest.NewServer(x)
	defer server.Close()
	b := webtest.Open(t)
	for _, screen := range []webtest.Screen{webtest.Desk, webtest.PhoneDark} {
		look := func(h1 string) {
			t.Helper()
			if said := b.Text("h1"); said != h1 {
				t.Fatalf("the page says %q, not %q", said, h1)
			}
			b.FitsWidth(h1 + " " + screen.String())
			b.Accessible(h1 + " " + screen.String())
		}
		submit := func(selector, keys string) {
			b.Do(chromedp.Focus(chromedp.CSS(selector)))
			if keys != "" {
				b.Press(keys)
			}
			b.Follow("\r")
		}
		b.Visit(server.URL+"/register/0042", screen)
		look("Cobalt Ridge IT is a member in good standing.")
		b.Visit(server.URL+"/register/0042/alerts", screen)
		look("Tell me if this provider’s standing changes")
		submit("#email", "x.example")
		look("Tell me if this provider’s standing changes")
		submit("#email", "ada@") // before what was typed
		look("Look into your mail")
		b.Visit(server.URL+x.link(t), screen)
		look("Do you want to be told?")
		submit("main button", "")
		look("You will be told")
		ids, err := x.Of(t.Context(), "0042")
		must(t, err)
		_, ends, err := x.Subscriber(t.Context(), ids[0])
		must(t, err)
		b.Visit(server.URL+"/alerts/"+ends, screen)
		look("What you are told")
		submit("main button", "")
		look("You will be told no more")
	}
}
