package record

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"shingle/internal/act"
)

// worthwhile is how many requests in a batch are worth loading ahead.
const worthwhile = 4

// loadTargets loads the streams on which a batch will be decided, and those that tell of the same
// subjects, in two questions instead of two for each request. What is missed is loaded when it is needed.
func (r *Record) loadTargets(w *world, batch []*request) error {
	if len(batch) < worthwhile {
		return nil
	}
	names := map[string]bool{}
	for _, q := range batch {
		a, ok := r.Catalogue.ActFor(q.Command)
		if !ok {
			continue
		}
		// The ids are not those that the decision is handed; what they would name is new anyhow.
		target := a.Target(q.Command, act.Meta{Actor: q.Actor, Role: q.Role, IDs: newIDs(act.IDsPerAct)})
		if !target.New {
			names[a.Stream.Name(target.ID)] = true
		}
	}
	beside, err := r.loadAll(w, names)
	if err == nil {
		_, err = r.loadAll(w, beside)
	}
	return err
}

// loadAll loads what is not known of the named streams. It returns the streams in which the events stand
// that concern them.
func (r *Record) loadAll(w *world, names map[string]bool) (beside map[string]bool, err error) {
	beside = map[string]bool{}
	unknown := slices.DeleteFunc(slices.Sorted(maps.Keys(names)), func(name string) bool {
		_, _, cached := r.cache.get(name)
		return cached || w.entries[name] != nil
	})
	for chunk := range slices.Chunk(unknown, lookedUp) {
		for _, name := range chunk {
			w.entries[name] = &entry{}
		}
		err := r.eachConcerning(w.ctx, w.tx, chunk, func(subject string, e act.Recorded) {
			w.entries[subject] = r.evolve(subject, w.entries[subject], e)
			beside[e.Stream] = true
		})
		if err != nil {
			return nil, err
		}
	}
	return beside, nil
}

// eachConcerning hands out the events that concern each subject, in order. It asks for their positions and
// then for the events: joined in one question, PostgreSQL may read the whole record.
func (r *Record) eachConcerning(ctx context.Context, q querier, subjects []string, do func(subject string, e act.Recorded)) error {
	in, args := among(subjects)
	concerned := map[int64][]string{} // by position
	err := eachPair(ctx, q, func(subject string, position int64) {
		concerned[position] = append(concerned[position], subject)
	}, "SELECT subject, position FROM subject WHERE subject IN ("+in+")", args...)
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(slices.Sorted(maps.Keys(concerned)), lookedUp) {
		in, args := among(chunk)
		events, err := r.query(ctx, q, "SELECT "+rowColumns+" FROM event e WHERE e.position IN ("+in+") ORDER BY e.position", args...)
		if err != nil {
			return err
		}
		for _, e := range events {
			for _, subject := range concerned[e.Position] {
				do(subject, e)
			}
		}
	}
	return nil
}

// lookedUp is how many things are looked up at once.
const lookedUp = 256

// among returns the placeholders and arguments of a list. The last item is repeated up to a power of two,
// so that there are few statements to prepare.
func among[T any](list []T) (in string, args []any) {
	size := 1
	for size < len(list) {
		size *= 2
	}
	var b strings.Builder
	for i := range size {
		fmt.Fprintf(&b, ",$%d", i+1)
		args = append(args, list[min(i, len(list)-1)])
	}
	return b.String()[1:], args
}

// eachPair hands every row of a query's two columns to do.
func eachPair[T any](ctx context.Context, q querier, do func(string, T), query string, args ...any) (err error) {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var name string
		var value T
		if err := rows.Scan(&name, &value); err != nil {
			return err
		}
		do(name, value)
	}
	return rows.Err()
}
