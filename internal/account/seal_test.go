package account_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"shingle/internal/account"
	"shingle/internal/act"
	"shingle/internal/record"
)

// Whoever writes into the database without the keys changes nobody's role, and is seen.
func TestATokenWhoseRowWasChangedLetsNobodyIn(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		ctx := context.Background()
		tokens, r := h.enter()
		change := func(what string) {
			t.Helper()
			must(t, r.Upkeep(ctx, func(tx record.Tx, _ act.World) error { tx.Exec("UPDATE account_token SET " + what); return nil }))
		}
		check := func() account.TokensChecked {
			t.Helper()
			found, err := account.CheckTokens(ctx, r.Engine.Reader(), r.Keys.Digest, h.now().UnixMicro())
			must(t, err)
			return found
		}
		secret, made, err := tokens.Create(ctx, account.Token{Name: "Ada Byron", Role: "representative", Member: "0042"}, time.Hour)
		must(t, err)
		h.create(tokens, "Somebody Else")
		if found := check(); found.Sound != 2 || len(found.Altered) > 0 {
			t.Fatalf("%+v", found)
		}
		of := " WHERE id = '" + made.ID + "'"
		for _, c := range []struct{ changed, back string }{
			{"member = '0043'", "member = '0042'"},
			{"role = 'registrar'", "role = 'representative'"},
			{"name = 'Ada Byrom'", "name = 'Ada Byron'"},
			{"holder = 'x'", "holder = id"},
			{"expires = expires + 1", "expires = expires - 1"},
			{"created = created + 1", "created = created - 1"},
		} {
			change(c.changed + of)
			fresh := account.New(r, mayHold) // nothing in memory
			if _, err := fresh.Authenticate(ctx, secret); !errors.Is(err, account.ErrUnknownToken) {
				t.Errorf("%s: %v", c.changed, err)
			}
			if found := check(); found.Sound != 1 || len(found.Altered) != 1 || !strings.Contains(found.Altered[0], made.ID) {
				t.Errorf("%s: %+v", c.changed, found)
			}
			change(c.back + of)
			if _, err := fresh.Authenticate(ctx, secret); err != nil {
				t.Errorf("%s: %v", c.back, err)
			}
		}
		must(t, tokens.Revoke(ctx, made.ID))
		change("revoked = 0" + of)
		if _, err := account.New(r, mayHold).Authenticate(ctx, secret); !errors.Is(err, account.ErrUnknownToken) {
			t.Errorf("its revocation was taken back: %v", err)
		}
		if found := check(); len(found.Altered) != 1 {
			t.Errorf("its revocation was taken back: %+v", found)
		}
		must(t, tokens.Revoke(ctx, made.ID)) // what the doctor says to do
		if found := check(); len(found.Altered) != 0 || found.Sound != 2 {
			t.Errorf("revoked again: %+v", found)
		}
	})
}

// One that was made by a version that sealed no rows works until it expires, and is counted.
func TestATokenFromBeforeRowsWereSealedWorks(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		ctx := context.Background()
		tokens, r := h.enter()
		secret, _ := h.create(tokens, "Ada Byron")
		must(t, r.Upkeep(ctx, func(tx record.Tx, _ act.World) error { tx.Exec("UPDATE account_token SET seal = ''"); return nil }))
		if _, err := account.New(r, mayHold).Authenticate(ctx, secret); err != nil {
			t.Error(err)
		}
		found, err := account.CheckTokens(ctx, r.Engine.Reader(), r.Keys.Digest, h.now().UnixMicro())
		if err != nil || found.Unsealed != 1 || found.Sound != 0 {
			t.Errorf("%+v, %v", found, err)
		}
	})
}
