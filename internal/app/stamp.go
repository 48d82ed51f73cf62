package app

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"golang.org/x/mod/sumdb/note"

	"shingle/internal/cli"
	"shingle/internal/publog"
	"shingle/internal/record"
	"shingle/internal/vault"
)

//go:embed migrations
var migrationFiles embed.FS

// stamp says what a place is.
type stamp struct {
	role  string
	web   string // host name under which it speaks
	demo  bool
	shift time.Duration // by which a demo's clock is ahead

	// The public halves of the keys that it signs with, as C2SP vkeys: another's are told from its own.
	logKey, receiptKey string

	moved string // where it was moved to, "" while it is here

	// Who cosigns the log. They belong to the place and not to whoever opens it: a command that signed
	// without asking them would fork the log of a restored backup.
	witnesses []publog.Witness
}

var errNoStamp = errors.New("there is nothing here yet")

func readStamp(ctx context.Context, db *sql.DB) (s stamp, err error) {
	var demo, shift int64
	var witnesses string
	err = db.QueryRowContext(ctx, "SELECT role, web, demo, shift, log_key, receipt_key, moved, witnesses FROM stamp WHERE id = 1").
		Scan(&s.role, &s.web, &demo, &shift, &s.logKey, &s.receiptKey, &s.moved, &witnesses)
	if errors.Is(err, sql.ErrNoRows) {
		return s, errNoStamp
	}
	if err != nil {
		return s, err
	}
	s.demo, s.shift = demo == 1, time.Duration(shift)*time.Microsecond
	s.witnesses, err = witnessesIn(witnesses)
	return s, err
}

// expect fails for a place of another role.
func (s stamp) expect(role string, at cli.Place) error {
	if s.role != role && at.Database != "" {
		return fmt.Errorf("the database is a %s's, not a %s's; choose another --database", s.role, role)
	}
	if s.role != role {
		return fmt.Errorf("this is a %s's, not a %s's; choose another --data", s.role, role)
	}
	if s.moved != "" {
		return fmt.Errorf("this %s was moved to %s, and goes on there; \"shingle move --take-back\" lets this copy go on instead, if nothing was recorded there since", s.role, s.moved)
	}
	return nil
}

// errOtherKeys says that the keys are not those that the place was made with.
var errOtherKeys = errors.New("the keys are another body's")

// signers are the two keys that a body signs with.
type signers struct {
	log, receipt       note.Signer
	logKey, receiptKey string // vkeys
}

// signersOf returns the signing keys in a keyring, under the names of a host.
func signersOf(ctx context.Context, keys *vault.Keyring, web string) (s signers, err error) {
	if s.log, s.logKey, err = keys.Signer(ctx, vault.Log, web+"/log"); err != nil {
		return s, err
	}
	s.receipt, s.receiptKey, err = keys.Signer(ctx, vault.Receipt, web+"/receipt")
	return s, err
}

// signers returns the keys that the place signs with. It fails with errOtherKeys if those in the keyring
// are not the ones that it was made with.
func (s stamp) signers(ctx context.Context, keys *vault.Keyring, at cli.Place) (signers, error) {
	found, err := signersOf(ctx, keys, s.web)
	if err == nil && (found.logKey != s.logKey || found.receiptKey != s.receiptKey) {
		err = fmt.Errorf("the keys in %s do not fit the record: %w; restore the right ones from a backup", keyPlace(at), errOtherKeys)
	}
	return found, err
}

func (s stamp) write(tx record.Tx) {
	demo := int64(0)
	if s.demo {
		demo = 1
	}
	tx.Exec("DELETE FROM stamp WHERE id = 1") // of a making that was cut off
	tx.Exec("INSERT INTO stamp (id, role, web, demo, shift, log_key, receipt_key, witnesses) VALUES (1, $1, $2, $3, $4, $5, $6, $7)",
		s.role, s.web, demo, s.shift.Microseconds(), s.logKey, s.receiptKey, witnessLines(s.witnesses))
}

func stampMigrations() fs.FS {
	sub, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		panic(err)
	}
	return sub
}
