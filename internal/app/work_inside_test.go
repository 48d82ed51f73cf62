package app

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"shingle/internal/act"
	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	"shingle/internal/cli"
	"shingle/internal/pgtest"
	"shingle/internal/record"
	"shingle/internal/work/mail"
	"shingle/internal/work/webhook"
)

// TestStandingIsToldOnceTheRegisterIsOpen runs a body's real acts and its real jobs, on both databases, and
// takes the messages that follow.
func TestStandingIsToldOnceTheRegisterIsOpen(t *testing.T) {
	for _, database := range []string{"sqlite", "postgres"} {
		t.Run(database, func(t *testing.T) {
			at := cli.Place{Data: filepath.Join(t.TempDir(), "body")}
			if database == "postgres" {
				at.Database = pgtest.URL(t)
			}
			must := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			must(makePlace(t.Context(), at, stamp{role: "body", web: "demo.example", demo: true}, func(b *Body) error {
				_, err := b.Record.Do(t.Context(), record.Request{Command: governance.Found{Name: "Demo", Zone: "UTC", Web: "demo.example"}, Actor: "operator", Role: "operator", Expect: -1})
				return err
			}))
			b, err := openBody(t.Context(), opening{at: at})
			must(err)
			defer func() { must(b.Close()) }()
			do := func(cmd any) {
				t.Helper()
				_, err := b.Record.Do(t.Context(), record.Request{Command: cmd, Actor: "operator", Role: "operator", Expect: -1})
				must(err)
			}
			if b.sendLetter(t.Context(), mail.Letter{}) != errNotWorking {
				t.Error("letters are taken while nobody serves")
			}
			ctx, stop := context.WithCancel(t.Context())
			var done sync.WaitGroup
			done.Go(b.worker(ctx, service{at: at}))
			defer done.Wait()
			defer stop()
			eventually := func(what string, holds func() bool) {
				t.Helper()
				for until := time.Now().Add(time.Minute); !holds(); time.Sleep(20 * time.Millisecond) {
					if time.Now().After(until) {
						t.Fatal("it never came about: ", what)
					}
				}
			}
			eventually("jobs are done", func() bool { return b.working.Load() != nil })
			var mu sync.Mutex
			var told []string
			var secret string
			them := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				mu.Lock()
				defer mu.Unlock()
				theirs, err := standardwebhooks.NewWebhook(secret)
				if err == nil {
					err = theirs.Verify(body, r.Header)
				}
				if err != nil {
					t.Error(err)
				}
				told = append(told, string(body))
			}))
			defer them.Close()
			hooks := b.working.Load().hooks
			mu.Lock()
			_, secret, err = hooks.Register(t.Context(), them.URL, nil, "operator")
			mu.Unlock()
			must(err)
			do(membership.Enrol{Number: "0001", Name: "Secretly A Member", Admitted: act.DateIn(time.Now(), time.UTC)})
			do(governance.Open{})
			do(membership.Enrol{Number: "0002", Name: "Two", Admitted: act.DateIn(time.Now(), time.UTC)})
			do(membership.Withdraw{Member: "0002"})
			eventually("the second is told of", func() bool {
				mu.Lock()
				defer mu.Unlock()
				return slices.ContainsFunc(told, func(s string) bool { return strings.Contains(s, `"member":"0002"`) })
			})
			eventually("and that is noted", func() bool {
				d, err := hooks.Deliveries(t.Context(), "", webhook.Delivery{}, 100)
				must(err)
				return len(d) > 0 && d[0].State == webhook.Delivered
			})
			mu.Lock()
			defer mu.Unlock()
			for _, m := range told {
				if !strings.HasPrefix(m, `{"type":"member.standing","timestamp":"`) || strings.Contains(m, "Two") || strings.Contains(m, "Secretly") {
					t.Error(m)
				}
			}
		})
	}
}
