package account

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"shingle/internal/record"
)

// invitationLife is how long an invitation may be taken up: an e-mail may lie for a fortnight.
const invitationLife = 14 * 24 * time.Hour

// Invitation is an invitation without its secret.
type Invitation struct {
	Person  string
	Expires time.Time
}

// Invite makes an invitation, whose secret stands in the e-mail that brings it. By itself it opens nothing: it
// has a fresh link sent to the address that the person has then. Those made before work no more.
func (a *Accounts) Invite(ctx context.Context, person string) (secret string, _ Invitation, err error) {
	secret, hash := NewSecret()
	now := a.now()
	made := Invitation{person, now.Add(invitationLife)}
	return secret, made, a.write(ctx, func(tx record.Tx) error {
		tx.Exec("DELETE FROM account_invitation WHERE person = $1 OR expires <= $2", person, now.UnixMicro())
		tx.Exec("INSERT INTO account_invitation (hash, person, made, expires) VALUES ($1, $2, $3, $4)",
			hash, person, now.UnixMicro(), made.Expires.UnixMicro())
		return nil
	})
}

// Invitation returns the invitation that a secret is of, or [ErrExpired].
func (a *Accounts) Invitation(ctx context.Context, secret string) (Invitation, error) {
	var i Invitation
	var expires int64
	err := a.record.Engine.Reader().QueryRowContext(ctx, "SELECT person, expires FROM account_invitation WHERE hash = $1", HashOf(secret)).Scan(&i.Person, &expires)
	i.Expires = timeOf(expires)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Invitation{}, ErrExpired
	case err != nil:
		return Invitation{}, err
	case !a.now().Before(i.Expires):
		return Invitation{}, ErrExpired
	}
	return i, nil
}

// Withdraw ends the invitations and links of a person: they have joined, or are to join no more.
func (a *Accounts) Withdraw(ctx context.Context, person string) error {
	return a.write(ctx, func(tx record.Tx) error {
		tx.Exec("DELETE FROM account_invitation WHERE person = $1", person)
		tx.Exec("DELETE FROM account_link WHERE person = $1", person)
		return nil
	})
}
