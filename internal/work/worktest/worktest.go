// Package worktest gives tests of work a small record of notes, on both databases, that can be closed and
// opened again as a restart does.
package worktest

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"errors"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"shingle/internal/act"
	"shingle/internal/pgtest"
	"shingle/internal/record"
	"shingle/internal/record/postgres"
	"shingle/internal/record/sqlite"
	"shingle/internal/work"
)

// Place is where a record and its jobs lie.
type Place struct {
	t       *testing.T
	engine  func() (record.Engine, error)
	store   func() (*work.Store, error)
	File    string // of the jobs; "" on PostgreSQL
	Clock   *Clock // the body's
	Machine *Clock // of River
	Log     *Log
}

// OnBoth runs a test on both databases.
func OnBoth(t *testing.T, test func(t *testing.T, p *Place)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, InFolder(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		url := pgtest.URL(t)
		p := empty(t)
		p.engine = func() (record.Engine, error) { return postgres.Open(t.Context(), url) }
		p.store = func() (*work.Store, error) {
			servers, err := postgres.Locate(url)
			if err != nil {
				return nil, err
			}
			return work.OpenDatabase(t.Context(), servers.Writing())
		}
		test(t, p)
	})
}

// InFolder returns a place in a folder.
func InFolder(t *testing.T) *Place {
	dir := t.TempDir()
	p := empty(t)
	p.File = filepath.Join(dir, "work.db")
	p.engine = func() (record.Engine, error) { return sqlite.Open(t.Context(), filepath.Join(dir, "shingle.db")) }
	p.store = func() (*work.Store, error) { return work.OpenFile(t.Context(), p.File) }
	return p
}

func empty(t *testing.T) *Place {
	return &Place{t: t, Clock: &Clock{t: time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)}, Machine: &Clock{t: time.Now().Truncate(time.Second)}, Log: &Log{}}
}

// Record opens the record; it is closed with the test, or before by the caller.
func (p *Place) Record() *record.Record {
	p.t.Helper()
	engine, err := p.engine()
	must(p.t, err)
	must(p.t, engine.Migrate(p.t.Context(), "work", work.Migrations))
	r, err := record.Open(p.t.Context(), record.Options{Engine: engine, Catalogue: catalogue(), Keys: Keys, Now: p.Clock.Now, Log: p.Log.Logger()})
	must(p.t, err)
	p.t.Cleanup(func() { _ = r.Close() })
	return r
}

// Store opens the store of the jobs; it is closed with the test, or before by the caller.
func (p *Place) Store() *work.Store {
	p.t.Helper()
	s, err := p.store()
	must(p.t, err)
	p.t.Cleanup(func() { _ = s.Close() })
	return s
}

// Begin runs work on a record until stop is called, or the test ends.
func (p *Place) Begin(c work.Config) (w *work.Work, stop func()) {
	p.t.Helper()
	c.Begun = c.Record.Position()
	c.Now, c.Log, c.Clock = p.Clock.Now, p.Log.Logger(), p.Machine
	if c.Store == nil {
		c.Store = p.Store()
	}
	if c.Workers == nil {
		c.Workers = river.NewWorkers()
	}
	w, err := work.New(p.t.Context(), c)
	must(p.t, err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); w.Run(ctx) }()
	var once sync.Once
	stop = func() { once.Do(func() { cancel(); <-done; _ = c.Store.Close() }) }
	p.t.Cleanup(func() {
		stop()
		if p.t.Failed() {
			p.t.Log(p.Log)
		}
	})
	return w, stop
}

// Eventually waits until something holds: other goroutines make it so.
func Eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for until := time.Now().Add(45 * time.Second); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("it never came about: %s", what)
		}
	}
}

// Rests waits until no job runs, so that the clock may be moved.
func Rests(t *testing.T, w *work.Work) {
	t.Helper()
	Eventually(t, "no job runs", func() bool {
		n, err := w.Waiting(t.Context())
		must(t, err)
		return n["running"] == 0
	})
}

// Clock is a clock that is moved by hand, or stands. It implements River's rivertype.TimeGenerator.
type Clock struct {
	mu sync.Mutex
	t  time.Time
}

// Now returns what it shows.
func (c *Clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.t }

// NowOrNil returns what it shows.
func (c *Clock) NowOrNil() *time.Time { now := c.Now(); return &now }

// Move moves it forward.
func (c *Clock) Move(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.t = c.t.Add(d) }

// Log keeps what is logged.
type Log struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write implements [io.Writer].
func (l *Log) Write(b []byte) (int, error) { l.mu.Lock(); defer l.mu.Unlock(); return l.b.Write(b) }

// String returns what was logged.
func (l *Log) String() string { l.mu.Lock(); defer l.mu.Unlock(); return l.b.String() }

// Logger returns a logger that keeps everything.
func (l *Log) Logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// Keys seal with one key for everybody.
var Keys act.Keys = newKeys()

type keys struct{ cipher.AEAD }

func newKeys() keys {
	block, err := aes.NewCipher(make([]byte, 32))
	if err != nil {
		panic(err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err)
	}
	return keys{aead}
}

func (k keys) Seal(owner, text string) ([]byte, error) {
	return k.AEAD.Seal(nil, nil, []byte(text), []byte(owner)), nil
}

func (k keys) Open(owner string, sealed []byte) (string, error) {
	b, err := k.AEAD.Open(nil, nil, sealed, []byte(owner))
	return string(b), err
}

func (k keys) Sync() error { return nil }

func (k keys) Digest(text []byte) ([]byte, error) { h := sha256.Sum256(text); return h[:], nil }

// Note writes a line.
type Note struct {
	Text string `json:"text" label:"Text"`
}

// Noted says that a line was written.
type Noted struct {
	Text string `json:"text"`
}

func catalogue() *act.Catalogue {
	ledger := act.NewStream("ledger", func(n int, _ act.Event) int { return n + 1 }, act.EventOf[Noted]("ledger.noted"))
	note := act.Define(ledger, "ledger.note", "Writes a line.",
		func(Note, act.Meta) act.Target { return act.NextOf("") },
		func(_ int, _ act.None, c Note, _ act.Meta) ([]act.Event, error) { return []act.Event{Noted(c)}, nil })
	return act.NewCatalogue([]act.Domain{{Streams: []*act.Stream{ledger}, Acts: []*act.Act{note}}}, nil, nil, nil)
}

// Write notes some lines.
func Write(t *testing.T, r *record.Record, texts ...string) {
	t.Helper()
	for _, text := range texts {
		_, err := r.Do(context.Background(), record.Request{Command: Note{text}, Actor: "operator", Role: "operator", Expect: -1})
		must(t, err)
	}
}

// ErrBroken is a fault that a test makes.
var ErrBroken = errors.New("broken for a test")

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
