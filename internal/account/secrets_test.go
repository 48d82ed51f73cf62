package account_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"shingle/internal/account"
)

func TestRecoveryCodesWorkOnce(t *testing.T) {
	people(t, func(t *testing.T, d desk) {
		codes, err := d.MakeRecoveryCodes(d.ctx, ada)
		must(t, err)
		if len(codes) != 10 || len(slices.Compact(slices.Sorted(slices.Values(codes)))) != 10 {
			t.Fatalf("made %d", len(codes))
		}
		typed := strings.ToLower(strings.ReplaceAll(codes[0], "-", " "))
		typed = strings.NewReplacer("o", "0", "i", "1", "b", "8").Replace(typed)
		person, left, err := d.Recover(d.ctx, typed)
		must(t, err)
		if person != ada || left != 9 {
			t.Errorf("%s has %d left", person, left)
		}
		for _, wrong := range []string{codes[0], "", "-", "AAAA-AAAA-AAAA-AAAA", codes[1] + "A", codes[1][1:], "Ä" + codes[1], strings.Repeat("A", 1<<20)} {
			_, _, err := d.Recover(d.ctx, wrong)
			is(t, err, account.ErrExpired)
		}
		have, err := d.RecoveryCodes(d.ctx, ada)
		must(t, err)
		if have.Left != 9 || have.Made.IsZero() {
			t.Errorf("there are %+v", have)
		}
		anew, err := d.MakeRecoveryCodes(d.ctx, ada)
		must(t, err)
		_, _, err = d.Recover(d.ctx, codes[1])
		is(t, err, account.ErrExpired)
		_, _, err = d.Recover(d.ctx, anew[9])
		must(t, err)
	})
}

func TestOfTwoWhoUseACodeAtOnceOneGetsIn(t *testing.T) {
	people(t, func(t *testing.T, d desk) {
		codes, err := d.MakeRecoveryCodes(d.ctx, ada)
		must(t, err)
		link, _, err := d.MakeLink(d.ctx, ada)
		must(t, err)
		var mu sync.Mutex
		var wg sync.WaitGroup
		var in, linked int
		for range 4 {
			wg.Go(func() {
				_, _, err := d.Recover(d.ctx, codes[0])
				_, err2 := d.UseLink(d.ctx, link)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					in++
				}
				if err2 == nil {
					linked++
				}
			})
		}
		wg.Wait()
		if in != 1 || linked != 1 {
			t.Errorf("%d got in with one code, %d with one link", in, linked)
		}
	})
}

func TestInvitationsAndLinks(t *testing.T) {
	people(t, func(t *testing.T, d desk) {
		old, _, err := d.Invite(d.ctx, ada)
		must(t, err)
		secret, made, err := d.Invite(d.ctx, ada)
		must(t, err)
		_, err = d.Invitation(d.ctx, old)
		is(t, err, account.ErrExpired)
		for range 2 { // it may be opened as often as one likes
			got, err := d.Invitation(d.ctx, secret)
			must(t, err)
			if got != made || got.Person != ada {
				t.Errorf("got %+v, want %+v", got, made)
			}
		}
		first, _, err := d.MakeLink(d.ctx, ada)
		must(t, err)
		link, _, err := d.MakeLink(d.ctx, ada)
		must(t, err)
		is(t, d.Link(d.ctx, first), account.ErrExpired)
		must(t, d.Link(d.ctx, link)) // whatever scans e-mail may look
		person, err := d.UseLink(d.ctx, link)
		must(t, err)
		if person != ada {
			t.Errorf("it is %s's", person)
		}
		_, err = d.UseLink(d.ctx, link)
		is(t, err, account.ErrExpired)
		is(t, d.Link(d.ctx, link), account.ErrExpired)

		late, _, err := d.MakeLink(d.ctx, ada)
		must(t, err)
		d.pass(10 * time.Minute)
		is(t, d.Link(d.ctx, late), account.ErrExpired)
		_, err = d.UseLink(d.ctx, late)
		is(t, err, account.ErrExpired)
		d.pass(14 * 24 * time.Hour)
		_, err = d.Invitation(d.ctx, secret)
		is(t, err, account.ErrExpired)

		secret, _, err = d.Invite(d.ctx, ada)
		must(t, err)
		link, _, err = d.MakeLink(d.ctx, ada)
		must(t, err)
		must(t, d.Withdraw(d.ctx, ada))
		_, err = d.Invitation(d.ctx, secret)
		is(t, err, account.ErrExpired)
		is(t, d.Link(d.ctx, link), account.ErrExpired)
	})
}

func TestWhoTriesTooOftenWaits(t *testing.T) {
	people(t, func(t *testing.T, d desk) {
		limit := account.Limit{Name: "guess", Most: 3, In: time.Hour}
		for range 3 {
			must(t, d.Attempt(d.ctx, limit, "192.0.2.1", ada))
		}
		var many *account.TooMany
		if err := d.Attempt(d.ctx, limit, "192.0.2.1"); !errors.As(err, &many) || many.Again.Sub(d.now()) > time.Hour {
			t.Errorf("got %v", err)
		}
		if err := d.Attempt(d.ctx, limit, "192.0.2.2", ada); !errors.As(err, &many) {
			t.Errorf("from elsewhere: %v", err)
		}
		if err := d.house.people(d.register).MayAttempt(d.ctx, limit, ada); !errors.As(err, &many) {
			t.Errorf("on another node: %v", err)
		}
		for range 3 { // what was refused was not counted for the other address
			must(t, d.Attempt(d.ctx, limit, "192.0.2.2"))
		}
		must(t, d.Attempt(d.ctx, account.Limit{Name: "other", Most: 1, In: time.Hour}, ada))
		d.pass(time.Hour)
		must(t, d.Attempt(d.ctx, limit, "192.0.2.1", ada))
	})
}

// TestACountDoesNotTellWhoIsCounted tries what a stranger who has the database would: there are few addresses.
func TestACountDoesNotTellWhoIsCounted(t *testing.T) {
	people(t, func(t *testing.T, d desk) {
		limit := account.Limit{Name: "guess", Most: 3, In: time.Hour}
		must(t, d.Attempt(d.ctx, limit, "192.0.2.1", ""))
		var stored []byte
		var n int
		must(t, d.record.Engine.Reader().QueryRowContext(d.ctx, "SELECT hash, (SELECT count(*) FROM account_attempt) FROM account_attempt").Scan(&stored, &n))
		if n != 1 {
			t.Errorf("%d are counted", n)
		}
		for _, guess := range []string{"192.0.2.1", "guess\n192.0.2.1", "attempt\nguess\n192.0.2.1"} {
			if bytes.Equal(stored, account.HashOf(guess)) {
				t.Errorf("whoever hashes %q finds it", guess)
			}
		}
		d.pass(time.Hour)
		must(t, account.NewTries(d.record).Sweep(d.ctx))
		must(t, d.record.Engine.Reader().QueryRowContext(d.ctx, "SELECT count(*) FROM account_attempt").Scan(&n))
		if n != 0 {
			t.Errorf("%d counts are kept after their time", n)
		}
	})
}

func TestIdentitiesAreLinkedOnce(t *testing.T) {
	people(t, func(t *testing.T, d desk) {
		id := account.Identity{Issuer: "https://id.example", Subject: "77", Person: ada}
		must(t, d.LinkIdentity(d.ctx, id))
		id.Person = bob
		is(t, d.LinkIdentity(d.ctx, id), account.ErrLinked)
		person, err := d.ByIdentity(d.ctx, id.Issuer, id.Subject)
		must(t, err)
		if person != ada {
			t.Errorf("it is %s's", person)
		}
		_, err = d.ByIdentity(d.ctx, "https://other.example", id.Subject)
		is(t, err, account.ErrNoPerson)
		list, err := d.Identities(d.ctx, ada)
		must(t, err)
		if len(list) != 1 || list[0].Issuer != id.Issuer {
			t.Errorf("there are %+v", list)
		}
		must(t, d.UnlinkIdentity(d.ctx, bob, id.Issuer)) // not his
		_, err = d.ByIdentity(d.ctx, id.Issuer, id.Subject)
		must(t, err)
		must(t, d.UnlinkIdentity(d.ctx, ada, id.Issuer))
		_, err = d.ByIdentity(d.ctx, id.Issuer, id.Subject)
		is(t, err, account.ErrNoPerson)
	})
}
