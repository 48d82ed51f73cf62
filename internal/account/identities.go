package account

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"shingle/internal/record"
)

// Identity is an account at an identity provider that somebody signs in with. It is linked by its holder while
// they are signed in here, never by an e-mail address: who controls an address elsewhere need not be them.
type Identity struct {
	Issuer  string
	Subject string // the provider's own, lasting name for it
	Person  string
	Made    time.Time
}

// ErrLinked says that an identity is linked to an account already.
var ErrLinked = errors.New("this identity is linked to an account already")

// LinkIdentity links an identity to its person. One that is linked, to whomever, is [ErrLinked].
func (a *Accounts) LinkIdentity(ctx context.Context, i Identity) error {
	return a.write(ctx, func(tx record.Tx) error {
		var n int
		if found, err := one(ctx, tx, "SELECT 1 FROM account_identity WHERE issuer = $1 AND subject = $2", []any{i.Issuer, i.Subject}, &n); err != nil {
			return err
		} else if found {
			return ErrLinked
		}
		tx.Exec("INSERT INTO account_identity (issuer, subject, person, made) VALUES ($1, $2, $3, $4)", i.Issuer, i.Subject, i.Person, a.now().UnixMicro())
		return nil
	})
}

// UnlinkIdentity unlinks somebody's identity at an issuer. There need be none.
func (a *Accounts) UnlinkIdentity(ctx context.Context, person, issuer string) error {
	return a.write(ctx, func(tx record.Tx) error {
		tx.Exec("DELETE FROM account_identity WHERE person = $1 AND issuer = $2", person, issuer)
		return nil
	})
}

// ByIdentity returns whom an identity is linked to, or [ErrNoPerson].
func (a *Accounts) ByIdentity(ctx context.Context, issuer, subject string) (person string, err error) {
	err = a.record.Engine.Reader().QueryRowContext(ctx, "SELECT person FROM account_identity WHERE issuer = $1 AND subject = $2", issuer, subject).Scan(&person)
	if errors.Is(err, sql.ErrNoRows) {
		return "", ErrNoPerson
	}
	return person, err
}

// Identities returns the identities that are linked to a person.
func (a *Accounts) Identities(ctx context.Context, person string) (list []Identity, err error) {
	rows, err := a.record.Engine.Reader().QueryContext(ctx, "SELECT issuer, subject, made FROM account_identity WHERE person = $1 ORDER BY made, issuer, subject", person)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		i := Identity{Person: person}
		var made int64
		if err := rows.Scan(&i.Issuer, &i.Subject, &made); err != nil {
			return nil, err
		}
		i.Made = timeOf(made)
		list = append(list, i)
	}
	return list, rows.Err()
}
