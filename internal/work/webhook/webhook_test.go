package webhook_test

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"shingle/internal/act"
	"shingle/internal/outbound"
	"shingle/internal/pgtest"
	"shingle/internal/record"
	"shingle/internal/work"
	"shingle/internal/work/webhook"
	"shingle/internal/work/worktest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

const canary = "canarybird"

// receiver is somebody's program that takes messages.
type receiver struct {
	*httptest.Server
	mu       sync.Mutex
	got      []message
	answer   int
	location string
}

type message struct {
	header http.Header
	body   []byte
}

func receive(t *testing.T) *receiver {
	r := &receiver{answer: http.StatusNoContent}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		r.mu.Lock()
		defer r.mu.Unlock()
		if err == nil && req.Method == http.MethodPost {
			r.got = append(r.got, message{req.Header, body})
		}
		if r.location != "" {
			w.Header().Set("Location", r.location)
		}
		w.WriteHeader(r.answer)
		_, _ = io.WriteString(w, strings.Repeat(canary, 1000))
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) answers(status int) { r.mu.Lock(); defer r.mu.Unlock(); r.answer = status }

func (r *receiver) messages() []message {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]message{}, r.got...)
}

// house is a body in which each note says what it is told as: "TYPE MEMBER".
type house struct {
	mu     sync.Mutex
	opened time.Time // of the register
}

func tell(e act.Recorded) (m webhook.Message, ok bool) {
	typ, member, ok := strings.Cut(e.Event.(worktest.Noted).Text, " ")
	return webhook.Message{Type: typ, Timestamp: e.At, Data: webhook.Data{Member: member, Position: e.Position}}, ok
}

func begin(p *worktest.Place, h *house, r *record.Record) (*webhook.Hooks, *work.Work, func()) {
	store := p.Store()
	hooks := webhook.New(webhook.Config{
		Record: r, Store: store, Keys: worktest.Keys, About: tell, Machine: p.Machine.Now, Reach: outbound.Loopback, Log: p.Log.Logger(),
		Public: func(_ context.Context, at time.Time) (bool, error) {
			h.mu.Lock()
			defer h.mu.Unlock()
			return !at.Before(h.opened), nil
		},
	})
	workers := river.NewWorkers()
	hooks.AddTo(workers)
	w, stop := p.Begin(work.Config{Store: store, Record: r, Workers: workers, Queues: map[string]int{webhook.Queue: 4}, Followers: []work.Follower{hooks.Follower()}, Rounds: []work.Round{hooks.Round()}})
	return hooks, w, stop
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// verify checks a message's signatures: v1 by the specification's own library, v1a by the text of it.
func verify(t *testing.T, m message, secret, public string) {
	t.Helper()
	theirs, err := standardwebhooks.NewWebhook(secret)
	must(t, err)
	if err := theirs.VerifyIgnoringTimestamp(m.body, m.header); err != nil {
		t.Error(err)
	}
	if err := theirs.VerifyIgnoringTimestamp(append(m.body, ' '), m.header); err == nil {
		t.Error("another body is as good")
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(public, "whpk_"))
	must(t, err)
	signed := []byte(m.header.Get("webhook-id") + "." + m.header.Get("webhook-timestamp") + "." + string(m.body))
	found := false
	for _, s := range strings.Fields(m.header.Get("webhook-signature")) {
		if text, ok := strings.CutPrefix(s, "v1a,"); ok {
			signature, err := base64.StdEncoding.DecodeString(text)
			found = err == nil && ed25519.Verify(key, signed, signature)
		}
	}
	if !found {
		t.Errorf("v1a: %s", m.header.Get("webhook-signature"))
	}
}

// TestWhatIsPublicIsToldSignedAndOnce tells two endpoints what they asked for, starts anew, and looks for what
// is secret in all that is kept.
func TestWhatIsPublicIsToldSignedAndOnce(t *testing.T) {
	worktest.OnBoth(t, func(t *testing.T, p *worktest.Place) {
		one, all := receive(t), receive(t)
		h := &house{opened: p.Clock.Now().Add(time.Hour)}
		r := p.Record()
		hooks, _, stop := begin(p, h, r)
		worktest.Write(t, r, "member.standing 0001") // before anybody asked
		first, secret, err := hooks.Register(t.Context(), one.URL+"/hook?token="+canary, []string{webhook.Standing, webhook.Standing}, "person/0001")
		must(t, err)
		second, other, err := hooks.Register(t.Context(), all.URL, nil, "person/0001")
		must(t, err)
		if !strings.HasPrefix(secret, "whsec_") || !strings.HasPrefix(first.Public, "whpk_") || secret == other || first.Public == second.Public {
			t.Error(secret, first, other, second)
		}
		worktest.Write(t, r, "member.standing 0002") // while the register is closed
		worktest.Eventually(t, "both are passed over", func() bool { return cursor(t, p, r) })
		p.Clock.Move(time.Hour)
		worktest.Write(t, r, "nothing-to-tell", "member.standing 0042", "code.adopted 2027")
		worktest.Eventually(t, "all is told", func() bool { return len(one.messages()) == 1 && len(all.messages()) == 2 })
		worktest.Eventually(t, "and noted", func() bool {
			d, err := hooks.Deliveries(t.Context(), "", webhook.Delivery{}, 100)
			return err == nil && len(d) == 3 && d[0].State == webhook.Delivered && d[1].State == webhook.Delivered && d[2].State == webhook.Delivered
		})
		stop()
		got := one.messages()[0]
		verify(t, got, secret, first.Public)
		theirs, err := standardwebhooks.NewWebhook(secret)
		must(t, err)
		if err := theirs.Verify(got.body, got.header); err != nil {
			t.Errorf("with the time: %v", err)
		}
		var m map[string]any
		must(t, json.Unmarshal(got.body, &m))
		want := map[string]any{"type": "member.standing", "timestamp": "2027-03-01T13:00:00Z", "data": map[string]any{"member": "0042", "position": 4.0}}
		if fmt.Sprint(m) != fmt.Sprint(want) || got.header.Get("content-type") != "application/json" {
			t.Errorf("%s", got.body)
		}
		for _, m := range all.messages() {
			verify(t, m, other, second.Public)
		}
		// A restart, and in a folder the loss of the jobs: what is told again has the same id.
		ids := map[string]bool{}
		if p.File != "" {
			must(t, os.Remove(p.File))
		}
		hooks, _, stop = begin(p, h, r)
		worktest.Write(t, r, "member.standing 0043")
		worktest.Eventually(t, "the new one is told", func() bool {
			d, err := hooks.Deliveries(t.Context(), first.ID, webhook.Delivery{}, 100)
			return err == nil && len(d) == 2 && d[0].State == webhook.Delivered && d[1].State == webhook.Delivered
		})
		stop()
		for _, m := range one.messages() {
			ids[m.header.Get("webhook-id")] = true
		}
		if len(ids) != 2 {
			t.Errorf("ids: %v", ids)
		}
		kept := p.Log.String()
		if p.File != "" {
			for _, name := range []string{"work.db", "work.db-wal", "shingle.db", "shingle.db-wal"} {
				b, err := os.ReadFile(filepath.Join(filepath.Dir(p.File), name))
				if err != nil && !errors.Is(err, os.ErrNotExist) {
					t.Fatal(err)
				}
				if strings.HasPrefix(name, "work") && strings.Contains(string(b), canary) {
					t.Errorf("%s holds an address", name)
				}
				kept += string(b)
			}
		}
		raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
		must(t, err)
		if strings.Contains(p.Log.String(), canary) || strings.Contains(kept, strings.TrimPrefix(secret, "whsec_")) || strings.Contains(kept, string(raw)) {
			t.Error("a secret is kept in the clear")
		}
	})
}

// cursor reports whether all that is recorded was taken.
func cursor(t *testing.T, p *worktest.Place, r *record.Record) bool {
	t.Helper()
	s := p.Store()
	defer func() { _ = s.Close() }()
	var at int64
	err := s.DB().QueryRowContext(t.Context(), "SELECT at FROM work_cursor WHERE name = 'webhooks'").Scan(&at)
	return err == nil && at == r.Position()
}

// TestWhoTakesNothingForThreeDaysIsDisabled lets ten tries fail, as the days go by.
func TestWhoTakesNothingForThreeDaysIsDisabled(t *testing.T) {
	// On one store, for the time that it takes.
	p := worktest.InFolder(t)
	them := receive(t)
	them.answers(http.StatusInternalServerError)
	r := p.Record()
	hooks, w, stop := begin(p, &house{}, r)
	e, secret, err := hooks.Register(t.Context(), them.URL, nil, "person/0001")
	must(t, err)
	worktest.Write(t, r, "member.standing 0042")
	began := p.Machine.Now()
	delivery := func() webhook.Delivery {
		all, err := hooks.Deliveries(t.Context(), e.ID, webhook.Delivery{}, 10)
		must(t, err)
		if len(all) == 0 {
			return webhook.Delivery{}
		}
		return all[0]
	}
	for try := int64(1); try <= 10; try++ {
		worktest.Eventually(t, fmt.Sprintf("try %d", try), func() bool { return delivery().Attempts == try })
		if try < 10 {
			if d := delivery(); d.State != webhook.Retrying || d.Status != 500 || d.Says != "it answered 500" {
				t.Fatalf("%+v", d)
			}
			if time.Duration(try) == 9 && p.Machine.Now().Sub(began) < 2*24*time.Hour {
				t.Errorf("the ninth try came after %s", p.Machine.Now().Sub(began))
			}
			worktest.Rests(t, w)
			p.Machine.Move([]time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour}[try-1])
		}
	}
	disabled := func() bool {
		all, err := hooks.Endpoints(t.Context())
		return err == nil && len(all) == 1 && !all[0].Disabled.IsZero()
	}
	worktest.Eventually(t, "the endpoint is disabled", disabled)
	if d := delivery(); d.State != webhook.Failed || p.Machine.Now().Sub(began) < 3*24*time.Hour {
		t.Errorf("%+v after %s", d, p.Machine.Now().Sub(began))
	}
	worktest.Write(t, r, "member.standing 0043") // is not told
	them.answers(http.StatusOK)
	must(t, hooks.Enable(t.Context(), e.ID))
	must(t, hooks.Resend(t.Context(), w, e.ID, 1))
	worktest.Eventually(t, "it is sent again by hand", func() bool { return delivery().State == webhook.Delivered })
	stop()
	got := them.messages()
	if len(got) < 11 { // a job that ends as the clock leaps may be taken for stuck, and be done once more
		t.Errorf("%d messages", len(got))
	}
	for _, m := range got {
		if m.header.Get("webhook-id") != got[0].header.Get("webhook-id") || string(m.body) != string(got[0].body) {
			t.Errorf("%s: %s", m.header.Get("webhook-id"), m.body)
		}
	}
	verify(t, got[len(got)-1], secret, e.Public)
	if n, err := hooks.Endpoints(t.Context()); err != nil || n[0].Says != "" {
		t.Error(n, err)
	}
	// What came of it is forgotten after 30 days.
	p.Machine.Move(webhook.Kept + time.Hour)
	p.Clock.Move(2 * time.Hour)
	hooks, _, stop = begin(p, &house{}, r)
	worktest.Eventually(t, "it is forgotten", func() bool { return delivery().Attempts == 0 })
	stop()
}

func TestAnswersThatEndIt(t *testing.T) {
	p := worktest.InFolder(t)
	r := p.Record()
	hooks, w, stop := begin(p, &house{}, r)
	defer stop()
	gone, moved := receive(t), receive(t)
	gone.answers(http.StatusGone)
	moved.answers(http.StatusFound)
	moved.location = gone.URL
	one, old, err := hooks.Register(t.Context(), gone.URL, nil, "person/0001")
	must(t, err)
	two, _, err := hooks.Register(t.Context(), moved.URL, nil, "person/0001")
	must(t, err)
	fresh, err := hooks.Rotate(t.Context(), one.ID)
	must(t, err)
	if fresh == old {
		t.Error("the same secret")
	}
	worktest.Write(t, r, "member.standing 0042")
	worktest.Eventually(t, "one is gone and one has moved", func() bool {
		first, err := hooks.Endpoint(t.Context(), one.ID)
		must(t, err)
		second, err := hooks.Endpoint(t.Context(), two.ID)
		must(t, err)
		d, err := hooks.Deliveries(t.Context(), two.ID, webhook.Delivery{}, 1)
		must(t, err)
		return !first.Disabled.IsZero() && second.Disabled.IsZero() && len(d) == 1 && strings.HasPrefix(d[0].Says, "it answered 302, which leads elsewhere")
	})
	if n := len(gone.messages()); n != 1 {
		t.Errorf("%d messages: a redirect was followed", n)
	}
	verify(t, gone.messages()[0], fresh, one.Public)
	verify(t, gone.messages()[0], old, one.Public) // for a day
	for _, err := range []error{hooks.Resend(t.Context(), w, "nobody", 1), hooks.Resend(t.Context(), w, two.ID, 99), hooks.Remove(t.Context(), "nobody"), hooks.Enable(t.Context(), "nobody")} {
		if !errors.Is(err, webhook.ErrNotFound) {
			t.Errorf("got %v", err)
		}
	}
	must(t, hooks.Remove(t.Context(), two.ID))
	if all, err := hooks.Endpoints(t.Context()); err != nil || len(all) != 1 {
		t.Error(all, err)
	}
}

func TestAddressesThatAreNotCalledAreNotKept(t *testing.T) {
	p := worktest.InFolder(t)
	r := p.Record()
	hooks := webhook.New(webhook.Config{Record: r, Keys: worktest.Keys, Machine: p.Machine.Now, Log: p.Log.Logger()})
	for _, url := range []string{"", "http://example.org/", "https://127.0.0.1/", "https://169.254.169.254/", "https://[::ffff:10.0.0.1]/", "https://localhost/", "https://u:p@example.org/", "ftp://example.org", "example.org"} {
		_, _, err := hooks.Register(t.Context(), url, nil, "x")
		var bad *act.BadField
		if !errors.As(err, &bad) || bad.Field != "url" {
			t.Errorf("%s: %v", url, err)
		}
	}
	var bad *act.BadField
	if _, _, err := hooks.Register(t.Context(), "https://example.org/", []string{"everything"}, "x"); !errors.As(err, &bad) || bad.Field != "types" {
		t.Error(err)
	}
	if all, err := hooks.Endpoints(t.Context()); err != nil || len(all) != 0 {
		t.Error(all, err)
	}
}
