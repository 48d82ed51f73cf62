// Package work does what follows from the record and may take a while: letters, webhooks, reminders.
//
// A [Follower] reads the record from a cursor and says which jobs follow from each event; the cursor and
// the jobs are committed together, so that no event is passed over and none is taken twice. A [Round]
// does the same with time in the place of events. Of several nodes one at a time works at each of them:
// whoever holds the cursor's row. Jobs are done by River, on any node, and again until they succeed.
//
//	store, err := work.OpenFile(ctx, "work.db")   // or work.OpenDatabase
//	w, err := work.New(ctx, work.Config{Store: store, Record: record, Workers: workers, Followers: …})
//	go w.Run(ctx)
//
// Nothing here is truth, and no page depends on a job having run: with its file deleted, jobs are derived
// again from the record. What must not happen twice then (a letter) is noted in the record's database, in
// tables of this part ([Migrations]); so is the position from which on a follower has been at work, so
// that nobody is written to about what happened before there was a post office.
package work

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"shingle/internal/act"
	"shingle/internal/record"
)

//go:embed migrations jobs
var files embed.FS

// Migrations are the goose migrations of the part "work", to be applied to the record's database before the
// record is opened.
var Migrations = record.Sub(files, "migrations")

// Job is what is to be done: names and numbers, and nothing private.
type Job = river.JobArgs

// Once are the options of a job that is asked for once, ever: as long as River remembers it, whatever became
// of it.
func Once(queue string, attempts int) river.InsertOpts {
	return river.InsertOpts{Queue: queue, MaxAttempts: attempts, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: rivertype.JobStates()}}
}

// Follower says what follows from events. Its name is for ever.
type Follower struct {
	Name string
	// Take returns the jobs that follow from an event. It is asked again if they could not be stored.
	Take func(ctx context.Context, e act.Recorded) ([]Job, error)
	// Horizon is how old an event may be: what is older is passed over. Zero is for ever.
	Horizon time.Duration
}

// Round says what follows from time. Its name is for ever.
type Round struct {
	Name  string
	Every time.Duration
	// Take returns the jobs that follow from the time between two instants, the first exclusive. tx is the
	// transaction in which they will be stored.
	Take func(ctx context.Context, tx *sql.Tx, from, until time.Time) ([]Job, error)
}

// Config is what Work is made of.
type Config struct {
	Store     *Store
	Record    *record.Record
	Begun     int64            // position from which on followers take events that were never at work before
	Now       func() time.Time // the body's clock
	Log       *slog.Logger
	Workers   *river.Workers
	Queues    map[string]int // how many jobs of each queue run at once in this process
	Followers []Follower
	Rounds    []Round
	// Clock is what River goes by when it tries again; nil is the machine's.
	Clock rivertype.TimeGenerator
}

// Work is the work of one process. Its methods may be called from many goroutines.
type Work struct {
	Config
	client *river.Client[*sql.Tx]
	since  map[string]since // by follower or round
	// starting is held while River starts: who asks for a job meanwhile would wake what is only being made.
	starting sync.RWMutex
}

const (
	// batch is how many events are taken in one transaction.
	batch = 200
	// look is how often a node looks whether it is its turn, and again after a fault.
	look = time.Second
	// cooldown is for how long a queue rests between two looks for jobs while there are any.
	cooldown = 20 * time.Millisecond
	// stopping is how long jobs that run have when the process stops.
	stopping = 5 * time.Second
)

// New prepares work; Run begins with it.
func New(ctx context.Context, c Config) (*Work, error) {
	w := &Work{Config: c, since: map[string]since{}}
	queues := map[string]river.QueueConfig{}
	for name, n := range c.Queues {
		queues[name] = river.QueueConfig{MaxWorkers: n}
	}
	var err error
	w.client, err = river.NewClient(c.Store.driver, &river.Config{
		Queues: queues, Workers: c.Workers, PollOnly: true, FetchCooldown: cooldown, SoftStopTimeout: stopping,
		Logger: slog.New(quiet{c.Log.Handler()}), Test: river.TestConfig{Time: c.Clock}, TestOnly: c.Clock != nil,
	})
	if err != nil {
		return nil, fmt.Errorf("the jobs cannot be prepared: %w", err)
	}
	var names []string
	for _, f := range c.Followers {
		names = append(names, f.Name)
	}
	for _, r := range c.Rounds {
		names = append(names, r.Name)
	}
	return w, w.begin(ctx, names)
}

// Run works until ctx ends. Jobs that run then have a few seconds to end; they are done again.
func (w *Work) Run(ctx context.Context) {
	var all sync.WaitGroup
	defer all.Wait()
	for _, f := range w.Followers {
		all.Go(func() { w.follow(ctx, f) })
	}
	for _, r := range w.Rounds {
		all.Go(func() { w.goRound(ctx, r) })
	}
	said := ""
	for {
		w.starting.Lock()
		err := w.client.Start(ctx)
		w.starting.Unlock()
		if err == nil {
			<-w.client.Stopped()
			return
		}
		if ctx.Err() != nil {
			return
		}
		said = w.complain(said, "jobs cannot be done now", "", err)
		pause(ctx, look)
	}
}

// Add stores jobs at once, for whoever asks for one that follows from no event. A job that was asked for
// before is asked for once.
func (w *Work) Add(ctx context.Context, jobs ...Job) error {
	many := make([]river.InsertManyParams, len(jobs))
	for i, j := range jobs {
		many[i].Args = j
	}
	if len(many) == 0 {
		return nil
	}
	w.starting.RLock()
	defer w.starting.RUnlock()
	if _, err := w.client.InsertMany(ctx, many); err != nil {
		return fmt.Errorf("the job could not be stored: %w", err)
	}
	return nil
}

// Waiting returns how many jobs there are in each state but "completed", in River's words: available,
// running, retryable, scheduled, discarded, cancelled, pending.
func (w *Work) Waiting(ctx context.Context) (n map[string]float64, err error) {
	rows, err := w.Store.db.QueryContext(ctx, "SELECT CAST(state AS text), count(*) FROM river_job WHERE state <> 'completed' GROUP BY state")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	n = map[string]float64{"available": 0, "running": 0, "retryable": 0}
	for rows.Next() {
		var state string
		var count float64
		if err := rows.Scan(&state, &count); err != nil {
			return nil, err
		}
		n[state] = count
	}
	return n, rows.Err()
}

// complain logs a fault once, and not each time it is met again. It returns what was said.
func (w *Work) complain(said, what, name string, err error) string {
	if says := err.Error(); says != said {
		w.Log.Error(what, "name", name, "error", err)
		return says
	}
	return said
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// quiet passes on what River warns of, and not that it goes about its business.
type quiet struct{ slog.Handler }

// Enabled implements [slog.Handler].
func (q quiet) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && q.Handler.Enabled(ctx, l)
}

// WithAttrs implements [slog.Handler].
func (q quiet) WithAttrs(attrs []slog.Attr) slog.Handler { return quiet{q.Handler.WithAttrs(attrs)} }

// WithGroup implements [slog.Handler].
func (q quiet) WithGroup(name string) slog.Handler { return quiet{q.Handler.WithGroup(name)} }
