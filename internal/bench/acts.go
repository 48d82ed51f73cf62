package bench

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"shingle/internal/app"
	"shingle/internal/body/membership"
	"shingle/internal/cli"
)

// renamers is how many members the register has in which acts are measured. It does not matter much:
// the cost of an act does not hang on the size of the register.
const renamers = 4000

// warm is how many acts are done before the clock starts.
const warm = 200

func actsSQLite(ctx context.Context, s *session) ([]row, error) {
	base, err := s.register(renamers)
	if err != nil {
		return nil, err
	}
	open := func(at cli.Place) (store, error) { return openSQLite(ctx, filepath.Join(at.Data, "shingle.db")) }
	return s.acts(base, open, "SQLite", 0.7)
}

func actsPostgres(ctx context.Context, s *session) ([]row, error) {
	if s.Database == "" {
		return nil, errors.New("no --database was given (`make bench` brings one)")
	}
	database, drop, err := s.database("")
	if err != nil {
		return nil, err
	}
	defer drop()
	base := cli.Place{Data: filepath.Join(s.scratch, "base"), Database: database}
	if err := s.found(base); err != nil {
		return nil, err
	}
	file, err := s.roster(renamers)
	if err != nil {
		return nil, err
	}
	b, err := app.Open(ctx, base, nil)
	if err != nil {
		return nil, err
	}
	_, err = s.enrol(b, file)
	if err := errors.Join(err, b.Close()); err != nil {
		return nil, err
	}
	open := func(at cli.Place) (store, error) { return openPostgres(ctx, at.Database) }
	return s.acts(base, open, "PostgreSQL", 0.5)
}

// acts measures one caller, and 64.
func (s *session) acts(base cli.Place, open func(cli.Place) (store, error), engine string, alone float64) ([]row, error) {
	var rows []row
	for _, c := range []struct {
		what    string
		callers int
		acts    int
		target  float64
	}{
		{"one act with a public statement, 1 caller, " + engine, 1, s.Acts, alone},
		{"acts with a public statement, 64 callers, " + engine, 64, 8 * s.Acts, 0.5},
	} {
		var ours, theirs []float64
		var statements, batch float64
		for i := range s.Runs {
			did, tape, err := s.rename(base, c.callers, c.acts, fmt.Sprintf("%s-%d-%d", engine, c.callers, i))
			if err != nil {
				return rows, err
			}
			raw, err := s.again(base, open, tape)
			if err != nil {
				return rows, err
			}
			ours = append(ours, float64(c.acts)/did.Seconds())
			theirs = append(theirs, float64(c.acts)/raw.Seconds())
			statements, batch = tape.perTransaction(c.acts)
		}
		r := ratio(c.what, "acts/s", ours, theirs, c.target)
		r.beside += fmt.Sprintf(" raw (%.0f statements each, %.1f acts in a transaction)", statements, batch)
		rows = append(rows, r)
		s.say("%s: %s beside %s: %s", r.what, r.measured, r.beside, r.value)
	}
	return rows, nil
}

// run is what happened during a measurement, and where in the tape the measurement begins.
type run struct {
	tape
	from int
}

func (r *run) perTransaction(acts int) (statements, batch float64) {
	for _, t := range r.transactions[r.from:] {
		statements += float64(len(r.statements(t)))
	}
	return statements / float64(acts), float64(acts) / float64(len(r.transactions)-r.from)
}

// rename lets callers rename members, each its own, until so many acts are done.
func (s *session) rename(base cli.Place, callers, acts int, name string) (took time.Duration, r *run, err error) {
	at, drop, err := s.copied(base, name)
	defer drop()
	if err != nil {
		return 0, nil, err
	}
	r = &run{}
	b, err := app.Open(s.ctx, at, r.wrap)
	if err != nil {
		return 0, nil, err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	var next atomic.Int64
	do := func(callers, acts int) error {
		until := next.Load() + int64(acts)
		failed := make([]error, callers)
		var group sync.WaitGroup
		for c := range callers {
			group.Go(func() {
				for {
					n := int(next.Add(1))
					if n > int(until) {
						return
					}
					i := n % (renamers / callers) * callers
					cmd := membership.Rename{Member: number((i + c) % renamers), Name: fmt.Sprintf("Renamed Number %d IT", n)}
					if _, err := b.Record.Do(s.ctx, asOperator(cmd)); err != nil {
						failed[c] = err
						return
					}
				}
			})
		}
		group.Wait()
		next.Store(until)
		return errors.Join(failed...)
	}
	if err := do(callers, warm); err != nil {
		return 0, nil, err
	}
	r.from = len(r.transactions)
	stop, err := s.profile("acts-" + name)
	if err != nil {
		return 0, nil, err
	}
	began := time.Now()
	err = do(callers, acts)
	took = time.Since(began)
	stop()
	return took, r, err
}

// again replays a run on a copy of the place that it began with.
func (s *session) again(base cli.Place, open func(cli.Place) (store, error), r *run) (took time.Duration, err error) {
	at, drop, err := s.copied(base, "raw")
	defer drop()
	if err != nil {
		return 0, err
	}
	db, err := open(at)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.close()) }()
	if _, err := r.replay(s.ctx, db, 0, r.from); err != nil {
		return 0, err
	}
	return r.replay(s.ctx, db, r.from, len(r.transactions))
}
