package mail

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"shingle/internal/act"
	"shingle/internal/pgtest"
	"shingle/internal/record"
	"shingle/internal/work"
	"shingle/internal/work/letters"
	"shingle/internal/work/worktest"
)

func TestMain(m *testing.M) {
	// reflect keeps how functions are called in a sync.Map, of which the race detector does not see that a value
	// is stored before it is loaded: every letter is written once before there are goroutines.
	for _, kind := range letters.Kinds {
		if _, err := letters.Write(kind, letters.Facts{}); err != nil {
			panic(err)
		}
	}
	pgtest.Main(m)
}

// canary is in what is private.
const canary = "canarybird"

// house is a body whose every note occasions an invitation to the person that it names.
type house struct {
	mu     sync.Mutex
	people map[string]Person
	duties []Duty
	broken error
	links  int
}

func (h *house) sources() Sources {
	return Sources{
		Body: func(context.Context) (Body, error) {
			return Body{Name: "Demo Guild", Site: "https://demo.example"}, nil
		},
		Person: func(_ context.Context, id string) (Person, error) {
			h.mu.Lock()
			defer h.mu.Unlock()
			p, ok := h.people[id]
			if !ok {
				return p, ErrNobody
			}
			return p, h.broken
		},
		Member:   func(_ context.Context, number string) (string, error) { return "Firm " + number, nil },
		Speakers: func(_ context.Context, number string) ([]string, error) { return []string{"person/" + number}, nil },
		Due: func(_ context.Context, from, until time.Time) (found []Duty, err error) {
			h.mu.Lock()
			defer h.mu.Unlock()
			for _, d := range h.duties {
				if d.Due.After(from) && !d.Due.After(until) {
					found = append(found, d)
				}
			}
			return found, nil
		},
		Fill: func(_ context.Context, l Letter, f *letters.Facts) error {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.links++
			f.Role, f.Link, f.Until = "representative", "https://demo.example/join/secret-"+canary, f.At.Add(14*24*time.Hour)
			return nil
		},
		Occasions: func(_ context.Context, e act.Recorded) ([]Letter, error) {
			return []Letter{{Letter: letters.Invitation, To: e.Event.(worktest.Noted).Text, About: "event/" + strconv.FormatInt(e.Position, 10)}}, nil
		},
	}
}

func (h *house) change(do func()) { h.mu.Lock(); defer h.mu.Unlock(); do() }

// begin runs a mailer.
func begin(p *worktest.Place, h *house, r *record.Record, server *Server, folder string) (*Mailer, *work.Work, func()) {
	m := New(Config{Sources: h.sources(), Record: r, Server: server, Folder: folder, From: "Demo Guild <office@demo.example>", Now: p.Clock.Now, Machine: p.Machine.Now, Log: p.Log.Logger()})
	workers := river.NewWorkers()
	m.AddTo(workers)
	w, stop := p.Begin(work.Config{Record: r, Workers: workers, Queues: map[string]int{Queue: 4}, Followers: []work.Follower{m.Follower()}})
	return m, w, stop
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// states returns what came of the letters, by person.
func states(t *testing.T, m *Mailer) map[string]string {
	t.Helper()
	found, err := m.Sent(t.Context(), Filter{})
	must(t, err)
	all := map[string]string{}
	for _, o := range found {
		all[o.Person] += o.State + " "
	}
	return all
}

func ada() Person { return Person{Name: "Ada " + canary, Email: canary + "@firm.example"} }

// TestALetterIsSentEncryptedSignedInAndOnce sends over STARTTLS with AUTH, starts anew, loses the file of the
// jobs, and looks for what is private in all that is kept.
func TestALetterIsSentEncryptedSignedInAndOnce(t *testing.T) {
	worktest.OnBoth(t, func(t *testing.T, p *worktest.Place) {
		office := openPostOffice(t, true)
		h := &house{people: map[string]Person{"person/1": ada(), "person/2": {Name: "Bob", Email: "bob@firm.example", Unsubscribe: "https://demo.example/no-more?x=1"}}}
		r := p.Record()
		m, _, stop := begin(p, h, r, office.remote(t, smtpPassword), "")
		worktest.Write(t, r, "person/1", "person/2", "person/3")
		worktest.Eventually(t, "all are done", func() bool { return states(t, m)["person/3"] == "dropped " && len(office.letters()) == 2 })
		worktest.Eventually(t, "both are noted as sent", func() bool {
			s := states(t, m)
			return s["person/1"] == "sent " && s["person/2"] == "sent "
		})
		stop()
		for _, l := range office.letters() {
			if !l.secure || l.user != smtpUser || l.from != "office@demo.example" {
				t.Errorf("%+v", l)
			}
			looksRight(t, l)
		}
		if p.File != "" { // what is kept of a letter holds neither address nor name nor link
			for _, file := range []string{p.File, p.File + "-wal", filepath.Join(filepath.Dir(p.File), "shingle.db"), filepath.Join(filepath.Dir(p.File), "shingle.db-wal")} {
				if b, err := os.ReadFile(file); err == nil && strings.Contains(string(b), canary) {
					t.Errorf("%s holds what is private", filepath.Base(file))
				}
			}
			must(t, os.Remove(p.File))
		}
		_, _, stop = begin(p, h, r, office.remote(t, smtpPassword), "")
		worktest.Write(t, r, "person/1")
		worktest.Eventually(t, "the new one is sent", func() bool { return states(t, m)["person/1"] == "sent sent " })
		stop()
		if n := len(office.letters()); n != 3 {
			t.Errorf("%d letters were sent", n)
		}
		if strings.Contains(p.Log.String(), canary) || strings.Contains(p.Log.String(), smtpPassword) {
			t.Errorf("the log holds what is private:\n%s", p.Log)
		}
	})
}

// looksRight checks a letter as a mail program reads it.
func looksRight(t *testing.T, l taken) {
	t.Helper()
	msg, err := netmail.ReadMessage(strings.NewReader(l.raw))
	must(t, err)
	to, err := msg.Header.AddressList("To")
	must(t, err)
	if len(to) != 1 || to[0].Address != l.to {
		t.Errorf("to %v, and sent to %s", to, l.to)
	}
	for header, want := range map[string]string{"Subject": "Demo Guild: you are invited", "Auto-Submitted": "auto-generated", "Bcc": "", "Cc": "", "Mime-Version": "1.0"} {
		if got := msg.Header.Get(header); got != want {
			t.Errorf("%s: %q", header, got)
		}
	}
	if id := msg.Header.Get("Message-Id"); !strings.HasSuffix(id, "@demo.example>") || strings.Contains(id, "person") {
		t.Errorf("message id %s", id)
	}
	subscribed := l.to == "bob@firm.example"
	if got := msg.Header.Get("List-Unsubscribe"); (got == "<https://demo.example/no-more?x=1>") != subscribed || (msg.Header.Get("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click") != subscribed {
		t.Errorf("%s: List-Unsubscribe %q", l.to, got)
	}
	kind, how, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	must(t, err)
	if kind != "multipart/alternative" {
		t.Fatal(kind)
	}
	var kinds []string
	for parts := multipart.NewReader(msg.Body, how["boundary"]); ; {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		must(t, err)
		b, err := io.ReadAll(quotedprintable.NewReader(part))
		must(t, err)
		kinds = append(kinds, part.Header.Get("Content-Type"))
		if !strings.Contains(string(b), "https://demo.example/join/secret-"+canary) {
			t.Errorf("%s", b)
		}
	}
	if strings.Join(kinds, " ") != "text/plain; charset=UTF-8 text/html; charset=UTF-8" {
		t.Error(kinds)
	}
}

func TestWhatAServerRefusesIsSeen(t *testing.T) {
	worktest.OnBoth(t, func(t *testing.T, p *worktest.Place) {
		office := openPostOffice(t, true)
		h := &house{people: map[string]Person{
			"person/gone": {Name: "Gone", Email: "gone-" + canary + "@firm.example"}, "person/later": {Name: "Later", Email: canary + "@later.example"},
			"person/evil": {Name: "Evil\r\nBcc: all@x.example", Email: "evil@firm.example"}, "person/crlf": {Name: "X", Email: "x@firm.example>\r\nRCPT TO:<y@firm.example"},
			"person/two": {Name: "X", Email: "x@firm.example, y@firm.example"},
		}}
		office.putOff(canary+"@later.example", 2)
		r := p.Record()
		m, w, stop := begin(p, h, r, office.server(t, smtpPassword), "")
		worktest.Write(t, r, "person/gone", "person/later", "person/evil", "person/crlf", "person/two")
		worktest.Eventually(t, "the first tries are over", func() bool {
			s := states(t, m)
			return s["person/gone"] == "bounced " && s["person/later"] == "retrying " && s["person/evil"] == "sent " && s["person/crlf"] == "bounced " && s["person/two"] == "bounced "
		})
		found, err := m.Sent(t.Context(), Filter{State: Bounced, Person: "person/gone"})
		if err != nil || len(found) != 1 || found[0].Says != "the mail server refuses the person's address (550 5.1.1)" || found[0].Attempts != 1 {
			t.Errorf("%+v %v", found, err)
		}
		found, err = m.Sent(t.Context(), Filter{State: Retrying})
		if err != nil || len(found) != 1 || found[0].Says != "the mail server asks to come again later (451 4.7.1)" {
			t.Errorf("%+v %v", found, err)
		}
		worktest.Rests(t, w)
		p.Machine.Move(2 * time.Minute)
		worktest.Eventually(t, "it is tried again", func() bool {
			found, err := m.Sent(t.Context(), Filter{Person: "person/later"})
			return err == nil && found[0].Attempts == 2 && found[0].State == Retrying
		})
		worktest.Rests(t, w)
		p.Machine.Move(6 * time.Minute)
		worktest.Eventually(t, "and then it is taken", func() bool { return states(t, m)["person/later"] == "sent " })
		stop()
		for _, l := range office.letters() {
			msg, err := netmail.ReadMessage(strings.NewReader(l.raw))
			must(t, err)
			if msg.Header.Get("Bcc") != "" || strings.HasPrefix(l.to, "all@") || strings.HasPrefix(l.to, "y@") {
				t.Errorf("a name became a header: %+v", l)
			}
		}
		if n := len(office.letters()); n != 2 {
			t.Errorf("%d letters", n)
		}
		n, err := Count(t.Context(), r.Engine.Reader(), time.Time{})
		if err != nil || n[Bounced] != 3 || n[Sent] != 2 {
			t.Error(n, err)
		}
		if strings.Contains(p.Log.String(), canary) {
			t.Errorf("the log holds an address:\n%s", p.Log)
		}
	})
}

func TestNothingIsSentWithoutEncryptionOrToAServerThatIsNotKnown(t *testing.T) {
	p := worktest.InFolder(t)
	open, secure := openPostOffice(t, false), openPostOffice(t, true)
	unknown := secure.remote(t, smtpPassword)
	unknown.Roots = nil
	other := secure.remote(t, smtpPassword)
	other.host = "other.example"
	for name, test := range map[string]struct {
		server *Server
		says   string
	}{
		"no STARTTLS":           {open.remote(t, smtpPassword), "the mail server offers no encryption (STARTTLS), and nothing is sent without"},
		"an unknown authority":  {unknown, "the mail server's certificate is of an authority that is not known"},
		"another's certificate": {other, "the mail server's certificate is for another name"},
		"a wrong password":      {secure.remote(t, canary), "the mail server does not let us in: user or password are wrong, or it knows no way to ask for them"},
		"nobody there":          {&Server{host: "127.0.0.1", port: 1}, "the mail server cannot be reached"},
	} {
		t.Run(name, func(t *testing.T) {
			h := &house{people: map[string]Person{"person/1": ada()}}
			m := New(Config{Sources: h.sources(), Record: p.Record(), Server: test.server, From: "office@demo.example", Now: p.Clock.Now, Machine: p.Machine.Now, Log: p.Log.Logger()})
			l := Letter{Letter: letters.Enrolment, To: "person/1", About: name}
			err := m.deliver(t.Context(), l, false)
			if err == nil || err.Error() != test.says {
				t.Errorf("%v", err)
			}
			// Somebody waited for it at a page, and waits no more.
			p.Clock.Move(2 * time.Hour)
			if err := m.deliver(t.Context(), l, false); err != nil {
				t.Error(err)
			}
			found, err := m.Sent(t.Context(), Filter{Since: p.Clock.Now()})
			if err != nil || len(found) != 1 || found[0].State != Failed || found[0].Says != test.says || found[0].Attempts != 2 {
				t.Errorf("%+v %v", found, err)
			}
		})
	}
	if len(open.letters())+len(secure.letters()) > 0 || strings.Contains(p.Log.String(), canary) {
		t.Error(p.Log)
	}
	// To this machine itself it may go in the clear.
	if state, says := open.server(t, smtpPassword).send(t.Context(), enveloped(t)); state != Sent {
		t.Error(state, says)
	}
}

func enveloped(t *testing.T) envelope {
	t.Helper()
	m := New(Config{From: "office@demo.example", Now: time.Now})
	e, err := m.envelope(Letter{}, Person{Email: "a@b.example"}, letters.Letter{Subject: "x", Text: "x", HTML: "x"})
	must(t, err)
	return e
}

func TestWithoutAServerLettersLieInAFolder(t *testing.T) {
	p := worktest.InFolder(t)
	folder := filepath.Join(t.TempDir(), "mail")
	h := &house{people: map[string]Person{"person/1": ada()}}
	r := p.Record()
	m, w, stop := begin(p, h, r, nil, folder)
	worktest.Write(t, r, "person/1")
	for range 3 {
		must(t, m.Send(t.Context(), w, Letter{Letter: letters.RecoveryUsed, To: "person/1", About: "session/7"}))
	}
	worktest.Eventually(t, "both lie there", func() bool { return states(t, m)["person/1"] == "folder folder " })
	stop()
	if m.Send(t.Context(), w, Letter{Letter: "spam", To: "person/1", About: "x"}) == nil || m.Send(t.Context(), w, Letter{Letter: letters.Admitted, To: "person/1"}) == nil {
		t.Error("any letter is asked for")
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 2 {
		t.Fatal(entries, err)
	}
	found, err := m.Sent(t.Context(), Filter{Letter: letters.Invitation})
	must(t, err)
	raw, err := m.Open(found[0].ID)
	must(t, err)
	looksRight(t, taken{to: canary + "@firm.example", raw: string(raw)})
	for path, want := range map[string]fs.FileMode{folder: 0o700, m.file(found[0].ID): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Error(info.Mode(), err)
		}
	}
	for _, id := range []string{"", "../work", "..%2f", strings.Repeat("0", 32), strings.Repeat("g", 32), found[0].ID + "/x"} {
		if _, err := m.Open(id); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: %v", id, err)
		}
	}
	must(t, m.Forget(t.Context(), "person/1"))
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 0 {
		t.Error(entries, err)
	}
}

// TestAPersonWhoIsForgottenGetsNothing forgets somebody while the letter waits for another try.
func TestAPersonWhoIsForgottenGetsNothing(t *testing.T) {
	p := worktest.InFolder(t)
	office := openPostOffice(t, true)
	h := &house{people: map[string]Person{"person/1": ada()}, broken: worktest.ErrBroken}
	r := p.Record()
	m, w, stop := begin(p, h, r, office.server(t, smtpPassword), "")
	worktest.Write(t, r, "person/1")
	worktest.Eventually(t, "it waits", func() bool { return states(t, m)["person/1"] == "retrying " })
	worktest.Rests(t, w)
	h.change(func() { h.people, h.broken = nil, nil })
	p.Machine.Move(2 * time.Minute)
	worktest.Eventually(t, "it is dropped", func() bool { return states(t, m)["person/1"] == "dropped " })
	stop()
	if n := len(office.letters()); n != 0 || h.links != 0 {
		t.Error(n, h.links)
	}
}
