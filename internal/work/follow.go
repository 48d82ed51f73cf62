package work

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"shingle/internal/act"
	"shingle/internal/record"
)

// since is from where on somebody has been at work: what is before it is none of theirs. It is in the record's
// database, and in its backups.
type since struct {
	position int64
	at       time.Time
}

// begin notes the end of the record as where each begins, unless that was noted before.
func (w *Work) begin(ctx context.Context, names []string) error {
	if err := w.begun(ctx, names); err != nil || len(w.since) == len(names) {
		return err
	}
	now := w.Now()
	err := w.Record.Upkeep(ctx, func(tx record.Tx, _ act.World) error {
		for _, name := range names { // another node may have been faster: its word stands
			tx.Exec("INSERT INTO work_since (name, position, at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING", name, w.Begun, now.UnixMicro())
		}
		return nil
	})
	if err == nil {
		err = w.begun(ctx, names)
	}
	if err != nil {
		return fmt.Errorf("where the work began cannot be noted: %w", err)
	}
	return nil
}

// begun reads where each began, as far as that is noted.
func (w *Work) begun(ctx context.Context, names []string) error {
	for _, name := range names {
		var position, at int64
		err := w.Record.Engine.Reader().QueryRowContext(ctx, "SELECT position, at FROM work_since WHERE name = $1", name).Scan(&position, &at)
		switch {
		case err == nil:
			w.since[name] = since{position, time.UnixMicro(at).UTC()}
		case !errors.Is(err, sql.ErrNoRows):
			return err
		}
	}
	return nil
}

// turn takes a cursor, lets do move it, and commits it together with the jobs. led is false, and nothing was
// done, where another node has it.
func (w *Work) turn(ctx context.Context, name string, start int64, do func(tx *sql.Tx, at int64) (jobs []Job, next int64, err error)) (led bool, at int64, err error) {
	db := w.Store.db
	if _, err := db.ExecContext(ctx, "INSERT INTO work_cursor (name, at) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", name, start); err != nil {
		return false, 0, err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return false, 0, err
	}
	defer func() {
		if rollback := tx.Rollback(); !errors.Is(rollback, sql.ErrTxDone) {
			err = errors.Join(err, rollback)
		}
	}()
	err = tx.QueryRowContext(ctx, "SELECT at FROM work_cursor WHERE name = $1"+w.Store.lock, name).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return false, 0, nil
	} else if err != nil {
		return false, 0, err
	}
	jobs, next, err := do(tx, at)
	if err != nil || next == at && len(jobs) == 0 {
		return true, at, err
	}
	if len(jobs) > 0 {
		many := make([]river.InsertManyParams, len(jobs))
		for i, j := range jobs {
			many[i].Args = j
		}
		if _, err := w.client.InsertManyTx(ctx, tx, many); err != nil {
			return true, at, err
		}
	}
	if _, err := tx.ExecContext(ctx, "UPDATE work_cursor SET at = $1 WHERE name = $2", next, name); err != nil {
		return true, at, err
	}
	return true, next, tx.Commit()
}

// follow takes events as they are recorded, until ctx ends.
func (w *Work) follow(ctx context.Context, f Follower) {
	said := ""
	for ctx.Err() == nil {
		led, at, err := w.step(ctx, f)
		switch {
		case ctx.Err() != nil:
		case err != nil:
			said = w.complain(said, "the record is not followed now, and will be again", f.Name, err)
			pause(ctx, look)
		case !led:
			pause(ctx, look)
		default:
			said = ""
			if errors.Is(w.Record.Wait(ctx, at), record.ErrClosed) {
				return
			}
		}
	}
}

// step takes the next events, if this node's turn it is. It returns up to where all are taken.
func (w *Work) step(ctx context.Context, f Follower) (led bool, at int64, err error) {
	begun := w.since[f.Name].position
	return w.turn(ctx, f.Name, begun, func(_ *sql.Tx, at int64) (jobs []Job, next int64, err error) {
		next = max(at, begun)
		events, err := w.Record.Events(ctx, next, batch)
		if err != nil {
			return nil, at, err
		}
		now := w.Now()
		for _, e := range events {
			next = e.Position
			if f.Horizon > 0 && now.Sub(e.At) > f.Horizon {
				continue
			}
			more, err := f.Take(ctx, e)
			if err != nil {
				return nil, at, fmt.Errorf("position %d: %w", e.Position, err)
			}
			jobs = append(jobs, more...)
		}
		return jobs, next, nil
	})
}

// goRound takes what time brings, again and again until ctx ends.
func (w *Work) goRound(ctx context.Context, r Round) {
	said := ""
	for ctx.Err() == nil {
		if err := w.round(ctx, r); err == nil {
			said = ""
		} else if ctx.Err() == nil {
			said = w.complain(said, "what time brings is not seen to now, and will be", r.Name, err)
		}
		pause(ctx, r.Every)
	}
}

// round takes the time that has gone by since the last one, if this node's turn it is. A cursor that was lost
// begins a week ago, and not before the round was at work.
func (w *Work) round(ctx context.Context, r Round) error {
	now := w.Now()
	start := now.Add(-7 * 24 * time.Hour)
	if begun := w.since[r.Name].at; start.Before(begun) {
		start = begun
	}
	_, _, err := w.turn(ctx, r.Name, start.UnixMicro(), func(tx *sql.Tx, at int64) ([]Job, int64, error) {
		if at >= now.UnixMicro() {
			return nil, at, nil
		}
		jobs, err := r.Take(ctx, tx, time.UnixMicro(at).UTC(), now)
		return jobs, now.UnixMicro(), err
	})
	return err
}
