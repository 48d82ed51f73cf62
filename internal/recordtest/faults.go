package recordtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"shingle/internal/record"
)

var errInjected = errors.New("injected fault")

// faulty is an engine whose next transaction fails as told.
type faulty struct {
	record.Engine
	failCommit bool   // the commit fails
	persist    bool   // … but persisted
	meanwhile  func() // what happens between that and the next look
	failExec   int    // the n-th Exec from now fails, counted down; 0 never
}

func (f *faulty) Begin(ctx context.Context) (record.Tx, error) {
	tx, err := f.Engine.Begin(ctx)
	return &faultyTx{tx, f, nil}, err
}

type faultyTx struct {
	record.Tx
	f   *faulty
	err error
}

func (t *faultyTx) Exec(query string, args ...any) {
	if t.f.failExec > 0 {
		if t.f.failExec--; t.f.failExec == 0 {
			t.err = errInjected
		}
	}
	t.Tx.Exec(query, args...)
}

func (t *faultyTx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if t.err != nil {
		return nil, t.err
	}
	return t.Tx.Query(ctx, query, args...)
}

func (t *faultyTx) Before(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if t.err != nil {
		return nil, t.err
	}
	return t.Tx.Before(ctx, query, args...)
}

func (t *faultyTx) Commit(ctx context.Context) error {
	if t.err != nil {
		return t.err
	}
	if !t.f.failCommit {
		return t.Tx.Commit(ctx)
	}
	t.f.failCommit = false
	if t.f.persist {
		if err := t.Tx.Commit(ctx); err != nil {
			return err
		}
		if t.f.meanwhile != nil {
			t.f.meanwhile()
		}
	}
	return errInjected
}

func commitFails(t *testing.T, open Open) {
	engine := &faulty{Engine: open(t)}
	f := begin(t, engine)
	f.must(Put{Box: "1", Thing: "apple"})
	engine.failCommit = true
	if _, err := f.ask(Put{Box: "1", Thing: "pear"}); !errors.Is(err, errInjected) {
		t.Fatal(err)
	}
	if f.Position() != 2 {
		t.Fatal(f.Position())
	}
	f.must(Put{Box: "1", Thing: "pear"})
	f.sound()
}

func commitFailsButPersisted(t *testing.T, open Open) {
	engine := &faulty{Engine: open(t)}
	f := begin(t, engine)
	f.must(Put{Box: "1", Thing: "apple"})
	engine.failCommit, engine.persist = true, true
	d, err := f.ask(Put{Box: "1", Thing: "pear"})
	if err != nil || d.Position != 4 {
		t.Fatal(d, err)
	}
	if d := f.must(Put{Box: "1", Thing: "pear"}); len(d.Events) != 0 {
		t.Fatalf("done twice: %+v", d)
	}
	f.sound()
}

// A commit that persisted is acknowledged, also if another process appended before it could be looked at.
func persistedBehindAnother(t *testing.T, open Open) {
	engine := &faulty{Engine: open(t)}
	f := begin(t, engine)
	if f.engine.Changed() == nil {
		return // nobody else appends
	}
	other := begin(t, open(t))
	engine.failCommit, engine.persist = true, true
	engine.meanwhile = func() { other.must(Put{Box: "2", Thing: "pear"}) }
	d, err := f.ask(Put{Box: "1", Thing: "apple"})
	if err != nil || len(d.Events) != 2 || d.Events[0].Position != 1 {
		t.Fatal(d, err)
	}
	if n := len(f.all()); n != 4 {
		t.Fatalf("%d events of two acts", n)
	}
	f.sound()
}

func writeFails(t *testing.T, open Open) {
	engine := &faulty{Engine: open(t)}
	f := begin(t, engine)
	for n := 1; ; n++ {
		engine.failExec = n
		_, err := f.ask(Put{Box: "1", Thing: fmt.Sprint("thing", n), Tag: fmt.Sprint("tag", n)})
		if err == nil {
			break // all writes of the act came before the n-th
		}
		if !errors.Is(err, errInjected) {
			t.Fatal(err)
		}
		if f.Position() != 0 {
			t.Fatalf("write %d failed and yet the position is %d", n, f.Position())
		}
		if n > 100 {
			t.Fatal("an act of a hundred writes?")
		}
	}
	engine.failExec = 0
	f.sound()
}

// alter changes the database behind the record's back.
func alter(t *testing.T, engine record.Engine, query string) {
	t.Helper()
	tx, err := engine.Begin(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	tx.Exec(query)
	if err := tx.Commit(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func rebuilt(t *testing.T, open Open) {
	f := begin(t, open(t))
	for i := range 20 {
		f.must(Put{Box: fmt.Sprint(i % 3), Thing: []string{"apple", "pear", fmt.Sprint(i)}[i%3]})
	}
	before := f.shown()
	alter(t, f.engine, "DELETE FROM shelf WHERE thing = 'apple'")
	if f.shown() == before {
		t.Fatal("nothing to mend")
	}
	if err := f.Rebuild(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	if got := f.shown(); got != before {
		t.Fatalf("%s\nwas\n%s", got, before)
	}
	f.must(Put{Box: "9", Thing: "plum"})
	f.sound()
}

// A rebuild that fails halfway leaves the views as they were.
func rebuildFails(t *testing.T, open Open) {
	engine := &faulty{Engine: open(t)}
	f := begin(t, engine)
	for i := range 9 {
		f.must(Put{Box: "1", Thing: fmt.Sprint(i)})
	}
	before := f.shown()
	for _, n := range []int{2, 3} {
		engine.failExec = n
		if err := f.Rebuild(context.Background(), nil); !errors.Is(err, errInjected) {
			t.Fatalf("write %d: %v", n, err)
		}
		engine.failExec = 0
		if got := f.shown(); got != before {
			t.Fatalf("%s\nwas\n%s", got, before)
		}
	}
	f.must(Put{Box: "2", Thing: "pear"})
	f.sound()
}

func clockBack(t *testing.T, open Open) {
	f := begin(t, open(t))
	f.must(Put{Box: "1", Thing: "apple"})
	f.now.Add(-int64(365 * 24 * time.Hour))
	if _, err := f.ask(Put{Box: "1", Thing: "pear"}); !errors.Is(err, record.ErrClock) {
		t.Fatal(err)
	}
	if now, err := f.Time(); !errors.Is(err, record.ErrClock) || now.Before(f.all()[0].At) {
		t.Fatal(now, err)
	}
	f.now.Add(int64(365 * 24 * time.Hour))
	f.must(Put{Box: "1", Thing: "pear"})
}

func clockBehind(t *testing.T, open Open) {
	f := begin(t, open(t))
	f.must(Put{Box: "1", Thing: "apple"})
	last := f.all()[0].At
	f.now.Add(-int64(30 * time.Second)) // as another node's may be
	if now, err := f.Time(); err != nil || !now.Equal(last) {
		t.Fatal(now, err)
	}
	if d := f.must(Put{Box: "1", Thing: "pear"}); !d.Events[0].At.Equal(last) {
		t.Fatal(d.Events[0].At, last)
	}
	f.sound()
}

func clockDoubted(t *testing.T, open Open) {
	f := begin(t, open(t))
	f.must(Put{Box: "1", Thing: "apple"})
	f.Doubt = func() error { return fmt.Errorf("%w: it was set", record.ErrClock) }
	if _, err := f.ask(Put{Box: "1", Thing: "pear"}); !errors.Is(err, record.ErrClock) {
		t.Fatal(err)
	}
	if now, err := f.Time(); !errors.Is(err, record.ErrClock) || now.Before(f.Recorded()) {
		t.Fatal(now, err)
	}
	f.Doubt = func() error { return nil }
	f.must(Put{Box: "1", Thing: "pear"})
	f.sound()
}

func newerSchema(t *testing.T, open Open) {
	engine := open(t)
	f := begin(t, engine)
	alter(t, engine, "INSERT INTO schema_record (version_id, is_applied) VALUES (99, "+trueIn(engine)+")")
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := start(t, open(t)); !errors.Is(err, record.ErrNewerSchema) {
		t.Fatal(err)
	}
}

func unknownKind(t *testing.T, open Open) {
	engine := open(t)
	f := begin(t, engine)
	f.must(Put{Box: "1", Thing: "apple"})
	alter(t, engine, "INSERT INTO kind VALUES ('box.teleported')")
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := start(t, open(t)); !errors.Is(err, record.ErrNewerSchema) || !strings.Contains(err.Error(), "box.teleported") {
		t.Fatal(err)
	}
}

func trueIn(engine record.Engine) string {
	if strings.Contains(fmt.Sprintf("%T", engine), "sqlite") {
		return "1"
	}
	return "true"
}

func otherProcess(t *testing.T, open Open) {
	one := begin(t, open(t))
	if one.engine.Changed() == nil {
		return // one process at a time: the wiring's lock on the folder sees to it
	}
	two := begin(t, open(t))
	two.now.Add(int64(time.Minute)) // its clock is no earlier
	if s, _, err := two.State(context.Background(), "box/1"); err != nil || len(s.(box).things) != 0 {
		t.Fatal(s, err)
	}
	one.must(Put{Box: "1", Thing: "apple", Tag: "red"})
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := two.Wait(ctx, 1); err != nil {
		t.Fatal(err)
	}
	if s, _, err := two.State(ctx, "box/1"); err != nil || len(s.(box).things) != 1 {
		t.Fatal(s, err)
	}
	if _, err := two.ask(Put{Box: "2", Thing: "pear", Tag: "red"}); err == nil {
		t.Fatal("both processes gave the tag away")
	}
	two.must(Put{Box: "2", Thing: "pear"})
	one.now.Add(int64(2 * time.Minute))
	one.must(Put{Box: "1", Thing: "plum"})
	one.sound()
}
