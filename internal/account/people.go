package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"shingle/internal/act"
	"shingle/internal/record"
)

// Accounts keeps how people prove who they are, and where they are signed in. It lies in the record's
// database, so that whatever one node ends has ended on all of them. Its methods may be called from many
// goroutines. A person is named as their stream is, e.g. "person/0007".
type Accounts struct {
	Tries
	record *record.Record
	roles  func(ctx context.Context, person string) ([]Role, error)
	web    *webauthn.WebAuthn
}

// Config is what accounts are made of.
type Config struct {
	Record *record.Record // its database has had the Migrations
	// Roles returns what a person holds, or [ErrNoPerson] for one that there is not or no longer.
	Roles func(ctx context.Context, person string) ([]Role, error)
	// Host is the name that passkeys are bound to: a domain, or "localhost". They work there and below.
	Host string
	// Origins are where the pages are reached on which a passkey may be used, e.g. "https://guild.example".
	Origins []string
}

var (
	// ErrNoPerson says that there is no such person, or no longer.
	ErrNoPerson = errors.New("there is no such person")
	// ErrExpired says that what was begun is over: it took too long, was finished before, or is another's.
	ErrExpired = errors.New("this has expired or was used before")
)

// ForPeople returns the accounts of people. Errors are about the host and the origins.
func ForPeople(c Config) (*Accounts, error) {
	required := true
	web, err := webauthn.New(&webauthn.Config{
		RPID: c.Host, RPDisplayName: c.Host, RPOrigins: c.Origins,
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			RequireResidentKey: &required, ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("passkeys cannot be used at %q: %w", c.Host, err)
	}
	return &Accounts{NewTries(c.Record), c.Record, c.Roles, web}, nil
}

// write does something in a transaction of its own.
func (a *Accounts) write(ctx context.Context, do func(tx record.Tx) error) error {
	return a.record.Upkeep(ctx, func(tx record.Tx, _ act.World) error { return do(tx) })
}

// one reads the only row that a query finds in a transaction.
func one(ctx context.Context, tx record.Tx, query string, args []any, into ...any) (found bool, err error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if !rows.Next() {
		return false, rows.Err()
	}
	return true, rows.Scan(into...)
}

// micros is a time as it is stored, 0 for none.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func timeOf(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}

// ofPeople are the tables that hold rows of a person.
var ofPeople = []string{
	"account_handle", "account_passkey", "account_recovery", "account_invitation", "account_link", "account_identity",
	"account_session", "account_ceremony", "account_feed",
}

// RecallIn ends, in the transaction in which it is recorded that a person has another address, what was sent to the
// one before: links that work, and sessions that were opened by one and can only enrol.
func RecallIn(tx record.Tx, person string) {
	tx.Exec("DELETE FROM account_link WHERE person = $1", person)
	tx.Exec("DELETE FROM account_session WHERE person = $1 AND how = $2", person, string(ByLink))
}

// Forget deletes all that is kept of a person, and ends their sessions.
func (a *Accounts) Forget(ctx context.Context, person string) error {
	return a.write(ctx, func(tx record.Tx) error {
		ForgetIn(tx, person)
		return nil
	})
}

// ForgetIn does what Forget does in the transaction in which it is recorded that the person is forgotten.
func ForgetIn(tx record.Tx, person string) {
	for _, table := range ofPeople {
		tx.Exec("DELETE FROM "+table+" WHERE person = $1", person)
	}
}
