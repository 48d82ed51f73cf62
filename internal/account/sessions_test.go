package account_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"shingle/internal/account"
	"shingle/internal/record"
	"shingle/internal/record/sqlite"
)

func read(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return nil
	}
	must(t, err)
	return data
}

// officer gives Ada what an officer needs, and an office.
func (d desk) officer(role account.Role) {
	d.t.Helper()
	d.enrol(ada)
	d.enrol(ada)
	d.set(ada, role)
}

func TestASessionActsInTheOnlyRole(t *testing.T) {
	people(t, func(t *testing.T, d desk) {
		d.set(ada, account.Role{Name: "representative", Member: "0042"})
		secret, s := d.open(account.Opening{Person: ada, How: account.ByPasskey, Device: "Firefox on Linux"})
		if s.Role != "representative" || s.Member != "0042" || len(secret) < 26 || s.Limited() || !s.ProvenAt(d.now()) {
			t.Errorf("opened %+v", s)
		}
		if got := d.on(secret); got != s {
			t.Errorf("got %+v, want %+v", got, s)
		}
		d.set(ada, account.Role{Name: "representative", Member: "0042"}, account.Role{Name: "practitioner", Member: "0043"})
		if _, s := d.open(account.Opening{Person: ada, How: account.ByPasskey}); s.Role != account.InPerson || s.Member != "" {
			t.Errorf("of several it is %+v", s)
		}
		for _, wrong := range []string{"", "x", secret + "A", secret[1:]} {
			d.over(wrong)
		}
		d.pass(5 * time.Minute)
		if d.on(secret).ProvenAt(d.now()) {
			t.Error("a proof is fresh for ever")
		}
	})
}

func TestASessionEndsByTime(t *testing.T) {
	people(t, func(t *testing.T, d desk) {
		representative := account.Role{Name: "representative", Member: "0042"}
		for _, c := range []struct {
			role      account.Role
			how       account.How
			idle, end time.Duration
		}{
			{account.Role{Name: "registrar"}, account.ByPasskey, 30 * time.Minute, 12 * time.Hour},
			{representative, account.ByPasskey, 12 * time.Hour, 7 * 24 * time.Hour},
			{account.Role{Name: "registrar"}, account.ByRecovery, 30 * time.Minute, 30 * time.Minute},
			{representative, account.ByLink, 30 * time.Minute, 30 * time.Minute},
		} {
			d.set(ada, c.role)
			secret, _ := d.open(account.Opening{Person: ada, How: c.how})
			d.pass(c.idle - time.Second)
			d.on(secret)
			if c.idle == c.end {
				d.pass(time.Second)
			} else {
				d.pass(c.idle)
			}
			d.over(secret)

			secret, _ = d.open(account.Opening{Person: ada, How: c.how})
			for at := time.Duration(0); at < c.end-c.idle/2; at += c.idle / 2 {
				d.on(secret)
				d.pass(c.idle / 2)
			}
			d.pass(c.idle / 2)
			d.over(secret)
		}
		d.set(ada, account.Role{Name: "registrar"})
		secret, _ := d.open(account.Opening{Person: ada, How: account.ByDemo, Role: "registrar"})
		d.pass(3660 * 24 * time.Hour)
		d.on(secret)
	})
}

func TestASessionEndsWithItsRole(t *testing.T) {
	people(t, func(t *testing.T, d desk) {
		at := func(until time.Time, changed int64) account.Role {
			return account.Role{Name: "representative", Member: "0042", Until: until, Changed: changed}
		}
		begin := func() string {
			t.Helper()
			d.set(ada, at(time.Time{}, d.record.Position()))
			secret, s := d.open(account.Opening{Person: ada, How: account.ByPasskey})
			if s.Role != "representative" {
				t.Fatalf("opened %+v", s)
			}
			d.on(secret)
			return secret
		}
		secret := begin()
		d.set(ada, at(d.now().Add(time.Minute), 0))
		d.on(secret)
		d.pass(time.Minute)
		d.over(secret)
		secret = begin()
		d.set(ada)
		d.over(secret)
		d.set(ada, at(time.Time{}, 0)) // and stays ended
		d.over(secret)
		secret = begin() // the member was expelled, and its people hold their roles still
		d.set(ada, at(time.Time{}, d.record.Position()+1))
		d.over(secret)
		secret = begin() // another's role ended
		d.set(bob)
		d.on(secret)
		d.set(ada, account.Role{Name: "representative", Member: "0043"})
		d.over(secret)
		secret, _ = d.open(account.Opening{Person: bob, How: account.ByPasskey})
		d.mu.Lock()
		delete(d.roles, bob)
		d.mu.Unlock()
		d.over(secret)
	})
}

func TestAnOfficeIsTakenUpByWhoIsReady(t *testing.T) {
	people(t, func(t *testing.T, d desk) {
		d.set(ada, account.Role{Name: "registrar"}, account.Role{Name: "representative", Member: "0042"}, account.Role{Name: "chair", From: d.now().Add(time.Hour)})
		d.enrol(ada)
		secret, s := d.open(account.Opening{Person: ada, How: account.ByPasskey})
		_, _, err := d.ActAs(d.ctx, s, "registrar", "")
		is(t, err, account.ErrNotReady)
		_, err = d.MakeRecoveryCodes(d.ctx, ada)
		must(t, err)
		next, acting, err := d.ActAs(d.ctx, s, "registrar", "")
		must(t, err)
		if acting.Role != "registrar" || acting.ID == s.ID || next == secret {
			t.Errorf("went on as %+v", acting)
		}
		d.over(secret)
		if got := d.on(next); got.Role != "registrar" || got.Opened != s.Opened || got.Ends != s.Ends {
			t.Errorf("got %+v", got)
		}
		_, _, err = d.ActAs(d.ctx, s, "registrar", "") // it has ended
		is(t, err, account.ErrNoSession)
		for _, c := range [][2]string{{"registrar", "0042"}, {"representative", "0043"}, {"representative", ""}, {"president", ""}, {"", ""}, {"chair", ""}} {
			_, _, err := d.ActAs(d.ctx, acting, c[0], c[1])
			is(t, err, account.ErrNotHeld)
		}
		_, own, err := d.ActAs(d.ctx, acting, account.InPerson, "")
		must(t, err)
		if own.Role != account.InPerson {
			t.Errorf("went on as %+v", own)
		}
		// Who was vouched for by somebody else uses a passkey first.
		_, s = d.open(account.Opening{Person: ada, How: account.ByProvider})
		_, _, err = d.ActAs(d.ctx, s, "registrar", "")
		is(t, err, account.ErrUnproven)
		_, s, err = d.ActAs(d.ctx, s, "representative", "0042")
		must(t, err)
		_, s, err = d.Prove(d.ctx, s)
		must(t, err)
		_, _, err = d.ActAs(d.ctx, s, "registrar", "")
		must(t, err)
		for _, how := range []account.How{account.ByLink, account.ByRecovery} {
			_, s := d.open(account.Opening{Person: ada, How: how, Role: "registrar"})
			if s.Role != account.InPerson || !s.Limited() {
				t.Errorf("opened %+v", s)
			}
			_, _, err = d.ActAs(d.ctx, s, "representative", "0042")
			is(t, err, account.ErrUnproven)
		}
	})
}

func TestAProofGivesANewSession(t *testing.T) {
	people(t, func(t *testing.T, d desk) {
		d.officer(account.Role{Name: "registrar"})
		secret, _ := d.open(account.Opening{Person: ada, How: account.ByPasskey})
		d.pass(6 * time.Minute)
		s := d.on(secret)
		if s.ProvenAt(d.now()) {
			t.Fatal("a proof is fresh for ever")
		}
		next, proven, err := d.Prove(d.ctx, s)
		must(t, err)
		d.over(secret)
		if got := d.on(next); !got.ProvenAt(d.now()) || got.ID == s.ID || got.Role != "registrar" || got.Ends != s.Ends || got.Opened != s.Opened {
			t.Errorf("got %+v of %+v", got, proven)
		}
		_, _, err = d.Prove(d.ctx, s)
		is(t, err, account.ErrNoSession)
	})
}

func TestOneNodeEndsTheSessionsOfAnother(t *testing.T) {
	people(t, func(t *testing.T, d desk) {
		if d.record.Engine.Changed() == nil {
			return // a file has one process
		}
		other := d.house.people(d.register)
		secret, s := d.open(account.Opening{Person: ada, How: account.ByPasskey})
		other.on(secret)
		must(t, d.End(d.ctx, ada, s.ID))
		other.over(secret)
	})
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	people(t, func(t *testing.T, d desk) {
		first, one := d.open(account.Opening{Person: ada, How: account.ByPasskey, Device: "Firefox on Linux"})
		d.pass(time.Second)
		second, two := d.open(account.Opening{Person: ada, How: account.ByProvider})
		bobs, his := d.open(account.Opening{Person: bob, How: account.ByPasskey})
		list, err := d.Sessions(d.ctx, ada)
		must(t, err)
		if len(list) != 2 || list[0] != two || list[1] != one {
			t.Errorf("listed %+v", list)
		}
		must(t, d.End(d.ctx, ada, his.ID)) // not hers
		d.on(bobs)
		must(t, d.End(d.ctx, ada, one.ID))
		must(t, d.End(d.ctx, ada, one.ID))
		d.over(first)
		first, _ = d.open(account.Opening{Person: ada, How: account.ByPasskey})
		must(t, d.EndOthers(d.ctx, ada, two.ID))
		d.over(first)
		d.on(second)
		d.on(bobs)
		d.pass(12 * time.Hour)
		if list, err := d.Sessions(d.ctx, ada); err != nil || len(list) > 0 {
			t.Errorf("still listed: %+v, %v", list, err)
		}
	})
}

func TestUseIsNotedOnceAMinute(t *testing.T) {
	people(t, func(t *testing.T, d desk) {
		secret, s := d.open(account.Opening{Person: ada, How: account.ByPasskey})
		d.pass(59 * time.Second)
		if got := d.on(secret); got.Seen != s.Seen {
			t.Errorf("seen %v, opened %v", got.Seen, s.Seen)
		}
		d.pass(time.Second)
		d.on(secret)
		list, err := d.Sessions(d.ctx, ada)
		must(t, err)
		if !list[0].Seen.After(s.Seen) {
			t.Errorf("seen %v, opened %v", list[0].Seen, s.Seen)
		}
	})
}

// What a signed-in request costs: one row of ours, beside the roles.
func BenchmarkSession(b *testing.B) {
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
	who := &register{roles: map[string][]account.Role{ada: {{Name: "representative", Member: "0042"}}}}
	a, err := account.ForPeople(account.Config{Record: r, Roles: who.Roles, Host: host, Origins: []string{origin}})
	if err != nil {
		b.Fatal(err)
	}
	secret, _, err := a.Open(ctx, account.Opening{Person: ada, How: account.ByPasskey})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := a.Session(ctx, secret); err != nil {
			b.Fatal(err)
		}
	}
}
