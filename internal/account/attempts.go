package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"shingle/internal/record"
)

// Limit says how often something may be tried in a time, counted by who tries. Counts lie in the database:
// nodes share them.
type Limit struct {
	Name string
	Most int
	In   time.Duration
}

// TooMany says that somebody tried something too often, and when they may again.
type TooMany struct{ Again time.Time }

func (t *TooMany) Error() string {
	return fmt.Sprintf("this was tried too often; it can be tried again at %s", t.Again.Format(time.RFC3339))
}

// Attempt counts one more attempt by everyone in by: an address, a person; "" is nobody. Beyond the limit of any of them
// it is a [*TooMany], and nothing is counted or written: whoever keeps trying costs next to nothing.
func (a *Accounts) Attempt(ctx context.Context, l Limit, by ...string) error {
	if err := a.MayAttempt(ctx, l, by...); err != nil {
		return err
	}
	now := a.now()
	return a.write(ctx, func(tx record.Tx) error {
		tx.Exec("DELETE FROM account_attempt WHERE expires <= $1", now.UnixMicro())
		for _, who := range by {
			if who == "" {
				continue
			}
			var count int
			var expires int64
			found, err := one(ctx, tx, "SELECT count, expires FROM account_attempt WHERE hash = $1", []any{l.hash(who)}, &count, &expires)
			if err != nil {
				return err
			}
			if found && count >= l.Most {
				return &TooMany{timeOf(expires)}
			}
			if found {
				tx.Exec("UPDATE account_attempt SET count = count + 1 WHERE hash = $1", l.hash(who))
				continue
			}
			tx.Exec("INSERT INTO account_attempt (hash, began, expires, count) VALUES ($1, $2, $3, 1)", l.hash(who), now.UnixMicro(), now.Add(l.In).UnixMicro())
		}
		return nil
	})
}

// MayAttempt says whether another attempt is within the limit, and counts nothing.
func (a *Accounts) MayAttempt(ctx context.Context, l Limit, by ...string) error {
	now := a.now().UnixMicro()
	for _, who := range by {
		if who == "" {
			continue
		}
		var count int
		var expires int64
		err := a.record.Engine.Reader().QueryRowContext(ctx, "SELECT count, expires FROM account_attempt WHERE hash = $1", l.hash(who)).Scan(&count, &expires)
		switch {
		case errors.Is(err, sql.ErrNoRows):
		case err != nil:
			return err
		case count >= l.Most && now < expires:
			return &TooMany{timeOf(expires)}
		}
	}
	return nil
}

// hash names a count: the database does not say in plain text who tried what from where.
func (l Limit) hash(who string) []byte { return hashOf(l.Name + "\n" + who) }
