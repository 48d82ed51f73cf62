package account

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"shingle/internal/record"
)

// linkLife is how long a one-time link works.
const linkLife = 10 * time.Minute

// MakeLink makes a link that opens a session once, in which passkeys can be enrolled and nothing else. Those
// made before work no more.
func (a *Accounts) MakeLink(ctx context.Context, person string) (secret string, expires time.Time, err error) {
	secret, hash := NewSecret()
	now := a.now()
	expires = now.Add(linkLife)
	return secret, expires, a.write(ctx, func(tx record.Tx) error {
		tx.Exec("DELETE FROM account_link WHERE person = $1 OR expires <= $2", person, now.UnixMicro())
		tx.Exec("INSERT INTO account_link (hash, person, expires) VALUES ($1, $2, $3)", hash, person, expires.UnixMicro())
		return nil
	})
}

// Link says whether a link works, or returns [ErrExpired], and leaves it as it is: whatever scans e-mail for
// what is harmful opens the links in it.
func (a *Accounts) Link(ctx context.Context, secret string) error {
	var expires int64
	err := a.record.Engine.Reader().QueryRowContext(ctx, "SELECT expires FROM account_link WHERE hash = $1", HashOf(secret)).Scan(&expires)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return ErrExpired
	case err != nil:
		return err
	case a.now().UnixMicro() >= expires:
		return ErrExpired
	}
	return nil
}

// UseLink uses a link up and returns whose it was, or [ErrExpired].
func (a *Accounts) UseLink(ctx context.Context, secret string) (person string, err error) {
	hash := HashOf(secret)
	err = a.write(ctx, func(tx record.Tx) error {
		var expires int64
		found, err := one(ctx, tx, "SELECT person, expires FROM account_link WHERE hash = $1", []any{hash}, &person, &expires)
		if err != nil {
			return err
		}
		tx.Exec("DELETE FROM account_link WHERE hash = $1", hash)
		if !found || a.now().UnixMicro() >= expires {
			person = ""
		}
		return nil
	})
	if err == nil && person == "" {
		err = ErrExpired
	}
	if err != nil {
		return "", err
	}
	return person, nil
}
