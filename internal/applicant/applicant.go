// Package applicant keeps what people type who want to apply for membership, before they ask for anything: the
// name and address of a stranger until the link that they are sent is used ([SignUps]), and then the draft of
// their application, sealed under their own key ([Drafts]).
//
// None of it is in the record: nobody has asked for anything yet, and who gives up leaves nothing behind. A draft
// goes in the transaction in which its application is recorded or its person is forgotten ([Clearing]), and by
// itself when nobody has touched it for [Life].
//
// The rows lie in the record's database, so that people go on where they stopped, on whatever device and node.
package applicant

import (
	"context"
	"embed"
	"errors"
	"time"

	"shingle/internal/act"
	"shingle/internal/record"
)

//go:embed migrations
var migrations embed.FS

// Migrations are the goose migrations of the part "applicant", to be applied before the record is opened.
var Migrations = record.Sub(migrations, "migrations")

// Tables are the tables that hold what is personal to people, sealed.
var Tables = []string{"application_draft", "application_signup"}

// Life is how long a draft is kept that nobody touches: 90 days.
const Life = 90 * 24 * time.Hour

// now is the record's time: UTC, whole microseconds.
func now(r *record.Record) time.Time { return r.Now().UTC().Truncate(time.Microsecond) }

// write does something in a transaction of its own. Keys that it made are stored before it is committed.
func write(ctx context.Context, r *record.Record, do func(tx record.Tx) error) error {
	return r.Upkeep(ctx, func(tx record.Tx, _ act.World) error {
		if err := do(tx); err != nil {
			return err
		}
		return r.Keys.Sync()
	})
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
