package work_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"shingle/internal/act"
	"shingle/internal/pgtest"
	"shingle/internal/work"
	"shingle/internal/work/worktest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// tell is a job that tells of an event.
type tell struct {
	Position int64  `json:"position"`
	Text     string `json:"text"`
}

func (tell) Kind() string                 { return "tell" }
func (tell) InsertOpts() river.InsertOpts { return work.Once("tell", 3) }

// teller counts how often each text was told.
type teller struct {
	river.WorkerDefaults[tell]
	mu    sync.Mutex
	told  map[string]int
	fails func(tell) error
	now   func() time.Time
}

func (w *teller) Work(_ context.Context, j *river.Job[tell]) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.told[j.Args.Text]++
	if w.fails != nil {
		return w.fails(j.Args)
	}
	return nil
}

func (w *teller) NextRetry(*river.Job[tell]) time.Time { return w.now() }

func (w *teller) heard() map[string]int { w.mu.Lock(); defer w.mu.Unlock(); return maps.Clone(w.told) }

func telling() (*teller, *river.Workers) {
	t := &teller{told: map[string]int{}}
	workers := river.NewWorkers()
	river.AddWorker(workers, t)
	return t, workers
}

func take(_ context.Context, e act.Recorded) ([]work.Job, error) {
	return []work.Job{tell{e.Position, e.Event.(worktest.Noted).Text}}, nil
}

func texts(n, from int) (all []string) {
	for i := range n {
		all = append(all, fmt.Sprint("text ", from+i))
	}
	return all
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// once fails unless each of the texts was told, and each once.
func once(t *testing.T, heard map[string]int, texts []string) {
	t.Helper()
	want := map[string]int{}
	for _, x := range texts {
		want[x] = 1
	}
	if !maps.Equal(heard, want) {
		t.Errorf("told: %v", heard)
	}
}

func TestEveryEventIsTakenOnceAcrossRestarts(t *testing.T) {
	worktest.OnBoth(t, func(t *testing.T, p *worktest.Place) {
		r := p.Record()
		worktest.Write(t, r, "before there was anybody to follow")
		heard, workers := telling()
		c := work.Config{Record: r, Workers: workers, Queues: map[string]int{"tell": 16}, Followers: []work.Follower{{Name: "tell", Take: take}}}
		_, stop := p.Begin(c)
		worktest.Write(t, r, texts(10, 0)...)
		worktest.Eventually(t, "ten are told", func() bool { return len(heard.heard()) == 10 })
		stop()
		worktest.Write(t, r, texts(300, 10)...) // more than one transaction takes, while nobody works
		must(t, r.Close())
		c.Record = p.Record()
		_, stop = p.Begin(c)
		worktest.Eventually(t, "all are told", func() bool { return len(heard.heard()) == 310 })
		stop()
		once(t, heard.heard(), texts(310, 0))
	})
}

// TestNothingIsLostWhereAProcessEndsBetweenCursorAndJob ends the store's connections after the events were
// taken and before the jobs and the cursor are committed.
func TestNothingIsLostWhereAProcessEndsBetweenCursorAndJob(t *testing.T) {
	worktest.OnBoth(t, func(t *testing.T, p *worktest.Place) {
		r := p.Record()
		heard, workers := telling()
		store := p.Store()
		var ended sync.Once
		cut := work.Follower{Name: "tell", Take: func(ctx context.Context, e act.Recorded) ([]work.Job, error) {
			jobs, err := take(ctx, e)
			if e.Position == 7 {
				ended.Do(func() { go func() { _ = store.Close() }() })
				worktest.Eventually(t, "the store is closed", func() bool { return store.DB().PingContext(context.Background()) != nil })
			}
			return jobs, err
		}}
		_, stop := p.Begin(work.Config{Store: store, Record: r, Workers: workers, Queues: map[string]int{"tell": 16}, Followers: []work.Follower{cut}})
		worktest.Write(t, r, texts(20, 0)...)
		worktest.Eventually(t, "the end is noticed", func() bool { return strings.Contains(p.Log.String(), "the record is not followed now") })
		stop()
		if n := len(heard.heard()); n > 6 {
			t.Fatalf("%d were told of", n)
		}
		_, stop = p.Begin(work.Config{Record: r, Workers: workers, Queues: map[string]int{"tell": 16}, Followers: []work.Follower{{Name: "tell", Take: take}}})
		worktest.Eventually(t, "all are told", func() bool { return len(heard.heard()) == 20 })
		stop()
		once(t, heard.heard(), texts(20, 0))
	})
}

func TestWhatCannotBeTakenIsAskedForAgain(t *testing.T) {
	p := worktest.InFolder(t)
	r := p.Record()
	heard, workers := telling()
	var mu sync.Mutex
	asked := 0
	f := work.Follower{Name: "tell", Horizon: time.Hour, Take: func(ctx context.Context, e act.Recorded) ([]work.Job, error) {
		mu.Lock()
		defer mu.Unlock()
		if e.Position == 3 {
			if asked++; asked < 3 {
				return nil, worktest.ErrBroken
			}
		}
		return take(ctx, e)
	}}
	c := work.Config{Record: r, Workers: workers, Queues: map[string]int{"tell": 16}, Followers: []work.Follower{f}}
	_, stop := p.Begin(c)
	worktest.Write(t, r, texts(5, 0)...)
	worktest.Eventually(t, "all are told", func() bool { return len(heard.heard()) == 5 })
	if n := strings.Count(p.Log.String(), worktest.ErrBroken.Error()); n != 1 {
		t.Errorf("the same fault is logged %d times:\n%s", n, p.Log)
	}
	stop()
	// What is older than the horizon is passed over.
	worktest.Write(t, r, "too old")
	p.Clock.Move(2 * time.Hour)
	worktest.Write(t, r, texts(1, 5)...)
	_, stop = p.Begin(c)
	worktest.Eventually(t, "the new one is told", func() bool { return len(heard.heard()) == 6 })
	stop()
	once(t, heard.heard(), texts(6, 0))
}

func TestJobsAreDerivedAgainWhereTheirFileIsLost(t *testing.T) {
	p := worktest.InFolder(t)
	r := p.Record()
	heard, workers := telling()
	worktest.Write(t, r, "before there was anybody to follow")
	c := work.Config{Record: r, Workers: workers, Queues: map[string]int{"tell": 16}, Followers: []work.Follower{{Name: "tell", Take: take}}}
	_, stop := p.Begin(c)
	worktest.Write(t, r, texts(5, 0)...)
	worktest.Eventually(t, "all are told", func() bool { return len(heard.heard()) == 5 })
	stop()
	if info, err := os.Stat(p.File); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
	for _, beside := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(p.File + beside); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
	_, stop = p.Begin(c)
	worktest.Eventually(t, "they are told again", func() bool { return len(heard.heard()) == 5 && heard.heard()["text 4"] == 2 })
	stop()
	if heard.heard()["before there was anybody to follow"] != 0 {
		t.Error("what was before is told")
	}
}

// TestOneNodeAtATimeFollows starts three nodes on one database.
func TestOneNodeAtATimeFollows(t *testing.T) {
	worktest.OnBoth(t, func(t *testing.T, p *worktest.Place) {
		if p.File != "" {
			return // one process has the folder
		}
		heard, workers := telling()
		var mu sync.Mutex
		at := map[int]int{} // nodes that take an event right now
		most := 0
		var stops []func()
		records := p.Record()
		for node := range 3 {
			f := work.Follower{Name: "tell", Take: func(ctx context.Context, e act.Recorded) ([]work.Job, error) {
				mu.Lock()
				at[node]++
				most = max(most, len(at))
				mu.Unlock()
				defer func() {
					mu.Lock()
					defer mu.Unlock()
					if at[node]--; at[node] == 0 {
						delete(at, node)
					}
				}()
				return take(ctx, e)
			}}
			_, stop := p.Begin(work.Config{Record: records, Workers: workers, Queues: map[string]int{"tell": 2}, Followers: []work.Follower{f}})
			stops = append(stops, stop)
		}
		worktest.Write(t, records, texts(100, 0)...)
		worktest.Eventually(t, "all are told", func() bool { return len(heard.heard()) == 100 })
		for _, stop := range stops {
			stop()
		}
		once(t, heard.heard(), texts(100, 0))
		if most != 1 {
			t.Errorf("%d nodes followed at once", most)
		}
	})
}

func TestAJobIsDoneAgainUntilItSucceedsAndAskedForOnce(t *testing.T) {
	worktest.OnBoth(t, func(t *testing.T, p *worktest.Place) {
		heard, workers := telling()
		heard.now = p.Machine.Now
		heard.fails = func(j tell) error {
			if heard.told[j.Text] < 3 || j.Text == "never" {
				return worktest.ErrBroken
			}
			return nil
		}
		w, stop := p.Begin(work.Config{Record: p.Record(), Workers: workers, Queues: map[string]int{"tell": 16}})
		for range 3 {
			must(t, w.Add(t.Context(), tell{1, "third time"}, tell{2, "never"}))
		}
		worktest.Eventually(t, "both were tried three times", func() bool {
			h := heard.heard()
			return h["third time"] == 3 && h["never"] == 3
		})
		worktest.Eventually(t, "one is given up", func() bool {
			n, err := w.Waiting(t.Context())
			must(t, err)
			return n["discarded"] == 1 && n["available"]+n["retryable"]+n["running"] == 0
		})
		must(t, w.Add(t.Context(), tell{2, "never"}))
		n, err := w.Waiting(t.Context())
		if err != nil || n["available"] != 0 {
			t.Error(n, err)
		}
		stop()
	})
}

func TestARoundTakesEachTimeOnce(t *testing.T) {
	worktest.OnBoth(t, func(t *testing.T, p *worktest.Place) {
		type span struct{ from, until time.Time }
		var mu sync.Mutex
		var spans []span
		round := work.Round{Name: "round", Every: 20 * time.Millisecond, Take: func(_ context.Context, _ *sql.Tx, from, until time.Time) ([]work.Job, error) {
			mu.Lock()
			defer mu.Unlock()
			spans = append(spans, span{from, until})
			if len(spans) == 2 {
				return nil, worktest.ErrBroken
			}
			return nil, nil
		}}
		began := p.Clock.Now()
		r := p.Record()
		store := p.Store()
		// What was taken counts once it is committed: who stops before that takes it again.
		seen := func(n int) func() bool {
			return func() bool {
				var at int64
				if err := store.DB().QueryRowContext(t.Context(), "SELECT at FROM work_cursor WHERE name = 'round'").Scan(&at); err != nil {
					return false
				}
				mu.Lock()
				defer mu.Unlock()
				return len(spans) >= n && at == spans[len(spans)-1].until.UnixMicro()
			}
		}
		_, stop := p.Begin(work.Config{Record: r, Store: store, Rounds: []work.Round{round}})
		p.Clock.Move(time.Hour)
		worktest.Eventually(t, "the first hour is taken", seen(1))
		p.Clock.Move(time.Hour)
		worktest.Eventually(t, "the second is, at the second try", seen(3))
		stop()
		p.Clock.Move(24 * time.Hour)
		store = p.Store()
		_, stop = p.Begin(work.Config{Record: r, Store: store, Rounds: []work.Round{round}})
		worktest.Eventually(t, "the day is taken", seen(4))
		stop()
		done := slices.Delete(slices.Clone(spans), 1, 2)
		for i, s := range done {
			if i == 0 && !s.from.Equal(began) || i > 0 && !s.from.Equal(done[i-1].until) {
				t.Errorf("%d: from %s until %s", i, s.from, s.until)
			}
		}
		if !done[len(done)-1].until.Equal(p.Clock.Now()) || spans[1].from != spans[2].from {
			t.Error(spans)
		}
	})
}
