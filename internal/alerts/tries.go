package alerts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"shingle/internal/record"
)

// TooMany says that it was asked too often from one place, and when it may be again.
type TooMany struct{ Again time.Time }

func (t *TooMany) Error() string {
	return fmt.Sprintf("it was asked too often from here; it can be asked again at %s", t.Again.Format(time.RFC3339))
}

// limit is how often something may be asked in a time.
type limit struct {
	name string
	most int64
	in   time.Duration
}

var (
	ofPlace   = limit{"from", 20, time.Hour}
	ofAddress = limit{"address", 5, 24 * time.Hour}
)

// count counts one more request, from a place and for an address. It is a [*TooMany] where the place asked too
// often; allowed is false where the address was asked for too often, by whomever. Beyond a limit nothing is
// written: whoever keeps trying costs next to nothing.
func (a *Alerts) count(ctx context.Context, from, address string) (allowed bool, err error) {
	now := a.now()
	place, err := a.Keys.Digest([]byte(ofPlace.name + "\n" + from))
	if err != nil {
		return false, err
	}
	whose, err := a.Keys.Digest([]byte(ofAddress.name + "\n" + address))
	if err != nil {
		return false, err
	}
	look := func(q querier) error {
		allowed = true
		if n, until, err := tries(ctx, q, place, now); err != nil {
			return err
		} else if from != "" && n >= ofPlace.most {
			return &TooMany{until}
		}
		n, _, err := tries(ctx, q, whose, now)
		allowed = n < ofAddress.most
		return err
	}
	if err := look(reader{a.Record.Engine.Reader()}); err != nil || !allowed {
		return allowed, err
	}
	if _, wait, err := a.Count(ctx); err != nil {
		return false, err
	} else if wait >= mostWaiting {
		return false, ErrFull
	}
	return allowed, a.change(ctx, func(tx record.Tx) error {
		if err := look(tx); err != nil || !allowed {
			return err
		}
		if from != "" {
			ofPlace.add(tx, place, now)
		}
		ofAddress.add(tx, whose, now)
		return nil
	})
}

// tries returns how often somebody tried, and until when that counts.
func tries(ctx context.Context, q querier, who []byte, now time.Time) (n int64, until time.Time, err error) {
	rows, err := q.Query(ctx, "SELECT n, expires FROM alert_try WHERE who = $1 AND expires > $2", who, now.UnixMicro())
	if err != nil {
		return 0, until, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if rows.Next() {
		var expires int64
		err = rows.Scan(&n, &expires)
		until = time.UnixMicro(expires).UTC()
	}
	return n, until, errors.Join(err, rows.Err())
}

// add counts one more; a count that is over begins anew.
func (l limit) add(tx record.Tx, who []byte, now time.Time) {
	tx.Exec("INSERT INTO alert_try (who, n, expires) VALUES ($1, 1, $2) ON CONFLICT (who) DO UPDATE SET "+
		"n = CASE WHEN alert_try.expires <= $3 THEN 1 ELSE alert_try.n + 1 END, expires = CASE WHEN alert_try.expires <= $3 THEN excluded.expires ELSE alert_try.expires END",
		who, now.Add(l.in).UnixMicro(), now.UnixMicro())
}
