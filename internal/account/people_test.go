package account_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"shingle/internal/account"
	"shingle/internal/act"
	"shingle/internal/record"
	"shingle/internal/record/sqlite"
	"shingle/internal/web/webtest"
)

const (
	host   = "guild.example"
	origin = "https://guild.example"
	ada    = "person/0007"
	bob    = "person/0008"
)

// register is who holds what, as a register would say it.
type register struct {
	mu    sync.Mutex
	roles map[string][]account.Role
}

func (r *register) set(person string, roles ...account.Role) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.roles[person] = roles
}

func (r *register) Roles(_ context.Context, person string) ([]account.Role, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	roles, ok := r.roles[person]
	if !ok {
		return nil, account.ErrNoPerson
	}
	return roles, nil
}

// desk is the accounts of a body with two people: Ada, and Bob.
type desk struct {
	house
	*account.Accounts
	*register
	record *record.Record
	ctx    context.Context
}

func people(t *testing.T, test func(t *testing.T, d desk)) {
	onBoth(t, func(t *testing.T, h house) {
		test(t, h.people(&register{roles: map[string][]account.Role{ada: nil, bob: nil}}))
	})
}

func (h house) people(who *register) desk {
	h.t.Helper()
	_, r := h.enter()
	a, err := account.ForPeople(account.Config{Record: r, Roles: who.Roles, Host: host, Origins: []string{origin}})
	must(h.t, err)
	return desk{h, a, who, r, context.Background()}
}

func (d desk) pass(by time.Duration) { d.ahead.Add(int64(by)) }

// enrol gives somebody a passkey.
func (d desk) enrol(person string) *webtest.Authenticator {
	d.t.Helper()
	key := webtest.NewAuthenticator(d.t, origin, host)
	who := account.Enrolling{Person: person, Name: "Ada Byron", Email: "ada@acme.example"}
	options, ceremony, err := d.BeginEnrol(d.ctx, who)
	must(d.t, err)
	_, err = d.FinishEnrol(d.ctx, who, ceremony, key.Create(options), " Laptop ")
	must(d.t, err)
	return key
}

// use signs in with a passkey.
func (d desk) use(key *webtest.Authenticator) (account.Passkey, error) {
	d.t.Helper()
	options, ceremony, err := d.BeginSignIn(d.ctx)
	must(d.t, err)
	return d.FinishSignIn(d.ctx, ceremony, key.Get(options))
}

func (d desk) open(o account.Opening) (string, account.Session) {
	d.t.Helper()
	secret, s, err := d.Open(d.ctx, o)
	must(d.t, err)
	return secret, s
}

// over fails the test unless a session has ended.
func (d desk) over(secret string) {
	d.t.Helper()
	s, err := d.Session(d.ctx, secret)
	var ended *account.Ended
	if !errors.As(err, &ended) || ended.Reason == "" {
		d.t.Fatalf("the session %+v goes on: %v", s, err)
	}
}

func (d desk) on(secret string) account.Session {
	d.t.Helper()
	s, err := d.Session(d.ctx, secret)
	must(d.t, err)
	return s
}

func TestAPasskeyIsEnrolledAndUsed(t *testing.T) {
	people(t, func(t *testing.T, d desk) {
		key := d.enrol(ada)
		list, err := d.Passkeys(d.ctx, ada)
		must(t, err)
		if len(list) != 1 || list[0].Label != "Laptop" || list[0].Person != ada || list[0].Made.IsZero() || !list[0].Used.IsZero() {
			t.Errorf("there are %+v", list)
		}
		for range 2 {
			used, err := d.use(key)
			must(t, err)
			if used.Person != ada || used.ID != list[0].ID || used.Label != "Laptop" {
				t.Errorf("used %+v", used)
			}
		}
		list, err = d.Passkeys(d.ctx, ada)
		must(t, err)
		if list[0].Used.IsZero() {
			t.Error("nobody noted that it was used")
		}
		if none, err := d.Passkeys(d.ctx, bob); err != nil || len(none) > 0 {
			t.Errorf("Bob has %v, %v", none, err)
		}
	})
}

func TestWhatProvesNothingIsRefused(t *testing.T) {
	people(t, func(t *testing.T, d desk) {
		key := d.enrol(ada)
		try := func(name string, want error, change func(a *webtest.Authenticator)) {
			t.Helper()
			other := key.Copy()
			change(other)
			_, err := d.use(other)
			if !errors.Is(err, want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		try("another site", account.ErrWrongPasskey, func(a *webtest.Authenticator) { a.Origin = "https://evil.example" })
		try("another host", account.ErrWrongPasskey, func(a *webtest.Authenticator) { a.Host = "evil.example" })
		try("nobody shown", account.ErrWrongPasskey, func(a *webtest.Authenticator) { a.Unverified = true })

		stranger := webtest.NewAuthenticator(t, origin, host)
		options, _, err := d.BeginEnrol(d.ctx, account.Enrolling{Person: bob, Name: "Bob", Email: "bob@acme.example"})
		must(t, err)
		stranger.Create(options)
		_, err = d.use(stranger)
		is(t, err, account.ErrWrongPasskey)

		// An answer to one question is no answer to another, and none is given twice.
		first, _, err := d.BeginSignIn(d.ctx)
		must(t, err)
		_, second, err := d.BeginSignIn(d.ctx)
		must(t, err)
		_, err = d.FinishSignIn(d.ctx, second, key.Get(first))
		is(t, err, account.ErrWrongPasskey)
		options, ceremony, err := d.BeginSignIn(d.ctx)
		must(t, err)
		answer := key.Get(options)
		_, err = d.FinishSignIn(d.ctx, ceremony, answer)
		must(t, err)
		_, err = d.FinishSignIn(d.ctx, ceremony, answer)
		is(t, err, account.ErrExpired)
		options, ceremony, err = d.BeginSignIn(d.ctx)
		must(t, err)
		d.pass(5 * time.Minute)
		_, err = d.FinishSignIn(d.ctx, ceremony, key.Get(options))
		is(t, err, account.ErrExpired)

		for _, text := range []string{"", "{}", "null", "[]", `{"id":"AA","rawId":"AA","type":"public-key","response":{}}`, string(answer[:len(answer)/2]), "\xff\x00"} {
			_, ceremony, err := d.BeginSignIn(d.ctx)
			must(t, err)
			_, err = d.FinishSignIn(d.ctx, ceremony, []byte(text))
			is(t, err, account.ErrWrongPasskey)
			who := account.Enrolling{Person: bob, Name: "Bob", Email: "bob@acme.example"}
			_, ceremony, err = d.BeginEnrol(d.ctx, who)
			must(t, err)
			_, err = d.FinishEnrol(d.ctx, who, ceremony, []byte(text), "")
			is(t, err, account.ErrWrongPasskey)
		}
	})
}

func TestACeremonyIsOfWhoeverBeganIt(t *testing.T) {
	people(t, func(t *testing.T, d desk) {
		key := d.enrol(ada)
		d.enrol(bob)
		options, ceremony, err := d.BeginProof(d.ctx, ada)
		must(t, err)
		is(t, d.FinishProof(d.ctx, bob, ceremony, key.Get(options)), account.ErrExpired)
		options, ceremony, err = d.BeginProof(d.ctx, bob)
		must(t, err)
		is(t, d.FinishProof(d.ctx, bob, ceremony, key.Get(options)), account.ErrWrongPasskey)
		options, ceremony, err = d.BeginProof(d.ctx, ada)
		must(t, err)
		_, err = d.FinishSignIn(d.ctx, ceremony, key.Get(options))
		is(t, err, account.ErrExpired)
		options, ceremony, err = d.BeginProof(d.ctx, ada)
		must(t, err)
		must(t, d.FinishProof(d.ctx, ada, ceremony, key.Get(options)))
		options, ceremony, err = d.BeginEnrol(d.ctx, account.Enrolling{Person: ada, Email: "ada@acme.example"})
		must(t, err)
		_, err = d.FinishEnrol(d.ctx, account.Enrolling{Person: bob, Email: "bob@acme.example"}, ceremony, webtest.NewAuthenticator(t, origin, host).Create(options), "")
		is(t, err, account.ErrExpired)
	})
}

func TestACopiedPasskeyWorksNoMore(t *testing.T) {
	people(t, func(t *testing.T, d desk) {
		key := d.enrol(ada)
		stolen := key.Copy()
		for range 3 {
			_, err := d.use(key)
			must(t, err)
		}
		used, err := d.use(stolen)
		is(t, err, account.ErrCopied)
		if used.Person != ada {
			t.Errorf("it is %+v's", used)
		}
		_, err = d.use(key) // nobody can tell which of them it is
		is(t, err, account.ErrCopied)
		list, err := d.Passkeys(d.ctx, ada)
		must(t, err)
		if !list[0].Copied {
			t.Error("nobody is told")
		}
	})
}

func TestALabelIsOneLine(t *testing.T) {
	people(t, func(t *testing.T, d desk) {
		who := account.Enrolling{Person: ada, Name: "Ada", Email: "ada@acme.example"}
		options, ceremony, err := d.BeginEnrol(d.ctx, who)
		must(t, err)
		answer := webtest.NewAuthenticator(t, origin, host).Create(options)
		for _, label := range []string{"a\nb", strings.Repeat("x", 61), "a\x00", "\xff"} {
			_, err := d.FinishEnrol(d.ctx, who, ceremony, answer, label)
			var bad *act.BadField
			if !errors.As(err, &bad) || bad.Field != "label" {
				t.Errorf("%q: %v", label, err)
			}
		}
		p, err := d.FinishEnrol(d.ctx, who, ceremony, answer, "")
		must(t, err)
		if p.Label != "Passkey" {
			t.Errorf("it is called %q", p.Label)
		}
	})
}

func TestTheLastPasskeyStays(t *testing.T) {
	people(t, func(t *testing.T, d desk) {
		d.enrol(ada)
		list, err := d.Passkeys(d.ctx, ada)
		must(t, err)
		is(t, d.RemovePasskey(d.ctx, ada, list[0].ID), account.ErrLastPasskey)
		is(t, d.RemovePasskey(d.ctx, bob, list[0].ID), account.ErrNotFound)
		is(t, d.RemovePasskey(d.ctx, ada, "none"), account.ErrNotFound)
		d.enrol(ada)
		must(t, d.RemovePasskey(d.ctx, ada, list[0].ID))

		// An officer keeps what lets them act in their office.
		d.enrol(ada)
		d.set(ada, account.Role{Name: "registrar"})
		list, err = d.Passkeys(d.ctx, ada)
		must(t, err)
		is(t, d.RemovePasskey(d.ctx, ada, list[0].ID), account.ErrLastPasskey)
		_, err = d.MakeRecoveryCodes(d.ctx, ada)
		must(t, err)
		must(t, d.RemovePasskey(d.ctx, ada, list[0].ID))
	})
}

func TestNoSecretLiesInTheDatabase(t *testing.T) {
	h := house{t, nil, nil}
	path := t.TempDir() + "/shingle.db"
	h.open = func() (record.Engine, error) { return sqlite.Open(context.Background(), path) }
	d := func() desk {
		h.ahead = new(atomic.Int64)
		return h.people(&register{roles: map[string][]account.Role{ada: nil}})
	}()
	var secrets []string
	codes, err := d.MakeRecoveryCodes(d.ctx, ada)
	must(t, err)
	for _, c := range codes {
		secrets = append(secrets, c, strings.ReplaceAll(c, "-", ""))
	}
	invitation, _, err := d.Invite(d.ctx, ada)
	must(t, err)
	link, _, err := d.MakeLink(d.ctx, ada)
	must(t, err)
	session, _ := d.open(account.Opening{Person: ada, How: account.ByPasskey})
	_, ceremony, err := d.BeginSignIn(d.ctx)
	must(t, err)
	feed, _, err := account.NewFeeds(d.record).Make(d.ctx, ada, "0042")
	must(t, err)
	secrets = append(secrets, invitation, link, session, ceremony, feed)
	must(t, d.record.Close())
	for _, file := range []string{path, path + "-wal"} {
		data := read(t, file)
		for _, s := range secrets {
			if bytes.Contains(data, []byte(s)) {
				t.Errorf("%s lies in %s", s, file)
			}
		}
	}
}

func TestWhoIsForgottenLeavesNothing(t *testing.T) {
	people(t, func(t *testing.T, d desk) {
		key := d.enrol(ada)
		codes, err := d.MakeRecoveryCodes(d.ctx, ada)
		must(t, err)
		_, _, err = account.NewFeeds(d.record).Make(d.ctx, ada, "0042")
		must(t, err)
		session, _ := d.open(account.Opening{Person: ada, How: account.ByPasskey})
		others, _ := d.open(account.Opening{Person: bob, How: account.ByPasskey})
		must(t, d.Forget(d.ctx, ada))
		d.over(session)
		d.on(others)
		_, err = d.use(key)
		is(t, err, account.ErrWrongPasskey)
		_, _, err = d.Recover(d.ctx, codes[0])
		is(t, err, account.ErrExpired)
		for _, table := range []string{"handle", "passkey", "recovery", "invitation", "link", "identity", "session", "ceremony", "feed"} {
			var n int
			must(t, d.record.Engine.Reader().QueryRow("SELECT count(*) FROM account_"+table+" WHERE person = $1", ada).Scan(&n))
			if n > 0 {
				t.Errorf("account_%s still holds %d rows of hers", table, n)
			}
		}
	})
}
