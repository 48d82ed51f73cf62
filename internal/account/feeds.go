package account

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"shingle/internal/act"
	"shingle/internal/record"
)

// Feeds keeps the secret addresses under which calendar programs read what a member owes. A program cannot sign in,
// so that the address is all it has: it is one person's, for one member, and good for nothing else.
type Feeds struct{ record *record.Record }

// Feed is one of them. Whether the person still has a role there is for the caller to look at: one that ended at or
// behind Position, or began after Made, is not the role that it was made in.
type Feed struct {
	Person, Member string // e.g. "person/0007", "0042"
	Made           time.Time
	Position       int64 // of the record when it was made
}

// NewFeeds returns the feeds of a record whose database has had the Migrations.
func NewFeeds(r *record.Record) Feeds { return Feeds{r} }

// Make gives a person a new address for a member. Its secret is told once; the one before is good for nothing now.
func (f Feeds) Make(ctx context.Context, person, member string) (secret string, of Feed, err error) {
	secret, hash := NewSecret()
	of = Feed{person, member, f.record.Now().UTC().Truncate(time.Microsecond), f.record.Position()}
	return secret, of, f.write(ctx, func(tx record.Tx) {
		tx.Exec("DELETE FROM account_feed WHERE person = $1 AND member = $2", person, member)
		tx.Exec("INSERT INTO account_feed (hash, person, member, made, position) VALUES ($1, $2, $3, $4, $5)", hash, person, member, micros(of.Made), of.Position)
	})
}

// End makes a person's address for a member good for nothing, if there is one.
func (f Feeds) End(ctx context.Context, person, member string) error {
	return f.write(ctx, func(tx record.Tx) {
		tx.Exec("DELETE FROM account_feed WHERE person = $1 AND member = $2", person, member)
	})
}

// By returns the feed with a secret; [ErrExpired] where there is none, or none any more.
func (f Feeds) By(ctx context.Context, secret string) (Feed, error) {
	of, ok, err := f.read(ctx, "hash = $1", HashOf(secret))
	if err == nil && !ok {
		err = ErrExpired
	}
	return of, err
}

// Of returns a person's feed for a member; ok is false where there is none.
func (f Feeds) Of(ctx context.Context, person, member string) (of Feed, ok bool, err error) {
	return f.read(ctx, "person = $1 AND member = $2", person, member)
}

func (f Feeds) read(ctx context.Context, where string, args ...any) (of Feed, ok bool, err error) {
	var made int64
	err = f.record.Engine.Reader().QueryRowContext(ctx, "SELECT person, member, made, position FROM account_feed WHERE "+where, args...).
		Scan(&of.Person, &of.Member, &made, &of.Position)
	if errors.Is(err, sql.ErrNoRows) {
		return Feed{}, false, nil
	}
	of.Made = timeOf(made)
	return of, err == nil, err
}

func (f Feeds) write(ctx context.Context, do func(tx record.Tx)) error {
	return f.record.Upkeep(ctx, func(tx record.Tx, _ act.World) error { do(tx); return nil })
}
