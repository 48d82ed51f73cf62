// Package sending keeps how far something has come that is sent to many members, one act or letter each.
//
// What was sent is in the record; what is kept here is what somebody sees who waits for the end of it, in one row
// beside the record, so that every node shows the same and two nodes never send at once. Whoever sends says time
// and again that it goes on. A process that ends says nothing any more: after a minute of silence the sending counts as
// broken off, and may be begun again.
package sending

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"time"

	"shingle/internal/act"
	"shingle/internal/record"
)

//go:embed migrations
var migrations embed.FS

// Migrations are the goose migrations of the part "sending".
var Migrations = record.Sub(migrations, "migrations")

const (
	// silence is how long whoever sends may say nothing before it counts as broken off. One act may wait for a
	// database that changes its primary.
	silence = time.Minute
	// often is how often whoever sends says how far it is.
	often = time.Second
	// maxFailures is how many failures are told one by one.
	maxFailures = 100
)

var (
	// ErrRunning says that something is being sent already, by this node or another.
	ErrRunning = errors.New("something is being sent to many members already; wait for its end, or stop it")
	// ErrStopped says that somebody asked that it stop, or that it counted as broken off and another was begun.
	ErrStopped = errors.New("the sending was stopped")
)

// Progress is how far a sending is. Times are UTC.
type Progress struct {
	What                   string
	Began                  time.Time
	Ended                  time.Time // zero while it goes on, and where it broke off
	Total                  int
	Done, Skipped, Refused int
	Failures               []Failure // the first of those refused
	Stopped                string    // why it ended before all was done, a sentence; ""
	Broke                  bool      // nobody sends any more, and nobody said so
}

// Going reports whether somebody sends; never where there was no sending.
func (p Progress) Going() bool { return !p.Began.IsZero() && p.Ended.IsZero() && !p.Broke }

// Failure is a member that nothing could be sent to.
type Failure struct{ Number, Why string }

// Sendings keeps the newest sending of a body.
type Sendings struct{ Record *record.Record }

// Newest returns how far the newest sending is; ok is false where there was none.
func (s Sendings) Newest(ctx context.Context) (p Progress, ok bool, err error) {
	var began, beat, ended int64
	var failures []byte
	err = s.Record.Engine.Reader().QueryRowContext(ctx, "SELECT what, began, beat, ended, total, done, skipped, refused, failures, stopped FROM sending WHERE id = 1").
		Scan(&p.What, &began, &beat, &ended, &p.Total, &p.Done, &p.Skipped, &p.Refused, &failures, &p.Stopped)
	if errors.Is(err, sql.ErrNoRows) {
		return p, false, nil
	}
	if err == nil {
		err = json.Unmarshal(failures, &p.Failures)
	}
	if err != nil {
		return p, false, err
	}
	p.Began = time.UnixMicro(began).UTC()
	if ended != 0 {
		p.Ended = time.UnixMicro(ended).UTC()
	}
	p.Broke = broke(beat, ended, s.Record.Now())
	return p, true, nil
}

func broke(beat, ended int64, now time.Time) bool {
	return ended == 0 && now.Sub(time.UnixMicro(beat)) >= silence
}

// Begin notes that something is sent to total members; what is a word for it. It is [ErrRunning] while another
// sending goes on.
func (s Sendings) Begin(ctx context.Context, what string, total int) (*Run, error) {
	r := &Run{of: s, id: rand.Text(), saved: time.Now()}
	err := s.write(ctx, func(tx record.Tx) error {
		var beat, ended int64
		found, err := one(ctx, tx, "SELECT beat, ended FROM sending WHERE id = 1", &beat, &ended)
		if err != nil {
			return err
		}
		now := s.Record.Now()
		if found && ended == 0 && !broke(beat, ended, now) {
			return ErrRunning
		}
		tx.Exec("DELETE FROM sending")
		tx.Exec(`INSERT INTO sending (id, run, what, began, beat, ended, stop, total, done, skipped, refused, failures, stopped)
			VALUES (1, $1, $2, $3, $3, 0, 0, $4, 0, 0, 0, $5, '')`, r.id, what, now.UnixMicro(), total, []byte("[]"))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// Stop asks that what is being sent stop, wherever it is sent from.
func (s Sendings) Stop(ctx context.Context) error {
	return s.write(ctx, func(tx record.Tx) error {
		tx.Exec("UPDATE sending SET stop = 1 WHERE ended = 0")
		return nil
	})
}

// Run is a sending of this process. One goroutine uses it.
type Run struct {
	of                     Sendings
	id                     string
	done, skipped, refused int
	failures               []Failure
	saved                  time.Time // by the machine's clock
}

// Goes returns nil while the sending is to go on, and [ErrStopped] when it is not.
func (r *Run) Goes(ctx context.Context) error {
	var stop int64
	err := r.of.Record.Engine.Reader().QueryRowContext(ctx, "SELECT stop FROM sending WHERE id = 1 AND run = $1", r.id).Scan(&stop)
	if errors.Is(err, sql.ErrNoRows) || err == nil && stop != 0 {
		return ErrStopped
	}
	return err
}

// Reached counts a member; did is false for one that had been reached already.
func (r *Run) Reached(ctx context.Context, did bool) error {
	if did {
		r.done++
	} else {
		r.skipped++
	}
	return r.beats(ctx)
}

// Refused counts a member that nothing could be sent to. Why names nobody.
func (r *Run) Refused(ctx context.Context, number, why string) error {
	if r.refused++; len(r.failures) < maxFailures {
		r.failures = append(r.failures, Failure{number, why})
	}
	return r.beats(ctx)
}

// beats says how far it is, now and then.
func (r *Run) beats(ctx context.Context) error {
	if time.Since(r.saved) < often {
		return nil
	}
	return r.save(ctx, 0, "")
}

// End says that it is over; stopped is why it ended before all was done, "" if it did not.
func (r *Run) End(ctx context.Context, stopped string) error {
	return r.save(ctx, r.of.Record.Now().UnixMicro(), stopped)
}

func (r *Run) save(ctx context.Context, ended int64, stopped string) error {
	failures, err := json.Marshal(append([]Failure{}, r.failures...))
	if err != nil {
		return err
	}
	r.saved = time.Now()
	return r.of.write(ctx, func(tx record.Tx) error {
		tx.Exec("UPDATE sending SET beat = $1, ended = $2, done = $3, skipped = $4, refused = $5, failures = $6, stopped = $7 WHERE id = 1 AND run = $8",
			r.of.Record.Now().UnixMicro(), ended, r.done, r.skipped, r.refused, failures, stopped, r.id)
		return nil
	})
}

func (s Sendings) write(ctx context.Context, do func(tx record.Tx) error) error {
	return s.Record.Upkeep(ctx, func(tx record.Tx, _ act.World) error { return do(tx) })
}

// one reads at most one row.
func one(ctx context.Context, tx record.Tx, query string, into ...any) (found bool, err error) {
	rows, err := tx.Query(ctx, query)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	if !rows.Next() {
		return false, rows.Err()
	}
	return true, rows.Scan(into...)
}
