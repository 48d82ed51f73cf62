package office

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"shingle/internal/outbound"
	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
	"shingle/internal/work"
	"shingle/internal/work/letters"
	"shingle/internal/work/mail"
	"shingle/internal/work/webhook"
	"shingle/internal/work/worktest"
)

const (
	wayIn   = "https://demo.example/join/canary-of-a-way-in"
	private = "canarybird"
)

// sends is a body that sends, without a mail server, and its office.
type sends struct {
	*webtest.Body
	http.Handler // nobody in particular
	*Post
	office *Office
	mu     sync.Mutex
	emails map[string]string // by person
}

// sending begins to work on the jobs of a body.
func posting(t testing.TB, b *webtest.Body) *sends {
	t.Helper()
	s := &sends{Body: b, emails: map[string]string{}}
	log := slog.New(slog.DiscardHandler)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	store, err := work.OpenFile(t.Context(), filepath.Join(t.TempDir(), "work.db"))
	must(err)
	m := mail.New(mail.Config{Record: b.Record, Folder: filepath.Join(t.TempDir(), "mail"), From: "Demo Guild <office@demo.example>", Now: b.Now, Machine: time.Now, Log: log, Sources: mail.Sources{
		Body: func(context.Context) (mail.Body, error) {
			return mail.Body{Name: "Demo Guild", Site: "https://demo.example"}, nil
		},
		Person: func(_ context.Context, id string) (mail.Person, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			return mail.Person{Name: "Ada " + private, Email: s.emails[id]}, nil
		},
		Member: func(context.Context, string) (string, error) { return "Cobalt Ridge IT", nil },
		Fill: func(_ context.Context, l mail.Letter, f *letters.Facts) error {
			f.Role, f.Link, f.Until, f.What = "representative", wayIn, b.Now().Add(14*24*time.Hour), "<script>alert(1)</script>"
			return nil
		},
	}})
	hooks := webhook.New(webhook.Config{Record: b.Record, Store: store, Keys: b.Keys, Machine: time.Now, Reach: outbound.Loopback, Log: log, Public: func(context.Context, time.Time) (bool, error) { return true, nil }})
	workers := river.NewWorkers()
	m.AddTo(workers)
	hooks.AddTo(workers)
	jobs, err := work.New(t.Context(), work.Config{Store: store, Record: b.Record, Begun: b.Record.Position(), Now: b.Now, Log: log, Workers: workers,
		Queues: map[string]int{mail.Queue: 2, webhook.Queue: 2}, Followers: []work.Follower{hooks.Follower()}})
	must(err)
	s.Post = &Post{jobs, m, hooks}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); jobs.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		<-done
		must(store.Close())
	})
	s.office = &Office{Desk: b.Desk(), Register: b.Register, Working: func() *Post { return s.Post }}
	mux := http.NewServeMux()
	s.office.Routes(mux)
	mux.Handle("GET /assets/", ui.Assets())
	mux.HandleFunc("GET /favicon.ico", ui.Emblem)
	s.Handler = ui.Secure(mux)
	return s
}

// writes asks for a letter and waits until something came of it.
func (s *sends) writes(t *testing.T, kind, to, email, about, member string) mail.Outcome {
	t.Helper()
	s.mu.Lock()
	s.emails[to] = email
	s.mu.Unlock()
	l := mail.Letter{Letter: kind, To: to, About: about, Member: member}
	if err := s.Mail.Send(t.Context(), s.Jobs, l); err != nil {
		t.Fatal(err)
	}
	var found mail.Outcome
	worktest.Eventually(t, "something came of it", func() bool {
		all, err := s.Mail.Sent(t.Context(), mail.Filter{Person: to, Letter: kind})
		for _, o := range all {
			if o.ID == l.ID() && o.Done() {
				found = o
			}
		}
		return err == nil && found.ID != ""
	})
	return found
}

func TestWhatCameOfLettersAndSendingAgain(t *testing.T) {
	s := posting(t, founded(t, 50))
	h := webtest.As(administrator, s)
	webtest.Get(t, h, "/office/post").Is(200).Has("div.empty h2", "No letter was written yet").HasNo("section.late")
	webtest.Get(t, h, "/office").Is(200).Has("div.empty h2", "Nothing waits for you")
	s.writes(t, letters.Account, "person/0007", "ada@firm.example", "account/passkey/1", "")
	bad := s.writes(t, letters.Account, "person/0008", private+" no address", "account/passkey/2", "0042")
	page := webtest.Get(t, h, "/office/post").Is(200)
	page.Has("section.late h2", "Not delivered in the last 30 days 1").Has("section.late td", "Person 0008").Has("section.late td", "the person's mail address is none")
	page.Has("ul.post li.bad a", "1 Refused").Has("ul.post a", "1 In the folder").Has("ul.post a", "0 Given up")
	if strings.Contains(page.Text, private) || strings.Contains(page.Text, "@firm") {
		t.Error("the list names somebody")
	}
	webtest.Get(t, h, "/office/post?state=bounced").Is(200).Has("td", "Person 0008").HasNo("section.late").Has("a[aria-current]", "Refused")
	webtest.Get(t, h, "/office/post?state=sent").Is(200).Has("div.empty h2", "There is no such letter")
	// The first page says that something waits, to whoever runs the machine and to nobody else.
	today := webtest.Get(t, h, "/office").Is(200).Has("th", "1 letter could not be delivered").Has("td.do a", "See which")
	if links := today.Attributes("td.do a", "href"); links[0] != "/office/post" {
		t.Errorf("it leads to %v", links)
	}
	webtest.Get(t, webtest.As(registrar, s), "/office").Is(200).HasNo("a[href=/office/post].primary")
	for _, who := range []ui.Who{registrar, auditor} {
		read := webtest.Get(t, webtest.As(who, s), "/office/post").Is(200).Has("td", "Person 0008").HasNo("td.do form").HasNo("td.do a")
		read.Has("td a[href=/office/members/0042]", "member 0042")
		webtest.Post(t, webtest.As(who, s), "/office/post/"+bad.ID+"/again", nil).Is(403)
		webtest.Get(t, webtest.As(who, s), "/office/post/"+bad.ID).Is(403)
	}
	webtest.Get(t, webtest.As(chair, s), "/office/post").Is(403)
	page.HasNo("td a[href=/office/members/0042]") // who runs the machine has no business there
	for _, query := range []string{"state=happy", "after=x", "after=1.", "after=z.1", "after=1." + strings.Repeat("x", 100)} {
		webtest.Get(t, h, "/office/post?"+query).Is(400)
	}
	s.mu.Lock()
	s.emails["person/0008"] = "new@firm.example"
	s.mu.Unlock()
	to := page.Attributes("section.late form", "action")
	if len(to) != 1 {
		t.Fatalf("forms: %v", to)
	}
	then := webtest.Post(t, h, to[0], nil).Is(303).Header.Get("Location")
	webtest.Get(t, h, then).Is(200).Has("div.said li", "The letter was asked for again")
	worktest.Eventually(t, "it was written again", func() bool {
		found, err := s.Mail.Sent(t.Context(), mail.Filter{Person: "person/0008"})
		return err == nil && found[0].State == mail.Folder
	})
	webtest.Get(t, h, "/office/post").Is(200).HasNo("section.late")
	webtest.Post(t, h, to[0], nil).Is(409).Has("h1", "This letter is not sent again")
	webtest.Post(t, h, "/office/post/nobody/again", nil).Is(409)
	s.office.Working = func() *Post { return nil }
	webtest.Get(t, h, "/office/post").Is(503).Has("h1", "Nothing is sent right now")
	webtest.Get(t, h, "/office/webhooks").Is(503)
	webtest.Get(t, h, "/office").Is(200)
}

func TestALongListOfLettersGoesOn(t *testing.T) {
	s := posting(t, founded(t, 1))
	for i := range lettersPerPage + 3 {
		if err := s.Mail.Send(t.Context(), s.Jobs, mail.Letter{Letter: letters.Account, To: "person/0007", About: "account/x/" + string(rune('0'+i))}); err != nil {
			t.Fatal(err)
		}
	}
	worktest.Eventually(t, "all came to something", func() bool {
		n, err := mail.Count(t.Context(), s.Record.Engine.Reader(), time.Time{})
		return err == nil && n[mail.Dropped] == lettersPerPage+3
	})
	h := webtest.As(administrator, s)
	first := webtest.Get(t, h, "/office/post?state=dropped").Is(200)
	next := first.Attributes("nav.pager a", "href")
	if n := len(first.All("tbody tr")); n != lettersPerPage || len(next) != 1 {
		t.Fatalf("%d rows, then %v", n, next)
	}
	if n := len(webtest.Get(t, h, next[0]).Is(200).HasNo("nav.pager a").All("tbody tr")); n != 3 {
		t.Errorf("%d rows on the second page", n)
	}
}

// TestALetterInTheFolderIsReadByFewAndLetsNobodyIn opens letters as those who may and may not.
func TestALetterInTheFolderIsReadByFewAndLetsNobodyIn(t *testing.T) {
	s := posting(t, founded(t, 1))
	invitation := s.writes(t, letters.Invitation, "person/0007", "ada@firm.example", "event/1", "")
	account := s.writes(t, letters.Account, "person/0007", "ada@firm.example", "account/passkey/1", "")
	h := webtest.As(administrator, s)
	list := webtest.Get(t, h, "/office/post").Is(200)
	if links := list.Attributes("td.do a", "href"); len(links) != 2 {
		t.Errorf("%v", links)
	}
	page := webtest.Get(t, h, "/office/post/"+invitation.ID).Is(200).Has("h1", "Demo Guild: you are invited").Has("div.letter", "Dear Ada "+private).Has("div.letter", notShown)
	page.Has("dd", "ada@firm.example").Has("div.correction code", invitation.ID+".eml").Has("ul.latest li", "Person 0006, administrator")
	if strings.Contains(page.Text, "canary-of-a-way-in") || page.Header.Get("Cache-Control") != "no-store" {
		t.Error("the page lets its reader in, or is kept")
	}
	page.Has("div.letter", "https://demo.example") // where the site is, is no secret
	text := webtest.Get(t, h, "/office/post/"+account.ID).Is(200)
	if strings.Contains(text.Text, "<script>") {
		t.Error("a letter's text became markup")
	}
	text.Has("div.letter", "<script>alert(1)</script>")
	if n := len(webtest.Get(t, h, "/office/post/"+invitation.ID).Is(200).All("ul.latest li")); n != 1 { // the clock stands
		t.Errorf("%d openings are told", n)
	}
	s.Pass(time.Minute)
	if n := len(webtest.Get(t, h, "/office/post/"+invitation.ID).Is(200).All("ul.latest li")); n != 2 {
		t.Errorf("%d openings are told", n)
	}
	for _, id := range []string{"nobody", strings.Repeat("0", 32), "..%2Fwork"} {
		webtest.Get(t, h, "/office/post/"+id).Is(404)
	}
	for _, who := range []ui.Who{registrar, auditor, president, chair} {
		webtest.Get(t, webtest.As(who, s), "/office/post/"+invitation.ID).Is(403)
	}
	stale := administrator
	stale.Stale = true
	if to := webtest.Get(t, webtest.As(stale, s), "/office/post/"+invitation.ID).Is(303).Header.Get("Location"); !strings.HasPrefix(to, ui.StepUpPath) {
		t.Errorf("who proved long ago who they are is led to %q", to)
	}
	// In a demo the links are what one is there for.
	s.office.Desk.Demo = true
	webtest.Get(t, h, "/office/post/"+invitation.ID).Is(200).Has("div.letter", wayIn).Has("div.correction a", wayIn)
	s.office.Desk.Demo = false
	// Where a server takes letters, nobody has to hand them on, and nobody reads what was left.
	server, err := mail.ParseServer("smtp://127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	s.Mail.Server = server
	webtest.Get(t, h, "/office/post/"+invitation.ID).Is(404)
	webtest.Get(t, h, "/office/post").Is(200).HasNo("td.do a")
	s.Mail.Server = nil
	if err := s.Mail.Forget(t.Context(), "person/0007"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Mail.Open(invitation.ID); !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	webtest.Get(t, h, "/office/post/"+invitation.ID).Is(404)
}

func TestOnlyLinksWithoutASecretAreShown(t *testing.T) {
	for link, shown := range map[string]bool{
		"https://demo.example": true, "https://demo.example/": true, "https://demo.example/portal": true, "https://demo.example/account": true, "https://demo.example/register/0042": true,
		"https://demo.example/apply/progress/0042": true, wayIn: false, "https://demo.example/enrol/abc": false, "https://demo.example/alerts/confirm/abc": false, "https://demo.example/portal?token=abc": false,
		"https://demo.example/register/0042/../../join/x": false, "https://demo.example/register/0042#x": false, "https://u:p@demo.example/": false, "HTTPS://demo.example/join/x": false,
		"mailto:/x": false, "(https://demo.example/join/x)": false, "https:/join/x": false, "https://demo.example/register/aaaaaaaaaaaaaaaaaaaaaaaaaaaa": false,
	} {
		text, hidden := withoutWaysIn("Open this:\n" + link + "\nand be well")
		if (hidden == 0) != shown || strings.Contains(text, link) != shown || !strings.HasSuffix(text, "\nand be well") {
			t.Errorf("%s: %q", link, text)
		}
	}
}
