package account

import (
	"context"
	"encoding/json"
	"time"

	"shingle/internal/record"
)

// A ceremony is something that a browser begins, takes elsewhere (to a passkey, to an identity provider) and
// comes back with. What it must be compared with then waits in the database, and the browser holds the secret
// that it is found by.
const (
	signingIn = "sign-in"
	proving   = "proof"
	enrolling = "enrol"
	providing = "provider"
)

// ceremonyLife is how long a ceremony may take.
const ceremonyLife = 5 * time.Minute

// begin keeps what a ceremony must be compared with. Those that were not finished in time are thrown away.
func (a *Accounts) begin(ctx context.Context, purpose, person string, data any) (secret string, err error) {
	text, err := json.Marshal(data)
	if err != nil {
		return "", err
	}
	secret, hash := NewSecret()
	now := a.now()
	return secret, a.write(ctx, func(tx record.Tx) error {
		tx.Exec("DELETE FROM account_ceremony WHERE expires <= $1", now.UnixMicro())
		tx.Exec("INSERT INTO account_ceremony (hash, purpose, person, data, expires) VALUES ($1, $2, $3, $4, $5)",
			hash, purpose, person, string(text), now.Add(ceremonyLife).UnixMicro())
		return nil
	})
}

// finish takes back what was kept: nobody finishes a ceremony twice. It returns [ErrExpired] if there is
// nothing, or if it was begun for something or somebody else. Whose it may be is "" where that was open.
func (a *Accounts) finish(ctx context.Context, secret, purpose, person string, into any) error {
	var text string
	err := a.write(ctx, func(tx record.Tx) error {
		var of, for_ string
		var expires int64
		hash := HashOf(secret)
		found, err := one(ctx, tx, "SELECT purpose, person, data, expires FROM account_ceremony WHERE hash = $1", []any{hash}, &for_, &of, &text, &expires)
		if err != nil {
			return err
		}
		tx.Exec("DELETE FROM account_ceremony WHERE hash = $1", hash)
		if !found || for_ != purpose || of != person || a.now().UnixMicro() >= expires {
			text = ""
		}
		return nil
	})
	if err != nil {
		return err
	}
	if text == "" {
		return ErrExpired
	}
	return json.Unmarshal([]byte(text), into)
}
