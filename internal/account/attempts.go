package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"shingle/internal/act"
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

// Tries counts who tried what. It counts for whoever has strangers try something, not only for who signs in. What is
// stored of whom is counted is a digest that nobody makes without the body's keys: there are few enough addresses that
// a plain hash of one is as good as the address.
type Tries struct{ record *record.Record }

// NewTries returns the counts in a record's database, which has had the Migrations.
func NewTries(r *record.Record) Tries { return Tries{r} }

// Attempt counts one more attempt by everyone in by: an address, a person; "" is nobody. Beyond the limit of any of them
// it is a [*TooMany], and nothing is counted or written: whoever keeps trying costs next to nothing.
func (t Tries) Attempt(ctx context.Context, l Limit, by ...string) error {
	whom, err := t.digests(l, by)
	if err == nil {
		err = t.may(ctx, l, whom)
	}
	if err != nil || len(whom) == 0 {
		return err
	}
	now := t.now()
	return t.record.Upkeep(ctx, func(tx record.Tx, _ act.World) error {
		tx.Exec("DELETE FROM account_attempt WHERE expires <= $1", now.UnixMicro())
		for _, who := range whom {
			var count int
			var expires int64
			found, err := one(ctx, tx, "SELECT count, expires FROM account_attempt WHERE hash = $1", []any{who}, &count, &expires)
			if err != nil {
				return err
			}
			if found && count >= l.Most {
				return &TooMany{timeOf(expires)}
			}
			if found {
				tx.Exec("UPDATE account_attempt SET count = count + 1 WHERE hash = $1", who)
				continue
			}
			tx.Exec("INSERT INTO account_attempt (hash, began, expires, count) VALUES ($1, $2, $3, 1)", who, now.UnixMicro(), now.Add(l.In).UnixMicro())
		}
		return nil
	})
}

// MayAttempt says whether another attempt is within the limit, and counts nothing.
func (t Tries) MayAttempt(ctx context.Context, l Limit, by ...string) error {
	whom, err := t.digests(l, by)
	if err != nil {
		return err
	}
	return t.may(ctx, l, whom)
}

func (t Tries) may(ctx context.Context, l Limit, whom [][]byte) error {
	now := t.now().UnixMicro()
	for _, who := range whom {
		var count int
		var expires int64
		err := t.record.Engine.Reader().QueryRowContext(ctx, "SELECT count, expires FROM account_attempt WHERE hash = $1", who).Scan(&count, &expires)
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

// Sweep removes counts whose time is over.
func (t Tries) Sweep(ctx context.Context) error {
	now := t.now().UnixMicro()
	var old int64
	err := t.record.Engine.Reader().QueryRowContext(ctx, "SELECT count(*) FROM account_attempt WHERE expires <= $1", now).Scan(&old)
	if err != nil || old == 0 {
		return err
	}
	return t.record.Upkeep(ctx, func(tx record.Tx, _ act.World) error {
		tx.Exec("DELETE FROM account_attempt WHERE expires <= $1", now)
		return nil
	})
}

// now is the record's time: UTC, whole microseconds.
func (t Tries) now() time.Time { return t.record.Now().UTC().Truncate(time.Microsecond) }

// digests name counts: the database does not say who tried what from where.
func (t Tries) digests(l Limit, by []string) (whom [][]byte, err error) {
	for _, who := range by {
		if who == "" {
			continue
		}
		digest, err := t.record.Keys.Digest([]byte("attempt\n" + l.Name + "\n" + who))
		if err != nil {
			return nil, fmt.Errorf("tries cannot be counted now: %w", err)
		}
		whom = append(whom, digest)
	}
	return whom, nil
}
