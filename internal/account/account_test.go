package account_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"shingle/internal/account"
	"shingle/internal/act"
	"shingle/internal/pgtest"
	"shingle/internal/record"
	"shingle/internal/record/postgres"
	"shingle/internal/record/sqlite"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// house is a record with tokens, in a store, that can be opened by several processes.
type house struct {
	t     *testing.T
	open  func() (record.Engine, error)
	ahead *atomic.Int64 // nanoseconds that the clock is ahead
}

func onBoth(t *testing.T, test func(t *testing.T, h house)) {
	ctx := context.Background()
	t.Run("sqlite", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "shingle.db")
		test(t, house{t, func() (record.Engine, error) { return sqlite.Open(ctx, path) }, &atomic.Int64{}})
	})
	t.Run("postgres", func(t *testing.T) {
		address := pgtest.URL(t)
		test(t, house{t, func() (record.Engine, error) { return postgres.Open(ctx, address) }, &atomic.Int64{}})
	})
}

func (h house) now() time.Time { return time.Now().Add(time.Duration(h.ahead.Load())) }

func (h house) enter() (*account.Tokens, *record.Record) {
	h.t.Helper()
	ctx := context.Background()
	engine, err := h.open()
	must(h.t, err)
	must(h.t, engine.Migrate(ctx, "account", account.Migrations))
	r, err := record.Open(ctx, record.Options{Engine: engine, Catalogue: diary(), Now: h.now, Keys: noKeys{}})
	must(h.t, err)
	h.t.Cleanup(func() { _ = r.Close() })
	return account.New(r, mayHold), r
}

func mayHold(role, member string) error {
	if role != "registrar" && role != "representative" || (role == "representative") != (member != "") {
		return &act.BadField{Field: "role", Detail: "is not for this"}
	}
	return nil
}

func (h house) create(tokens *account.Tokens, name string) (string, account.Token) {
	h.t.Helper()
	secret, token, err := tokens.Create(context.Background(), account.Token{Name: name, Role: "registrar"}, time.Hour)
	must(h.t, err)
	return secret, token
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func is(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("got %v, want %v", err, want)
	}
}

func TestWhoeverHoldsATokenIsKnown(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		ctx := context.Background()
		tokens, _ := h.enter()
		secret, ada := h.create(tokens, "  Ada Byron ")
		if !strings.HasPrefix(secret, "shingle_") || len(secret) < 30 {
			t.Errorf("the secret is %q", secret)
		}
		if ada.Name != "Ada Byron" || ada.Role != "registrar" || ada.Actor() != "token/"+ada.ID || strings.Contains(secret, ada.ID) {
			t.Errorf("made %+v", ada)
		}
		bobs, bob, err := tokens.Create(ctx, account.Token{Name: "Bob", Role: "representative", Member: "0042"}, time.Hour)
		must(t, err)
		for range 2 { // from the database, and from memory
			got, err := tokens.Authenticate(ctx, secret)
			must(t, err)
			if got != ada {
				t.Errorf("got %+v, want %+v", got, ada)
			}
			got, err = tokens.Authenticate(ctx, bobs)
			must(t, err)
			if got != bob {
				t.Errorf("got %+v, want %+v", got, bob)
			}
		}
		list, err := tokens.List(ctx)
		must(t, err)
		if len(list) != 2 || list[0] != bob || list[1] != ada {
			t.Errorf("listed %+v", list)
		}
	})
}

func TestWhatIsNoTokenIsUnknown(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		tokens, _ := h.enter()
		secret, token := h.create(tokens, "Ada")
		for _, wrong := range []string{
			"", "shingle_", token.ID, strings.TrimPrefix(secret, "shingle_"), secret + "A", secret[:len(secret)-1],
			strings.ToLower(secret), " " + secret, "shingle_" + strings.Repeat("A", 1<<20), "shingle_\x00\xff", "shingle_' OR 1=1 --",
		} {
			_, err := tokens.Authenticate(context.Background(), wrong)
			is(t, err, account.ErrUnknownToken)
		}
	})
}

func TestARevokedTokenFailsAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		ctx := context.Background()
		tokens, _ := h.enter()
		secret, token := h.create(tokens, "Ada")
		others, _ := h.create(tokens, "Bob")
		_, err := tokens.Authenticate(ctx, secret)
		must(t, err)
		must(t, tokens.Revoke(ctx, token.ID))
		_, err = tokens.Authenticate(ctx, secret)
		is(t, err, account.ErrUnknownToken)
		_, err = tokens.Authenticate(ctx, others)
		must(t, err)
		must(t, tokens.Revoke(ctx, token.ID))
		is(t, tokens.Revoke(ctx, "nobody"), account.ErrNotFound)
		list, err := tokens.List(ctx)
		must(t, err)
		if len(list) != 1 || list[0].Name != "Bob" {
			t.Errorf("listed %+v", list)
		}
	})
}

func TestATokenRevokedByAnotherProcessFailsWithinASecond(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		ctx := context.Background()
		here, _ := h.enter()
		there, _ := h.enter()
		secret, token := h.create(here, "Ada")
		_, err := there.Authenticate(ctx, secret)
		must(t, err)
		must(t, here.Revoke(ctx, token.ID))
		revoked := time.Now()
		for {
			_, err := there.Authenticate(ctx, secret)
			if errors.Is(err, account.ErrUnknownToken) {
				return
			}
			must(t, err)
			if time.Since(revoked) > 1500*time.Millisecond {
				t.Fatal("the token still works")
			}
			time.Sleep(50 * time.Millisecond)
		}
	})
}

func TestATokenExpiresByTheBodysClock(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		ctx := context.Background()
		tokens, _ := h.enter()
		secret, _ := h.create(tokens, "Ada")
		_, err := tokens.Authenticate(ctx, secret)
		must(t, err)
		h.ahead.Store(int64(time.Hour))
		_, err = tokens.Authenticate(ctx, secret)
		is(t, err, account.ErrUnknownToken)
		if list, err := tokens.List(ctx); err != nil || len(list) != 0 {
			t.Errorf("listed %+v, %v", list, err)
		}
	})
}

func TestWhatATokenIsMadeForIsChecked(t *testing.T) {
	h := house{t, func() (record.Engine, error) {
		return sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "shingle.db"))
	}, &atomic.Int64{}}
	tokens, _ := h.enter()
	for _, c := range []struct {
		field string
		of    account.Token
		life  time.Duration
	}{
		{"name", account.Token{Name: " ", Role: "registrar"}, time.Hour},
		{"name", account.Token{Name: "two\nlines", Role: "registrar"}, time.Hour},
		{"name", account.Token{Name: "\xff", Role: "registrar"}, time.Hour},
		{"name", account.Token{Name: strings.Repeat("é", 201), Role: "registrar"}, time.Hour},
		{"expires", account.Token{Name: "Ada", Role: "registrar"}, 0},
		{"expires", account.Token{Name: "Ada", Role: "registrar"}, -time.Second},
		{"role", account.Token{Name: "Ada", Role: "operator"}, time.Hour},
		{"role", account.Token{Name: "Ada", Role: "representative"}, time.Hour},
	} {
		_, _, err := tokens.Create(context.Background(), c.of, c.life)
		var bad *act.BadField
		if !errors.As(err, &bad) || bad.Field != c.field {
			t.Errorf("%+v: %v", c.of, err)
		}
	}
	if list, err := tokens.List(context.Background()); err != nil || len(list) != 0 {
		t.Errorf("listed %+v, %v", list, err)
	}
}

func TestOnlyTheHashIsOnDisk(t *testing.T) {
	dir := t.TempDir()
	h := house{t, func() (record.Engine, error) {
		return sqlite.Open(context.Background(), filepath.Join(dir, "shingle.db"))
	}, &atomic.Int64{}}
	tokens, _ := h.enter()
	secret, token := h.create(tokens, "CANARY-Ada")
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	must(t, err)
	var all []byte
	for _, file := range files {
		content, err := os.ReadFile(file)
		must(t, err)
		all = append(all, content...)
	}
	if !bytes.Contains(all, []byte("CANARY-Ada")) {
		t.Fatal("the test does not see what it looks for")
	}
	if bytes.Contains(all, []byte(strings.TrimPrefix(secret, "shingle_"))) {
		t.Error("the secret is on disk")
	}
	if printed := fmt.Sprintf("%+v", token); strings.Contains(printed, secret) {
		t.Error(printed)
	}
}

// Tokens share the record's one writer: acts go on while tokens come and go.
func TestTokensAndActsDoNotDisturbEachOther(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		ctx := context.Background()
		tokens, r := h.enter()
		var wg sync.WaitGroup
		for g := range 4 {
			wg.Go(func() {
				for i := range 15 {
					if _, err := r.Do(ctx, record.Request{Command: write{fmt.Sprint(g, i)}, Actor: "operator", Expect: -1}); err != nil {
						t.Error(err)
					}
				}
			})
			wg.Go(func() {
				for range 8 {
					secret, token, err := tokens.Create(ctx, account.Token{Name: "Ada", Role: "registrar"}, time.Hour)
					if err != nil {
						t.Error(err)
						return
					}
					if _, err := tokens.Authenticate(ctx, secret); err != nil {
						t.Error(err)
					}
					if err := tokens.Revoke(ctx, token.ID); err != nil {
						t.Error(err)
					}
					if _, err := tokens.Authenticate(ctx, secret); !errors.Is(err, account.ErrUnknownToken) {
						t.Errorf("after its revocation: %v", err)
					}
				}
			})
		}
		wg.Wait()
		if r.Position() != 60 {
			t.Errorf("the record is at %d", r.Position())
		}
		must(t, record.Verify(ctx, r.Engine, r.Catalogue, nil))
	})
}

// diary is the least that a record can be about.
func diary() *act.Catalogue {
	pages := act.NewStream("diary", func(n int, _ act.Event) int { return n + 1 }, act.EventOf[written]("diary.written"))
	return act.NewCatalogue([]act.Domain{{Streams: []*act.Stream{pages}, Acts: []*act.Act{
		act.Define(pages, "diary.write", "Write a line.", func(write, act.Meta) act.Target { return act.To("") },
			func(_ int, _ act.None, c write, _ act.Meta) ([]act.Event, error) { return []act.Event{written(c)}, nil }),
	}}}, nil, nil, nil)
}

type write struct {
	Line string `json:"line"`
}

type written struct {
	Line string `json:"line"`
}

// noKeys are the keys of a record without private values.
type noKeys struct{}

func (noKeys) Seal(string, string) ([]byte, error) { return nil, errors.New("nothing is private here") }
func (noKeys) Digest(text []byte) ([]byte, error) {
	mac := hmac.New(sha256.New, []byte("the body's"))
	_, _ = mac.Write(text) // never fails, see hash.Hash
	return mac.Sum(nil), nil
}
func (noKeys) Sync() error                         { return nil }
func (noKeys) Open(string, []byte) (string, error) { return "", errors.New("nothing is private here") }

func TestSomebodyWithTwoTokensIsOnePerson(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		tokens, _ := h.enter()
		_, first := h.create(tokens, "Zoë Byron")
		must(t, tokens.Revoke(context.Background(), first.ID))
		secret, second := h.create(tokens, "  ZOË  Byron ")
		_, other := h.create(tokens, "Zoë Byrom")
		if first.Person() != "token/"+first.ID || second.Person() != first.Person() || second.Actor() == first.Actor() || other.Person() == first.Person() {
			t.Errorf("they are held by %s, %s and %s", first.Person(), second.Person(), other.Person())
		}
		if got, err := tokens.Authenticate(context.Background(), secret); err != nil || got.Person() != first.Person() {
			t.Errorf("%+v: %v", got, err)
		}
	})
}

func BenchmarkAuthenticate(b *testing.B) {
	ctx := context.Background()
	engine, err := sqlite.Open(ctx, filepath.Join(b.TempDir(), "shingle.db"))
	if err != nil {
		b.Fatal(err)
	}
	if err := engine.Migrate(ctx, "account", account.Migrations); err != nil {
		b.Fatal(err)
	}
	r, err := record.Open(ctx, record.Options{Engine: engine, Catalogue: diary(), Keys: noKeys{}})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	tokens := account.New(r, mayHold)
	secret, _, err := tokens.Create(ctx, account.Token{Name: "Ada", Role: "registrar"}, time.Hour)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := tokens.Authenticate(ctx, secret); err != nil {
			b.Fatal(err)
		}
	}
}
