// Package record keeps what happened, for ever, in the order in which it happened.
//
// Whoever wants something changed asks [Record.Do]. One goroutine, the appender, takes all requests that
// wait, holds the write lock, decides them one after another against the state that the earlier ones
// left, and commits them together with everything that follows from them: reactions, views, and the
// leaves of the public log. When Do returns, every page already shows it. Nothing else writes.
//
// Each row carries the hash of the row before it, so that a changed row is found ([Verify]).
// Reading is by position ([Record.Events]), by whom it concerns ([Record.Concerning]) or folded
// ([Record.State], [Record.Fold]); a follower waits with [Record.Wait].
//
// What it does not do: it has no partial deletes (forgetting a person destroys their key, in the vault),
// and it offers no snapshot reads across several calls.
package record

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"encoding/base32"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"
	"time"

	"shingle/internal/act"
)

var (
	// ErrConflict says that the stream is no longer at the version the caller expected.
	ErrConflict = errors.New("somebody else changed this meanwhile")
	// ErrKeyReused says that an idempotency key was used before, for another request.
	ErrKeyReused = errors.New("this idempotency key was used for another request")
	// ErrUnknownAct says that the catalogue has no such act.
	ErrUnknownAct = errors.New("there is no such act")
	// ErrClock says that the clock cannot be believed: it stands before the last record, or was set. Nothing is
	// written until it is right again or an operator accepts it.
	ErrClock = errors.New("the clock cannot be believed")
	// ErrLocked says that another program holds the database's lock.
	ErrLocked = errors.New("the database is locked by another process")
	// ErrUnreachable says that the database is away; it is looked for again each time something is asked.
	ErrUnreachable = errors.New("the database cannot be reached")
	// ErrBehind says that the database holds less, or something else, than this process has seen of it: an
	// old primary came back, or an old backup. Nothing is written until it holds that again.
	ErrBehind = errors.New("the database holds less than was recorded, or something else")
	// ErrDiskFull says that the disk has no room; reading goes on.
	ErrDiskFull = errors.New("the disk is full")
	// ErrDiskReadOnly says that the disk is mounted for reading; reading goes on.
	ErrDiskReadOnly = errors.New("the disk can only be read")
	// ErrNewerSchema says that a newer version of the program has written here.
	ErrNewerSchema = errors.New("the data were written by a newer version of shingle; install that one")
	// ErrClosed says that the record is closed.
	ErrClosed = errors.New("the record is closed")
	// ErrOutcomeUnknown says that the database failed while committing and could not be asked whether it
	// had. Asking again with the same idempotency key is safe.
	ErrOutcomeUnknown = errors.New("it is not known whether this was recorded; ask again with the same idempotency key")
)

//go:embed migrations
var migrations embed.FS

// Options is what a record is made of.
type Options struct {
	Engine    Engine
	Catalogue *act.Catalogue
	Keys      act.Keys         // seals private values
	Views     []View           // projected in this order
	Now       func() time.Time // the clock
	Doubt     func() error     // why Now is not what the machine's clock shows: an ErrClock; nil never doubts
	Log       *slog.Logger     // nil discards
	Watch     Watch
}

// Record is an open record. Its methods may be called from many goroutines.
type Record struct {
	Options
	cache *cache
	reads *prepared
	kinds map[string]bool // kinds of events that are stored; the appender's

	requests chan *request
	closing  chan struct{}
	closed   chan struct{}
	once     sync.Once

	mu     sync.Mutex
	head   head
	grown  chan struct{} // closed and replaced when head moves
	behind error         // why the database is not trusted, an ErrBehind
	paused sync.Mutex    // held by the appender while it works, and by Rebuild

	deaf time.Time // since when the database has been away, by the machine's clock; the appender's
}

// head is the end of the record.
type head struct {
	position int64
	recorded time.Time
	chain    [32]byte
}

// Open opens the record in an engine, brings its tables and views up to date, and starts its appender.
func Open(ctx context.Context, o Options) (*Record, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Doubt == nil {
		o.Doubt = func() error { return nil }
	}
	r := &Record{
		Options: o, cache: newCache(cacheSize), reads: &prepared{db: o.Engine.Reader(), statements: map[string]*sql.Stmt{}}, grown: make(chan struct{}),
		requests: make(chan *request, maxBatch), closing: make(chan struct{}), closed: make(chan struct{}),
	}
	if err := Prepare(ctx, o.Engine); err != nil {
		return nil, err
	}
	h, err := headIn(ctx, reader{o.Engine.Reader()})
	if err != nil {
		return nil, err
	}
	r.head = h
	for _, v := range o.Views { // another process may have appended since they were made
		if err := v.Reload(ctx, o.Engine.Reader()); err != nil {
			return nil, fmt.Errorf("%s: %w", v.Name(), err)
		}
	}
	if err := r.readKinds(ctx); err != nil {
		return nil, err
	}
	go r.append()
	return r, nil
}

// Prepare brings the record's own tables up to date. Open does it too.
func Prepare(ctx context.Context, engine Engine) error {
	return engine.Migrate(ctx, "record", Migrations())
}

// Migrations holds the goose migrations of the record's tables, in the folders sqlite and postgres.
func Migrations() fs.FS { return Sub(migrations, "migrations") }

// Close waits for the acts under way and closes the engine.
func (r *Record) Close() error {
	r.once.Do(func() { close(r.closing) })
	<-r.closed
	r.paused.Lock() // until upkeep or a rebuild under way is done
	defer r.paused.Unlock()
	r.reads.close()
	return r.Engine.Close()
}

// Request asks for an act.
type Request struct {
	Command any    // of a type in the catalogue
	Actor   string // who asks
	Role    string // in which role
	Holder  string // the person who asks, see [act.Meta]; "" where that is not known
	Key     string // idempotency key, "" for none; one per actor
	// Expect is the version the stream must be at, e.g. the one a form was shown for; negative for any.
	Expect int64
}

// Done is what came of an act.
type Done struct {
	Stream   string         // the stream it was decided on
	Events   []act.Recorded // all that happened, reactions included; empty when there was nothing to do
	Position int64          // the record's position that includes it
	Replayed bool           // the same request with the same key was done before; Events are those of then
}

type request struct {
	Request
	ctx   context.Context
	asked time.Time // by the machine's clock, to measure by
	done  chan outcome
}

type outcome struct {
	Done
	err error
}

// Do asks for one act and waits until it is recorded or refused. Errors are an [act.Refusal], one of the
// Err values of this package, or a fault of the store. If ctx ends while the act is being decided, Do
// still waits for its outcome: it is never left open whether something was recorded.
func (r *Record) Do(ctx context.Context, req Request) (Done, error) {
	return r.Ask(ctx, req).Wait()
}

// Ask asks for one act without waiting. Acts asked for by one goroutine are decided in that order.
func (r *Record) Ask(ctx context.Context, req Request) *Pending {
	q := &request{Request: req, ctx: ctx, asked: time.Now(), done: make(chan outcome, 1)}
	var err error
	select {
	case <-r.closing:
		err = ErrClosed
	default:
		select {
		case <-r.closing:
			err = ErrClosed
		case <-ctx.Done():
			err = ctx.Err()
		case r.requests <- q:
		}
	}
	if err != nil {
		q.done <- outcome{err: err}
	}
	return &Pending{r, q}
}

// Pending is an act that was asked for.
type Pending struct {
	r *Record
	q *request
}

// Wait returns the outcome. It may be called once.
func (p *Pending) Wait() (Done, error) {
	select {
	case o := <-p.q.done:
		return o.Done, o.err
	case <-p.r.closed:
		select {
		case o := <-p.q.done:
			return o.Done, o.err
		default:
			return Done{}, ErrClosed
		}
	}
}

// Preview decides an act as Do would, against the record as it stands, and records nothing. Its events
// have no chain, and their private values are not sealed.
func (r *Record) Preview(ctx context.Context, req Request) (Done, error) {
	w := newWorld(ctx, r, r.reads, r.Position())
	w.preview = true
	above := w.above()
	stream, err := r.do(above, req.Command, act.Meta{Actor: req.Actor, Role: req.Role, Holder: req.Holder, At: r.now()}, req.Expect, 0)
	if above.fault != nil {
		return Done{}, above.fault
	}
	if err != nil {
		return Done{}, err
	}
	return Done{Stream: stream, Events: above.events, Position: r.Position()}, nil
}

// Position returns the position of the newest event, 0 for an empty record.
func (r *Record) Position() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.head.position
}

// Recorded returns when the newest event was recorded; zero for an empty record.
func (r *Record) Recorded() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.head.recorded
}

// Wait returns once the record has grown past position, or ctx ends.
func (r *Record) Wait(ctx context.Context, position int64) error {
	for {
		r.mu.Lock()
		at, grown := r.head.position, r.grown
		r.mu.Unlock()
		if at > position {
			return nil
		}
		select {
		case <-grown:
		case <-ctx.Done():
			return ctx.Err()
		case <-r.closed:
			return ErrClosed
		}
	}
}

func (r *Record) setHead(h head) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.head, r.behind = h, nil
	close(r.grown)
	r.grown = make(chan struct{})
}

// now reads the record's clock: UTC, whole microseconds.
func (r *Record) now() time.Time { return r.Now().UTC().Truncate(time.Microsecond) }

// leeway is by how much the clocks of several nodes may differ. Within it, time stands still until the
// slower clock has caught up.
const leeway = time.Minute

// Time returns the time for which questions are answered: the clock's, and never before the last record.
// ErrClock says that the clock stands further back than clocks may differ, or is doubted, and ErrBehind that
// the database stands further back; then nothing is recorded and nothing is signed.
func (r *Record) Time() (time.Time, error) {
	r.mu.Lock()
	last, behind := r.head.recorded, r.behind
	r.mu.Unlock()
	now, err := r.agree(last)
	return now, errors.Join(err, behind)
}

func (r *Record) agree(last time.Time) (time.Time, error) {
	now := r.now()
	if !now.Before(last) {
		return now, r.Doubt()
	}
	if last.Sub(now) > leeway {
		return last, fmt.Errorf("%w: it shows %s, and the last record is of %s", ErrClock, now.Format(time.RFC3339), last.Format(time.RFC3339))
	}
	return last, r.Doubt()
}

// idLetters are those of RFC 4648, small.
var idLetters = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567")

// newIDs draws n ids of 120 bits each.
func newIDs(n int) []string {
	const size = 15
	b := make([]byte, n*size)
	_, _ = rand.Read(b) // never fails, see crypto/rand
	ids := make([]string, n)
	for i := range ids {
		ids[i] = idLetters.EncodeToString(b[i*size : (i+1)*size])
	}
	return ids
}

// Sub returns a folder of the files that are compiled into a package, such as its migrations; it panics where
// there is none of the name.
func Sub(files embed.FS, dir string) fs.FS {
	sub, err := fs.Sub(files, dir)
	if err != nil {
		panic(fmt.Sprintf("%s: %v", dir, err))
	}
	return sub
}
