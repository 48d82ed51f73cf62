package health_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"shingle/internal/act"
	"shingle/internal/health"
	"shingle/internal/pgtest"
	"shingle/internal/record"
	"shingle/internal/record/postgres"
	"shingle/internal/record/sqlite"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func says(h *health.Health, name string) string {
	results, well := h.Look(context.Background())
	for _, r := range results {
		if r.Name == name {
			if well && r.Says != "" {
				return "well, and: " + r.Says
			}
			return r.Says
		}
	}
	return "no such check"
}

func TestAThingIsLookedAtOnceASecondHoweverManyAsk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var looks atomic.Int64
		h := health.New(slog.New(slog.DiscardHandler), health.Check{Name: "a", Look: func(context.Context) error {
			looks.Add(1)
			time.Sleep(100 * time.Millisecond)
			return nil
		}})
		var askers sync.WaitGroup
		for range 100 {
			askers.Go(func() { says(h, "a") })
		}
		askers.Wait()
		if n := looks.Load(); n != 1 {
			t.Errorf("%d looks", n)
		}
		time.Sleep(time.Second)
		says(h, "a")
		if n := looks.Load(); n != 2 {
			t.Errorf("%d looks after a second", n)
		}
	})
}

func TestWhatHangsIsSaidInTimeAndHangsAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		var looks atomic.Int64
		h := health.New(slog.New(slog.DiscardHandler), health.Check{Name: "a", Look: func(context.Context) error {
			looks.Add(1)
			<-release
			return nil
		}}, health.Check{Name: "b", Look: func(context.Context) error { return nil }})
		for range 3 {
			began := time.Now()
			if got := says(h, "a"); got != "it does not answer in time" {
				t.Errorf("it says %q", got)
			}
			if took := time.Since(began); took > health.Patience {
				t.Errorf("it took %s", took)
			}
		}
		if n := looks.Load(); n != 1 {
			t.Errorf("%d hang", n)
		}
		close(release)
		synctest.Wait()
		if got := says(h, "a"); got != "" {
			t.Errorf("afterwards it says %q", got)
		}
	})
}

func TestParticularsAreForTheLogAloneAndOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		var wrong atomic.Pointer[error]
		fail := func(err error) { wrong.Store(&err) }
		fail(nil)
		h := health.New(slog.New(slog.NewTextHandler(&log, nil)), health.Check{Name: "a", Look: func(context.Context) error { return *wrong.Load() }})
		for _, step := range []struct {
			err  error
			says string
		}{
			{nil, ""},
			{errors.New("secret at 10.0.0.1"), "it fails; the server's log says why"},
			{errors.New("secret at 10.0.0.1"), "it fails; the server's log says why"},
			{&health.Fault{Says: "the disk is full", Err: errors.New("secret")}, "the disk is full"},
			{nil, ""},
		} {
			fail(step.err)
			if got := says(h, "a"); got != step.says {
				t.Errorf("it says %q, want %q", got, step.says)
			}
			time.Sleep(time.Second)
		}
		if got := log.String(); strings.Count(got, "something is wrong") != 2 || strings.Count(got, "all is well again") != 1 || !strings.Contains(got, "10.0.0.1") {
			t.Errorf("the log: %s", got)
		}
	})
}

func TestWritableRecordsNothingAndFindsWhatCannotBeWritten(t *testing.T) {
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "shingle.db")
	address := pgtest.URL(t)
	for name, open := range map[string]func() (record.Engine, error){
		"sqlite":   func() (record.Engine, error) { return sqlite.Open(ctx, path) },
		"postgres": func() (record.Engine, error) { return postgres.Open(ctx, address) },
	} {
		t.Run(name, func(t *testing.T) {
			engine, err := open()
			if err == nil {
				err = engine.Migrate(ctx, "health", health.Migrations)
			}
			if err != nil {
				t.Fatal(err)
			}
			r, err := record.Open(ctx, record.Options{Engine: engine, Catalogue: &act.Catalogue{}})
			if err != nil {
				t.Fatal(err)
			}
			check := health.Writable(r)
			for range 3 {
				if err := check.Look(ctx); err != nil {
					t.Fatal(err)
				}
			}
			var beats int
			if err := engine.Reader().QueryRowContext(ctx, "SELECT beat FROM heartbeat").Scan(&beats); err != nil || beats != 3 || r.Position() != 0 {
				t.Errorf("%d beats, position %d, %v", beats, r.Position(), err)
			}
			tx, err := engine.Begin(ctx)
			if err != nil {
				t.Fatal(err)
			}
			tx.Exec("DROP TABLE heartbeat")
			if err := tx.Commit(ctx); err != nil {
				t.Fatal(err)
			}
			var fault *health.Fault
			if err := check.Look(ctx); !errors.As(err, &fault) || strings.Contains(fault.Says, "heartbeat") {
				t.Errorf("nothing can be written, and it says %v", err)
			}
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}
