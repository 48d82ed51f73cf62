// Package recordtest is the one suite that every store of the record must pass. Its table of contents
// is the contract; see [Run].
package recordtest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/record"
)

// Open opens the same database each time it is called within one test; a second call is another process.
type Open func(t *testing.T) record.Engine

// Store says how a test gets a fresh database: each call of the function it returns opens that database.
type Store func(t *testing.T) Open

// Run runs the suite on a store.
func Run(t *testing.T, store Store) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, open Open)
	}{
		{"an act is recorded and read back", recorded},
		{"a refused act changes nothing", refused},
		{"positions have no gaps under many writers", gapFree},
		{"a preview decides and records nothing", previewed},
		{"an expected version that has passed is a conflict", conflict},
		{"a claim is held once, also within one transaction", claims},
		{"a series counts on", series},
		{"a refused reaction refuses the act", reactions},
		{"an idempotency key does an act once", idempotent},
		{"recorded and effective times keep their microseconds", times},
		{"private values are sealed, personal ones shown", private},
		{"what is looked for is found, newest or oldest first", searched},
		{"a time has its place in the record", placed},
		{"a follower sees everything in order", follower},
		{"a reopened record is the same", reopened},
		{"scrubbing takes nothing that is there", scrubbed},
		{"an act that cannot be shown harms no other in its batch", poisoned},
		{"a decision that panics harms no other in its batch", panicking},
		{"a commit that fails leaves nothing", commitFails},
		{"a commit that fails but persisted is acknowledged once", commitFailsButPersisted},
		{"one that persisted is found behind another process's", persistedBehindAnother},
		{"an idempotency key is kept where there was nothing to do", idempotentNothing},
		{"any write that fails leaves nothing", writeFails},
		{"a changed row is named", tampered},
		{"a missing row is named", missing},
		{"rebuilt views are the same", rebuilt},
		{"a rebuild that fails leaves the views as they were", rebuildFails},
		{"what events are found by is verified and mended", indexes},
		{"what repeated requests are answered with is verified", answers},
		{"the head is verified", headChanged},
		{"a record that grows is verified as of one moment", verifiedMeanwhile},
		{"an act that makes nothing takes no number", seriesUnused},
		{"a clock that ran back stops writes", clockBack},
		{"a clock a little behind stands still", clockBehind},
		{"a clock in doubt stops writes", clockDoubted},
		{"a newer schema is refused", newerSchema},
		{"a kind of event that is not known is refused", unknownKind},
		{"another process is heard of", otherProcess},
		{"a transaction knows where the record ends, and what it has queued", transaction},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.run(t, store(t))
		})
	}
}

// fixture is an open record with its view.
type fixture struct {
	*record.Record
	t      *testing.T
	shelf  *shelf
	keys   keys
	engine record.Engine
	now    *atomic.Int64
}

func begin(t *testing.T, engine record.Engine) *fixture {
	t.Helper()
	f, err := start(t, engine)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func start(t *testing.T, engine record.Engine) (*fixture, error) {
	f := &fixture{t: t, shelf: &shelf{}, keys: keys{map[string]bool{}}, engine: engine, now: &atomic.Int64{}}
	f.now.Store(time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC).UnixNano())
	ctx := context.Background()
	if err := engine.Migrate(ctx, "shelf", shelfTables); err != nil {
		return nil, err
	}
	var err error
	f.Record, err = record.Open(ctx, record.Options{
		Engine: engine, Catalogue: warehouse(), Keys: f.keys, Views: []record.View{f.shelf},
		Now: func() time.Time { return time.Unix(0, f.now.Add(1000)) },
	})
	if err != nil {
		return nil, errors.Join(err, engine.Close())
	}
	t.Cleanup(func() { _ = f.Close() })
	return f, nil
}

func (f *fixture) ask(cmd any) (record.Done, error) {
	return f.Do(context.Background(), record.Request{Command: cmd, Actor: "anna", Role: "keeper", Expect: -1})
}

func (f *fixture) must(cmd any) record.Done {
	f.t.Helper()
	d, err := f.ask(cmd)
	if err != nil {
		f.t.Fatalf("%T: %v", cmd, err)
	}
	return d
}

func (f *fixture) all() []act.Recorded {
	f.t.Helper()
	events, err := f.Events(context.Background(), 0, 1_000_000)
	if err != nil {
		f.t.Fatal(err)
	}
	return events
}

// shown returns the view as text.
func (f *fixture) shown() string {
	f.t.Helper()
	rows, err := f.engine.Reader().Query("SELECT position, thing, by_name, total FROM shelf ORDER BY position")
	if err != nil {
		f.t.Fatal(err)
	}
	defer rows.Close()
	var b strings.Builder
	for rows.Next() {
		var position, total int64
		var thing, by string
		if err := rows.Scan(&position, &thing, &by, &total); err != nil {
			f.t.Fatal(err)
		}
		fmt.Fprintf(&b, "%d %s %s %d\n", position, thing, by, total)
	}
	return b.String()
}

// sound checks that positions and versions are gap-free, views agree, and the chain fits.
func (f *fixture) sound() {
	f.t.Helper()
	versions := map[string]int64{}
	put := 0
	for i, e := range f.all() {
		if e.Position != int64(i+1) {
			f.t.Fatalf("position %d stands where %d should", e.Position, i+1)
		}
		if versions[e.Stream]++; e.Version != versions[e.Stream] {
			f.t.Fatalf("%s has version %d where %d should be", e.Stream, e.Version, versions[e.Stream])
		}
		if e.Kind == "box.put-in" {
			put++
		}
	}
	if got := strings.Count(f.shown(), "\n"); got != put {
		f.t.Fatalf("the view shows %d things of %d", got, put)
	}
	if err := record.Verify(context.Background(), f.engine, f.Catalogue, nil); err != nil {
		f.t.Fatal(err)
	}
}

func recorded(t *testing.T, open Open) {
	f := begin(t, open(t))
	d := f.must(Put{Box: "1", Thing: "apple", Tag: "red"})
	if d.Stream != "box/1" || len(d.Events) != 2 || d.Position != 2 {
		t.Fatalf("%+v", d)
	}
	e := d.Events[0]
	if e.Kind != "box.put-in" || e.Actor != "anna" || e.Role != "keeper" || e.Version != 1 || e.Chain == [32]byte{} {
		t.Fatalf("%+v", e)
	}
	if r := d.Events[1]; r.Stream != "ledger/2026-0001" || r.Role != "system" {
		t.Fatalf("%+v", r)
	}
	read := f.all()
	if len(read) != 2 || read[0].Event.(PutIn).Thing != "apple" || read[0].Chain != e.Chain {
		t.Fatalf("%+v", read)
	}
	if c, err := f.Concerning(context.Background(), "thing/apple", 10); err != nil || len(c) != 1 {
		t.Fatalf("%+v %v", c, err)
	}
	if n, err := f.Fold(context.Background(), "count", "thing/apple"); err != nil || n != 1 {
		t.Fatalf("%v %v", n, err)
	}
	if d := f.must(Put{Box: "1", Thing: "apple"}); len(d.Events) != 0 || d.Position != 2 {
		t.Fatalf("nothing to do, and yet %+v", d)
	}
	f.sound()
}

func refused(t *testing.T, open Open) {
	f := begin(t, open(t))
	f.must(Put{Box: "1", Thing: "apple", Tag: "red"})
	_, err := f.ask(Put{Box: "2", Thing: "pear", Tag: "red"})
	if r, ok := act.Refused(err); !ok || r.Rule.ID != tagTaken.ID {
		t.Fatalf("%v", err)
	}
	if f.Position() != 2 {
		t.Fatalf("position %d", f.Position())
	}
	if _, err := f.ask("nonsense"); !errors.Is(err, record.ErrUnknownAct) {
		t.Fatalf("%v", err)
	}
	f.sound()
}

func gapFree(t *testing.T, open Open) {
	f := begin(t, open(t))
	const writers, each = 32, 8
	var wait sync.WaitGroup
	for i := range writers {
		wait.Go(func() {
			for j := range each {
				if _, err := f.ask(Put{Box: fmt.Sprint(i % 5), Thing: fmt.Sprintf("%d-%d", i, j)}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	if f.Position() != 2*writers*each {
		t.Fatalf("position %d", f.Position())
	}
	f.sound()
}

func previewed(t *testing.T, open Open) {
	f := begin(t, open(t))
	f.must(Put{Box: "1", Thing: "apple", Tag: "red"})
	ask := func(cmd any) (record.Done, error) {
		return f.Preview(context.Background(), record.Request{Command: cmd, Expect: -1})
	}
	if d, err := ask(Put{Box: "2", Thing: "pear", Why: act.NewPrivate("", "canary")}); err != nil || len(d.Events) != 2 || d.Events[0].Position != 3 {
		t.Fatalf("%+v %v", d, err)
	}
	if _, err := ask(Put{Box: "2", Thing: "pear", Tag: "red"}); err == nil {
		t.Fatal("the tag was given away twice")
	}
	if f.Position() != 2 {
		t.Fatal(f.Position())
	}
	if s, v, err := f.State(context.Background(), "box/2"); err != nil || v != 0 || len(s.(box).things) != 0 {
		t.Fatal(s, v, err)
	}
	f.sound()
}

func conflict(t *testing.T, open Open) {
	f := begin(t, open(t))
	f.must(Put{Box: "1", Thing: "apple"})
	ask := func(version int64) error {
		_, err := f.Do(context.Background(), record.Request{Command: Put{Box: "1", Thing: fmt.Sprint("v", version)}, Expect: version})
		return err
	}
	if err := ask(0); !errors.Is(err, record.ErrConflict) {
		t.Fatalf("%v", err)
	}
	if err := ask(1); err != nil {
		t.Fatal(err)
	}
	if err := ask(1); !errors.Is(err, record.ErrConflict) {
		t.Fatalf("%v", err)
	}
}

func claims(t *testing.T, open Open) {
	f := begin(t, open(t))
	var wait sync.WaitGroup
	var won atomic.Int32
	for i := range 40 {
		wait.Go(func() {
			_, err := f.ask(Put{Box: fmt.Sprint(i), Thing: "apple", Tag: "only"})
			if err == nil {
				won.Add(1)
			} else if _, ok := act.Refused(err); !ok {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if won.Load() != 1 {
		t.Fatalf("%d boxes carry the tag", won.Load())
	}
	holder := f.all()[0].Stream
	f.must(Untag{Box: strings.TrimPrefix(holder, "box/"), Tag: "only"})
	f.must(Put{Box: "new", Thing: "pear", Tag: "only"})
	f.sound()
}

func series(t *testing.T, open Open) {
	f := begin(t, open(t))
	for i := range 3 {
		d := f.must(Put{Box: "1", Thing: fmt.Sprint(i)})
		if want := fmt.Sprintf("ledger/2026-%04d", i+1); d.Events[1].Stream != want {
			t.Fatalf("%s, want %s", d.Events[1].Stream, want)
		}
	}
}

func reactions(t *testing.T, open Open) {
	f := begin(t, open(t))
	if _, err := f.ask(Put{Box: "1", Thing: "bomb"}); err == nil {
		t.Fatal("a bomb was put in")
	} else if r, ok := act.Refused(err); !ok || r.Rule.ID != noBombs.ID {
		t.Fatal(err)
	}
	if f.Position() != 0 {
		t.Fatalf("position %d", f.Position())
	}
	// The number that the refused line would have had is given to the next.
	if d := f.must(Put{Box: "1", Thing: "apple"}); d.Events[1].Stream != "ledger/2026-0001" {
		t.Fatal(d.Events[1].Stream)
	}
}

func idempotent(t *testing.T, open Open) {
	f := begin(t, open(t))
	ask := func(key, thing string) (record.Done, error) {
		return f.Do(context.Background(), record.Request{Command: Put{Box: "1", Thing: thing}, Actor: "anna", Key: key, Expect: -1})
	}
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			if d, err := ask("k1", "apple"); err != nil || len(d.Events) != 2 || d.Events[0].Position != 1 {
				t.Errorf("%+v %v", d, err)
			}
		})
	}
	wait.Wait()
	if d, err := ask("k1", "apple"); err != nil || !d.Replayed || len(d.Events) != 2 {
		t.Fatalf("%+v %v", d, err)
	}
	if _, err := ask("k1", "pear"); !errors.Is(err, record.ErrKeyReused) {
		t.Fatalf("%v", err)
	}
	if f.Position() != 2 {
		t.Fatalf("position %d", f.Position())
	}
	// What was confided is a part of the request, and is kept nowhere.
	confide := func(why string) (record.Done, error) {
		return f.Do(context.Background(), record.Request{Command: Put{Box: "1", Thing: "fig", Why: act.NewPrivate("", why)}, Actor: "anna", Key: "k2", Expect: -1})
	}
	if _, err := confide("canary"); err != nil {
		t.Fatal(err)
	}
	if d, err := confide("canary"); err != nil || !d.Replayed {
		t.Fatalf("%+v %v", d, err)
	}
	if d, err := confide("another"); !errors.Is(err, record.ErrKeyReused) {
		t.Fatalf("%+v %v", d, err)
	}
}

func idempotentNothing(t *testing.T, open Open) {
	f := begin(t, open(t))
	f.must(Put{Box: "1", Thing: "apple"})
	ask := func() record.Done {
		d, err := f.Do(context.Background(), record.Request{Command: Put{Box: "1", Thing: "apple"}, Actor: "anna", Key: "k", Expect: -1})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	if d := ask(); len(d.Events) != 0 || d.Replayed {
		t.Fatalf("%+v", d)
	}
	if d := ask(); len(d.Events) != 0 || !d.Replayed {
		t.Fatalf("the key was forgotten: %+v", d)
	}
	f.sound()
}

func times(t *testing.T, open Open) {
	f := begin(t, open(t))
	from := time.Date(1969, 7, 20, 20, 17, 40, 123456000, time.UTC)
	f.must(Put{Box: "1", Thing: "apple", From: from})
	f.must(Put{Box: "1", Thing: "pear"})
	events := f.all()
	if !events[0].Effective.Equal(from) || events[0].Effective.Location() != time.UTC {
		t.Fatal(events[0].Effective)
	}
	if at := events[0].At; at.Nanosecond()%1000 != 0 || at.Nanosecond() == 0 || at.Location() != time.UTC {
		t.Fatal(at)
	}
	if !events[2].Effective.Equal(events[2].At) {
		t.Fatal(events[2].Effective)
	}
}

func private(t *testing.T, open Open) {
	f := begin(t, open(t))
	f.must(Put{Box: "1", Thing: "apple", By: act.NewPersonal("", "Anna Canary"), Why: act.NewPrivate("", "secret canary")})
	if got := f.shown(); !strings.Contains(got, "Anna Canary") {
		t.Fatal(got)
	}
	var payload string
	if err := f.engine.Reader().QueryRow("SELECT payload FROM event WHERE position = 1").Scan(&payload); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(payload, "anary") || !strings.Contains(payload, "sealed") {
		t.Fatal(payload)
	}
	e := f.all()[0].Event.(PutIn)
	if e.By.Text() != "" || strings.Contains(fmt.Sprintf("%v %+v %#v", e, e, e), "anary") {
		t.Fatalf("%+v", e)
	}
	if text, err := act.Reveal(e.Why, f.keys); err != nil || text != "secret canary" {
		t.Fatal(text, err)
	}
	f.keys.forgotten["person/1"] = true
	if err := f.Rebuild(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	if got := f.shown(); strings.Contains(got, "Canary") || !strings.Contains(got, "[erased]") {
		t.Fatal(got)
	}
}

func follower(t *testing.T, open Open) {
	f := begin(t, open(t))
	const acts = 50
	go func() {
		for i := range acts {
			if _, err := f.ask(Put{Box: "1", Thing: fmt.Sprint(i)}); err != nil {
				t.Error(err)
			}
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var at int64
	for at < 2*acts {
		if err := f.Wait(ctx, at); err != nil {
			t.Fatal(err)
		}
		events, err := f.Events(ctx, at, 7)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if at++; e.Position != at {
				t.Fatalf("position %d where %d should be", e.Position, at)
			}
		}
	}
}

func scrubbed(t *testing.T, open Open) {
	engine := open(t)
	f := begin(t, engine)
	f.must(Put{Box: "1", Thing: "apple", Tag: "red"})
	before := f.shown()
	for range 2 {
		if err := engine.Scrub(t.Context(), "event", "shelf"); err != nil {
			t.Fatal(err)
		}
	}
	f.sound()
	if after := f.shown(); after != before {
		t.Errorf("it shows %s, not %s", after, before)
	}
	f.must(Put{Box: "2", Thing: "pear"})
	f.sound()
}

func reopened(t *testing.T, open Open) {
	f := begin(t, open(t))
	f.must(Put{Box: "1", Thing: "apple", Tag: "red"})
	before := f.shown()
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := f.ask(Put{Box: "1", Thing: "pear"}); !errors.Is(err, record.ErrClosed) {
		t.Fatal(err)
	}
	f = begin(t, open(t))
	if f.Position() != 2 || f.shown() != before {
		t.Fatal(f.Position(), f.shown())
	}
	if f.shelf.reloaded == 0 {
		t.Fatal("the view was not told that others may have written since it was made")
	}
	if s, v, err := f.State(context.Background(), "box/1"); err != nil || v != 1 || len(s.(box).things) != 1 {
		t.Fatal(s, v, err)
	}
	if _, err := f.ask(Put{Box: "2", Thing: "pear", Tag: "red"}); err == nil {
		t.Fatal("the claim was forgotten")
	}
	f.must(Put{Box: "2", Thing: "pear"})
	f.sound()
}

func poisoned(t *testing.T, open Open) {
	f := begin(t, open(t))
	var wait sync.WaitGroup
	for i := range 30 {
		wait.Go(func() {
			thing := fmt.Sprint(i)
			if i == 17 {
				thing = "poison"
			}
			if _, err := f.ask(Put{Box: fmt.Sprint(i), Thing: thing}); (err != nil) != (i == 17) {
				t.Errorf("%d: %v", i, err)
			}
		})
	}
	wait.Wait()
	if f.Position() != 2*29 {
		t.Fatal(f.Position())
	}
	f.sound()
}

func panicking(t *testing.T, open Open) {
	f := begin(t, open(t))
	if _, err := f.ask(Put{Box: "1", Thing: "panic"}); err == nil {
		t.Fatal("no error")
	}
	f.must(Put{Box: "1", Thing: "apple"})
	f.sound()
}
