package account_test

import (
	"errors"
	"testing"
	"time"

	"shingle/internal/account"
)

func TestAHolderIsForgottenWithAllTheirTokens(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		tokens, r := h.enter()
		made := func(name string) (string, account.Token) {
			t.Helper()
			secret, token, err := tokens.Create(t.Context(), account.Token{Name: name, Role: "registrar"}, time.Hour)
			must(t, err)
			return secret, token
		}
		first, one := made("Ada Canarybird")
		second, two := made("ada  canarybird")
		others, _ := made("Bob")
		if one.Holder != two.Holder {
			t.Fatal("they are two people")
		}
		if err := tokens.Forget(t.Context(), "nobody"); !errors.Is(err, account.ErrNotFound) {
			t.Errorf("nobody: %v", err)
		}
		must(t, tokens.Forget(t.Context(), two.ID))
		for _, secret := range []string{first, second} {
			if _, err := tokens.Authenticate(t.Context(), secret); !errors.Is(err, account.ErrUnknownToken) {
				t.Errorf("it works: %v", err)
			}
		}
		_, err := tokens.Authenticate(t.Context(), others)
		must(t, err)
		var n int
		must(t, r.Engine.Reader().QueryRowContext(t.Context(), "SELECT count(*) FROM account_token WHERE lower(name) LIKE '%canary%'").Scan(&n))
		if n != 0 {
			t.Errorf("%d names are left", n)
		}
		found, err := account.CheckTokens(t.Context(), r.Engine.Reader(), noKeys{}.Digest, r.Now().UnixMicro())
		if err != nil || len(found.Altered) > 0 || found.Sound != 3 {
			t.Errorf("%+v, %v", found, err)
		}
		if _, again := made("Ada Canarybird"); again.Holder != again.ID {
			t.Error("who was forgotten is known again")
		}
	})
}
