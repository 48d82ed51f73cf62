// Package health says whether a body does what it is there for, and if not, what keeps it from it.
//
// It is a list of checks, each of which looks at one thing now: can something be recorded, does the public
// log say what it should. Whoever asks is answered within [Patience], and however many ask, each thing is
// looked at once a second at most. What is wrong is told in words that anyone may read; the particulars go
// to the log, once when it begins and once when it is over.
//
// [Writable] is the check that matters most: it records a mark of no meaning, in a row of its own beside the
// record, under the same lock and with the same commit as an act.
package health

import (
	"context"
	"embed"
	"errors"
	"log/slog"
	"sync"
	"time"

	"shingle/internal/act"
	"shingle/internal/record"
)

//go:embed migrations
var migrations embed.FS

// Migrations are the goose migrations of the part "health", to be applied before the record is opened.
var Migrations = record.Sub(migrations, "migrations")

const (
	// Patience is how long whoever asks waits for a check at most.
	Patience = 2 * time.Second
	// fresh is for how long the answer of a check is good.
	fresh = time.Second
)

// Check is one thing to look at.
type Check struct {
	Name string // e.g. "record"
	// Look returns nil if all is well. What is wrong is said to everyone if it is a [Fault]; of any other error
	// only that there is one.
	Look func(ctx context.Context) error
}

// Fault is what is wrong, in words for everyone: one sentence that holds nothing private.
type Fault struct {
	Says string
	Err  error // the particulars, for the log; nil if there are none
}

func (f *Fault) Error() string {
	if f.Err != nil {
		return f.Says + ": " + f.Err.Error()
	}
	return f.Says
}

func (f *Fault) Unwrap() error { return f.Err }

// Result is what came of a check.
type Result struct {
	Name string
	Says string // what is wrong, "" if all is well
}

// Health looks after the checks. Its methods may be called from many goroutines.
type Health struct {
	log    *slog.Logger
	states []*state
}

// state is a check and what came of it last.
type state struct {
	Check
	mu   sync.Mutex
	says string
	at   time.Time     // when that was found out
	busy chan struct{} // closed when the look that is under way has ended; nil if there is none
}

// New returns the health of what the checks look at.
func New(log *slog.Logger, checks ...Check) *Health {
	h := &Health{log: log}
	for _, c := range checks {
		h.states = append(h.states, &state{Check: c})
	}
	return h
}

// Look returns what came of all checks, in their order, and whether all is well.
func (h *Health) Look(ctx context.Context) (results []Result, well bool) {
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	results = make([]Result, len(h.states))
	var wg sync.WaitGroup
	for i, s := range h.states {
		wg.Go(func() { results[i] = Result{s.Name, h.ask(ctx, s)} })
	}
	wg.Wait()
	well = true
	for _, r := range results {
		well = well && r.Says == ""
	}
	return results, well
}

// ask returns what a check says. One look is under way at a time; a look that hangs is not joined by others.
func (h *Health) ask(ctx context.Context, s *state) string {
	s.mu.Lock()
	if time.Since(s.at) < fresh {
		defer s.mu.Unlock()
		return s.says
	}
	if s.busy == nil {
		s.busy = make(chan struct{})
		go h.look(s)
	}
	busy := s.busy
	s.mu.Unlock()
	select {
	case <-busy:
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.says
	case <-ctx.Done():
		return "it does not answer in time"
	}
}

func (h *Health) look(s *state) {
	err := s.Look(context.Background())
	says := ""
	var fault *Fault
	switch {
	case errors.As(err, &fault):
		says = fault.Says
	case err != nil:
		says = "it fails; the server's log says why"
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case says != "" && says != s.says:
		h.log.Error("something is wrong", "check", s.Name, "error", err)
	case says == "" && s.says != "":
		h.log.Info("all is well again", "check", s.Name)
	}
	s.says, s.at = says, time.Now()
	close(s.busy)
	s.busy = nil
}

// Writable is a check that something can be recorded.
func Writable(r *record.Record) Check {
	return Check{"record", func(ctx context.Context) error {
		err := r.Upkeep(ctx, func(tx record.Tx, _ act.World) error {
			tx.Exec("UPDATE heartbeat SET beat = beat + 1 WHERE id = 1")
			return nil
		})
		switch {
		case errors.Is(err, record.ErrDiskFull):
			return &Fault{"the disk is full; nothing can be recorded until there is room", err}
		case errors.Is(err, record.ErrLocked):
			return &Fault{"the database is locked by another program", err}
		case errors.Is(err, record.ErrClosed):
			return &Fault{"the record is closed", err}
		case err != nil:
			return &Fault{"nothing can be recorded; the server's log says why", err}
		}
		return nil
	}}
}
