package alerts

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"shingle/internal/act"
	"shingle/internal/record"
)

// row is a subscription as it is stored.
type row struct {
	Alert
	address, sealed []byte
}

// querier is a transaction, or what is committed.
type querier interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// reader reads what is committed.
type reader struct{ db *sql.DB }

func (r reader) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return r.db.QueryContext(ctx, query, args...)
}

// find returns the one row for which a condition holds, or [ErrGone].
func find(ctx context.Context, q querier, where string, args ...any) (found row, err error) {
	rows, err := q.Query(ctx, "SELECT id, member, address, sealed, created, confirmed FROM alert WHERE "+where, args...)
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if !rows.Next() {
		return found, errors.Join(rows.Err(), ErrGone)
	}
	var made, done int64
	err = rows.Scan(&found.ID, &found.Member, &found.address, &found.sealed, &made, &done)
	found.Created = time.UnixMicro(made).UTC()
	if done != 0 {
		found.Confirmed = time.UnixMicro(done).UTC()
	}
	return found, err
}

func (a *Alerts) ids(ctx context.Context, where string, args ...any) (ids []string, err error) {
	rows, err := a.Record.Engine.Reader().QueryContext(ctx, "SELECT id FROM alert WHERE "+where+" ORDER BY id", args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// change writes, under the record's lock: nothing changes between what is read there and what is written.
func (a *Alerts) change(ctx context.Context, do func(tx record.Tx) error) error {
	return a.Record.Upkeep(ctx, func(tx record.Tx, _ act.World) error { return do(tx) })
}

// end takes the address and the secrets from subscriptions for which a condition holds; its arguments are counted
// from $2 on. Their keys are destroyed once that is committed.
func end(tx record.Tx, where string, args ...any) {
	tx.Exec("UPDATE alert SET state = '"+ended+"', sealed = $1, link = $1, ends_by = $1 WHERE "+where, append([]any{[]byte{}}, args...)...)
}

// destroy destroys what is left of subscriptions that have ended, and then their rows. What fails is done by the
// next sweep.
func (a *Alerts) destroy(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	for {
		ids, err := a.ids(ctx, "state = $1", ended)
		if err != nil || len(ids) == 0 {
			return err
		}
		ids = ids[:min(len(ids), 100)]
		for _, id := range ids {
			if a.Ended != nil {
				err = errors.Join(err, a.Ended(ctx, id))
			}
			err = errors.Join(err, a.Keys.Forget(ctx, Prefix+id))
		}
		if err != nil {
			return err
		}
		err = a.change(ctx, func(tx record.Tx) error {
			for _, id := range ids {
				tx.Exec("DELETE FROM alert WHERE id = $1", id)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

// Sweep ends what was not confirmed in time, and does what a crash left undone.
func (a *Alerts) Sweep(ctx context.Context) error {
	now := a.now()
	late, err := a.ids(ctx, "state = $1 AND created <= $2", asked, now.Add(-waiting).UnixMicro())
	if err != nil {
		return err
	}
	if len(late) > 0 {
		err = a.change(ctx, func(tx record.Tx) error {
			end(tx, "state = $2 AND created <= $3", asked, now.Add(-waiting).UnixMicro())
			return nil
		})
	}
	return errors.Join(err, a.tries.Sweep(ctx), a.destroy(ctx))
}
