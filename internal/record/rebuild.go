package record

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"shingle/internal/act"
)

// rebuildBatch is how many events are projected at a time.
const rebuildBatch = 10_000

// Rebuild empties every view that can be rebuilt and projects the whole record anew, in one transaction:
// whoever reads meanwhile sees the views as they were, acts wait, and what is interrupted or fails has
// changed nothing. Before that it mends what is kept beside the events to find them by (see [Verify]).
func (r *Record) Rebuild(ctx context.Context, progress func(position, of int64)) error {
	r.paused.Lock()
	defer r.paused.Unlock()
	if err := r.inTx(ctx, func(tx Tx) error { return r.mendIndexes(ctx, tx) }); err != nil {
		return fmt.Errorf("mending the indexes: %w", err)
	}
	r.cache.forget()
	err := r.inTx(ctx, func(tx Tx) error { return r.rebuild(ctx, whole{tx}, progress) })
	if err != nil {
		r.cache.forget()
		return fmt.Errorf("rebuilding the views: %w", err)
	}
	return nil
}

// inTx does something in a transaction that begins at the record's end.
func (r *Record) inTx(ctx context.Context, do func(tx Tx) error) error {
	tx, err := r.Engine.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	h, err := headOf(ctx, tx)
	if err != nil {
		return err
	}
	if !r.isAt(h) {
		if err := r.follow(ctx, tx, h); err != nil {
			return err
		}
	}
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// whole is the transaction of a rebuild: what stood before a slice are the slices before it, which may still
// be queued.
type whole struct{ Tx }

// Before implements [Tx].
func (w whole) Before(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return w.Query(ctx, query, args...)
}

func (r *Record) rebuild(ctx context.Context, tx Tx, progress func(position, of int64)) error {
	var views []View
	for _, v := range r.Views {
		if v.Reset(tx) {
			views = append(views, v)
		}
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop() // of whoever reads ahead
	next := r.readAhead(ctx, 0)
	for {
		s := <-next
		if s.last < r.head.position && s.err == nil {
			next = r.readAhead(ctx, s.last)
		}
		if err := errors.Join(s.err, ctx.Err()); err != nil {
			return err
		}
		if err := r.rebuildSome(ctx, tx, views, s); err != nil {
			return err
		}
		if progress != nil {
			progress(s.last, r.head.position)
		}
		if s.last >= r.head.position {
			return nil
		}
	}
}

// slice is a part of the record that is projected in one transaction, and what is known of those whom it
// concerns, as of the record's end.
type slice struct {
	events  []act.Recorded // personal values readable
	last    int64          // position of the newest, or of the record's end
	entries map[string]*entry
	claims  map[act.Claim]string
	err     error
}

// readAhead reads the slice after a position while the one before it is being projected.
func (r *Record) readAhead(ctx context.Context, after int64) <-chan slice {
	done := make(chan slice, 1)
	head := r.head.position
	go func() {
		s := slice{last: head, entries: map[string]*entry{}, claims: map[act.Claim]string{}}
		s.events, s.err = r.Events(ctx, after, rebuildBatch)
		if n := len(s.events); n > 0 {
			s.last = s.events[n-1].Position
		}
		if s.err == nil {
			s.err = errors.Join(r.foldWhole(ctx, &s), r.findHolders(ctx, &s))
		}
		for i := range s.events {
			if s.err == nil {
				s.events[i], s.err = r.open(s.events[i])
			}
		}
		done <- s
	}()
	return done
}

// foldWhole folds what concerns a subject from the slice itself, for each that nothing outside of it
// concerns: as is so with all whom an import took in. They need not be read again one by one.
func (r *Record) foldWhole(ctx context.Context, s *slice) error {
	concerning := map[string][]int{}
	for i, e := range s.events {
		for _, subject := range e.Subjects {
			if r.folds(subject) {
				concerning[subject] = append(concerning[subject], i)
			}
		}
	}
	q := r.reads
	for chunk := range slices.Chunk(slices.Sorted(maps.Keys(concerning)), lookedUp) {
		in, args := among(chunk)
		err := eachPair(ctx, q, func(subject string, n int) {
			if n != len(concerning[subject]) {
				return
			}
			e := &entry{}
			for _, i := range concerning[subject] {
				e = r.evolve(subject, e, s.events[i])
			}
			s.entries[subject] = e
		}, "SELECT subject, count(*) FROM subject WHERE subject IN ("+in+") GROUP BY subject", args...)
		if err != nil {
			return err
		}
	}
	return nil
}

// findHolders looks up who holds whatever the events of the slice claim.
func (r *Record) findHolders(ctx context.Context, s *slice) error {
	keys := map[string][]string{} // by kind
	for _, e := range s.events {
		c, ok := e.Event.(act.Claiming)
		if !ok {
			continue
		}
		for _, claim := range c.Claims() {
			of := act.Claim{Kind: claim.Kind, Key: claim.Key}
			if _, known := s.claims[of]; !known {
				s.claims[of] = "" // until somebody is found
				keys[claim.Kind] = append(keys[claim.Kind], claim.Key)
			}
		}
	}
	q := r.reads
	for kind, keys := range keys {
		for chunk := range slices.Chunk(keys, lookedUp) {
			in, args := among(chunk)
			err := eachPair(ctx, q, func(key, stream string) {
				s.claims[act.Claim{Kind: kind, Key: key}] = stream
			}, "SELECT name, stream FROM claim WHERE name IN ("+in+fmt.Sprintf(") AND kind = $%d", len(args)+1), append(args, kind)...)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// folds reports whether a fold is kept for a subject.
func (r *Record) folds(subject string) bool {
	return slices.ContainsFunc(r.Catalogue.Folds, func(f act.Fold) bool { return strings.HasPrefix(subject, f.Prefix) })
}

// rebuildSome projects a slice. What is settled looks at the record's end: the last slice that touches
// something has the last word, so it comes out as it would have act by act.
func (r *Record) rebuildSome(ctx context.Context, tx Tx, views []View, s slice) error {
	w := newWorld(ctx, r, tx, r.head.position)
	w.entries, w.claims = s.entries, s.claims
	for _, e := range s.events {
		for _, v := range views {
			if err := v.Project(tx, e); err != nil {
				return fmt.Errorf("%s, position %d: %w", v.Name(), e.Position, err)
			}
		}
	}
	for _, v := range views {
		err := v.Settle(tx, w)
		v.Done(err == nil)
		if err != nil {
			return fmt.Errorf("%s: %w", v.Name(), err)
		}
	}
	if w.fault == nil {
		r.cache.put(w.entries)
	}
	return w.fault
}
