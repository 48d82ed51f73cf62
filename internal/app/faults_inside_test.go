package app

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"shingle/internal/account"
	"shingle/internal/act"
	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	"shingle/internal/cli"
	"shingle/internal/pgtest"
	"shingle/internal/record"
)

var errInjected = errors.New("injected fault")

// brittle is a database of which one statement fails, or one commit.
type brittle struct {
	record.Engine
	statement int  // the n-th from now fails, counted down; 0 never
	commit    int  // likewise
	done      bool // the commit that fails was done
}

func (b *brittle) Begin(ctx context.Context) (record.Tx, error) {
	tx, err := b.Engine.Begin(ctx)
	return &brittleTx{tx, b, nil}, err
}

type brittleTx struct {
	record.Tx
	b   *brittle
	err error
}

// fails counts down, and reports whether it is this one that fails.
func fails(n *int) bool {
	if *n == 0 {
		return false
	}
	*n--
	return *n == 0
}

func (t *brittleTx) Exec(query string, args ...any) {
	if fails(&t.b.statement) {
		t.err = errInjected
	}
	t.Tx.Exec(query, args...)
}

func (t *brittleTx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if fails(&t.b.statement) {
		t.err = errInjected
	}
	if t.err != nil {
		return nil, t.err
	}
	return t.Tx.Query(ctx, query, args...)
}

func (t *brittleTx) Before(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if fails(&t.b.statement) {
		t.err = errInjected
	}
	if t.err != nil {
		return nil, t.err
	}
	return t.Tx.Before(ctx, query, args...)
}

func (t *brittleTx) Commit(ctx context.Context) error {
	if t.err != nil {
		return t.err
	}
	if !fails(&t.b.commit) {
		return t.Tx.Commit(ctx)
	}
	if t.b.done {
		return errors.Join(errInjected, t.Tx.Commit(ctx))
	}
	return errInjected
}

// TestEveryStatementThatFailsLeavesAllOrNothing lets each statement and each commit fail in its turn, of an act
// with a new key, a public statement and a leaf, and of a token that is made and revoked, on both stores: what
// was refused can be asked for again and is done once, and the body is sound.
func TestEveryStatementThatFailsLeavesAllOrNothing(t *testing.T) {
	for store, place := range map[string]func(*testing.T) cli.Place{
		"SQLite": func(t *testing.T) cli.Place { return cli.Place{Data: filepath.Join(t.TempDir(), "body")} },
		"PostgreSQL": func(t *testing.T) cli.Place {
			return cli.Place{Data: filepath.Join(t.TempDir(), "body"), Database: pgtest.URL(t), Keys: pgtest.URL(t)}
		},
	} {
		t.Run(store, func(t *testing.T) {
			f := &fragile{t: t, at: place(t), engine: &brittle{}}
			if err := (House{}).Init(t.Context(), f.at, cli.InitBody{Name: "Fragile", Zone: "UTC", Web: "fragile.example"}); err != nil {
				t.Fatal(err)
			}
			f.open()
			f.must(f.do(t.Context(), governance.Open{}))
			failed := 0
			for _, arm := range []func(n int){
				func(n int) { f.engine.statement = n },
				func(n int) { f.engine.commit, f.engine.done = n, false },
				func(n int) { f.engine.commit, f.engine.done = n, true },
			} {
				for n := 1; ; n++ {
					arm(n)
					f.work()
					if f.engine.statement > 0 || f.engine.commit > 0 {
						break // there are no more
					}
					failed++
				}
				f.engine.statement, f.engine.commit = 0, 0
			}
			f.must(f.Close())
			if faults, err := (House{}).Check(t.Context(), f.at, nil); err != nil || len(faults) > 0 {
				t.Fatal(faults, err)
			}
			f.open()
			events, err := f.Record.Events(t.Context(), 0, 10_000)
			f.must(err)
			enrolled := map[string]int{}
			for _, e := range events {
				if e, ok := e.Event.(membership.Enrolled); ok {
					enrolled[e.Member]++
				}
			}
			for member, n := range enrolled {
				if n != 1 {
					t.Errorf("%s was enrolled %d times", member, n)
				}
			}
			if len(enrolled) != f.members || failed < 30 {
				t.Errorf("%d members of %d, %d faults", len(enrolled), f.members, failed)
			}
			f.must(f.Close())
			t.Logf("torture: failing-statements-on-%s=%d acknowledged=%d lost=0 twice=0", store, failed, f.members)
		})
	}
}

type fragile struct {
	*Body
	t       *testing.T
	at      cli.Place
	engine  *brittle
	members int
}

func (f *fragile) open() {
	f.t.Helper()
	var err error
	f.Body, err = openBody(context.Background(), opening{at: f.at, wrap: func(e record.Engine) record.Engine {
		f.engine.Engine = e
		return f.engine
	}})
	f.must(err)
}

func (f *fragile) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

// work enrols a member, makes a token and revokes it, and asks again for whatever fails.
func (f *fragile) work() {
	f.t.Helper()
	ctx := context.Background()
	f.members++
	number := fmt.Sprintf("F%04d", f.members)
	again := func(what string, do func() error) (failed error) {
		for try := 0; ; try++ {
			err := do()
			if err == nil {
				return failed
			}
			failed = err
			if !errors.Is(err, errInjected) || try > 3 {
				f.t.Fatalf("%s: %v", what, err)
			}
		}
	}
	again("enrolling", func() error {
		_, err := f.Record.Do(ctx, record.Request{Actor: "operator", Role: "operator", Key: number, Expect: -1, Command: membership.Enrol{
			Number: number, Name: "Member " + number, Domains: []string{number + ".example"}, Admitted: act.On(2020, 1, 1), ContactName: act.NewPersonal("", "Somebody"),
		}})
		return err
	})
	var secret string
	var token account.Token
	again("making a token", func() (err error) {
		secret, token, err = f.tokens.Create(ctx, account.Token{Name: number, Role: "auditor"}, time.Hour)
		return err
	})
	if _, err := f.tokens.Authenticate(ctx, secret); err != nil {
		f.t.Fatalf("the token that was made does not work: %v", err)
	}
	again("revoking it", func() error { return f.tokens.Revoke(ctx, token.ID) })
	if _, err := f.tokens.Authenticate(ctx, secret); !errors.Is(err, account.ErrUnknownToken) {
		f.t.Fatalf("the token that was revoked: %v", err)
	}
}
